//! Forms of status that no real server here could print (MySQL 8, MongoDB, Orchestrator), older generations, and what forums,
//! chats and terminals make of a paste. The texts are made up after the facts.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that fails should say so at once"
)]

use replication_playground::import::{self, Amount, Import, Kind, Role, State, Topic, Why};
use replication_playground::run::Run;

fn read(pastes: &[&str]) -> Import {
    let import = import::read(pastes).unwrap();
    if let Some(text) = &import.run_text {
        Run::new(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    }
    import
}

/// The name of the node that has this address or name.
fn name(import: &Import, identity: &str) -> String {
    let has = |ids: &[String]| ids.iter().any(|id| id == identity || id.split(':').next() == Some(identity));
    let found = import.names().iter().find(|(_, ids)| has(ids));
    found.unwrap_or_else(|| panic!("{identity} is not in {:?}", import.names())).0.clone()
}

/// Each line: who, whom it follows, how it stands, why, by how much. `-` for nothing.
fn cluster(import: &Import, expected: &str) {
    for line in expected.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let node = import.cluster.node(&name(import, words[0])).unwrap();
        let follows =
            node.follows.first().map(|up| import.names().iter().find(|(name, _)| name == up).unwrap().1.clone());
        let follows = follows.unwrap_or_default();
        if words[1] == "-" {
            assert!(matches!(node.role, Role::Master | Role::Arbiter), "{line}: {node:?}");
        } else {
            assert!(
                follows.iter().any(|id| id.split(':').next() == Some(words[1]) || id == words[1]),
                "{line}: {follows:?}"
            );
        }
        if let Some(state) = words.get(2) {
            assert_eq!(format!("{:?}", node.standing.state), *state, "{line}: {:?}", node.standing);
        }
        if let Some(why) = words.get(3).filter(|why| **why != "-") {
            let known: Vec<String> = node.standing.why.iter().map(|why| format!("{why:?}")).collect();
            assert!(known.iter().any(|known| known == why), "{line}: {known:?}");
        }
        if let Some(amount) = words.get(4) {
            assert_eq!(node.standing.behind.map(Amount::words).unwrap_or_default().replace(' ', ""), *amount, "{line}");
        }
    }
}

const UUID: &str = "3f0c9a52-11aa-11ef-9d3a-0242ac110002";

fn replica(lines: &str) -> String {
    let fields = format!(
        "Replica_IO_State: Waiting for source to send event
         Source_Host: 10.1.0.1
         Source_User: copier
         Source_Port: 3306
         Connect_Retry: 60
         Source_Log_File: binlog.000004
         Read_Source_Log_Pos: 9000
         Relay_Log_File: relay.000007
         Relay_Log_Pos: 4400
         Relay_Source_Log_File: binlog.000004
         Replica_IO_Running: Yes
         Replica_SQL_Running: Yes
         Replicate_Do_DB: 
         Exec_Source_Log_Pos: 9000
         Seconds_Behind_Source: 0
         Last_IO_Errno: 0
         Last_IO_Error: 
         Last_SQL_Errno: 0
         Last_SQL_Error: 
         SQL_Delay: 0
         Replica_SQL_Running_State: Replica has read all relay log; waiting for more updates
         Retrieved_Gtid_Set: {UUID}:1-50
         Executed_Gtid_Set: {UUID}:1-50
         Auto_Position: 1
         Channel_Name: "
    );
    let mut text = String::from("*************************** 1. row ***************************\n");
    for line in fields.lines() {
        let key = line.trim().split(':').next().unwrap();
        let other = lines.lines().map(str::trim).find(|line| line.split(':').next() == Some(key));
        text.push_str(&format!("{:>30}\n", other.unwrap_or(line.trim())));
    }
    text + "1 row in set (0.00 sec)\n"
}

#[test]
fn mysql_8_in_its_own_words() {
    let import = read(&[&replica("")]);
    assert_eq!(import.cluster.kind, Some(Kind::Mysql));
    cluster(&import, "10.1.0.1 -");
    assert_eq!(import.cluster.slaves().next().unwrap().standing.state, State::AppliesAll);
    assert_eq!(import.preset.name, "mysql8-async");
    assert!(import.cannot_know.contains(&Topic::MasterPosition));
}

