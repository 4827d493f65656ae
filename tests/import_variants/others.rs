//! Redis, Patroni, repmgr, and what is nothing at all.

use replication_playground::import::{self, Amount, Role, Why};

use crate::{cluster, name, read};

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
fn patroni_settings_from_its_store_and_its_history() {
    let config = r#"{"ttl": 20, "loop_wait": 5, "maximum_lag_on_failover": 1048576, "synchronous_mode": true, "synchronous_mode_strict": true, "postgresql": {"use_slots": true, "use_pg_rewind": false, "parameters": {"max_connections": 100}}}"#;
    let list = "+ Cluster: shop (7612001122334455667) ---+----+-----------+\n| Member | Host     | Role    | State     | TL | Lag in MB |\n+--------+----------+---------+-----------+----+-----------+\n| pg1    | 10.1.0.1 | Leader  | running   |  3 |           |\n| pg2    | 10.1.0.2 | Replica | streaming |  3 |         0 |\n+--------+----------+---------+-----------+----+-----------+\n";
    let history = "+----+----------+------------------------------+----------------------------------+------------+\n| TL |      LSN | Reason                       | Timestamp                        | New Leader |\n+----+----------+------------------------------+----------------------------------+------------+\n|  1 | 25623960 | no recovery target specified | 2020-09-23T14:23:53.184125+00:00 | pg1        |\n+----+----------+------------------------------+----------------------------------+------------+\n";
    let import = read(&[config, list, history]);
    assert_eq!(import.preset.name, "patroni-sync");
    assert_eq!(import.preset.differs, ["too-few block", "failover lease 20s 5s max-lag 1000", "rejoin refuse"]);
    assert_eq!(import.cluster.nodes.len(), 2);
}

#[test]
fn slaves_in_a_circle_follow_the_master_in_the_run() {
    let slave = |own: &str, above: &str, lost: bool| {
        let error = "Got fatal error 1236: could not find first log file name";
        let (running, number) = if lost { ("No", 1236) } else { ("Yes", 0) };
        format!(
            "## {own}\n*************************** 1. row ***************************\nMaster_Host: {above}\nSlave_IO_Running: {running}\nSlave_SQL_Running: Yes\nLast_IO_Errno: {number}\nLast_IO_Error: {error}\nSeconds_Behind_Master: {}\n",
            if lost { "NULL" } else { "9" }
        )
    };
    let import = read(&[&slave("10.1.0.2", "10.1.0.3", true), &slave("10.1.0.3", "10.1.0.2", false)]);
    assert!(!import.run_text.unwrap().contains("follow "));
}

#[test]
fn a_short_lease_gives_a_run_text_that_can_be_played() {
    for ttl in [1, 2, 10, 600] {
        let text = format!("$ patronictl show-config\nloop_wait: 10\nretry_timeout: 5\nttl: {ttl}\n");
        let import = replication_playground::import::read(&[&text]).unwrap();
        let run = import.run_text.unwrap_or_else(|| "cluster m + s1\n".to_owned());
        replication_playground::run::Run::new(&run).unwrap();
    }
}
