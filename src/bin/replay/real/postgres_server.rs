//! PostgreSQL's programs, and the files of its servers.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::driver::Real;
use super::held::output;
use super::site::{as_user, give, run, server};

/// What all servers have: small, and nothing happens by itself.
pub const CONFIGURATION: &str = "\
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
wal_level = replica
max_wal_senders = 10
max_replication_slots = 10
max_connections = 40
wal_log_hints = on
shared_buffers = 8MB
dynamic_shared_memory_type = mmap
wal_keep_size = 0
min_wal_size = 2MB
max_wal_size = 64MB
checkpoint_timeout = 1h
autovacuum = off
fsync = off
jit = off
wal_receiver_status_interval = 1s
logging_collector = off
log_checkpoints = off
";
/// It refuses to run as root.
pub const USER: &str = "postgres";

/// Where its programs are, and a folder of data to copy.
#[derive(Debug, Clone)]
pub struct Programs {
    folder: PathBuf,
    template: PathBuf,
}

impl Programs {
    /// The programs of a folder. The data that servers begin with are made below another one.
    ///
    /// # Errors
    ///
    /// They cannot be made.
    pub fn new(folder: &Path, below: &Path) -> Real<Self> {
        let made = Self { folder: folder.to_owned(), template: below.join("template") };
        fs::create_dir_all(&made.template).map_err(|why| format!("{}: {why}", made.template.display()))?;
        give_folder(&made.template)?;
        let data = made.template.join("data");
        let mut initdb = made.tool("initdb");
        initdb.arg("-D").arg(&data).args(["-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "-N"]);
        run(initdb.arg("--wal-segsize=1"))?;
        append(&data.join("postgresql.conf"), CONFIGURATION)?;
        made.make_table(&data)?;
        Ok(made)
    }

    /// In single-user mode: no port is needed.
    fn make_table(&self, data: &Path) -> Real<()> {
        let script = self.template.join("table.sql");
        fs::write(&script, "create table kv (k text primary key, v text);\n").map_err(|why| why.to_string())?;
        let input = fs::File::open(&script).map_err(|why| why.to_string())?;
        let mut command = self.tool("postgres");
        command.args(["--single", "-D"]).arg(data).arg("postgres").stdin(input).current_dir("/");
        let done = output(&mut command).map_err(|why| format!("postgres --single: {why}"))?;
        if done.status.success() {
            return Ok(());
        }
        Err(format!("the table could not be made: {}", String::from_utf8_lossy(&done.stderr)))
    }

    /// Where they are.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn tool(&self, name: &str) -> Command {
        as_user(&self.folder.join(name), Some(USER))
    }

    /// The command that runs a server.
    pub fn server(&self, data: &Path, port: u16) -> Command {
        let mut command = server(&self.folder.join("postgres"), Some(USER), "QUIT");
        command.arg("-D").arg(data).arg("-p").arg(port.to_string());
        command
    }

    /// Data for a new node, with these lines of configuration more.
    pub fn copy_template(&self, data: &Path, configuration: &[String]) -> Real<()> {
        run(Command::new("cp").arg("-a").arg(self.template.join("data")).arg(data))?;
        append(&data.join("postgresql.conf"), &(configuration.join("\n") + "\n"))
    }

    /// Makes the data of a node that of another one that runs, as far as they differ.
    pub fn rewind(&self, data: &Path, from: u16) -> Real<()> {
        let files = ["postgresql.conf", "postgresql.auto.conf"].map(|name| data.join(name));
        let kept = files.map(|file| fs::read_to_string(&file).map(|text| (file, text)));
        // A standby cannot be told from one that is to be rewound.
        let _ = fs::remove_file(data.join("standby.signal"));
        let source = format!("host=127.0.0.1 port={from} user=postgres dbname=postgres");
        let done = run(self.tool("pg_rewind").arg("-D").arg(data).arg("--source-server").arg(source));
        for file in kept {
            let (file, text) = file.map_err(|why| why.to_string())?;
            fs::write(&file, text).map_err(|why| format!("{}: {why}", file.display()))?;
        }
        done.map(|_| ())
    }

    /// Makes the data of a node a copy of another one that runs; the node's own settings stay.
    pub fn copy(&self, data: &Path, from: u16) -> Real<()> {
        let settings = data.join("postgresql.conf");
        let kept = fs::read_to_string(&settings).map_err(|why| why.to_string())?;
        fs::remove_dir_all(data).map_err(|why| format!("{}: {why}", data.display()))?;
        let mut backup = self.tool("pg_basebackup");
        backup.args(["-h", "127.0.0.1", "-U", "postgres", "-X", "stream", "-c", "fast", "-p", &from.to_string(), "-D"]);
        run(backup.arg(data))?;
        fs::write(&settings, kept).map_err(|why| format!("{}: {why}", settings.display()))
    }
}

/// Makes the data of a node that of a standby.
pub fn make_standby(data: &Path, conninfo: &str, slot: Option<&str>) -> Real<()> {
    let slot = slot.map(|slot| format!("primary_slot_name = '{slot}'\n")).unwrap_or_default();
    append(&data.join("postgresql.auto.conf"), &format!("primary_conninfo = '{conninfo}'\n{slot}"))?;
    let signal = data.join("standby.signal");
    fs::write(&signal, "").map_err(|why| format!("{}: {why}", signal.display()))?;
    give_folder(&signal)
}

/// Gives a folder to the servers' user.
pub fn give_folder(folder: &Path) -> Real<()> {
    give(folder, USER)
}

fn append(file: &Path, text: &str) -> Real<()> {
    let opened = OpenOptions::new().append(true).create(true).open(file);
    opened.and_then(|mut file| file.write_all(text.as_bytes())).map_err(|why| format!("{}: {why}", file.display()))
}