#[test]
fn mysql_8_that_lags_is_delayed_stopped_or_in_error() {
    let one = |lines: &str| {
        let import = read(&[&replica(lines)]);
        let standing = import.cluster.slaves().next().unwrap().standing.clone();
        (standing.why, standing.behind)
    };
    let gtid = format!("Executed_Gtid_Set: {UUID}:1-38");
    assert_eq!(
        one(&format!(
            "Seconds_Behind_Source: 12\nReplica_SQL_Running_State: Waiting for dependent transaction to commit\n{gtid}"
        )),
        (vec![Why::Apply], Some(Amount::Transactions(12)))
    );
    assert_eq!(
        one(&format!("Replica_SQL_Running: No\nSeconds_Behind_Source: NULL\n{gtid}\nReplica_SQL_Running_State: ")),
        (vec![Why::Stopped], Some(Amount::Transactions(12)))
    );
    assert_eq!(
        one(&format!("Replica_SQL_Running: No\nLast_SQL_Errno: 1032\nSeconds_Behind_Source: NULL\n{gtid}")),
        (vec![Why::Error], Some(Amount::Transactions(12)))
    );
    assert_eq!(
        one(&format!(
            "SQL_Delay: 900\nReplica_SQL_Running_State: Waiting until SOURCE_DELAY seconds after source executed event\n{gtid}"
        )),
        (vec![Why::Delayed], Some(Amount::Transactions(12)))
    );
    assert_eq!(one("Replica_IO_Running: Preparing").0, [Why::Connecting]);
    assert_eq!(one("Replica_IO_Running: Connecting\nLast_IO_Errno: 2003\nLast_IO_Error: error connecting to source 'copier@10.1.0.1:3306' Can't connect (110)").0, [Why::NoLink]);
    assert_eq!(
        one("Replica_IO_Running: No\nLast_IO_Errno: 13114\nLast_IO_Error: Got fatal error 1236 from source when reading data from binary log: 'Cannot replicate because the source purged required binary logs'").0,
        [Why::Gap]
    );
    assert_eq!(
        one("Replica_IO_Running: No\nLast_IO_Errno: 13114\nLast_IO_Error: Got fatal error 1236 from source: 'Replica has more GTIDs than the source has, using the source's SERVER_UUID'").0,
        [Why::Diverged]
    );
}

#[test]
fn mysql_of_old_with_the_margin_lost_and_lines_missing() {
    let text = "Slave_IO_State: Waiting for master to send event\nMaster_Host: 10.1.0.1\nMaster_Port: 3306\n\
                Slave_IO_Running: Yes\nSlave_SQL_Running: No\nSeconds_Behind_Master: NULL\nLast_SQL_Errno: 1062\n\
                Last_SQL_Error: Could not execute Write_rows event on table a.b; Duplicate entry: 7 for key: PRIMARY";
    let import = read(&[text]);
    let slave = import.cluster.slaves().next().unwrap();
    assert_eq!(slave.standing.why, [Why::Error]);
    assert!(import.answer.meters.iter().any(|text| text.contains("NULL")));
    // Three lines are enough.
    let import = read(&["  Replica_IO_Running: Yes\n  Replica_SQL_Running: Yes\n  Seconds_Behind_Source: 4\n"]);
    assert_eq!(import.cluster.slaves().next().unwrap().standing.behind, Some(Amount::Milliseconds(4_000)));
}

#[test]
fn mysql_with_trailing_blanks_a_prompt_a_quotation_and_a_set_over_several_lines() {
    let other = "7e1d0b44-22bb-11ef-8c11-0242ac110003";
    let text = format!(
        "> mysql> SHOW SLAVE STATUS\\G\n> *************************** 1. row ***************************\n\
         >             Slave_IO_State: NULL{}\n>                Master_Host: 10.1.0.1\n>          Slave_IO_Running: No\n\
         >         Slave_SQL_Running: Yes\n>     Seconds_Behind_Master: NULL\n\
         >        Retrieved_Gtid_Set: {UUID}:1-90,\n> {other}:1-5\n>         Executed_Gtid_Set: {UUID}:1-80:82-84,\n> {other}:1-5\n",
        " ".repeat(300)
    );
    let import = read(&[&text]);
    let standing = &import.cluster.slaves().next().unwrap().standing;
    assert_eq!(standing.unapplied, Some(Amount::Transactions(7)), "numbers 81 and 85 to 90");
    assert!(standing.why.contains(&Why::NotReceiving));
}

