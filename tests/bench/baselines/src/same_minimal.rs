//! The same work as the engine does on the loop of the minimal version.

use crate::minimal::Queue;
use crate::model::{Link, READ_GAP_MEAN, Size, Time, WRITE_GAP_MEAN};
use crate::same::{Asked, Cell, LogEntry, Outcome, Progress, Same};

#[derive(Debug, Clone, Copy)]
enum Event {
    Read,
    Write,
    AtSlave { slave: u32, asked: Asked },
    AtMaster { asked: Asked },
    ReadAnswer { operation: u32, cell: Cell },
    WriteAnswer { operation: u32 },
    Entry { slave: u32, entry: LogEntry },
    Acknowledgement { slave: u32, progress: Progress },
}

/// Plays the model. What comes out must be looked at by [`Same::audit`].
pub fn play(size: Size) -> Same {
    let (mut same, mut queue) = (Same::new(size), Queue::default());
    queue.push(same.chance().gap(READ_GAP_MEAN), Event::Read);
    queue.push(same.chance().gap(WRITE_GAP_MEAN), Event::Write);
    while let Some((now, event)) = queue.pop()
        && now <= same.model.end
    {
        same.begin(now);
        happen(&mut same, &mut queue, now, event);
    }
    same
}

fn happen(same: &mut Same, queue: &mut Queue<Event>, now: Time, event: Event) {
    match event {
        Event::Read => {
            let (slave, asked) = same.ask_read(now);
            queue.push(same.arrival(Link::ToSlave(slave), now), Event::AtSlave { slave, asked });
            queue.push(now + same.chance().gap(READ_GAP_MEAN), Event::Read);
        }
        Event::Write => {
            let asked = same.ask_write(now);
            queue.push(same.arrival(Link::ToMaster, now), Event::AtMaster { asked });
            queue.push(now + same.chance().gap(WRITE_GAP_MEAN), Event::Write);
        }
        Event::AtSlave { slave, asked } => {
            let cell = same.serve(now, slave, asked);
            let answer = Event::ReadAnswer { operation: asked.operation, cell };
            queue.push(same.arrival(Link::FromSlave(slave), now), answer);
        }
        Event::AtMaster { asked } => {
            let entry = same.log(now, asked);
            queue.push(same.arrival(Link::FromMaster, now), Event::WriteAnswer { operation: asked.operation });
            for slave in 0..same.model.size.slaves {
                queue.push(same.arrival(Link::Entries(slave), now), Event::Entry { slave, entry });
            }
        }
        Event::Entry { slave, entry } => {
            let progress = same.receive(now, slave, entry);
            queue.push(same.arrival(Link::Acknowledgements(slave), now), Event::Acknowledgement { slave, progress });
        }
        Event::ReadAnswer { operation, cell } => same.answer(now, operation, Outcome::Value(cell.write)),
        Event::WriteAnswer { operation } => same.answer(now, operation, Outcome::Done),
        Event::Acknowledgement { slave, progress } => same.acknowledge(now, slave, progress),
    }
}
