//! What the drivers have in common: the nodes of a cluster, their folders, ports, processes and links.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use replication_playground::cluster::Rules;
use replication_playground::scenario::Failover;
use rustix::process::Signal;

use super::asked::{Asked, Session};
use super::held::{Process, output};
use super::links::{self, Links, Who};
use super::ports;
use super::processes::owner;

/// How long a graceful stop may take: a stop that hangs is told as such.
const STOP: Duration = Duration::from_secs(15);

/// What somebody wants of a cluster of real servers.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Names of the nodes, the master first.
    pub names: Vec<String>,
    /// What watches over them.
    pub failover: Failover,
    /// The settings. Nodes have the same numbers there, in the order of their names.
    pub rules: Rules,
    /// Where the logs and the data go.
    pub folder: PathBuf,
    /// Whether time-outs of links wait until they are asked for (`wait link-timeout`), or run by themselves.
    pub timeouts_on_demand: bool,
}

/// A node.
#[derive(Debug)]
pub struct Node {
    /// Its name.
    pub name: String,
    /// Where it listens.
    pub port: u16,
    /// Whom it follows, up or down; nothing for a master.
    pub upstream: Option<usize>,
    /// Whether it was told to apply nothing.
    pub paused: bool,
    /// Whether it applies later.
    pub delayed: bool,
    /// Whether its process hangs.
    pub frozen: bool,
    process: Option<Process>,
}

/// The nodes and what joins them.
pub struct Site {
    /// What is wanted of them.
    pub wanted: Wanted,
    /// The nodes, and those who watch them behind. (They go before the links, so that no server sees a link end.)
    pub nodes: Vec<Node>,
    /// The links between them.
    pub links: Links,
    who: Option<Who>,
    /// How long the way of the next client takes, there and back. Clients connect directly: they wait themselves.
    pub client_way: (Duration, Duration),
}

impl Site {
    /// Finds ports and opens the links; no server is started yet. All nodes but the first follow it, who watches follows nobody.
    ///
    /// # Errors
    ///
    /// No free port; the folder cannot be made.
    pub fn new(wanted: Wanted) -> Result<Self, String> {
        fs::create_dir_all(&wanted.folder).map_err(|why| format!("{}: {why}", wanted.folder.display()))?;
        let mut nodes = Vec::new();
        let watchers = wanted.failover.observers().into_iter().map(|name| name.to_string());
        for (index, name) in wanted.names.iter().cloned().chain(watchers).enumerate() {
            let upstream = (0 < index && index < wanted.names.len()).then_some(0);
            let (paused, delayed, frozen) = (false, false, false);
            nodes.push(Node { name, port: ports::free()?, upstream, paused, delayed, frozen, process: None });
        }
        let listening: Vec<u16> = nodes.iter().map(|node| node.port).collect();
        let who = match wanted.failover {
            Failover::Manual => None,
            Failover::Lease { .. } => {
                let marks: Vec<String> = nodes.iter().map(|node| mark(&wanted.folder, &node.name)).collect();
                Some(Arc::new(move |from| owner(from, &marks)) as Who)
            }
            _ => Some(links::by_address(nodes.len())),
        };
        let links = who.as_ref().map_or_else(|| Links::open(&listening), |who| Links::open_doors(&listening, who))?;
        Ok(Self { wanted, nodes, links, who, client_way: (Duration::ZERO, Duration::ZERO) })
    }

    /// A node.
    pub fn node(&self, n: usize) -> &Node {
        #[expect(clippy::indexing_slicing, reason = "numbers of nodes come from this list alone")]
        &self.nodes[n]
    }

    /// A node, to change it.
    pub fn node_mut(&mut self, n: usize) -> &mut Node {
        #[expect(clippy::indexing_slicing, reason = "numbers of nodes come from this list alone")]
        &mut self.nodes[n]
    }

    /// Numbers of all nodes.
    pub fn all(&self) -> std::ops::Range<usize> {
        0..self.wanted.names.len()
    }

    /// Numbers of those who watch them.
    pub fn watchers(&self) -> std::ops::Range<usize> {
        self.wanted.names.len()..self.nodes.len()
    }

