//! Messages on their way: columns for each frame, words for one that is looked into.

use super::model::{PACKET_KINDS, Packet};
use super::sentence::{Telling, count, shorten};
use super::vocabulary::Words;
use crate::cluster::{Cluster, Message, Reply, RequestKind, Watch};
use crate::history::{Kind, LOAD_FIRST};
use crate::limits;
use crate::run::Run;
use crate::simulator::{Channel, Condition, Flight};

/// All messages on their way, [`PACKET_STRIDE`](super::model::PACKET_STRIDE) numbers each, at most
/// [`limits::VIEW_PACKETS_MAX`] messages. The columns are replaced.
pub fn packets(run: &Run, columns: &mut Vec<f64>) {
    columns.clear();
    let cluster = run.cluster();
    let all = cluster.channels().iter().flat_map(|channel| channel.flights.iter().map(move |flight| (channel, flight)));
    for (channel, flight) in all.take(limits::VIEW_PACKETS_MAX) {
        let (kind, write, entries) = describe(cluster, &flight.message);
        let state = match channel.condition {
            Condition::Held { .. } => 1.0,
            _ if flight.resent => 2.0,
            _ => 0.0,
        };
        columns.extend([
            f64::from(flight.id),
            f64::from(channel.from),
            f64::from(channel.to),
            channel.progress(run.now(), flight),
            kind_number(kind),
            f64::from(write),
            f64::from(entries),
            state,
            f64::from(u8::from(is_of_load(cluster, &flight.message))),
        ]);
    }
}

/// Whether it is one of the many messages that a load brings about.
fn is_of_load(cluster: &Cluster, message: &Message) -> bool {
    let history = cluster.history();
    match message {
        Message::Request(request) => request.operation >= LOAD_FIRST,
        Message::Answer { operation, .. } => *operation >= LOAD_FIRST,
        Message::Entries { piece, .. } => piece
            .entries(history)
            .all(|entry| history.write(entry.write).is_some_and(|write| write.operation >= LOAD_FIRST)),
        Message::Acknowledge { .. } => cluster.load().is_some(),
        _ => false,
    }
}

pub(super) fn kind_number(kind: &str) -> f64 {
    let index = PACKET_KINDS.iter().position(|known| *known == kind).unwrap_or(0);
    index as f64
}

/// Kind, write (0 for none) and number of entries of a message.
pub(super) fn describe(cluster: &Cluster, message: &Message) -> (&'static str, u32, u32) {
    match message {
        Message::Request(request) => match request.kind {
            RequestKind::Read { .. } => ("read", 0, 0),
            RequestKind::Write { write, .. } => ("write", write, 0),
            RequestKind::Wait { .. } => ("read", 0, 0),
        },
        Message::Cancel { .. } => ("read", 0, 0),
        Message::Answer { operation, reply } => match reply {
            Reply::Count(_) => ("answer", 0, 0),
            Reply::Done { .. } | Reply::DoneUnconfirmed { .. } => {
                ("answer", cluster.history().operation(*operation).map_or(0, |asked| asked.write), 0)
            }
            Reply::Value(cell) => ("answer", cell.map_or(0, |cell| cell.write), 0),
            Reply::Failed(_) => ("error", 0, 0),
        },
        Message::Entries { piece, .. } => {
            let newest = piece.entries(cluster.history()).last().map_or(0, |entry| entry.write);
            ("entries", newest, piece.count())
        }
        Message::Acknowledge { .. } | Message::Heartbeat => ("acknowledge", 0, 0),
        Message::Deny { .. } => ("error", 0, 0),
        Message::Watch(_) => ("watch", 0, 0),
        Message::Snapshot { .. } => ("snapshot", 0, 0),
        Message::Follow { .. } | Message::Accept { .. } => ("connect", 0, 0),
        Message::Closed | Message::Refused { .. } | Message::StreamEnded | Message::Left => ("closed", 0, 0),
    }
}

