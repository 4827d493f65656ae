//! How far a long run has come: a bar on standard error, if somebody sits there and has waited for a while.

use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use replication_playground::limits;
use replication_playground::run::Run;
use replication_playground::scenario::Command;
use replication_playground::time::{self, Us};

/// Who has waited less than this sees no bar.
const PATIENCE: Duration = Duration::from_millis(500);
/// Events that are played between two looks at the clock.
pub const EVENTS: u64 = 16_384;

/// A bar that comes late and leaves nothing behind.
pub struct Progress {
    begun: Instant,
    terminal: bool,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// Begins to wait.
    pub fn new() -> Self {
        Self { begun: Instant::now(), terminal: io::stderr().is_terminal(), bar: None }
    }

    /// Shows how far it has come, if it is time for a bar.
    pub fn show(&mut self, at: u64, of: u64, says: impl Fn() -> String) {
        if !is_due(self.terminal, self.begun.elapsed()) {
            return;
        }
        let first = self.bar.is_none();
        let bar = self.bar.get_or_insert_with(new_bar);
        bar.update(|state| {
            state.set_len(of.max(at));
            state.set_pos(at);
        });
        bar.set_message(says());
        if first {
            // From here on it is drawn.
            bar.set_draw_target(ProgressDrawTarget::stderr());
            bar.tick();
        }
    }

    /// Shows how far a run has come: time played, of time to play.
    pub fn show_run(&mut self, run: &Run) {
        let (now, until) = (run.now(), ends_by(run));
        self.show(now, until, || {
            let settling = if now > until { ", settling" } else { "" };
            format!("{:.1} of {:.1} s, {} events{settling}", seconds(now), seconds(until), run.steps())
        });
    }

    /// Does something else on the terminal: the bar steps aside for it.
    pub fn beside<R>(&self, act: impl FnOnce() -> R) -> R {
        match &self.bar {
            Some(bar) => bar.suspend(act),
            None => act(),
        }
    }

    /// Takes the bar away.
    pub fn clear(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}

/// Plays a run to its end, with a bar.
pub fn play_out(run: &mut Run) {
    let mut progress = Progress::new();
    while !run.play_out_piece(EVENTS) {
        progress.show_run(run);
    }
}

fn seconds(at: Us) -> f64 {
    at as f64 / time::SECOND as f64
}

fn is_due(terminal: bool, waited: Duration) -> bool {
    terminal && waited > PATIENCE
}

fn new_bar() -> ProgressBar {
    let bar = ProgressBar::hidden();
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {percent:>3}%  {wide_msg}") {
        bar.set_style(style.progress_chars("=> "));
    }
    bar
}

/// When the run ends, as far as it can be told: a run without `end` goes on behind its last line until it has settled.
fn ends_by(run: &Run) -> Us {
    let lines = run.scenario().lines();
    let end = lines.iter().rev().find(|line| line.command == Some(Command::End)).and_then(|line| line.at);
    let load_us = if run.cluster().load().is_some() { limits::SETTLE_LOAD_US } else { 0 };
    end.unwrap_or_else(|| run.last_line_us().saturating_add(load_us))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_waits_at_a_terminal_sees_a_bar() {
        assert!(is_due(true, PATIENCE * 2));
        assert!(!is_due(true, PATIENCE));
        assert!(!is_due(false, PATIENCE * 2));
    }
}
