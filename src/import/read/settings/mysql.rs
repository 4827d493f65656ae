//! Settings of MariaDB and MySQL.

use super::known::on;
use crate::import::evidence::{Fact, Kind};
use crate::import::read::Reading;
use crate::import::shape::Entry;
use crate::import::text::host_and_port;

pub(super) fn mysql(reading: &mut Reading, entry: &Entry) -> Option<String> {
    let value = entry.value();
    let number = value.trim().parse::<u64>().ok();
    let place = entry.place;
    let own = reading.speaker(place);
    let mysql8 = entry.section == "mysqld" && entry.key.starts_with("gtid_mode");
    reading.kind(own, if mysql8 { Kind::Mysql } else { Kind::Mariadb });
    let settings = &mut reading.settings;
    let yes = value.is_empty() || on(&value);
    match entry.key.as_str() {
        "server_id" => {
            let id = number?;
            own.into_iter().for_each(|own| reading.fact(own, place, Fact::ServerId(id)));
            Some("server_id".to_owned())
        }
        "report_host" | "bind_address" => {
            let (host, _) = host_and_port(&value)
                .filter(|(host, _)| host != "0.0.0.0" && host != "::" && host != "*" && host != "127.0.0.1")?;
            own.into_iter().for_each(|own| reading.evidence.learn_host(own, &host, None));
            Some("where this server is".to_owned())
        }
        "rpl_semi_sync_master_enabled" => {
            settings.semi_sync = Some(yes);
            Some(format!("semi-synchronous replication as master: {}", if yes { "on" } else { "off" }))
        }
        "rpl_semi_sync_slave_enabled" => {
            Some(format!("semi-synchronous replication as slave: {}", if yes { "on" } else { "off" }))
        }
        "rpl_semi_sync_master_timeout" => {
            settings.semi_timeout_ms = number;
            Some(format!(
                "semi-synchronous replication gives up after {}",
                crate::import::evidence::span_words(number?)
            ))
        }
        "rpl_semi_sync_master_wait_point" => {
            let after_sync = value.eq_ignore_ascii_case("AFTER_SYNC");
            settings.semi_after_sync = Some(after_sync);
            Some(format!("wait point {}", if after_sync { "AFTER_SYNC" } else { "AFTER_COMMIT" }))
        }
        "rpl_semi_sync_master_wait_for_slave_count" => {
            settings.semi_count = number;
            Some(format!("waits for {} slaves", number?))
        }
        "rpl_semi_sync_master_wait_no_slave" => {
            Some(format!("waits also without slaves: {}", if yes { "on" } else { "off" }))
        }
        "sync_binlog" | "innodb_flush_log_at_trx_commit" => {
            let durable = number? == 1;
            settings.durable = Some(settings.durable.unwrap_or(true) && durable);
            Some(format!("{}: {}", entry.key, number?))
        }
        "slave_net_timeout" => {
            settings.link_timeout_ms = number?.checked_mul(1_000);
            Some(format!("slave_net_timeout: {} s", number?))
        }
        "read_only" | "super_read_only" => {
            own.into_iter().for_each(|own| reading.fact(own, place, Fact::ReadOnly(yes)));
            Some(format!("{}: {}", entry.key, if yes { "on" } else { "off" }))
        }
        "log_bin" | "log_slave_updates" | "gtid_strict_mode" | "gtid_mode" => Some(format!(
            "{}: {}",
            entry.key,
            if value.eq_ignore_ascii_case("off") || value == "0" { "off" } else { "on" }
        )),
        "binlog_format" => {
            let known = ["ROW", "MIXED", "STATEMENT"].into_iter().find(|word| value.eq_ignore_ascii_case(word))?;
            Some(format!("binlog_format: {known}"))
        }
        _ => None,
    }
}
