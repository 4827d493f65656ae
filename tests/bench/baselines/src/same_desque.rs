//! The same work as the engine does on desque: a type for each event, as for the bare model.

use desque::serial::{OkEvent, Simulation};
use desque::{Error, SimState};

use crate::model::{Link, READ_GAP_MEAN, Size, Time, WRITE_GAP_MEAN};
use crate::same::{Asked, Cell, LogEntry, Outcome, Progress, Same};

/// A cluster on desque.
pub type World = Simulation<Same, Time>;

impl SimState<Time> for Same {
    fn is_complete(&self, now: &Time) -> bool {
        *now > self.model.end
    }
}

#[derive(Debug)]
struct Read;
#[derive(Debug)]
struct Write;
#[derive(Debug)]
struct AtSlave {
    slave: u32,
    asked: Asked,
}
#[derive(Debug)]
struct AtMaster {
    asked: Asked,
}
#[derive(Debug)]
struct ReadAnswer {
    operation: u32,
    cell: Cell,
}
#[derive(Debug)]
struct WriteAnswer {
    operation: u32,
}
#[derive(Debug)]
struct Entry {
    slave: u32,
    entry: LogEntry,
}
#[derive(Debug)]
struct Acknowledgement {
    slave: u32,
    progress: Progress,
}

/// Plays the model. What is in the world's state must be looked at by [`Same::audit`].
///
/// # Errors
///
/// An event was put before the time of now, which this model does not do.
pub fn play(size: Size) -> Result<World, Error> {
    let mut world = Simulation::new(Same::new(size), 0);
    arrive(&mut world, 0, Read, READ_GAP_MEAN);
    arrive(&mut world, 0, Write, WRITE_GAP_MEAN);
    world.run()?;
    Ok(world)
}

/// Each event begins like this: the time, and the cluster.
#[inline]
fn begin(world: &mut World) -> (Time, &mut Same) {
    let now = *world.current_time();
    let same = world.state_mut();
    same.begin(now);
    (now, same)
}

fn arrive(world: &mut World, now: Time, event: impl OkEvent<Same, Time> + 'static, mean: f64) {
    let at = now + world.state_mut().chance().gap(mean);
    schedule(world, event, at);
}

fn send(world: &mut World, now: Time, link: Link, event: impl OkEvent<Same, Time> + 'static) {
    let at = world.state_mut().arrival(link, now);
    schedule(world, event, at);
}

fn schedule(world: &mut World, event: impl OkEvent<Same, Time> + 'static, at: Time) {
    if let Err(error) = world.schedule(event, at) {
        unreachable!("{error}");
    }
}

impl OkEvent<Same, Time> for Read {
    fn execute(&mut self, world: &mut World) {
        let (now, same) = begin(world);
        let (slave, asked) = same.ask_read(now);
        send(world, now, Link::ToSlave(slave), AtSlave { slave, asked });
        arrive(world, now, Read, READ_GAP_MEAN);
    }
}

impl OkEvent<Same, Time> for Write {
    fn execute(&mut self, world: &mut World) {
        let (now, same) = begin(world);
        let asked = same.ask_write(now);
        send(world, now, Link::ToMaster, AtMaster { asked });
        arrive(world, now, Write, WRITE_GAP_MEAN);
    }
}

impl OkEvent<Same, Time> for AtSlave {
    fn execute(&mut self, world: &mut World) {
        let (now, same) = begin(world);
        let cell = same.serve(now, self.slave, self.asked);
        send(world, now, Link::FromSlave(self.slave), ReadAnswer { operation: self.asked.operation, cell });
    }
}

impl OkEvent<Same, Time> for AtMaster {
    fn execute(&mut self, world: &mut World) {
        let (now, same) = begin(world);
        let (entry, slaves) = (same.log(now, self.asked), same.model.size.slaves);
        send(world, now, Link::FromMaster, WriteAnswer { operation: self.asked.operation });
        for slave in 0..slaves {
            send(world, now, Link::Entries(slave), Entry { slave, entry });
        }
    }
}

impl OkEvent<Same, Time> for Entry {
    fn execute(&mut self, world: &mut World) {
        let (now, same) = begin(world);
        let progress = same.receive(now, self.slave, self.entry);
        send(world, now, Link::Acknowledgements(self.slave), Acknowledgement { slave: self.slave, progress });
    }
}

impl OkEvent<Same, Time> for ReadAnswer {
    fn execute(&mut self, world: &mut World) {
        let (now, same) = begin(world);
        same.answer(now, self.operation, Outcome::Value(self.cell.write));
    }
}

impl OkEvent<Same, Time> for WriteAnswer {
    fn execute(&mut self, world: &mut World) {
        let (now, same) = begin(world);
        same.answer(now, self.operation, Outcome::Done);
    }
}

impl OkEvent<Same, Time> for Acknowledgement {
    fn execute(&mut self, world: &mut World) {
        let (now, same) = begin(world);
        same.acknowledge(now, self.slave, self.progress);
    }
}