    /// Numbers of both.
    pub fn everyone(&self) -> std::ops::Range<usize> {
        0..self.nodes.len()
    }

    /// Numbers of the nodes that are up.
    pub fn up(&self) -> Vec<usize> {
        self.all().filter(|&n| self.is_up(n)).collect()
    }

    /// The node with this name.
    pub fn named(&self, name: &str) -> Option<usize> {
        self.nodes.iter().position(|node| node.name == name)
    }

    /// Where a node listens.
    pub fn port(&self, n: usize) -> u16 {
        self.node(n).port
    }

    /// The folder of a node's data.
    pub fn data(&self, n: usize) -> PathBuf {
        self.wanted.folder.join(&self.node(n).name)
    }

    /// The file of a node's log.
    pub fn log(&self, n: usize) -> PathBuf {
        self.wanted.folder.join(format!("{}.log", self.node(n).name))
    }

    /// What a node's log says from this byte on.
    pub fn log_since(&self, n: usize, from: usize) -> String {
        let bytes = fs::read(self.log(n)).unwrap_or_default();
        String::from_utf8_lossy(bytes.get(from..).unwrap_or_default()).into_owned()
    }

    /// How long a node's log is, bytes.
    pub fn log_length(&self, n: usize) -> usize {
        fs::metadata(self.log(n)).map_or(0, |file| usize::try_from(file.len()).unwrap_or(0))
    }

    /// Whether the process of a node is there.
    pub fn is_up(&self, n: usize) -> bool {
        self.node(n).process.as_ref().is_some_and(Process::is_up)
    }

    /// Whether a node should be connected to the one that it follows.
    pub fn expects_link(&self, n: usize) -> bool {
        let Some(upstream) = self.node(n).upstream else { return false };
        let runs = |n: usize| self.is_up(n) && !self.node(n).frozen;
        runs(n) && runs(upstream) && self.links.is_open(n, upstream)
    }

    /// The port by which a node reaches the one that it follows.
    pub fn way_up(&self, n: usize) -> u16 {
        self.node(n).upstream.map_or(0, |upstream| self.links.port(n, upstream))
    }

    /// Where others know a node to be, if all of them know it by the same address.
    pub fn door(&self, n: usize) -> u16 {
        self.links.port(if n == 0 { 1 } else { 0 }, n)
    }

    /// One more port by which others reach a node, where it listens at `to`.
    ///
    /// # Errors
    ///
    /// No free port; each pair of nodes has ports of its own.
    pub fn another_door(&mut self, n: usize, to: u16) -> Result<u16, String> {
        let who = self.who.as_ref().ok_or("nodes have no doors here")?;
        self.links.open_another(n, to, who)
    }

    /// What all processes of a node bear in their environment.
    pub fn mark(&self, n: usize) -> String {
        mark(&self.wanted.folder, &self.node(n).name)
    }

    /// A client asks a node.
    pub fn asks(&self, n: usize, ask: impl FnOnce(&Session) -> String + Send + 'static) -> Asked {
        Asked::new(n, self.client_way, ask)
    }

    /// Starts the server of a node; its output goes to its log. `ends_by` is the signal that ends it at once.
    ///
    /// # Errors
    ///
    /// The program cannot be started.
    pub fn start(&mut self, n: usize, command: &mut Command, ends_by: Signal) -> Result<(), String> {
        let log = fs::OpenOptions::new().create(true).append(true).open(self.log(n));
        let log = log.and_then(|log| Ok((log.try_clone()?, log)));
        let (out, err) = log.map_err(|why| format!("{}: {why}", self.log(n).display()))?;
        command.current_dir("/").stdin(Stdio::null()).stdout(out).stderr(err);
        let process = Process::start(command, ends_by);
        let program = command.get_program().to_string_lossy().into_owned();
        self.node_mut(n).process = Some(process.map_err(|why| format!("{program}: {why}"))?);
        Ok(())
    }

    /// Ends a node's process at once. What bears its mark ends when the process is dropped.
    pub fn crash(&mut self, n: usize, signal: Signal) {
        self.links.lose(n);
        let node = self.node_mut(n);
        if let Some(process) = node.process.take() {
            process.signal_all(Signal::CONT);
            process.signal(signal);
            process.ends_within(STOP);
        }
        (node.frozen, node.paused) = (false, false);
    }

