//! The work of a node: requests and entries that take time, workers that share it, and a queue before them.

use std::collections::VecDeque;

use super::{Node, Role, Timer, TimerKind, Turn};
use crate::cluster::message::{Reply, Request, RequestKind};
use crate::facts::Failure;
use crate::scenario::{Capacity, SlaveWrites};
use crate::time::Us;

/// Something that takes a worker's time.
#[derive(Debug, Clone)]
pub(super) enum Job {
    /// A client's request.
    Request {
        /// Who asks.
        from: u16,
        /// What.
        request: Request,
    },
    /// The next entry of the log, on a slave.
    Apply,
}

/// What the workers do, and what waits for them.
#[derive(Debug, Clone, Default)]
pub(super) struct Service {
    queue: VecDeque<Job>,
    /// What is being done, by the number of its timer.
    running: Vec<(u32, Job)>,
    last: u32,
    /// Whether an entry waits for a worker, or is in work.
    applying: bool,
    /// Whether the work for one entry is done that is still to be applied.
    applied: bool,
}

impl Node {
    /// Requests that wait for a worker, and those in work.
    pub fn work(&self) -> (usize, usize) {
        let requests = |job: &&Job| matches!(job, Job::Request { .. });
        (self.memory.service.queue.iter().filter(requests).count(), self.memory.service.running.len())
    }

    /// What this request takes of a worker's time: its mean, µs.
    fn cost_us(&self, turn: &Turn<'_>, capacity: &Capacity, kind: RequestKind) -> Us {
        match (kind, self.role) {
            (RequestKind::Read { .. }, _) => capacity.read_us,
            (RequestKind::Write { .. }, Role::Master) => capacity.write_us,
            (RequestKind::Write { .. }, Role::Slave { .. }) if turn.rules.slave_writes == SlaveWrites::Accepted => {
                capacity.write_us
            }
            _ => 0,
        }
    }

    /// A request that takes time waits for a worker; any other one is served at once.
    pub(super) fn take_in(&mut self, turn: &mut Turn<'_>, from: u16, request: Request) {
        let Some(capacity) = self.capacity.filter(|capacity| self.cost_us(turn, capacity, request.kind) > 0) else {
            self.request(turn, from, request);
            return;
        };
        let service = &self.memory.service;
        let busy = service.running.len() >= usize::from(capacity.workers);
        if busy && self.work().0 >= capacity.queue as usize {
            turn.answer(from, request.operation, Reply::Failed(Failure::Overloaded));
            return;
        }
        self.memory.service.queue.push_back(Job::Request { from, request });
        self.start_work(turn);
    }

    /// Free workers take what waits, the oldest first.
    fn start_work(&mut self, turn: &mut Turn<'_>) {
        let workers = self.capacity.map_or(usize::MAX, |capacity| usize::from(capacity.workers));
        while self.memory.service.running.len() < workers {
            let Some(job) = self.memory.service.queue.pop_front() else { return };
            let us = self.takes_us(turn, &job);
            let service = &mut self.memory.service;
            service.last = service.last.wrapping_add(1);
            let number = service.last;
            service.running.push((number, job));
            let timer = Timer { boot: self.boot, kind: TimerKind::Worked(number) };
            turn.timer(turn.now + us, timer);
        }
    }

    /// How long a work takes this time, µs.
    fn takes_us(&mut self, turn: &Turn<'_>, job: &Job) -> Us {
        let Some(capacity) = self.capacity else { return 0 };
        let mean_us = match job {
            Job::Request { request, .. } => self.cost_us(turn, &capacity, request.kind),
            Job::Apply => capacity.apply_us,
        };
        if capacity.random { (self.chance.exponential() * mean_us as f64) as Us } else { mean_us }
    }

    /// A worker has done its work.
    pub(super) fn worked(&mut self, turn: &mut Turn<'_>, number: u32) {
        let running = &mut self.memory.service.running;
        let Some(index) = running.iter().position(|(other, _)| *other == number) else { return };
        match running.swap_remove(index).1 {
            Job::Request { from, request } => self.request(turn, from, request),
            Job::Apply => {
                self.memory.service.applying = false;
                self.memory.service.applied = true;
                self.go_on(turn);
            }
        }
        self.start_work(turn);
    }

    /// Whether the next entry can be applied: the work for it is done, or takes no time. If not, it waits for a worker.
    pub(super) fn may_apply(&mut self, turn: &mut Turn<'_>) -> bool {
        if self.capacity.is_none_or(|capacity| capacity.apply_us == 0) {
            return true;
        }
        let service = &mut self.memory.service;
        if std::mem::take(&mut service.applied) {
            return true;
        }
        if !service.applying {
            service.applying = true;
            service.queue.push_back(Job::Apply);
            self.start_work(turn);
        }
        false
    }

    /// Its work takes another time from now on. What is in work is done as it was begun.
    pub(super) fn set_capacity(&mut self, turn: &mut Turn<'_>, capacity: Option<Capacity>) {
        self.capacity = capacity;
        self.start_work(turn);
        self.go_on(turn);
    }
}
