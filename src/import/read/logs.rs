//! Lines of the servers' logs that say how a slave's link is, and errors of clients that find nobody.

use super::Reading;
use crate::import::cannot::Topic;
use crate::import::evidence::{Fact, Kind, Role, Why};
use crate::import::text::{Line, between, host_and_port};

/// A line of a log, or what a client said.
pub(super) fn line(reading: &mut Reading, line: &Line) -> bool {
    client_error(reading, line)
        || postgres(reading, line)
        || mysql(reading, line)
        || redis(reading, line)
        || patroni(reading, line)
}

/// The node that was to be asked does not answer.
fn client_error(reading: &mut Reading, line: &Line) -> bool {
    let text = line.text.trim();
    let psql =
        text.starts_with("psql: error:") && text.contains("failed") || text.starts_with("psql: could not connect");
    let redis = text.starts_with("Could not connect to Redis at ");
    let mysql = text.starts_with("ERROR 2002") || text.starts_with("ERROR 2003") || text.starts_with("ERROR 2013");
    let mongo = text.contains("MongoNetworkError") || text.contains("couldn't connect to server");
    if text.starts_with("Is the server running")
        || text.starts_with("This probably means the server")
        || text.starts_with("before or while processing")
    {
        return true;
    }
    if !psql && !redis && !mysql && !mongo {
        return text.starts_with("ERROR ")
            || text.starts_with("(error) ")
            || text.starts_with("ERROR:") && said(reading, line);
    }
    if redis
        && let Some((host, port)) = text
            .strip_prefix("Could not connect to Redis at ")
            .and_then(|rest| rest.split(": ").next())
            .and_then(host_and_port)
        && let Some(node) = reading.evidence.at_host(&host, port, line.place)
    {
        reading.speaker = Some(node);
    }
    if let Some(own) = reading.speaker(line.place) {
        let kind = if psql {
            Kind::Postgresql
        } else if redis {
            Kind::Redis
        } else if mysql {
            Kind::Mariadb
        } else {
            Kind::Mongodb
        };
        reading.kind(Some(own), kind);
        reading.fact(own, line.place, Fact::Because(Why::Down));
    }
    reading.notes.read(line.place, "this node does not answer");
    true
}

fn said(reading: &mut Reading, line: &Line) -> bool {
    reading.notes.read(line.place, "an error of the client");
    true
}

fn note(reading: &mut Reading, line: &Line, kind: Kind, why: Option<Why>) {
    if let Some(own) = reading.speaker(line.place) {
        reading.kind(Some(own), kind);
        reading.fact(own, line.place, Fact::IsRole(Role::Slave));
        reading.fact(own, line.place, Fact::LogSays(why));
    }
    reading.topics.extend([Topic::OthersPositions, Topic::PresentState]);
    let text = match why {
        None => "the log of a slave: it is connected".to_owned(),
        Some(why) => format!("the log of a slave: {}", why.as_str()),
    };
    reading.notes.read(line.place, text);
}

fn follows(reading: &mut Reading, line: &Line, host: Option<&str>, port: Option<u16>, kind: Kind) {
    let Some((host, own_port)) = host.and_then(host_and_port) else { return };
    let Some(own) = reading.speaker(line.place) else { return };
    if let Some(upstream) = reading.evidence.at_host(&host, port.or(own_port), line.place)
        && reading.evidence.of(upstream) != reading.evidence.of(own)
    {
        reading.kind(Some(upstream), kind);
        reading.fact(own, line.place, Fact::Follows(upstream));
    }
}