/// What a message on its way carries; nothing when it has arrived.
pub fn packet(run: &Run, id: u32, words: Words) -> Option<Packet> {
    let channels = run.cluster().channels().iter();
    let (channel, flight) = channels
        .flat_map(|channel| channel.flights.iter().map(move |flight| (channel, flight)))
        .find(|(_, flight)| flight.id == id)?;
    let held = matches!(channel.condition, Condition::Held { .. });
    let (title, telling) = tell(run.cluster(), channel, flight, words);
    Some(Packet {
        id,
        title,
        parts: telling.done(),
        bytes: flight.bytes,
        sent_us: flight.sent_us,
        arrives_us: (!held).then_some(flight.arrives_us),
    })
}

pub(super) fn tell<'a>(
    cluster: &'a Cluster,
    channel: &Channel<Message>,
    flight: &Flight<Message>,
    words: Words,
) -> (String, Telling<'a>) {
    let history = cluster.history();
    let kind_of = |operation: u32| history.operation(operation).map_or(Kind::Read, |asked| asked.kind);
    let key_of = |operation: u32| history.operation(operation).map_or("", |asked| history.key(asked.key));
    let say = Telling::new(cluster, words).name(channel.from);
    let to = channel.to;
    match &flight.message {
        Message::Request(request) => match request.kind {
            RequestKind::Read { after, .. } => {
                let key = shorten(history.key(request.key));
                let once = if after > 0 { format!(", once it has applied position {after}") } else { String::new() };
                (format!("Read {key}"), say.text(" asks ").name(to).text(" for ").quote(&key).text(once + "."))
            }
            RequestKind::Write { write, .. } => {
                ("Write".to_owned(), say.text(" asks ").name(to).text(" to write ").assignment(write).text("."))
            }
            RequestKind::Wait { slaves, .. } => {
                let many = format!(" to wait for {}.", count(u64::from(slaves), "slave", "slaves"));
                ("Wait".to_owned(), say.text(" asks ").name(to).text(many))
            }
        },
        Message::Answer { operation, reply } => match reply {
            Reply::Count(slaves) => {
                let many = format!(": {} have it.", count(u64::from(*slaves), "slave", "slaves"));
                ("Answer: a number".to_owned(), say.text(" tells ").name(to).text(many))
            }
            Reply::Done { .. } | Reply::DoneUnconfirmed { .. } => {
                let write = history.operation(*operation).map_or(0, |asked| asked.write);
                ("Answer: done".to_owned(), say.text(" tells ").name(to).text(" that ").write(write).text(" is done."))
            }
            Reply::Value(Some(cell)) => {
                ("Answer: a value".to_owned(), say.text(" tells ").name(to).text(": ").assignment(cell.write).text("."))
            }
            Reply::Value(None) => {
                let say = say.text(" tells ").name(to).text(" that it has nothing for ");
                ("Answer: nothing".to_owned(), say.quote(&shorten(key_of(*operation))).text("."))
            }
            Reply::Failed(failure) => (
                "Answer: an error".to_owned(),
                say.text(" tells ").name(to).text(": ").failure(*failure, kind_of(*operation)).text("."),
            ),
        },
        Message::Entries { piece, .. } => {
            let entries: Vec<_> = piece.entries(cluster.history()).collect();
            let title = match (entries.first(), entries.last()) {
                (Some(first), Some(last)) if first.lsn < last.lsn => format!("Entries {} to {}", first.lsn, last.lsn),
                (Some(only), _) => format!("Entry {}", only.lsn),
                _ => "Entries".to_owned(),
            };
            let say = say.text(" sends its log to ").name(to).text(": ");
            let say = entries.iter().take(4).enumerate().fold(say, |say, (index, entry)| {
                let say = if index > 0 { say.text(", ") } else { say };
                say.assignment(entry.write)
            });
            let more = entries.len().saturating_sub(4) as u64;
            let rest = if more > 0 { format!(", and {}.", count(more, "more", "more")) } else { ".".to_owned() };
            (title, say.text(rest))
        }
        Message::Acknowledge { progress, .. } => {
            let said = format!(
                " that it has received {}, flushed {} and applied {}.",
                progress.received, progress.flushed, progress.applied
            );
            ("Acknowledgement".to_owned(), say.text(" tells ").name(to).text(said))
        }
        Message::Snapshot { state, .. } => {
            let said =
                format!(": {}, as of position {}.", count(state.store.len() as u64, "key", "keys"), state.at.lsn);
            ("Snapshot".to_owned(), say.text(" sends its state to ").name(to).text(said))
        }
        Message::Follow { hello, .. } => {
            let said = format!(" and asks for the log behind position {}.", hello.have.lsn);
            ("Connect".to_owned(), say.text(" connects to ").name(to).text(said))
        }
        Message::Accept { .. } => ("Accepted".to_owned(), say.text(" goes on with ").name(to).text(" from the log.")),
        Message::Watch(watch) => watch_told(watch, say, to),
        Message::Heartbeat => ("Heartbeat".to_owned(), say.text(" tells ").name(to).text(" that it is there.")),
        Message::Deny { why, .. } => {
            let say = say.text(" tells ").name(to).text(" that it cannot follow: ");
            ("Denied".to_owned(), say.quote(why.text(cluster.rules().engine)).text("."))
        }
        Message::Cancel { .. } => ("Cancel".to_owned(), say.text(" tells ").name(to).text(" not to wait any longer.")),
        Message::StreamEnded => ("Closed".to_owned(), say.text(" no longer sends its log to ").name(to).text(".")),
        Message::Left => ("Closed".to_owned(), say.text(" no longer follows ").name(to).text(".")),
        Message::Closed => ("Closed".to_owned(), say.text(" is gone: its connection to ").name(to).text(" is closed.")),
        Message::Refused { .. } => ("Refused".to_owned(), say.text(" is not there: ").name(to).text(" is refused.")),
    }
}