#[test]
fn mysql_as_json_and_as_a_table_for_programs() {
    let json = r#"{"queryresult": 1, "Slave_IO_Running": "Yes", "Slave_SQL_Running": "Yes", "Master_Host": "10.1.0.1", "Seconds_Behind_Master": 3, "Connection_name": ""}"#;
    let import = read(&[json]);
    assert_eq!(import.cluster.slaves().next().unwrap().standing.behind, Some(Amount::Milliseconds(3_000)));
    let table = "Slave_IO_State\tMaster_Host\tMaster_Port\tSlave_IO_Running\tSlave_SQL_Running\tSeconds_Behind_Master\n\
                 Waiting for master to send event\t10.1.0.1\t3306\tYes\tYes\t0\n";
    let import = read(&[table]);
    cluster(&import, "10.1.0.1 -");
}

#[test]
fn mysql_channels_are_one_slave_with_several_masters() {
    let second = replica("Source_Host: 10.1.0.9\nChannel_Name: east").replace("1. row", "2. row");
    let text = replica("Channel_Name: west").replace("1 row in set (0.00 sec)\n", "") + &second;
    let import = read(&[&text]);
    assert_eq!(import.cluster.slaves().next().unwrap().follows.len(), 2);
}

#[test]
fn mariadb_keeps_its_words_behind_the_new_name_and_names_its_connections() {
    let text = "MariaDB [(none)]> SHOW ALL REPLICAS STATUS\\G\n*** 1. row ***\n"
        .replace("***", "***************************")
        + "Connection_name: east\nSlave_SQL_State: \nSlave_IO_State: Waiting for master to send event\nMaster_Host: 10.1.0.1\n\
           Slave_IO_Running: Yes\nSlave_SQL_Running: No\nUsing_Gtid: Current_Pos\nGtid_IO_Pos: 0-1-24\nGtid_Slave_Pos: 0-1-20\n\
           Slave_heartbeat_period: 30.000\nRetried_transactions: 0\n1 row in set\n\nMariaDB [(none)]> SHOW REPLICA STATUS\\G\nEmpty set (0.00 sec)\n";
    let import = read(&[&text]);
    let slave = import.cluster.slaves().next().unwrap();
    assert_eq!(slave.standing.behind, Some(Amount::Transactions(4)));
    assert!(import.read.iter().any(|note| note.text.contains("connection with a name")));
}

#[test]
fn mysql_semi_sync_variables_in_both_vocabularies() {
    for (word, other) in [("master", "slave"), ("source", "replica")] {
        let text = format!(
            "+---+---+\n| Variable_name | Value |\n+---+---+\n| Rpl_semi_sync_{word}_status | ON |\n| Rpl_semi_sync_{word}_clients | 2 |\n\
             | Rpl_semi_sync_{word}_no_times | 0 |\n| Rpl_semi_sync_{other}_status | OFF |\n| rpl_semi_sync_{word}_timeout | 3000 |\n\
             | rpl_semi_sync_{word}_wait_point | AFTER_SYNC |\n+---+---+\n"
        );
        let import = read(&[&text]);
        assert_eq!(import.preset.name, "mariadb-semisync-aftersync");
        assert_eq!(import.preset.differs, ["too-few degrade 3s"]);
        assert!(import.cannot_know.contains(&Topic::WhichSemiSync));
    }
}

#[test]
fn mysql_shell_shows_all() {
    let text = r#"{ "clusterName": "shop", "defaultReplicaSet": { "name": "default", "primary": "db1:3306", "topology": {
        "db1:3306": { "address": "db1:3306", "memberRole": "PRIMARY", "mode": "R/W", "status": "ONLINE", "version": "8.0.36" },
        "db2:3306": { "address": "db2:3306", "memberRole": "SECONDARY", "mode": "R/O", "replicationLag": "00:00:07.5", "status": "ONLINE" },
        "db3:3306": { "address": "db3:3306", "memberRole": "SECONDARY", "mode": "R/O", "replicationLag": "applier_queue_applied", "status": "ONLINE" },
        "db4:3306": { "address": "db4:3306", "memberRole": "SECONDARY", "mode": "n/a", "status": "(MISSING)" } } } }"#;
    let import = read(&[text]);
    cluster(&import, "db1 -\ndb2 db1 Behind Apply 7.0s\ndb3 db1 AppliesAll\ndb4 db1 Behind Down");
}

