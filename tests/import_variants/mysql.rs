//! MariaDB, MySQL and Orchestrator.

use replication_playground::import::{Amount, Kind, State, Topic, Why};

use crate::{cluster, read};

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

#[test]
fn the_words_source_are_mysqls_alone() {
    let status = |host: &str, io: &str| {
        format!(
            "*************************** 1. row ***************************\n{host}_Host: db1\n{io}_IO_Running: Yes\n{io}_SQL_Running: Yes\n"
        )
    };
    let kind = |text: String| replication_playground::import::read(&[&text]).unwrap().preset.name;
    assert_eq!(kind(status("Source", "Replica")), "mysql8-async");
    assert_eq!(kind(status("Master", "Slave")), "mariadb-async");
}
