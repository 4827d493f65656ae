//! MongoDB.

use replication_playground::import::{Amount, Kind, Role, State, Why};

use crate::{cluster, name, read};

fn old_shell(members: &str) -> String {
    format!(
        "rs0:SECONDARY> rs.status()\n{{\n\t\"set\" : \"rs0\",\n\t\"date\" : ISODate(\"2024-05-02T10:00:05.120Z\"),\n\t\"myState\" : 2,\n\
         \t\"term\" : NumberLong(6),\n\t\"syncSourceHost\" : \"n1:27017\",\n\t\"heartbeatIntervalMillis\" : NumberLong(2000),\n\
         \t\"majorityVoteCount\" : 2,\n\t\"members\" : [\n{members}\n\t],\n\t\"ok\" : 1\n}}\n"
    )
}

fn old_member(name: &str, state: &str, second: u64, more: &str) -> String {
    format!(
        "\t\t{{\n\t\t\t\"_id\" : 0,\n\t\t\t\"name\" : \"{name}\",\n\t\t\t\"health\" : 1,\n\t\t\t\"stateStr\" : \"{state}\",\n\
         \t\t\t\"optime\" : {{\n\t\t\t\t\"ts\" : Timestamp({second}, 1),\n\t\t\t\t\"t\" : NumberLong(6)\n\t\t\t}},\n\
         \t\t\t\"optimeDate\" : ISODate(\"2024-05-02T10:00:00Z\"){more}\n\t\t}}"
    )
}

#[test]
fn mongodb_in_the_old_shell() {
    let members = [
        old_member("n1:27017", "PRIMARY", 1_714_644_000, ""),
        old_member(
            "n2:27017",
            "SECONDARY",
            1_714_643_991,
            ",\n\t\t\t\"syncSourceHost\" : \"n1:27017\",\n\t\t\t\"pingMs\" : NumberLong(0)",
        ),
        old_member("n3:27017", "SECONDARY", 1_714_644_000, ",\n\t\t\t\"syncingTo\" : \"n2:27017\""),
    ];
    let import = read(&[&old_shell(&members.join(",\n"))]);
    assert_eq!(import.cluster.kind, Some(Kind::Mongodb));
    cluster(&import, "n1 -\nn2 n1 Behind Unknown 9.0s\nn3 n2 InStep");
    assert_eq!(import.preset.name, "mongo-majority");
}

#[test]
fn mongodb_in_mongosh() {
    let text = "rs0 [direct: primary] test> rs.status()\n{\n  set: 'rs0',\n  date: ISODate('2024-05-02T10:00:05.120Z'),\n  term: Long('2'),\n  votingMembersCount: 3,\n  writableVotingMembersCount: 2,\n  members: [\n\
                {\n _id: 0,\n name: 'n1:27017',\n health: 1,\n state: 1,\n stateStr: 'PRIMARY',\n optime: { ts: Timestamp({ t: 1702203845, i: 4 }), t: Long('2') },\n syncSourceHost: '',\n infoMessage: 'Could not find member to sync from' },\n\
                {\n _id: 1,\n name: 'n2:27017',\n health: 1,\n state: 2,\n stateStr: 'SECONDARY',\n optime: { ts: Timestamp({ t: 1702203845, i: 4 }), t: Long('2') },\n syncSourceHost: 'n1:27017' },\n\
                {\n _id: 2,\n name: 'n3:27017',\n health: 1,\n state: 7,\n stateStr: 'ARBITER' },\n\
                {\n _id: 3,\n name: 'n4:27017',\n health: 0,\n state: 8,\n stateStr: '(not reachable/healthy)',\n optime: { ts: Timestamp({ t: 0, i: 0 }), t: Long('-1') },\n lastHeartbeatMessage: 'Error connecting to n4:27017' }\n  ],\n  ok: 1,\n  '$clusterTime': { clusterTime: Timestamp({ t: 1702203845, i: 4 }) }\n}\n";
    let import = read(&[text]);
    cluster(&import, "n1 -\nn2 n1 InStep\nn3 -\nn4 n1 Behind Down");
    assert_eq!(import.cluster.node(&name(&import, "n3")).unwrap().role, Role::Arbiter);
    assert!(!import.run_text.as_ref().unwrap().contains("cluster m + s1 s2 s3"), "an arbiter has no data");
}