#[test]
fn orchestrator_draws_a_tree() {
    let plus = "db1:3306   [0s,ok,8.0.36,rw,ROW,>>,GTID]\n+ db2:3306   [0s,ok,8.0.36,ro,ROW,>>,GTID]\n  + db3:3306 [162s,lag,8.0.36,ro,ROW,>>,GTID]\n+ db4:3306   [unknown,invalid,8.0.36,ro,ROW,>>,GTID]\n";
    cluster(&read(&[plus]), "db1 -\ndb2 db1 NoLagShown\ndb3 db2 Behind Apply 2min\ndb4 db1 Behind Down");
    let minus = plus.replace('+', "-");
    cluster(&read(&[&minus]), "db1 -\ndb2 db1 NoLagShown\ndb3 db2\ndb4 db1");
    let bars = "db1:3306   |0s|ok|5.7.40-log|rw|MIXED|>>,GTID\n+ db2:3306 |1s|ok|5.7.40-log|ro|MIXED|>>,GTID\n";
    cluster(&read(&[bars]), "db1 -\ndb2 db1 Behind Apply 1.0s");
    let maria = read(&[
        "a1:3306 [0s,ok,10.11.6-MariaDB-log,rw,ROW,>>]\n+ a2:3306 [0s,nonreplicating,10.11.6-MariaDB-log,ro,ROW,>>]\n",
    ]);
    assert_eq!(maria.cluster.kind, Some(Kind::Mariadb));
    cluster(&maria, "a1 -\na2 a1 Behind Unknown");
    assert_eq!(read(&[plus]).cluster.kind, Some(Kind::Mysql));
}

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

#[test]
fn postgresql_9_with_locations_in_a_wrapped_table_and_a_french_footer() {
    let head = "  pid  | usename | application_name | client_addr |   state   | sent_location | write_location | flush_location | replay_location | sync_priority | sync_state ";
    let rule: String = head.chars().map(|c| if c == '|' { '+' } else { '-' }).collect();
    let row = "   101 | copier  | walreceiver      | 10.1.0.2    | streaming | 52/4550B460   | 52/4550B460    | 52/4550B460    | 52/4550A000     |             0 | async      ";
    let wrap = |line: &str| {
        let chars: Vec<char> = line.chars().collect();
        chars.chunks(60).map(|part| part.iter().collect::<String>().trim_end().to_owned() + "\n").collect::<String>()
    };
    let text = format!("{}{}{}(1 ligne)\n", wrap(head), wrap(&rule), wrap(row));
    let import = read(&[&text]);
    assert!(import.not_understood.is_empty(), "{:?}", import.not_understood);
    let slave = import.cluster.slaves().next().unwrap();
    assert_eq!(slave.standing.behind, Some(Amount::Bytes(5_216)));
    assert_eq!(slave.standing.why, [Why::Apply]);
}

#[test]
fn a_table_that_cannot_be_put_together_is_refused_with_advice() {
    let text = " pid | application_name | cli\nent_addr | state \n-----+------------------+----\n---------+-------\n 1 | a very long line that is longer than the terminal can have been | streaming\n";
    let import = read(&[text]);
    assert!(import.not_understood.iter().any(|note| note.text.contains("\\x")), "{:?}", import.not_understood);
}

#[test]
fn postgresql_without_a_code_fence_in_markdown_and_by_a_plugin() {
    let markdown = "| application_name | client_addr | state | sent_lsn | write_lsn | flush_lsn | replay_lsn | sync_state |\n|---|---|---|---|---|---|---|---|\n| db2 | 10.1.0.2 | streaming | 0/3000 | 0/3000 | 0/3000 | 0/1000 | async |\n";
    let slave = read(&[markdown]);
    assert_eq!(slave.cluster.slaves().next().unwrap().standing.why, [Why::Apply]);
    let plugin = "Name       Sent LSN    Write LSN   Flush LSN   Replay LSN  Write Lag  Flush Lag  Replay Lag  State      Sync State  Sync Priority\n\
                  ----       --------    ---------   ---------   ----------  ---------  ---------  ----------  -----      ----------  -------------\n\
                  shop-2     0/5000000   0/5000000   0/5000000   0/5000000   00:00:00   00:00:00   00:00:00    streaming  quorum      1\n\
                  shop-3     0/5000000   0/4000000   0/4000000   0/4000000   00:00:09   00:00:09   00:00:09    streaming  quorum      1\n";
    let import = read(&[plugin]);
    let of = |who: &str| import.cluster.node(&name(&import, who)).unwrap().clone();
    assert_eq!(of("shop-2").standing.state, State::InStep);
    assert_eq!(of("shop-3").standing.behind, Some(Amount::Bytes(0x0100_0000)));
    assert_eq!(of("shop-3").sync, Some("quorum"));
    assert_eq!(import.preset.name, "pg-sync-any1");
}

