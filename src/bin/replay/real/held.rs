//! What must not outlive this program: server processes and folders. Whatever ends it, they go: a value that is dropped
//! takes its own with it (also at an error or a panic), and a signal takes all.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, Read};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

use super::processes::{Descendant, MARK, descendants, everybody, kill};

/// How long a process that was told to end has, before it is killed.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long what a process has started has to end by itself.
const CLEANS_UP: Duration = Duration::from_secs(2);
const LOOK: Duration = Duration::from_millis(5);

struct Owned {
    child: Child,
    ends_by: Signal,
    /// What all bear that it has started.
    mark: Option<OsString>,
}

impl Owned {
    fn descendants(&self) -> Vec<Descendant> {
        descendants(self.child.id(), self.mark.as_deref())
    }
}

struct Held {
    processes: BTreeMap<u32, Owned>,
    folders: Vec<PathBuf>,
}

static HELD: Mutex<Held> = Mutex::new(Held { processes: BTreeMap::new(), folders: Vec::new() });

fn held() -> MutexGuard<'static, Held> {
    HELD.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A server process. It ends when this is dropped.
#[derive(Debug)]
pub struct Process {
    pid: u32,
}

impl Process {
    /// Starts a program, in a process group of its own: Ctrl+C reaches this program alone, which then ends it. `ends_by` is
    /// the signal that ends it at once.
    pub fn start(command: &mut Command, ends_by: Signal) -> io::Result<Self> {
        let mut held = held();
        let child = command.process_group(0).spawn()?;
        let pid = child.id();
        let mark = command.get_envs().find(|(name, _)| *name == OsStr::new(MARK)).and_then(|(_, value)| value);
        held.processes.insert(pid, Owned { child, ends_by, mark: mark.map(OsStr::to_owned) });
        Ok(Self { pid })
    }

    /// Whether it runs.
    pub fn is_up(&self) -> bool {
        self.status().is_none()
    }

    /// How it ended, once it has.
    pub fn status(&self) -> Option<ExitStatus> {
        let mut held = held();
        held.processes.get_mut(&self.pid)?.child.try_wait().ok().flatten()
    }

    /// Sends it a signal, if it runs.
    pub fn signal(&self, signal: Signal) {
        if let Some(owned) = held().processes.get_mut(&self.pid) {
            send(&mut owned.child, signal);
        }
    }

    /// Sends a signal to it and to all that it has started.
    pub fn signal_all(&self, signal: Signal) {
        self.descendants().iter().for_each(|it| it.kill(signal));
        self.signal(signal);
    }

    /// What it has started.
    pub fn descendants(&self) -> Vec<Descendant> {
        held().processes.get(&self.pid).map(Owned::descendants).unwrap_or_default()
    }

    /// Waits until it has ended. False if it has not within this time.
    pub fn ends_within(&self, span: Duration) -> bool {
        until(span, || !self.is_up())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let taken = held().processes.remove(&self.pid);
        end(taken.into_iter().collect());
    }
}

/// Runs a program to its end; it ends with this program, too.
pub fn output(command: &mut Command) -> io::Result<Output> {
    let process = Process::start(command.stdout(Stdio::piped()).stderr(Stdio::piped()), Signal::TERM)?;
    let (out, err) = {
        let mut held = held();
        let child = held.processes.get_mut(&process.pid).map(|owned| &mut owned.child);
        child.map_or((None, None), |child| (child.stdout.take(), child.stderr.take()))
    };
    let reads = thread::spawn(move || bytes(out));
    let stderr = bytes(err);
    let stdout = reads.join().unwrap_or_default();
    loop {
        if let Some(status) = process.status() {
            return Ok(Output { status, stdout, stderr });
        }
        thread::sleep(LOOK);
    }
}

fn bytes(from: Option<impl Read>) -> Vec<u8> {
    let mut read = Vec::new();
    if let Some(mut from) = from {
        let _ = from.read_to_end(&mut read);
    }
    read
}

/// A folder. It is removed, with all in it, when this is dropped, unless it shall be kept.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    /// Makes one below another, with a name that nothing has.
    pub fn new_in(parent: &Path) -> io::Result<Self> {
        let mut held = held();
        let path = tempfile::Builder::new().prefix("replay-real-").tempdir_in(parent)?.keep();
        held.folders.push(path.clone());
        Ok(Self { path })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// From now on it stays, whatever happens.
    pub fn keep(&self) {
        held().folders.retain(|path| *path != self.path);
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let mut held = held();
        let listed = held.folders.len();
        held.folders.retain(|path| *path != self.path);
        if held.folders.len() < listed {
            drop(held);
            remove(&self.path);
        }
    }
}

/// From now on Ctrl+C, SIGTERM and SIGHUP end this program with all that it holds.
pub fn end_all_at_signals() -> io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    let mut signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM, SIGHUP])?;
    thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            // Nothing new is started from here on: the lock is not given back.
            let mut held = held();
            end(std::mem::take(&mut held.processes).into_values().collect());
            held.folders.iter().for_each(|path| remove(path));
            std::process::exit(128 + signal);
        }
    });
    Ok(())
}