#[test]
fn mongodb_as_plain_json_without_a_primary() {
    let member = |name: &str, state: &str, more: &str| {
        format!(
            r#"{{"name": "{name}", "health": 1, "stateStr": "{state}", "optime": {{"ts": {{"$timestamp": {{"t": 1702203845, "i": 1}}}}, "t": 2}}, "optimeDate": {{"$date": "2024-01-01T00:00:00Z"}}{more}}}"#
        )
    };
    let stale = member("n3:27017", "RECOVERING", r#", "infoMessage": "error RS102 too stale to catch up""#);
    let text = format!(
        r#"{{"set": "rs0", "members": [{}, {}, {}, {}]}}"#,
        member("n1:27017", "SECONDARY", ""),
        member("n2:27017", "STARTUP2", ""),
        stale,
        member("n4:27017", "ROLLBACK", "")
    );
    let import = read(&[&text]);
    let why = |who: &str| import.cluster.node(&name(&import, who)).unwrap().standing.why.clone();
    assert_eq!(why("n2"), [Why::Copying]);
    assert_eq!(why("n3"), [Why::Gap]);
    assert_eq!(why("n4"), [Why::Diverged]);
    assert!(import.read.iter().any(|note| note.text.contains("nobody is primary")));
}

#[test]
fn mongodb_in_short() {
    let new = "source: n2:27017\n{\n  syncedTo: 'Thu May 02 2024 10:00:00 GMT+0000',\n  replLag: '0 secs (0 hrs) behind the primary '\n}\n---\nsource: n3:27017\n{\n  syncedTo: 'Thu May 02 2024 09:59:00 GMT+0000',\n  replLag: '60 secs (0.02 hrs) behind the primary '\n}\n";
    let old = "source: n2:27017\n\tsyncedTo: Thu May 02 2024 10:00:00 GMT+0000 (UTC)\n\t0 secs (0 hrs) behind the primary\nsource: n3:27017\n\tsyncedTo: Thu May 02 2024 09:59:00 GMT+0000 (UTC)\n\t60 secs (0.02 hrs) behind the primary\n";
    for text in [new, old] {
        let import = read(&[text]);
        let standing = |who: &str| import.cluster.node(&name(&import, who)).unwrap().standing.clone();
        assert_eq!(standing("n2").state, State::NoLagShown);
        assert_eq!(standing("n3").behind, Some(Amount::Milliseconds(60_000)));
    }
}

#[test]
fn mongodb_configuration_says_who_is_never_elected_and_who_is_late() {
    let text = "rs0:PRIMARY> rs.conf()\n{ \"_id\" : \"rs0\", \"members\" : [ { \"_id\" : 0, \"host\" : \"n1:27017\", \"priority\" : 1 },\n{ \"_id\" : 1, \"host\" : \"n2:27017\", \"priority\" : 0, \"slaveDelay\" : NumberLong(3600) } ],\n\"settings\" : { \"electionTimeoutMillis\" : 5000 } }\n";
    let status = old_shell(
        &[old_member("n1:27017", "PRIMARY", 5_000, ""), old_member("n2:27017", "SECONDARY", 1_500, "")].join(",\n"),
    );
    let import = read(&[text, &status]);
    let slave = import.cluster.node(&name(&import, "n2")).unwrap();
    assert!(slave.never_promoted);
    assert_eq!(import.preset.differs, ["failover election 5s"]);
    assert_eq!(slave.standing.delay_ms, Some(3_600_000));
}
