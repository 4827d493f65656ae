//! Processes of this system: who has started whom. Nothing is known where the system has no /proc.

use std::ffi::OsStr;
use std::fs;
use std::net::SocketAddr;

use rustix::process::{Pid, Signal, kill_process};

/// The variable that tells whose a process is, whoever has started it: Patroni lets its PostgreSQL go, as `pg_ctl` does.
pub const MARK: &str = "REPLAY_NODE";

/// Sends a process a signal.
pub fn kill(pid: u32, signal: Signal) {
    if let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) {
        let _ = kill_process(pid, signal);
    }
}

/// A process that one of ours has started. Its number may be another's once it has gone, so its beginning counts, too.
pub struct Descendant {
    /// Its number.
    pub pid: u32,
    began: u64,
}

impl Descendant {
    /// Sends it a signal, if it runs.
    pub fn kill(&self, signal: Signal) {
        if self.runs() {
            kill(self.pid, signal);
        }
    }

    /// Whether it runs.
    pub fn runs(&self) -> bool {
        look_up(self.pid).is_some_and(|it| it.began == self.began)
    }
}

/// What a process has started, and what bears its mark; and what those have started.
pub fn descendants(of: u32, mark: Option<&OsStr>) -> Vec<Descendant> {
    let all: Vec<Running> = everybody().collect();
    let bears = |it: &&Running| it.pid != of && mark.is_some_and(|mark| mark_of(it.pid).is_some_and(|its| its == mark));
    let mut found = vec![Descendant { pid: of, began: 0 }];
    found.extend(all.iter().filter(bears).map(|it| Descendant { pid: it.pid, began: it.began }));
    let mut next = 0;
    while let Some(above) = found.get(next).map(|above| above.pid) {
        let below: Vec<&Running> = all.iter().filter(|it| it.parent == above).collect();
        let known = |pid: u32| found.iter().any(|it| it.pid == pid);
        let fresh: Vec<Descendant> = below
            .into_iter()
            .filter(|it| !known(it.pid))
            .map(|it| Descendant { pid: it.pid, began: it.began })
            .collect();
        found.extend(fresh);
        next += 1;
    }
    found.remove(0);
    found
}

/// Whose end of a connection that is, among these marks: a socket's number is found in the system's table, then its process.
pub fn owner(end: SocketAddr, marks: &[String]) -> Option<usize> {
    let socket = format!("socket:[{}]", socket(end)?);
    let holds = |pid: u32| {
        let files = fs::read_dir(format!("/proc/{pid}/fd")).into_iter().flatten().flatten();
        let mut ends = files.filter_map(|file| fs::read_link(file.path()).ok());
        ends.any(|it| it.as_os_str() == OsStr::new(&socket))
    };
    let all: Vec<Running> = everybody().collect();
    let marked = |pid: u32| mark_of(pid).and_then(|its| marks.iter().position(|mark| OsStr::new(mark) == its));
    all.iter().filter(|it| holds(it.pid)).find_map(|it| {
        // PostgreSQL's processes write over their environment: their parent has it.
        marked(it.pid).or_else(|| marked(it.parent))
    })
}

/// The number of the socket with this address, IPv4.
fn socket(end: SocketAddr) -> Option<String> {
    let SocketAddr::V4(end) = end else { return None };
    let address = format!("{:08X}:{:04X}", u32::from_ne_bytes(end.ip().octets()), end.port());
    let table = fs::read_to_string("/proc/net/tcp").ok()?;
    let mut rows = table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let row = rows.find(|row| row.get(1) == Some(&address.as_str()) && row.get(9).is_some_and(|it| *it != "0"))?;
    row.get(9).map(|&number| number.to_owned())
}

fn mark_of(pid: u32) -> Option<std::ffi::OsString> {
    use std::os::unix::ffi::OsStringExt;
    let environment = fs::read(format!("/proc/{pid}/environ")).ok()?;
    let mut variables = environment.split(|byte| *byte == 0);
    let its = variables.find_map(|it| it.strip_prefix(MARK.as_bytes())?.strip_prefix(b"="))?;
    Some(std::ffi::OsString::from_vec(its.to_vec()))
}

/// A process of the system that runs.
pub struct Running {
    /// Its number.
    pub pid: u32,
    /// Who has started it.
    pub parent: u32,
    /// Its process group.
    pub group: u32,
    /// When it began, in the system's own units.
    began: u64,
}

/// All of them.
pub fn everybody() -> impl Iterator<Item = Running> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| look_up(entry.file_name().to_str()?.parse().ok()?))
}

fn look_up(pid: u32) -> Option<Running> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name of the program stands in brackets, and may have any letters.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let [state, parent, group, ..] = fields.as_slice() else { return None };
    if *state == "Z" {
        return None;
    }
    Some(Running {
        pid,
        parent: parent.parse().ok()?,
        group: group.parse().ok()?,
        began: fields.get(19)?.parse().ok()?,
    })
}