#[test]
fn postgresql_in_the_other_forms_of_psql() {
    let unaligned = "pid|application_name|client_addr|state|sent_lsn|write_lsn|flush_lsn|replay_lsn|sync_state\n7|db2|10.1.0.2|streaming|0/3000|0/2000|0/2000|0/2000|async\n(1 row)\n";
    let bare = "7|db2|10.1.0.2|streaming|0/3000|0/2000|0/2000|0/2000|async\n";
    let borderless = "application_name  client_addr    state   sent_lsn write_lsn flush_lsn replay_lsn sync_state\n---------------- ------------- --------- -------- --------- --------- ---------- ----------\ndb2              10.1.0.2      streaming 0/3000   0/2000    0/2000    0/2000     async\n(1 row)\n";
    let framed = "+-[ RECORD 1 ]-----+-----------+\n| application_name | db2       |\n| client_addr      | 10.1.0.2  |\n| state            | streaming |\n| sent_lsn         | 0/3000    |\n| write_lsn        | 0/2000    |\n| flush_lsn        | 0/2000    |\n| replay_lsn       | 0/2000    |\n| sync_state       | async     |\n+------------------+-----------+\n";
    for text in [unaligned, bare, borderless, framed] {
        let import = read(&[text]);
        let slave = import.cluster.slaves().next().unwrap_or_else(|| panic!("{text}"));
        assert_eq!(slave.standing.behind, Some(Amount::Bytes(0x1000)), "{text}");
        assert_eq!(slave.standing.why, [Why::Network], "{text}");
    }
}

#[test]
fn postgresql_in_the_names_of_a_fork() {
    let text = "-[ RECORD 1 ]------------+-----------\nclient_addr              | 10.1.0.2\nstate                    | Streaming\nsender_sent_location     | 0/3000\nreceiver_write_location  | 0/3000\nreceiver_flush_location  | 0/2000\nreceiver_replay_location | 0/2000\nsync_state               | Sync\n";
    let import = read(&[text]);
    let slave = import.cluster.slaves().next().unwrap();
    assert_eq!((slave.standing.why.as_slice(), slave.sync), ([Why::Flush].as_slice(), Some("sync")));
}

#[test]
fn in_startup_positions_are_left_out() {
    let text = "-[ RECORD 1 ]----+----------\napplication_name | db2\nclient_addr      | 10.1.0.2\nstate            | streaming\nsent_lsn         | 0/3000\nreplay_lsn       | 0/3000\n-[ RECORD 2 ]----+----------\napplication_name | db3\nclient_addr      | 10.1.0.3\nstate            | startup\nsent_lsn         | 0/0\nreplay_lsn       | \n";
    let import = read(&[text]);
    let slave = import.cluster.node(&name(&import, "db3")).unwrap();
    assert_eq!((slave.standing.behind, slave.standing.why.as_slice()), (None, [Why::Connecting].as_slice()));
    assert!(import.answer.meters.iter().any(|text| text.contains("0/0")));
}

#[test]
fn redis_of_old_of_its_forks_and_with_comments() {
    let old = "redis 10.1.0.1:6379> info\r\nredis_version:2.4.18\r\nrole:master\r\nconnected_slaves:2\r\nslave0:10.1.0.2,6379,online\r\nslave1:10.1.0.3,6379,wait_bgsave\r\n";
    cluster(&read(&[old]), "10.1.0.1 -\n10.1.0.2 10.1.0.1 Connected\n10.1.0.3 10.1.0.1 Behind Copying");
    let comments = "# Replication\nrole:slave # it follows\nmaster_host:10.1.0.1 #主机\nmaster_port:6379\nmaster_link_status:down  # 断开\nmaster_last_io_seconds_ago:-1\nmaster_sync_in_progress:0\nslave_repl_offset:77\nmaster_link_down_since_seconds:12\n";
    let import = read(&[comments]);
    assert_eq!(import.cluster.slaves().next().unwrap().standing.why, [Why::NoLink]);
    cluster(&import, "10.1.0.1 -");
    let fork = "# Replication\nrole:master\nconnected_replicas:1\nslave0:ip=10.1.0.2,port=6379,state=online,offset=90000,lag=6,sync_seq=4,binlog_lag=2\nslave0:ip=10.1.0.2,port=6379,state=online,offset=90000,lag=6\nmaster_repl_offset:120000\ndb0:binlog_offset=0 0,safety_purge=none\n";
    let import = read(&[fork]);
    assert_eq!(import.cluster.slaves().count(), 1, "printed twice, it is still one");
    assert_eq!(import.cluster.slaves().next().unwrap().standing.why, [Why::Silent]);
}

