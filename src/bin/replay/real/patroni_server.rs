//! Patroni's programs, its files, and what it tells over HTTP.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use replication_playground::cluster::Rules;
use replication_playground::scenario::{Failover, LogKeep, Quota, Rejoin, Replication, TooFew};
use replication_playground::time::SECOND;

use super::driver::Real;
use super::ports;
use super::postgres_server::{self as postgres, USER};
use super::processes::MARK;
use super::site::{Site, run, server};

/// From this version on it takes no shorter ones.
const LEAST: ((u32, u32), u64) = ((3, 1), 20 * SECOND);
/// What the simulator calls entries of a log, bytes: `max-lag 1000` is `maximum_lag_on_failover: 1048576`.
const LAG: u64 = 1_048_576;

/// Where its programs are.
#[derive(Debug, Clone)]
pub struct Programs {
    /// Patroni.
    pub patroni: PathBuf,
    /// The store.
    pub etcd: PathBuf,
    /// PostgreSQL.
    pub postgres: postgres::Programs,
}

impl Programs {
    /// Patroni's version, as it says it: `4.1.5`.
    pub fn version(&self) -> Real<String> {
        let said = run(Command::new(&self.patroni).arg("--version"))?;
        said.split_whitespace().last().map(str::to_owned).ok_or_else(|| "patroni --version says nothing".to_owned())
    }

    /// The command that runs the store of a site.
    pub fn store(&self, site: &Site, n: usize, peers: u16) -> Command {
        let mut command = server(&self.etcd, Some(USER), "KILL");
        let clients = format!("http://127.0.0.1:{}", site.port(n));
        let door = format!("http://127.0.0.1:{}", site.door(n));
        let peers = format!("http://127.0.0.1:{peers}");
        command.args(["--name", "lease", "--data-dir"]).arg(site.data(n));
        command.args(["--listen-client-urls", &clients, "--advertise-client-urls", &door]);
        command.args(["--listen-peer-urls", &peers, "--initial-advertise-peer-urls", &peers]);
        command.args(["--initial-cluster", &format!("lease={peers}")]);
        command.env(MARK, site.mark(n));
        command
    }

    /// The command that runs Patroni at a node, which runs PostgreSQL.
    pub fn node(&self, site: &Site, n: usize) -> Command {
        let mut command = server(&self.patroni, Some(USER), "TERM");
        command.arg(file(site, n)).env(MARK, site.mark(n)).env("TZ", "UTC").env("LC_ALL", "C");
        command
    }
}

/// The settings that all nodes share.
///
/// # Errors
///
/// This version of Patroni cannot be set so.
pub fn dynamic(failover: Failover, rules: &Rules, version: &str) -> Real<Vec<String>> {
    let Failover::Lease { ttl_us, loop_us, max_lag } = failover else {
        return Err("Patroni takes a lease: failover lease TTL LOOP, or preset patroni-async".to_owned());
    };
    let mut numbers = version.split('.').map(|number| number.parse::<u32>().unwrap_or(0));
    let version_is = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if version_is >= LEAST.0 && ttl_us < LEAST.1 {
        return Err(format!("Patroni {version} takes no ttl below {} s (failover lease TTL LOOP)", LEAST.1 / SECOND));
    }
    let (ttl, every) = (ttl_us.div_ceil(SECOND), loop_us.div_ceil(SECOND));
    // Patroni's own rule: loop_wait + 2 * retry_timeout <= ttl.
    let retry = (ttl.saturating_sub(every) / 2).max(1);
    let mut lines = vec![
        format!("ttl: {ttl}"),
        format!("loop_wait: {every}"),
        format!("retry_timeout: {retry}"),
        format!("maximum_lag_on_failover: {}", max_lag.map_or(LAG << 20, |entries| u64::from(entries) * LAG / 1_000)),
    ];
    if let Replication::Sync { count, .. } = rules.replication {
        let number = if let Quota::Slaves(slaves) = count { slaves } else { 1 };
        let strict = !matches!(rules.too_few, TooFew::Degrade(_));
        lines.push("synchronous_mode: true".to_owned());
        lines.push(format!("synchronous_mode_strict: {strict}"));
        lines.push(format!("synchronous_node_count: {number}"));
    }
    let (slots, rewind) = (rules.log_keep == LogKeep::Slots, rules.rejoin != Rejoin::Refuse);
    lines.push(format!("postgresql: {{ use_slots: {slots}, use_pg_rewind: {rewind} }}"));
    Ok(lines)
}

/// Writes the file of a node. `rest` is where its API listens, and where others reach it.
///
/// # Errors
///
/// It cannot be written.
pub fn write(site: &Site, n: usize, programs: &postgres::Programs, rest: (u16, u16), dynamic: &[String]) -> Real<()> {
    let store = site.watchers().start;
    let dynamic: String = dynamic.iter().map(|line| format!("    {line}\n")).collect();
    let folder = &site.wanted.folder;
    let text = format!(
        "scope: replay\nname: {name}\n\
         restapi: {{ listen: '127.0.0.1:{api}', connect_address: '127.0.0.1:{api_door}' }}\n\
         etcd3: {{ hosts: ['127.0.0.1:{store}'] }}\n\
         bootstrap:\n  dcs:\n{dynamic}\
         postgresql:\n  listen: 127.0.0.1:{port}\n  connect_address: 127.0.0.1:{door}\n  data_dir: {data}\n  bin_dir: {bin}\n  \
         pgpass: {pass}\n  remove_data_directory_on_rewind_failure: true\n  remove_data_directory_on_diverged_timelines: true\n  \
         authentication:\n    superuser: {{ username: postgres }}\n    replication: {{ username: postgres }}\n  \
         parameters: {{ unix_socket_directories: '' }}\n",
        name = site.node(n).name,
        api = rest.0,
        api_door = rest.1,
        store = site.door(store),
        port = site.port(n),
        door = site.door(n),
        data = site.data(n).display(),
        bin = programs.folder().display(),
        pass = folder.join(format!("{}.pgpass", site.node(n).name)).display(),
    );
    let file = file(site, n);
    fs::write(&file, text).map_err(|why| format!("{}: {why}", file.display()))
}

fn file(site: &Site, n: usize) -> PathBuf {
    site.wanted.folder.join(format!("{}.yml", site.node(n).name))
}

/// Asks over HTTP: the status, and what is said.
///
/// # Errors
///
/// Nobody answers within a second.
pub fn http(port: u16, method: &str, path: &str, body: &str) -> Real<(u16, String)> {
    let ask = || -> std::io::Result<String> {
        let wait = Duration::from_secs(1);
        let mut stream = TcpStream::connect_timeout(&ports::address(port), wait)?;
        stream.set_read_timeout(Some(if method == "GET" { wait } else { Duration::from_secs(60) }))?;
        write!(stream, "{method} {path} HTTP/1.0\r\nContent-Length: {}\r\n\r\n{body}", body.len())?;
        let mut said = Vec::new();
        stream.read_to_end(&mut said)?;
        Ok(String::from_utf8_lossy(&said).into_owned())
    };
    let said = ask().map_err(|why| format!("{method} {path}: {why}"))?;
    let status = said.split_whitespace().nth(1).and_then(|status| status.parse().ok()).ok_or("no HTTP")?;
    Ok((status, said.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default()))
}

/// A folder that the servers' user may write in.
pub fn give(folder: &Path) -> Real<()> {
    fs::create_dir_all(folder).map_err(|why| format!("{}: {why}", folder.display()))?;
    postgres::give_folder(folder)
}
