//! PostgreSQL.

use replication_playground::import::{Amount, State, Why};

use crate::{name, read};

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