#[test]
fn redis_with_masked_addresses_a_hand_made_sync_and_valkey() {
    let text = "role:master\nconnected_slaves:3\nslave0:ip=*.*.*.*,port=6379,state=online,offset=500000,lag=0\nslave1:ip=*.*.*.*,port=6379,state=online,offset=400000,lag=9\nslave2:ip=10.1.0.9,port=0,state=online,offset=0,lag=1\nmaster_repl_offset:500000\n";
    let import = read(&[text]);
    assert_eq!(import.cluster.slaves().count(), 2);
    assert!(import.read.iter().any(|note| note.text.contains("SYNC")));
    let valkey = "$ valkey-cli -h 10.1.0.2 -p 6400 info replication\n# Replication\nrole:slave\nmaster_host:10.1.0.1\nmaster_port:6379\nmaster_link_status:up\nslave_repl_offset:5\nmaster_failover_state:no-failover\n";
    cluster(&read(&[valkey]), "10.1.0.1 -\n10.1.0.2 10.1.0.1 AppliesAll");
}

#[test]
fn redis_in_any_order_and_with_other_sections_around() {
    let slave = "10.1.0.2:6379> info\n# Server\nredis_version:7.0.15\n# Clients\nconnected_clients:4\n\n# Replication\nrole:slave\nmaster_host:10.1.0.1\nmaster_port:6379\nmaster_link_status:up\nslave_repl_offset:700\n\n# CPU\nused_cpu_sys:1.0\n";
    let master = "10.1.0.1:6379> role\n1) \"master\"\n2) (integer) 90700\n3) 1) 1) \"10.1.0.2\"\n      2) \"6379\"\n      3) \"700\"\n";
    for pastes in [[slave, master], [master, slave]] {
        let import = read(&pastes);
        cluster(&import, "10.1.0.1 -\n10.1.0.2 10.1.0.1 Behind Network 90kB");
    }
}

#[test]
fn patronictl_in_three_generations() {
    let first = "+---------+--------+------------+--------+---------+----+-----------+\n| Cluster | Member |    Host    |  Role  |  State  | TL | Lag in MB |\n+---------+--------+------------+--------+---------+----+-----------+\n|   shop  |  pg1   |  10.1.0.1  | Leader | running |  3 |           |\n|   shop  |  pg2   |  10.1.0.2  |        | running |  3 |  61675.0  |\n|   shop  |  pg3   |  10.1.0.3  | Sync standby | running |  3 |  0.0  |\n+---------+--------+------------+--------+---------+----+-----------+\n";
    let import = read(&[first]);
    cluster(&import, "pg1 -\npg2 pg1 Behind Unknown\npg3 pg1 NoLagShown");
    assert_eq!(import.preset.name, "patroni-sync");
    let second = "+ Cluster: shop (7612001122334455667) -----+----+-----------+-----------------+\n| Member | Host     | Role         | State     | TL | Lag in MB | Pending restart |\n+--------+----------+--------------+-----------+----+-----------+-----------------+\n| pg1    | 10.1.0.1 | Leader       | running   |  3 |           | *               |\n| pg2    | 10.1.0.2 | Replica      | streaming |  3 |         0 |                 |\n| pg3    | 10.1.0.3 | Replica      | start failed |    |   unknown |                 |\n+--------+----------+--------------+-----------+----+-----------+-----------------+\n";
    cluster(&read(&[second]), "pg1 -\npg2 pg1 NoLagShown\npg3 pg1 Behind Down");
    let third = "+ Cluster: shop (7612001122334455667) ----+----+-------------+-----+------------+-----+\n| Member | Host     | Role    | State     | TL | Receive LSN | Lag | Replay LSN | Lag |\n+--------+----------+---------+-----------+----+-------------+-----+------------+-----+\n| pg1    | 10.1.0.1 | Leader  | running   |  4 |             |     |            |     |\n| pg2    | 10.1.0.2 | Replica | streaming |  4 |   0/9000000 |   0 |  0/6000000 |  48 |\n| pg3    | 10.1.0.3 | Replica | streaming |  4 |   0/7000000 |  32 |  0/7000000 |  32 |\n+--------+----------+---------+-----------+----+-------------+-----+------------+-----+\n";
    cluster(&read(&[third]), "pg1 -\npg2 pg1 Behind Apply\npg3 pg1 Behind Network");
    let empty = "+ Cluster: shop (uninitialized) +-------+----+-------------+-----+------------+-----+\n| Member | Host | Role | State | TL | Receive LSN | Lag | Replay LSN | Lag |\n+--------+------+------+-------+----+-------------+-----+------------+-----+\n+--------+------+------+-------+----+-------------+-----+------------+-----+\n";
    assert!(read(&[empty]).cluster.nodes.is_empty());
}

