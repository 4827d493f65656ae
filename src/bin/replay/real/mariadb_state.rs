//! How a MariaDB server stands beside the one that it follows.

use std::thread;
use std::time::Duration;

use super::driver::{Driver, Real};
use super::held::until;
use super::mariadb::Mariadb;

/// A slave that was refused says so at once; one that is let in may take a moment to fall out again.
const MOMENT: Duration = Duration::from_millis(300);

impl Mariadb {
    /// Whether a node that was told to follow is let in, as far as can be told within some seconds.
    pub(super) fn let_in(&self, n: usize) -> String {
        thread::sleep(MOMENT);
        if !self.site.expects_link(n) {
            thread::sleep(MOMENT);
            return "ok".to_owned();
        }
        let look = || {
            let status = self.slave_status(n).ok().flatten()?;
            if status.is_refused() {
                let gap = status.field("Last_IO_Error").contains("purged");
                return Some(if gap { "refused: gap" } else { "refused: diverged" });
            }
            self.in_step(n).unwrap_or(false).then_some("ok")
        };
        let mut said = None;
        until(Duration::from_secs(6), || {
            said = look();
            said.is_some()
        });
        if said == Some("ok") {
            thread::sleep(MOMENT);
            said = look();
        }
        said.unwrap_or("ok").to_owned()
    }

    /// The transactions in a node's own log, in their order.
    fn gtids(&self, n: usize) -> Real<Vec<String>> {
        let mut found = Vec::new();
        for file in self.question(n, "show binary logs")? {
            for event in self.question(n, &format!("show binlog events in '{}'", file.field("Log_name")))? {
                let gtid = event.field("Info").split_whitespace().skip_while(|word| *word != "GTID").nth(1);
                if event.field("Event_type") == "Gtid" {
                    found.extend(gtid.map(str::to_owned));
                }
            }
        }
        Ok(found)
    }

    pub(super) fn last_in_common(&self, n: usize, other: usize) -> Real<String> {
        let theirs = self.gtids(other)?;
        Ok(self.gtids(n)?.into_iter().rev().find(|gtid| theirs.contains(gtid)).unwrap_or_default())
    }

    pub(super) fn drain(&self, n: usize) -> Real<()> {
        // The applier first: with both threads stopped the next START SLAVE throws the relay log away.
        if self.site.node(n).paused {
            self.does(n, &["start slave sql_thread"])?;
        }
        self.does(n, &["stop slave io_thread"])?;
        until(Duration::from_secs(20), || {
            let Ok(Some(status)) = self.slave_status(n) else { return false };
            let applied = self.value(n, "@@gtid_slave_pos").unwrap_or_default();
            status.field("Read_Master_Log_Pos") == status.field("Exec_Master_Log_Pos")
                || applied == status.field("Gtid_IO_Pos")
        });
        Ok(())
    }
}
