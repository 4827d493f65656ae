//! What clients of MariaDB ask, and what they are told.

use std::collections::BTreeMap;
use std::io;
use std::time::Duration;

use mysql::prelude::Queryable;
use mysql::{Conn, DriverError, Error, OptsBuilder, Value};
use replication_playground::scenario::Request;

use super::asked::Session;
use super::driver::Real;

/// The user whom `read_only` binds, and the one whom it does not.
const CLIENT: (&str, &str) = ("app", "app");
const ROOT: (&str, &str) = ("root", "");

/// A row of an answer to a question of our own.
#[derive(Debug, Clone, Default)]
pub struct Row(BTreeMap<String, String>);

impl Row {
    /// A field as text; nothing for NULL.
    pub fn field(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// Of a slave's status: whether its IO thread has given up.
    pub fn is_refused(&self) -> bool {
        let failed = !["", "0"].contains(&self.field("Last_IO_Errno"));
        self.field("Last_IO_Errno") == "1236" || (failed && self.field("Slave_IO_Running") == "No")
    }

    /// Of a slave's status: whether one of its threads has stopped with an error.
    pub fn has_failed(&self) -> bool {
        let failed = |name: &str| !["", "0"].contains(&self.field(name));
        (self.field("Slave_IO_Running") == "No" && failed("Last_IO_Errno")) || failed("Last_SQL_Errno")
    }
}

fn connect(port: u16, user: (&str, &str), read_timeout: Option<Duration>) -> Result<Conn, Error> {
    let options = OptsBuilder::new()
        .ip_or_hostname(Some("127.0.0.1"))
        .tcp_port(port)
        .user(Some(user.0))
        .pass(Some(user.1))
        .prefer_socket(false)
        .tcp_connect_timeout(Some(Duration::from_secs(3)))
        .read_timeout(read_timeout);
    Conn::new(options)
}

/// A question of our own, on a connection of its own.
pub fn question(port: u16, sql: &str) -> Real<Vec<Row>> {
    let ask = || -> Result<Vec<Row>, Error> {
        let mut connection = connect(port, ROOT, Some(Duration::from_secs(90)))?;
        let mut rows = Vec::new();
        for row in connection.query_iter(sql)? {
            let row = row?;
            let names: Vec<String> = row.columns_ref().iter().map(|column| column.name_str().into_owned()).collect();
            rows.push(Row(names.into_iter().zip(row.unwrap().into_iter().map(text)).collect()));
        }
        Ok(rows)
    };
    ask().map_err(|why| format!("{sql}: {}", said(&why)))
}

fn text(value: Value) -> String {
    match value {
        Value::NULL => String::new(),
        Value::Bytes(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        other => other.as_sql(true).trim_matches('\'').to_owned(),
    }
}

/// A client asks; what it is told, in the words of the run text. `without`: semi-sync is off meanwhile.
pub fn ask(port: u16, request: &Request, without: bool, session: &Session) -> String {
    let switch = |on: u8| without.then(|| question(port, &format!("set global rpl_semi_sync_master_enabled = {on}")));
    switch(0);
    let answer = connect(port, CLIENT, None).and_then(|mut connection| {
        session.is(u64::from(connection.connection_id()));
        does(&mut connection, request)
    });
    switch(1);
    match answer {
        Err(why) => said(&why),
        Ok(value) => value.unwrap_or_else(|| "ok".to_owned()),
    }
}

/// What is read; nothing after a write.
fn does(connection: &mut Conn, request: &Request) -> Result<Option<String>, Error> {
    match request {
        Request::Write { key, value } => {
            let sql = "insert into d.kv values (?, ?) on duplicate key update v = values(v)";
            connection.exec_drop(sql, (key, value))?;
        }
        Request::Delete { key } => connection.exec_drop("delete from d.kv where k = ?", (key,))?,
        Request::Read { key } => {
            let value: Option<String> = connection.exec_first("select v from d.kv where k = ?", (key,))?;
            return Ok(Some(value.unwrap_or_else(|| "nothing".to_owned())));
        }
    }
    Ok(None)
}

/// An error as the run text writes it.
fn said(why: &Error) -> String {
    match why {
        // Server shutdown, connection killed, query interrupted.
        Error::MySqlError(told) if [1053, 1927, 1317].contains(&told.code) => "error: connection lost".to_owned(),
        Error::MySqlError(told) => format!("error: {} {}", told.code, told.message),
        Error::DriverError(DriverError::CouldNotConnect(why)) => {
            let refused = why.as_ref().is_some_and(|(_, _, kind)| *kind == io::ErrorKind::ConnectionRefused);
            if refused { "error: connection refused" } else { "error: connection lost" }.to_owned()
        }
        Error::IoError(_) | Error::CodecError(_) => "error: connection lost".to_owned(),
        other => format!("error: {other}"),
    }
}