#[test]
fn repmgr_of_version_3() {
    let text = "Role      | Connection String\n----------+------------------------------------\n* master  | host=pg1 dbname=repmgr user=repmgr\n  standby | host=pg2 dbname=repmgr user=repmgr\n  FAILED  | host=pg3 dbname=repmgr user=repmgr\n";
    let import = read(&[text]);
    cluster(&import, "pg1 -\npg2 pg1");
    assert!(import.cluster.node(&name(&import, "pg3")).unwrap().down);
}

#[test]
fn repmgr_marks() {
    let text = " ID | Name | Role    | Status               | Upstream | Location | Prio. | TLI\n----+------+---------+----------------------+----------+----------+-------+-----\n 1  | pg1  | primary | - failed             |          | default  | 100   | ?  \n 2  | pg2  | standby | ! running as primary |          | default  | 100   | 2  \n 3  | pg3  | standby | ? unreachable        | pg1      | default  | 0     | 1  \n 4  | pg4  | standby |   running            | pg2      | default  | 100   | 2  \n\nWARNING: following issues were detected\n  - unable to connect to node \"pg1\" (ID: 1)\n  - node \"pg2\" (ID: 2) is registered as standby but running as primary\n";
    let import = read(&[text]);
    let of = |who: &str| import.cluster.node(&name(&import, who)).unwrap().clone();
    assert_eq!(of("pg2").role, Role::Master);
    assert!(of("pg1").down && of("pg3").down && of("pg3").never_promoted);
    cluster(&import, "pg4 pg2");
}

#[test]
fn a_container_names_the_node_and_colours_do_not_matter() {
    let text = "$ docker exec -it redis-2 redis-cli info replication\n\u{1b}[32m# Replication\u{1b}[0m\nrole:slave\nmaster_host:redis-1\nmaster_port:6379\nmaster_link_status:up\nslave_repl_offset:5\n";
    cluster(&read(&[text]), "redis-1 -\nredis-2 redis-1 AppliesAll");
}

#[test]
fn nothing_is_made_of_prose_and_too_much_is_refused() {
    let import = read(&["Hello, my replication is broken. Please help!\n\nThanks: a lot\n"]);
    assert!(import.cluster.nodes.is_empty());
    assert!(import.run_text.is_none());
    assert!(!import.not_understood.is_empty());
    assert!(import::read(&["a".repeat(512 * 1024 + 1).as_str()]).unwrap_err().to_string().contains("524288"));
    assert!(import::read(&["x"; 17]).is_err());
    assert!(import::read(&["\n".repeat(40_001).as_str()]).is_err());
}