    /// Lets a node's process end by itself. False if it has not after a while: it goes on ending.
    pub fn stop(&mut self, n: usize, signal: Signal) -> bool {
        let node = self.node_mut(n);
        let Some(process) = &node.process else { return true };
        process.signal(signal);
        if !process.ends_within(STOP) {
            return false;
        }
        node.process = None;
        node.paused = false;
        true
    }

    /// Stops or wakes the process of a node and all that it has started.
    pub fn freeze(&mut self, n: usize, frozen: bool) {
        let node = self.node_mut(n);
        if let Some(process) = &node.process {
            process.signal_all(if frozen { Signal::STOP } else { Signal::CONT });
            node.frozen = frozen;
        }
    }

    /// Why a server is not there: the last lines of its log.
    pub fn why_down(&self, n: usize) -> String {
        let log = self.log_since(n, 0);
        let lines: Vec<&str> = log.lines().rev().filter(|line| !line.trim().is_empty()).take(6).collect();
        let lines: Vec<&str> = lines.into_iter().rev().collect();
        let name = &self.node(n).name;
        format!("{name} did not start; the end of its log:\n  {}", lines.join("\n  "))
    }
}

fn mark(folder: &Path, name: &str) -> String {
    folder.join(name).to_string_lossy().into_owned()
}

impl Drop for Site {
    fn drop(&mut self) {
        for node in self.nodes.drain(..) {
            let port = node.port;
            drop(node);
            ports::give_back(port);
        }
    }
}

/// A program on PATH, or in one of these folders.
pub fn find(program: &str, folders: &[PathBuf]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path: Vec<PathBuf> = std::env::split_paths(&path).collect();
    folders.iter().chain(&on_path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// The command that runs a server: as this user, where it must not be root, and so that the server ends if this program is
/// killed, where the system can do that.
pub fn server(program: &Path, user: Option<&str>, dies_by: &str) -> Command {
    let setpriv = find("setpriv", &[]);
    let user = user.filter(|_| rustix::process::geteuid().is_root());
    let Some(setpriv) = setpriv else {
        return as_user(program, user);
    };
    let mut command = Command::new(setpriv);
    command.arg("--pdeathsig").arg(dies_by);
    if let Some(user) = user {
        command.args([&format!("--reuid={user}"), &format!("--regid={user}"), "--clear-groups"]);
    }
    command.arg("--").arg(program);
    command
}

/// The command that runs a tool of a server that must not be root.
pub fn as_user(program: &Path, user: Option<&str>) -> Command {
    match user.filter(|_| rustix::process::geteuid().is_root()) {
        None => Command::new(program),
        Some(user) => {
            let mut command = Command::new("setpriv");
            command.args([&format!("--reuid={user}"), &format!("--regid={user}"), "--clear-groups", "--"]).arg(program);
            command
        }
    }
}

/// Runs a tool to its end.
///
/// # Errors
///
/// It cannot be started, or it fails: with the end of what it says.
pub fn run(command: &mut Command) -> Result<String, String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let done = output(command.current_dir("/").stdin(Stdio::null())).map_err(|why| format!("{program}: {why}"))?;
    let said = String::from_utf8_lossy(if done.status.success() { &done.stdout } else { &done.stderr }).into_owned();
    if done.status.success() {
        return Ok(said);
    }
    let out = String::from_utf8_lossy(&done.stdout).into_owned();
    let lines: Vec<&str> = out.lines().chain(said.lines()).filter(|line| !line.trim().is_empty()).collect();
    let last = lines.get(lines.len().saturating_sub(4)..).unwrap_or_default().join("\n  ");
    Err(format!(
        "{:?} failed:\n  {last}",
        command.get_args().fold(program, |all, arg| format!("{all} {}", arg.display()))
    ))
}

/// Gives a folder and all in it to a user, where this program is root.
pub fn give(path: &Path, user: &str) -> Result<(), String> {
    if !rustix::process::geteuid().is_root() {
        return Ok(());
    }
    run(Command::new("chown").arg("-R").arg(format!("{user}:")).arg(path)).map(|_| ())
}
