//! Settings, before the start and while time runs.

use super::{Done, LineOutcome};
use crate::cluster::{Cluster, Input, Process};
use crate::facts::Event;
use crate::scenario::{Capacity, Name, Preset, Router, Setting};

impl Cluster {
    /// Changes the configuration of a node. A process that does not run reads it when it runs again.
    pub(in crate::cluster) fn configure(&mut self, id: u16, input: Input) {
        match (self.member_mut(id), input) {
            (Some(member), Input::ApplyDelay(us)) if member.process != Process::Up => member.node.apply_delay_us = us,
            (Some(member), Input::ApplySpeed(rate)) if member.process != Process::Up => member.node.apply_speed = rate,
            (Some(member), Input::Capacity(capacity)) if member.process != Process::Up => {
                member.node.capacity = capacity;
            }
            (Some(member), Input::ApplyPaused(paused)) if member.process != Process::Up => {
                member.node.apply_paused = paused;
            }
            (_, input) => self.handle(id, input),
        }
    }

    pub(in crate::cluster) fn set_capacity(
        &mut self,
        name: Option<&Name>,
        capacity: Option<Capacity>,
    ) -> Result<(), String> {
        if let Some(name) = name {
            let id = self.node(name)?.node.id;
            self.configure(id, Input::Capacity(capacity));
            return Ok(());
        }
        self.capacity = capacity;
        let nodes: Vec<u16> = self.members().filter(|member| !member.removed).map(|member| member.node.id).collect();
        for id in nodes {
            self.configure(id, Input::Capacity(capacity));
        }
        Ok(())
    }

    pub(in crate::cluster) fn set(&mut self, line: u32, setting: &Setting) -> Done {
        self.change(setting)?;
        self.routing.note_policy();
        self.note(Event::Set { line });
        self.rules_changed();
        Ok(LineOutcome::Done)
    }

    pub(in crate::cluster) fn change(&mut self, setting: &Setting) -> Result<(), String> {
        match setting {
            Setting::Replication(replication) => self.rules.replication = *replication,
            Setting::SlaveWrites(policy) => self.rules.slave_writes = *policy,
            Setting::Router(Router::Node(name)) => {
                self.node(name)?;
                self.routing.router = Router::Node(name.clone());
            }
            Setting::Router(router) => self.routing.router = router.clone(),
            Setting::OwnWrites(own_writes) => self.routing.own_writes = *own_writes,
            Setting::MaxLag(us) => self.routing.max_lag_us = *us,
            Setting::NoNode(no_node) => self.routing.no_node = *no_node,
            Setting::Failover(failover) => self.watch_by(*failover),
            Setting::Load(load) => self.set_load(*load)?,
            Setting::Timeout(us) => self.timeout_us = *us,
            Setting::Flush(us) => self.rules.flush_us = *us,
            Setting::Durability(durability) => self.rules.durability = *durability,
            Setting::LogKeep(keep) => self.rules.log_keep = *keep,
            Setting::Retry(us) => self.rules.retry_us = *us,
            Setting::TooFew(too_few) => self.rules.too_few = *too_few,
            Setting::Gate(gate) => self.rules.gate = *gate,
            Setting::Gap(gap) => self.rules.gap = *gap,
            Setting::Relay(relay) => self.rules.relay = *relay,
            Setting::Unapplied(unapplied) => self.rules.unapplied = *unapplied,
            Setting::Rejoin(rejoin) => self.rules.rejoin = *rejoin,
            Setting::LinkTimeout(us) => self.rules.link_timeout_us = *us,
            Setting::SendBuffer(bytes) => self.rules.send_buffer = *bytes,
            Setting::Engine(engine) => self.rules.engine = *engine,
            Setting::SyncSlaves(names) => {
                let ids: Result<Vec<u16>, String> =
                    names.iter().map(|name| self.node(name).map(|member| member.node.id)).collect();
                self.rules.sync_slaves = ids?;
            }
            Setting::Preset(preset) => self.use_preset(*preset)?,
        }
        Ok(())
    }

    /// All settings in force, but for the preset.
    pub fn settings(&self) -> Vec<Setting> {
        let (rules, routing) = (&self.rules, &self.routing);
        let counting = rules.sync_slaves.iter().filter_map(|&id| self.member(id));
        vec![
            Setting::Replication(rules.replication),
            Setting::SyncSlaves(counting.map(|member| member.name.clone()).collect()),
            Setting::TooFew(rules.too_few),
            Setting::Gate(rules.gate),
            Setting::SlaveWrites(rules.slave_writes),
            Setting::Router(routing.router.clone()),
            Setting::OwnWrites(routing.own_writes),
            Setting::MaxLag(routing.max_lag_us),
            Setting::NoNode(routing.no_node),
            Setting::Failover(self.detector.failover),
            Setting::Load(self.load().map(|(load, _)| *load)),
            Setting::Timeout(self.timeout_us),
            Setting::Flush(rules.flush_us),
            Setting::Durability(rules.durability),
            Setting::LogKeep(rules.log_keep),
            Setting::Retry(rules.retry_us),
            Setting::Gap(rules.gap),
            Setting::Relay(rules.relay),
            Setting::Unapplied(rules.unapplied),
            Setting::Rejoin(rules.rejoin),
            Setting::LinkTimeout(rules.link_timeout_us),
            Setting::SendBuffer(rules.send_buffer),
            Setting::Engine(rules.engine),
        ]
    }

    pub(in crate::cluster) fn use_preset(&mut self, preset: Preset) -> Result<(), String> {
        self.preset = Some(preset);
        preset.settings().iter().try_for_each(|setting| self.change(setting))
    }

    pub(in crate::cluster) fn rules_changed(&mut self) {
        let running: Vec<u16> =
            self.members().filter(|member| member.process == Process::Up).map(|member| member.node.id).collect();
        for id in running {
            self.handle(id, Input::RulesChanged);
        }
    }
}
