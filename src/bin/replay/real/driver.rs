//! What an engine must be able to do so that a text can be played on it.

use std::time::{Duration, SystemTime};

use replication_playground::scenario::Request;
use rustix::process::Signal;

use super::asked::Asked;
use super::site::Site;

/// What can fail on the way to a server; never what a client is told.
pub type Real<T> = Result<T, String>;

/// A cluster of real servers. A node is a number of the site.
pub trait Driver {
    /// Nodes, ports, links.
    fn site(&self) -> &Site;
    /// The same, to change it.
    fn site_mut(&mut self) -> &mut Site;
    /// The servers' version, as they tell it.
    fn version(&self) -> Real<String>;
    /// The settings that the servers were given, one a line.
    fn settings(&self) -> Vec<String>;
    /// Starts all servers and waits until every slave is in step.
    fn launch(&mut self) -> Real<()>;

    /// A client asks a node.
    fn ask(&self, n: usize, client: &str, request: &Request, local: bool) -> Asked;
    /// A client asks how many slaves have its writes.
    fn ask_wait(&self, n: usize, _client: &str, _slaves: u8, _within: Duration) -> Asked {
        self.site().asks(n, |_| "error: only Redis has WAIT".to_owned())
    }
    /// Whether a request that is not back waits for something else than a slow machine, as the server says.
    fn waits(&self, asked: &Asked) -> Real<bool>;
    /// A request no longer waits for slaves.
    fn cancel(&self, _asked: &Asked) -> Real<()> {
        Ok(())
    }

    /// A server comes back. `ok`, or `error: …` if it does not start.
    fn start(&mut self, n: usize) -> Real<String>;
    /// A graceful stop. False if it hangs.
    fn stop(&mut self, n: usize) -> Real<bool> {
        let [stop, _] = self.signals();
        Ok(self.site_mut().stop(n, stop))
    }
    /// The process is gone at once.
    fn crash(&mut self, n: usize) -> Real<()> {
        let [_, kill] = self.signals();
        self.site_mut().crash(n, kill);
        Ok(())
    }
    /// What ends its process in good order, and at once.
    fn signals(&self) -> [Signal; 2] {
        [Signal::TERM, Signal::KILL]
    }
    /// A slave becomes a master.
    fn promote(&mut self, n: usize, drain: bool) -> Real<()>;
    /// A node follows another. `ok`, or `refused: …`.
    fn follow(&mut self, n: usize, upstream: usize, force: bool) -> Real<String>;
    /// What came of a `follow` of a node that was down, or could not reach the other, once it can. `log_from`: how long its log was.
    fn late_answer(&self, _n: usize, _log_from: usize) -> String {
        "ok".to_owned()
    }
    /// A node throws its own history away and follows.
    fn rewind(&mut self, _n: usize) -> Real<String> {
        Err("this engine cannot rewind".to_owned())
    }
    /// A node starts over with a copy of the one that it follows.
    fn rebuild(&mut self, _n: usize) -> Real<String> {
        Err("this engine is not rebuilt".to_owned())
    }
    /// A slave applies nothing, or applies again.
    fn pause(&mut self, _n: usize, _paused: bool) -> Real<()> {
        Err("this engine cannot pause".to_owned())
    }
    /// A slave applies later.
    fn delay(&mut self, _n: usize, _span: Duration) -> Real<()> {
        Err("this engine cannot delay".to_owned())
    }
    /// A node takes no writes, or takes them again.
    fn read_only(&mut self, _n: usize, _read_only: bool) -> Real<()> {
        Err("this engine's master always takes writes".to_owned())
    }
    /// Drops all log that may be dropped.
    fn trim(&mut self, _n: usize) -> Real<()> {
        Err("this engine drops its log by itself".to_owned())
    }
    /// Writes more than the log retains.
    fn fill(&mut self, _n: usize) -> Real<()> {
        Err("this engine keeps all of its log".to_owned())
    }
    /// These slaves count for a write that waits.
    fn sync_slaves(&mut self, _slaves: &[usize]) -> Real<()> {
        Err("this engine has no list of synchronous slaves".to_owned())
    }
    /// Whom those who watch promote first; 0 for never.
    fn priority(&mut self, _n: usize, _priority: u8) -> Real<()> {
        Err("nobody promotes this engine's slaves by priority".to_owned())
    }
    /// The time-out of a silent link passes.
    fn link_timeout(&mut self) -> Real<()>;

    /// Those who watch change roles: learns who follows whom by now.
    fn look_around(&mut self) -> Real<()> {
        Ok(())
    }
    /// The master that those who watch tell clients; nothing if nobody watches, or nobody tells one.
    fn told_master(&self) -> Option<usize> {
        None
    }
    /// What those who watch have done so far, and when.
    fn story(&self) -> Vec<(SystemTime, String)> {
        Vec::new()
    }

    /// What is true of a node, in the words of the run text. `wanted` is the fact that is asked for.
    fn facts(&self, n: usize, wanted: &str) -> Real<Vec<String>>;
    /// Whether a slave is connected to the one that it follows, or was refused for good.
    fn is_connected(&self, n: usize) -> Real<bool>;
    /// Whether a slave has all that the one it follows has, and has applied what it may; or was refused for good.
    fn in_step(&self, n: usize) -> Real<bool>;
    /// Whether a slave lacks something that the one it follows has.
    fn is_behind(&self, n: usize) -> Real<bool>;
    /// Called when all is in step: what an engine does for a moment longer.
    fn after_settling(&mut self) -> Real<()> {
        Ok(())
    }
}