/// Asks again and again until it is so. False if it is not within this time.
pub fn until(span: Duration, mut is_so: impl FnMut() -> bool) -> bool {
    let end = Instant::now() + span;
    loop {
        if is_so() {
            return true;
        }
        if Instant::now() > end {
            return false;
        }
        thread::sleep(LOOK);
    }
}

fn end(mut processes: Vec<Owned>) {
    let mut started = Vec::new();
    for owned in &mut processes {
        // What it has started is nobody's child once it has gone: who that is must be known before.
        started.extend(owned.descendants());
        started.iter().for_each(|descendant| descendant.kill(Signal::CONT));
        send(&mut owned.child, Signal::CONT);
        send(&mut owned.child, owned.ends_by);
        if owned.ends_by == Signal::KILL {
            // And what it has started since: nobody has waited for it yet, so its number is still its own.
            kill_group(owned.child.id());
        }
    }
    let groups: Vec<u32> = processes.iter().map(|owned| owned.child.id()).collect();
    let is_gone = |owned: &mut Owned| !matches!(owned.child.try_wait(), Ok(None));
    until(PATIENCE, || processes.iter_mut().all(is_gone));
    for owned in &mut processes {
        if !is_gone(owned) {
            started.extend(owned.descendants());
            let _ = owned.child.kill();
            let _ = owned.child.wait();
        }
        if owned.mark.is_some() {
            // Who has let it go cannot end it: a PostgreSQL, which cleans up its shared memory.
            let left = owned.descendants();
            left.iter().for_each(|it| it.kill(Signal::CONT));
            left.iter().for_each(|it| it.kill(Signal::QUIT));
            started.extend(left);
        }
    }
    // A tool that was told to end takes what it has started with it, and that cleans up: initdb's servers have shared memory.
    until(CLEANS_UP, || !started.iter().any(Descendant::runs));
    started.iter().for_each(|descendant| descendant.kill(Signal::KILL));
    groups.iter().for_each(|group| kill_group_if_there(*group));
    // Who is killed is not gone at once, and may still write.
    until(PATIENCE, || !started.iter().any(Descendant::runs) && !everybody().any(|it| groups.contains(&it.group)));
}

/// A child that has been waited for is left alone: its number may be somebody else's by now.
fn send(child: &mut Child, signal: Signal) {
    if matches!(child.try_wait(), Ok(None)) {
        kill(child.id(), signal);
    }
}

fn kill_group(leader: u32) {
    if let Some(pid) = i32::try_from(leader).ok().and_then(Pid::from_raw) {
        let _ = kill_process_group(pid, Signal::KILL);
    }
}

/// The same once its leader has gone: its number is still the group's if somebody is in it.
fn kill_group_if_there(leader: u32) {
    let mut members = everybody().filter(|it| it.group == leader && it.pid != leader);
    if members.next().is_some() {
        kill_group(leader);
    }
}

/// A server that has just gone may still have been writing: a second try takes what it left.
fn remove(path: &Path) {
    until(Duration::from_secs(2), || fs::remove_dir_all(path).is_ok() || !path.exists());
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails should say so at once")]
mod tests {
    use super::*;

    fn runs(pid: u32) -> bool {
        Path::new(&format!("/proc/{pid}")).exists()
    }

    #[test]
    fn a_panic_takes_processes_and_folders_with_it() {
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().to_owned();
        let (tells, told) = std::sync::mpsc::channel();
        let panicked = thread::spawn(move || {
            let folder = Folder::new_in(&path).unwrap();
            // A shell that has started something itself.
            let script = "sleep 1000 & wait";
            let process = Process::start(Command::new("sh").args(["-c", script]), Signal::KILL).unwrap();
            assert!(until(PATIENCE, || !process.descendants().is_empty()));
            fs::write(folder.path().join("data"), "1").unwrap();
            let below: Vec<u32> = process.descendants().iter().map(|below| below.pid).collect();
            tells.send([vec![process.pid], below].concat()).unwrap();
            panic!("on purpose");
        });
        let pids = told.recv().unwrap();
        assert_eq!(pids.len(), 2);
        assert!(panicked.join().is_err());
        assert!(until(PATIENCE, || !pids.iter().any(|pid| runs(*pid))), "{pids:?}");
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_process_that_does_not_heed_its_signal_is_killed() {
        let script = "trap '' TERM; while true; do sleep 0.1; done";
        let process = Process::start(Command::new("sh").args(["-c", script]), Signal::TERM).unwrap();
        let pid = process.pid;
        thread::sleep(Duration::from_millis(200));
        drop(process);
        assert!(!runs(pid));
    }

    #[test]
    fn what_a_tool_says_is_read_to_its_end() {
        let script = "seq 100000; echo wrong >&2; exit 3";
        let done = output(Command::new("sh").args(["-c", script])).unwrap();
        assert_eq!(
            (done.status.code(), done.stdout.len(), done.stderr.as_slice()),
            (Some(3), 588_895, &b"wrong\n"[..])
        );
    }

    #[test]
    fn a_folder_that_is_kept_stays() {
        let parent = tempfile::tempdir().unwrap();
        let folder = Folder::new_in(parent.path()).unwrap();
        folder.keep();
        drop(folder);
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 1);
    }
}
