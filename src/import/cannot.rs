//! What nobody can know from a paste.

use serde::Serialize;

/// A thing that a kind of status does not tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Topic {
    /// Slaves that are not connected.
    NotAttached,
    /// The other slaves.
    OtherSlaves,
    /// Where the master is now.
    MasterPosition,
    /// Whom a node follows.
    Upstream,
    /// What follows the slaves.
    BelowStandbys,
    /// Why a slave is behind.
    WhyBehind,
    /// Whether it is behind at all.
    WhetherBehind,
    /// How far slaves are.
    HowFar,
    /// The settings.
    Settings,
    /// Which slaves count as synchronous.
    SyncState,
    /// Whether a receiver runs.
    ReceiverRuns,
    /// How far slaves lag that hold a slot.
    LagOfAttached,
    /// The names of the slaves.
    NamesOfStandbys,
    /// For whom a commit waits.
    WaitForWhom,
    /// Lag as time.
    LagInTime,
    /// Whether slaves answer reads.
    ServesReads,
    /// Which node this is.
    WhichNode,
    /// Positions of other nodes.
    OthersPositions,
    /// Which slaves take part in semi-synchronous replication.
    WhichSemiSync,
    /// What a node is.
    Role,
    /// The slaves.
    Slaves,
    /// Whether Sentinels agree.
    OtherSentinels,
    /// All of the data.
    Data,
    /// Who is up.
    WhoIsUp,
    /// Whether the picture is fresh.
    Freshness,
    /// Lag below what is shown.
    SmallLag,
    /// The members of the cluster.
    Members,
    /// The state now.
    PresentState,
    /// Whether a setting is in force.
    InForce,
    /// What other nodes see.
    OthersViews,
    /// Lag, which this tool does not show.
    Lag,
}

impl Topic {
    /// The sentence of the report.
    pub fn words(self) -> &'static str {
        match self {
            Topic::NotAttached => "slaves that are not connected now: only those that are connected are listed",
            Topic::OtherSlaves => "the other slaves: a slave knows only itself and its master",
            Topic::MasterPosition => {
                "where the master is now: what a slave has not received does not show in its own status"
            }
            Topic::Upstream => "whom a node follows",
            Topic::BelowStandbys => "what follows a slave: a master sees only those that follow it directly",
            Topic::WhyBehind => "why a slave is behind: paused, delayed and slow look the same from its master",
            Topic::WhetherBehind => {
                "whether it is behind at all: the time since the last transaction also grows while nothing is written"
            }
            Topic::HowFar => "how far a slave is, and what it has applied",
            Topic::Settings => "the settings: when a write is answered, what a log keeps, who is promoted",
            Topic::SyncState => "which slaves count as synchronous",
            Topic::ReceiverRuns => "whether a receiver runs",
            Topic::LagOfAttached => {
                "how far slaves with a slot have applied: a slot only says which log is kept for them"
            }
            Topic::NamesOfStandbys => "whose slot it is, unless it is named for its slave",
            Topic::WaitForWhom => "for whom a commit waits",
            Topic::LagInTime => "lag as time",
            Topic::ServesReads => "whether slaves answer reads, and with what",
            Topic::WhichNode => "which node this is",
            Topic::OthersPositions => "the positions of other nodes",
            Topic::WhichSemiSync => "which slaves acknowledge: only their number is shown",
            Topic::Role => "what the node is: a position and read_only are signs, no proof",
            Topic::Slaves => "the slaves",
            Topic::OtherSentinels => "whether the other Sentinels agree, except where it says o_down",
            Topic::Data => "all of the data: nodes, roles, positions",
            Topic::WhoIsUp => "who is up",
            Topic::Freshness => {
                "whether the picture is fresh: it may be as old as the lease (ttl), and a dead node can still be listed as running"
            }
            Topic::SmallLag => "lag below 1 MB: Patroni rounds down",
            Topic::Members => "the members of the cluster",
            Topic::PresentState => "the state now",
            Topic::InForce => {
                "whether a setting is in force: the server may not have read the file again, or be told otherwise"
            }
            Topic::OthersViews => "what the other nodes see",
            Topic::Lag => "lag: this tool does not show it",
        }
    }
}