fn postgres(reading: &mut Reading, line: &Line) -> bool {
    let text = line.text.as_str();
    let level = ["FATAL:", "LOG:", "ERROR:", "DETAIL:", "HINT:", "WARNING:", "STATEMENT:", "NOTICE:", "CONTEXT:"];
    if !level.iter().any(|level| text.contains(level)) {
        return false;
    }
    let has = |part: &str| text.contains(part);
    let host =
        between(text, "connection to server at \"", "\"").or_else(|| between(text, "connecting to host \"", "\""));
    let port = between(text, "port ", " ").and_then(|port| port.trim_end_matches([':', ',']).parse().ok());
    let why = if has("has already been removed") || has("requested WAL segment") || has("can no longer be") {
        Some(Some(Why::Gap))
    } else if has("forked off")
        || has("is not a child of this server's history")
        || has("highest timeline")
        || has("is ahead of the WAL flush position")
    {
        Some(Some(Why::Diverged))
    } else if has("password authentication failed")
        || has("no pg_hba.conf entry")
        || has("must be superuser or replication role")
    {
        Some(Some(Why::Refused))
    } else if has("replication slot") && (has("does not exist") || has("is active for")) {
        Some(Some(Why::Error))
    } else if has("could not connect to the primary server") && has("Connection refused") {
        Some(Some(Why::DeadMaster))
    } else if has("could not connect to the primary server")
        || has("could not receive data from WAL stream")
        || has("terminating walreceiver")
    {
        Some(Some(Why::NoLink))
    } else if has("started streaming WAL from primary") || has("streaming replication successfully connected") {
        Some(None)
    } else {
        None
    };
    match why {
        Some(why) => {
            note(reading, line, Kind::Postgresql, why);
            follows(reading, line, host, port, Kind::Postgresql);
        }
        None => {
            let own = reading.speaker(line.place);
            reading.kind(own, Kind::Postgresql);
            reading.topics.extend([Topic::OthersPositions, Topic::PresentState]);
            reading.notes.read(line.place, "a line of the log that says nothing of the link");
        }
    }
    true
}

fn mysql(reading: &mut Reading, line: &Line) -> bool {
    let text = line.text.as_str();
    if !["[Note]", "[ERROR]", "[Warning]", "[System]"].iter().any(|level| text.contains(level)) {
        return false;
    }
    let has = |part: &str| text.contains(part);
    let io = has("Slave I/O")
        || has("Replica I/O")
        || has("Slave: ")
        || has("Error reading packet")
        || has("slave I/O")
        || has("replica I/O");
    let sql = has("Slave SQL") || has("Replica SQL") || has("slave SQL") || has("replica SQL") || has("Slave: ");
    let code = between(text, "error code: ", "\n").or_else(|| text.rsplit_once("error code: ").map(|(_, code)| code));
    let code = code
        .or_else(|| text.rsplit_once("Error_code: ").map(|(_, code)| code))
        .or_else(|| between(text, "server_errno=", ")"));
    let code = code
        .and_then(|code| code.split(|c: char| !c.is_ascii_digit()).find(|part| !part.is_empty()))
        .and_then(|code| code.parse::<i64>().ok());
    let address = between(text, "to master '", "'")
        .or_else(|| between(text, "to source '", "'"))
        .and_then(|user| user.rsplit_once('@'))
        .map(|(_, host)| host);
    let error = has("[ERROR]");
    let why = if error && sql && !has("Slave I/O") {
        Some(Some(Why::Error))
    } else if error && io {
        Some(super::mysql::io_error(code.unwrap_or(0), text))
    } else if has("connected to master") || has("connected to source") || has("replication resumed") {
        Some(None)
    } else if has("Failed reading log event") {
        Some(Some(Why::NoLink))
    } else if has("Error running query, slave SQL thread aborted") {
        Some(Some(Why::Error))
    } else {
        None
    };
    match why {
        Some(why) => note(reading, line, Kind::Mariadb, why),
        None => {
            let own = reading.speaker(line.place);
            reading.kind(own, Kind::Mariadb);
            reading.topics.extend([Topic::OthersPositions, Topic::PresentState]);
            reading.notes.read(line.place, "a line of the log that says nothing of the link");
        }
    }
    follows(reading, line, address, None, Kind::Mariadb);
    true
}

