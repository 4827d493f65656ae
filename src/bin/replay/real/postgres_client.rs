//! What clients of PostgreSQL ask, and what they are told.

use std::collections::BTreeMap;
use std::error::Error as _;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use postgres::error::{DbError, SqlState};
use postgres::{Client, Config, Error, NoTls, SimpleQueryMessage};
use replication_playground::scenario::Request;

use super::asked::Session;
use super::driver::Real;

/// The answer to a question of our own, as text.
pub type Rows = Vec<Vec<Option<String>>>;

const LOST: &str = "error: connection lost";

fn config(port: u16) -> Config {
    let mut config = Config::new();
    config.host("127.0.0.1").port(port).user("postgres").dbname("postgres").connect_timeout(Duration::from_secs(3));
    config
}

/// Sessions for questions of our own, one for each port.
#[derive(Default)]
pub struct Sessions(Mutex<BTreeMap<u16, Client>>);

impl Sessions {
    /// A question of our own. A session that has gone with its server is opened again.
    ///
    /// # Errors
    ///
    /// The server is not there, or says no.
    pub fn question(&self, port: u16, sql: &str) -> Real<Rows> {
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(mut session) = sessions.remove(&port) {
            match session.simple_query(sql) {
                Ok(answer) => {
                    sessions.insert(port, session);
                    return Ok(rows(answer));
                }
                Err(why) if session.is_closed() || said(&why) == LOST => {}
                Err(why) => return Err(format!("{sql}: {}", said(&why))),
            }
        }
        let ask = || {
            let mut session = config(port).options("-c statement_timeout=20s").connect(NoTls)?;
            let answer = session.simple_query(sql)?;
            Ok((session, answer))
        };
        let (session, answer) = ask().map_err(|why: Error| format!("{sql}: {}", said(&why)))?;
        sessions.insert(port, session);
        Ok(rows(answer))
    }
}

fn rows(messages: Vec<SimpleQueryMessage>) -> Rows {
    let rows = messages.into_iter().filter_map(|message| match message {
        SimpleQueryMessage::Row(row) => Some((0..row.len()).map(|column| row.get(column).map(str::to_owned)).collect()),
        _ => None,
    });
    rows.collect()
}

/// A number of an answer.
pub fn number(text: &str) -> Real<i64> {
    text.parse().map_err(|_| format!("this is no number: {text}"))
}

/// A client asks; what it is told, in the words of the run text.
pub fn ask(port: u16, request: &Request, local: bool, session: &Session) -> String {
    let warnings: Arc<Mutex<Vec<DbError>>> = Arc::default();
    let heard = Arc::clone(&warnings);
    let mut config = config(port);
    config.notice_callback(move |notice| heard.lock().unwrap_or_else(PoisonError::into_inner).push(notice));
    let answer = config.connect(NoTls).and_then(|mut client| {
        let number: i32 = client.query_one("select pg_backend_pid()", &[])?.get(0);
        session.is(u64::try_from(number).unwrap_or(0));
        does(&mut client, request, local)
    });
    match answer {
        Err(why) => said(&why),
        Ok(Some(value)) => value,
        Ok(None) => {
            let warnings = warnings.lock().unwrap_or_else(PoisonError::into_inner);
            let warned = warnings.iter().find(|notice| notice.severity() == "WARNING");
            warned.map_or_else(|| "ok".to_owned(), |warning| format!("ok, warning: {}", warning.message()))
        }
    }
}

/// What is read; nothing after a write.
fn does(client: &mut Client, request: &Request, local: bool) -> Result<Option<String>, Error> {
    if local {
        client.batch_execute("set synchronous_commit = local")?;
    }
    match request {
        Request::Write { key, value } => {
            let sql = "insert into kv values ($1, $2) on conflict (k) do update set v = excluded.v";
            client.execute(sql, &[key, value])?;
        }
        Request::Delete { key } => {
            client.execute("delete from kv where k = $1", &[key])?;
        }
        Request::Read { key } => {
            let row = client.query_opt("select v from kv where k = $1", &[key])?;
            return Ok(Some(row.map_or_else(|| "nothing".to_owned(), |row| row.get(0))));
        }
    }
    Ok(None)
}

/// An error as the run text writes it.
fn said(why: &Error) -> String {
    if let Some(told) = why.as_db_error() {
        return match *told.code() {
            SqlState::ADMIN_SHUTDOWN | SqlState::CRASH_SHUTDOWN => LOST.to_owned(),
            _ => format!("error: {} {}", told.code().code(), told.message()),
        };
    }
    let io = why.source().and_then(|source| source.downcast_ref::<io::Error>());
    match io.map(io::Error::kind) {
        Some(io::ErrorKind::ConnectionRefused) => "error: connection refused".to_owned(),
        Some(_) => LOST.to_owned(),
        None if why.is_closed() => LOST.to_owned(),
        None => format!("error: {why}"),
    }
}
