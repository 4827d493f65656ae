//! The cluster in words.

use super::evidence::{Role, Why};
use super::judge::{Standing, State};
use super::model::{Model, Node, Source};

impl Why {
    /// What it means, in a few words.
    pub fn words(self) -> &'static str {
        match self {
            Why::Gap => "the log it needs is gone: it must be copied anew",
            Why::Diverged => "it has what its master lacks, and is refused",
            Why::Down => "it is down, or does not answer",
            Why::Refused => "it is not let in (password or rights)",
            Why::Error => "it stopped with an error",
            Why::NotReceiving => "receiving is stopped",
            Why::Stopped => "applying is stopped or paused",
            Why::Delayed => "it applies later on purpose",
            Why::Copying => "it is being copied anew",
            Why::NoLink => "it is not connected",
            Why::DeadMaster => "it follows a node that is down",
            Why::Connecting => "it is about to connect",
            Why::CatchingUp => "it is catching up",
            Why::Silent => "nothing is heard of it: its link or its process stands still",
            Why::Network => "what is sent has not arrived (network)",
            Why::Flush => "what has arrived is not on disk (flush)",
            Why::Apply => "what has arrived is not applied (apply)",
            Why::Upstream => "the node that it follows hands on nothing",
            Why::Unknown => "nothing says why",
        }
    }
}

/// A line for each node.
pub(super) fn cluster(model: &Model) -> Vec<String> {
    model.nodes.iter().map(node).collect()
}

pub(super) fn node(node: &Node) -> String {
    let source = match node.known {
        Source::Itself => "",
        Source::Others => " (as others say)",
        Source::Assumed => " (assumed)",
        Source::Unseen => " (in no paste)",
    };
    let sync = node.sync.filter(|sync| *sync != "async").map(|sync| format!(", {sync}")).unwrap_or_default();
    match node.role {
        Role::Master => format!("{}: a master{source}{}", node.name, if node.down { ", down" } else { "" }),
        Role::Unknown => format!(
            "{}: nothing says what it is{}",
            node.name,
            if node.down { "; it is down, or does not answer" } else { "" }
        ),
        Role::Arbiter => format!("{}: an arbiter{source}, without data", node.name),
        Role::Slave => {
            let follows =
                if node.follows.is_empty() { "nobody that is known".to_owned() } else { node.follows.join(" and ") };
            let doubtful = if node.doubtful { ", as a tool holds, but not attached to it" } else { "" };
            format!("{}: a slave of {follows}{doubtful}{source}{sync}: {}", node.name, standing(&node.standing))
        }
    }
}

/// How a slave stands, in words.
pub(super) fn standing(standing: &Standing) -> String {
    let amount = standing.behind.filter(|amount| !amount.is_none()).map(|amount| amount.words());
    let why: Vec<&str> = standing.why.iter().map(|why| why.words()).collect();
    match standing.state {
        State::InStep => "in step".to_owned(),
        State::AppliesAll => "it has applied all that it has received; how far its master is nobody knows".to_owned(),
        State::NoLagShown => "no lag is shown, which does not prove that there is none".to_owned(),
        State::NotAcknowledged => {
            format!("{} not acknowledged yet; it may have them", amount.unwrap_or_else(|| "something".to_owned()))
        }
        State::Connected => "connected; nothing says how far it is".to_owned(),
        State::Unknown => "nothing says how far it is".to_owned(),
        State::Behind => {
            let amount = amount.map_or_else(String::new, |amount| format!("behind by {amount}: "));
            let delay =
                standing.delay_ms.map(|ms| format!(" ({})", super::evidence::span_words(ms))).unwrap_or_default();
            format!("{amount}{}{delay}", why.join("; "))
        }
    }
}