/// `3138:S 26 Nov 2026 06:43:54.030 * MASTER <-> REPLICA sync started`
fn redis(reading: &mut Reading, line: &Line) -> bool {
    let text = line.text.as_str();
    let Some((_, rest)) =
        text.split_once(':').filter(|(pid, _)| !pid.is_empty() && pid.chars().all(|c| c.is_ascii_digit()))
    else {
        return false;
    };
    if !rest.starts_with(['S', 'M', 'C', 'X']) || rest.get(1..2) != Some(" ") {
        return false;
    }
    let has = |part: &str| text.contains(part);
    let host = between(text, "Connecting to MASTER ", "\n")
        .or_else(|| text.split_once("Connecting to MASTER ").map(|(_, host)| host));
    let host = host.or_else(|| between(text, "REPLICAOF ", " ")).or_else(|| between(text, "SLAVEOF ", " "));
    let why = if has("Connection refused") {
        Some(Some(Why::DeadMaster))
    } else if has("NOAUTH") || has("WRONGPASS") || has("invalid password") || has("Unable to AUTH") {
        Some(Some(Why::Refused))
    } else if has("Finished with success")
        || has("Successful partial resynchronization")
        || has("MASTER <-> REPLICA sync: Finished")
    {
        Some(None)
    } else if has("Full resync from master")
        || has("receiving") && has("from master")
        || has("Loading DB in memory")
        || has("Flushing old data")
    {
        Some(Some(Why::Copying))
    } else if has("Connection with master lost")
        || has("MASTER timeout")
        || has("Error condition on socket")
        || has("Master is currently unable")
    {
        Some(Some(Why::NoLink))
    } else if has("Connecting to MASTER") || has("sync started") {
        Some(Some(Why::Connecting))
    } else {
        None
    };
    // What is tried again and again says less than why it fails.
    let tried = why == Some(Some(Why::Connecting));
    let failed = reading.speaker.and_then(|own| reading.evidence.seen(own)).is_some_and(|seen| {
        seen.is(|fact| matches!(fact, Fact::LogSays(Some(Why::DeadMaster | Why::Refused | Why::NoLink))))
    });
    match why.filter(|_| !(tried && failed)) {
        Some(why) if rest.starts_with('S') => note(reading, line, Kind::Redis, why),
        _ => {
            let own = reading.speaker(line.place);
            reading.kind(own, Kind::Redis);
            if rest.starts_with('S') {
                own.into_iter().for_each(|own| reading.fact(own, line.place, Fact::IsRole(Role::Slave)));
            }
            reading.topics.extend([Topic::OthersPositions, Topic::PresentState]);
            reading.notes.read(line.place, "a line of the log that says nothing of the link");
        }
    }
    follows(reading, line, host, None, Kind::Redis);
    true
}

fn patroni(reading: &mut Reading, line: &Line) -> bool {
    let text = line.text.as_str();
    let store = [
        "Failed to get list of machines",
        "Retrying (Retry(",
        "EtcdException",
        "ConsulException",
        "etcd.EtcdConnectionFailed",
        "DCS is not accessible",
    ];
    if store.iter().any(|part| text.contains(part)) {
        reading.settings.patroni = true;
        reading.topics.insert(Topic::Data);
        reading.notes.read(line.place, "the store of Patroni (DCS) does not answer");
        return true;
    }
    if text.contains("Successfully switched over to") || text.contains("Successfully failed over to") {
        reading.notes.read(line.place, "a switchover is done: what stands above it is the state before");
        return true;
    }
    for (start, remark) in [
        ("Switchover scheduled", "a switchover is scheduled"),
        ("Maintenance mode: on", "maintenance mode: Patroni promotes nobody"),
    ] {
        if text.trim().starts_with(start) {
            reading.settings.paused |= start.starts_with("Maintenance");
            reading.notes.read(line.place, remark);
            return true;
        }
    }
    let sentinel = text.contains("usable Sentinels");
    if sentinel {
        reading.notes.read(line.place, "how many Sentinels can be used");
    }
    sentinel || text.trim().starts_with("from:") || text.trim().starts_with("to:") || text.trim().starts_with("at:")
}