fn watch_told<'a>(watch: &Watch, say: Telling<'a>, to: u16) -> (String, Telling<'a>) {
    let ask = |say: Telling<'a>, text: &str| say.text(" asks ").name(to).text(text);
    let tell = |say: Telling<'a>, text: &str| say.text(" tells ").name(to).text(text);
    let (title, say) = match *watch {
        Watch::Ping => ("Are you there?", ask(say, " whether it is there.")),
        Watch::Pong(standing) => {
            let role = if standing.master { "a master" } else { "a slave" };
            let how = format!(" that it is there, {role}, at position {}.", standing.lsn);
            ("I am here", tell(say, &how))
        }
        Watch::AskDown { node, epoch: 0 } => {
            ("Is it gone?", ask(say, " whether ").name(node).text(" is gone for it, too."))
        }
        Watch::AskDown { node, .. } => {
            ("May I act?", ask(say, " to let it act, because ").name(node).text(" is gone."))
        }
        Watch::SayDown { down, vote } => {
            let seen = if down { "the master is gone" } else { "it still hears of the master" };
            let may = if vote > 0 { ", and it may act" } else { "" };
            ("My view of the master", tell(say, &format!(" that {seen}{may}.")))
        }
        Watch::Announce { master, .. } => ("The master is …", tell(say, " that the master is ").name(master).text(".")),
        Watch::Lead => ("Be the master", tell(say, " to be the master.")),
        Watch::Obey { upstream } => ("Follow", tell(say, " to follow ").name(upstream).text(".")),
        Watch::LeaseAsk { want: true, .. } => ("Lease, please", ask(say, " for the lease.")),
        Watch::LeaseAsk { want: false, .. } => ("Who has the lease?", ask(say, " who holds the lease.")),
        Watch::LeaseSays { holder: Some(holder), .. } => {
            ("The lease", tell(say, " that ").name(holder).text(" holds the lease."))
        }
        Watch::LeaseEnded => ("The lease has ended", tell(say, " that the lease has ended.")),
        Watch::LeaseSays { holder: None, .. } => ("The lease is free", tell(say, " that nobody holds the lease.")),
        Watch::Beat { term, master, .. } => {
            let role = if master { ", as the master" } else { "" };
            ("Heartbeat", tell(say, &format!(" that it is there{role}, in term {term}.")))
        }
        Watch::AskVote { term, .. } => ("Elect me", ask(say, &format!(" to elect it in term {term}."))),
        Watch::Vote { term, dry: true } => ("Vote", tell(say, &format!(" that it would elect it after term {term}."))),
        Watch::Vote { term, .. } => ("Vote", tell(say, &format!(" that it elects it in term {term}."))),
    };
    (say.words().say(title), say)
}