#[test]
fn answers_as_programs_and_pages_get_them() {
    let html = "<table border=\"1\">\n  <tr>\n    <th align=\"center\">application_name</th>\n    <th align=\"center\">client_addr</th>\n    <th align=\"center\">state</th>\n    <th align=\"center\">sent_lsn</th>\n    <th align=\"center\">replay_lsn</th>\n    <th align=\"center\">sync_state</th>\n  </tr>\n  <tr valign=\"top\">\n    <td align=\"left\">db2</td>\n    <td align=\"left\">10.1.0.2</td>\n    <td align=\"left\">streaming</td>\n    <td align=\"left\">0/3000</td>\n    <td align=\"left\">0/2000</td>\n    <td align=\"left\">async</td>\n  </tr>\n</table>\n<p>(1 row)<br />\n</p>\n";
    let slave = |text: &str| read(&[text]).cluster.slaves().next().unwrap_or_else(|| panic!("{text}")).clone();
    assert_eq!(slave(html).standing.behind, Some(Amount::Bytes(0x1000)));
    let mysql = "<TABLE BORDER=1><TR><TH>Slave_IO_State</TH><TH>Master_Host</TH><TH>Slave_IO_Running</TH><TH>Slave_SQL_Running</TH><TH>Seconds_Behind_Master</TH></TR><TR><TD></TD><TD>10.1.0.1</TD><TD>No</TD><TD>Yes</TD><TD>NULL</TD></TR></TABLE>";
    assert_eq!(slave(mysql).standing.why, [Why::NotReceiving]);
    let info = r##""# Replication\r\nrole:slave\r\nmaster_host:10.1.0.1\r\nmaster_port:6379\r\nmaster_link_status:down\r\nslave_repl_offset:5\r\n""##;
    assert_eq!(slave(info).standing.why, [Why::NoLink]);
    assert_eq!(slave("\"slave\",\"10.1.0.1\",6379,\"sync\",-1").standing.why, [Why::Copying]);
    let master = read(&["\"master\",131157,\"10.1.0.2\",\"6379\",\"131157\",\"10.1.0.3\",\"6379\",\"65590\""]);
    assert_eq!(master.cluster.slaves().count(), 2);
    let sentinel = read(&[
        "\"name\",\"10.1.0.2:6379\",\"ip\",\"10.1.0.2\",\"port\",\"6379\",\"flags\",\"slave\",\"master-link-status\",\"err\",\"master-host\",\"10.1.0.1\",\"master-port\",\"6379\",\"slave-repl-offset\",\"900\"",
    ]);
    assert_eq!(sentinel.cluster.slaves().next().unwrap().standing.why, [Why::NoLink]);
}

#[test]
fn psql_without_marks_and_broken_at_the_edge_of_the_terminal() {
    let slave = |text: &str| read(&[text]).cluster.slaves().next().unwrap_or_else(|| panic!("{text}")).clone();
    let unmarked = "pid|101\napplication_name|db2\nclient_addr|10.1.0.2\nstate|streaming\nsent_lsn|0/3000\nwrite_lsn|0/3000\nflush_lsn|0/3000\nreplay_lsn|0/2000\nsync_state|async\n\npid|102\napplication_name|db3\nclient_addr|10.1.0.3\nstate|streaming\nsent_lsn|0/3000\nwrite_lsn|0/3000\nflush_lsn|0/3000\nreplay_lsn|0/3000\nsync_state|sync\n";
    let import = read(&[unmarked]);
    assert_eq!(import.cluster.slaves().count(), 2);
    assert_eq!(import.cluster.slaves().next().unwrap().standing.why, [Why::Apply]);
    let broken = "-[ RECORD 1 ]---------+------------------------------------\n----------------------------------------\nstatus                | streaming\nflushed_lsn           | 0/3000\nlatest_end_lsn        | 0/5000\nsender_host           | 10.1.0.1\nsender_port           | 5432\nconninfo              | user=copier password=******** dbname=replicat\nion host=10.1.0.1 port=5432 application_name=db7 sslmode=prefer\n";
    let import = read(&[broken]);
    assert_eq!(slave(broken).standing.behind, Some(Amount::Bytes(0x2000)));
    name(&import, "db7");
}

#[test]
fn patroni_settings_from_its_store_and_its_history() {
    let config = r#"{"ttl": 20, "loop_wait": 5, "maximum_lag_on_failover": 1048576, "synchronous_mode": true, "synchronous_mode_strict": true, "postgresql": {"use_slots": true, "use_pg_rewind": false, "parameters": {"max_connections": 100}}}"#;
    let list = "+ Cluster: shop (7612001122334455667) ---+----+-----------+\n| Member | Host     | Role    | State     | TL | Lag in MB |\n+--------+----------+---------+-----------+----+-----------+\n| pg1    | 10.1.0.1 | Leader  | running   |  3 |           |\n| pg2    | 10.1.0.2 | Replica | streaming |  3 |         0 |\n+--------+----------+---------+-----------+----+-----------+\n";
    let history = "+----+----------+------------------------------+----------------------------------+------------+\n| TL |      LSN | Reason                       | Timestamp                        | New Leader |\n+----+----------+------------------------------+----------------------------------+------------+\n|  1 | 25623960 | no recovery target specified | 2020-09-23T14:23:53.184125+00:00 | pg1        |\n+----+----------+------------------------------+----------------------------------+------------+\n";
    let import = read(&[config, list, history]);
    assert_eq!(import.preset.name, "patroni-sync");
    assert_eq!(import.preset.differs, ["too-few block", "failover lease 20s 5s max-lag 1000", "rejoin refuse"]);
    assert_eq!(import.cluster.nodes.len(), 2);
}
