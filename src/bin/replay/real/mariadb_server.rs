//! MariaDB's programs, and the files of its servers.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use rustix::process::Signal;

use super::driver::Real;
use super::held::{Process, until};
use super::mariadb_client::question;
use super::ports;
use super::site::{find, give, run, server};

/// It refuses to run as root.
const USER: &str = "mysql";
/// Whom slaves replicate as.
pub const REPLICATES: &str = "master_user = 'repl', master_password = 'repl'";
/// What all servers begin with. None of it is in a log, so no slave needs it.
const BEGINNING: [&str; 6] = [
    "create database d",
    "create table d.kv (k varchar(64) primary key, v varchar(1024)) engine = innodb default charset utf8mb4 collate utf8mb4_bin",
    "create user repl@'127.0.0.1' identified by 'repl'",
    "grant replication slave on *.* to repl@'127.0.0.1'",
    "create user app@'127.0.0.1' identified by 'app'",
    "grant select, insert, update, delete on d.* to app@'127.0.0.1'",
];

/// Where its server is, and a folder of data to copy.
#[derive(Debug, Clone)]
pub struct Programs {
    server: PathBuf,
    template: PathBuf,
}

impl Programs {
    /// The server and the tools beside it. The data that servers begin with are made below a folder.
    ///
    /// # Errors
    ///
    /// They cannot be made.
    pub fn new(program: &Path, below: &Path) -> Real<Self> {
        let made = Self { server: program.to_owned(), template: below.join("template") };
        fs::create_dir_all(&made.template).map_err(|why| format!("{}: {why}", made.template.display()))?;
        made.give(&made.template)?;
        let tool = find("mariadb-install-db", &[]).ok_or("mariadb-install-db is not on PATH (apt: mariadb-server)")?;
        let data = made.template.join("data");
        let mut install = Command::new(tool);
        install.arg("--no-defaults").args(Self::places(&data));
        install.args(["--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve"]);
        install.args(["--innodb-log-file-size=8M", "--innodb-undo-tablespaces=0"]);
        if rustix::process::geteuid().is_root() {
            install.arg(format!("--user={USER}"));
        }
        run(&mut install)?;
        made.begin(&data)?;
        Ok(made)
    }

    fn begin(&self, data: &Path) -> Real<()> {
        let port = ports::free()?;
        let mut command = self.server(data, port);
        command.arg("--skip-log-bin").current_dir("/").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let process = Process::start(&mut command, Signal::KILL).map_err(|why| format!("mariadbd: {why}"))?;
        until(Duration::from_secs(60), || !process.is_up() || question(port, "select 1").is_ok());
        BEGINNING.iter().try_for_each(|sql| question(port, sql).map(|_| ()))?;
        process.signal(Signal::TERM);
        if process.ends_within(Duration::from_secs(30)) { Ok(()) } else { Err("mariadbd did not stop".to_owned()) }
    }

    /// What all servers have: small, and nothing happens by itself.
    pub fn options() -> Vec<&'static str> {
        vec![
            "--no-defaults",
            "--bind-address=127.0.0.1",
            "--log-bin=bin",
            "--relay-log=relay",
            "--log-slave-updates",
            "--binlog-format=ROW",
            "--sync-binlog=1",
            "--innodb-flush-log-at-trx-commit=1",
            "--innodb-buffer-pool-size=16M",
            "--innodb-log-file-size=8M",
            "--innodb-log-buffer-size=2M",
            "--innodb-undo-tablespaces=0",
            "--innodb-lock-wait-timeout=600",
            "--key-buffer-size=1M",
            "--aria-pagecache-buffer-size=4M",
            "--performance-schema=0",
            "--skip-name-resolve",
        ]
    }

    /// A server that starts removes all temporary tables from its `tmpdir`, those of other servers, too: none shares it.
    fn places(data: &Path) -> [String; 2] {
        ["datadir", "tmpdir"].map(|option| format!("--{option}={}", data.display()))
    }

    /// The command that runs a server.
    pub fn server(&self, data: &Path, port: u16) -> Command {
        let mut command = server(&self.server, Some(USER), "KILL");
        command.args(Self::options());
        command.args(Self::places(data)).arg(format!("--port={port}"));
        let file = |ending: &str| data.with_extension(ending).display().to_string();
        command.arg(format!("--socket={}", file("sock"))).arg(format!("--pid-file={}", file("pid")));
        command
    }

    /// Data for a new node.
    pub fn copy_template(&self, data: &Path) -> Real<()> {
        run(Command::new("cp").arg("-a").arg(self.template.join("data")).arg(data)).map(|_| ())
    }

    /// Gives a folder to the servers' user.
    pub fn give(&self, folder: &Path) -> Real<()> {
        give(folder, USER)
    }
}
