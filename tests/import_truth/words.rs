//! The words of the truth, and what a report may say for them.

use replication_playground::import::{Topic, Why};

/// Words of the truth, and the reasons that a report may give for them. What a paste alone shows is less: behind, and
/// at which stage.
pub fn fitting(why: &str) -> Vec<Why> {
    let stages = [Why::Network, Why::Silent, Why::Unknown];
    let applies = [Why::Apply, Why::Unknown];
    let has = |part: &str| why.contains(part);
    let mut fit = Vec::new();
    if has("dead master") || has("dead primary") {
        fit.extend([Why::DeadMaster, Why::NoLink, Why::Unknown]);
    }
    if has("link") && !has("no link") || has("arrives") {
        fit.extend(stages);
    }
    if has("no link") || has("not attached") || has("not connected") {
        fit.extend([Why::NoLink, Why::Connecting, Why::Unknown, Why::Network]);
    }
    if has("paused") || has("thread stopped") {
        fit.extend(applies);
        fit.extend([Why::Stopped, Why::NotReceiving]);
    }
    if has("delayed") {
        fit.extend(applies);
        fit.push(Why::Delayed);
    }
    if has("lock") {
        fit.extend(applies);
    }
    if has("process stands still") {
        fit.extend([Why::Silent]);
    }
    if has("removed") || has("purged") || has("invalidated") {
        fit.extend([Why::Gap, Why::NoLink, Why::Unknown]);
    }
    if has("diverged") {
        fit.extend([Why::Diverged, Why::NoLink, Why::Connecting, Why::Unknown]);
    }
    if has("full copy") {
        fit.extend([Why::Copying, Why::Connecting]);
    }
    if has("catching up") {
        fit.extend([Why::CatchingUp, Why::Network, Why::Apply]);
    }
    if has("connecting") {
        fit.push(Why::Connecting);
    }
    if has("error") {
        fit.push(Why::Error);
    }
    if has("refused") {
        fit.extend([Why::Refused, Why::NoLink]);
    }
    if has("upstream") {
        fit.push(Why::Upstream);
    }
    if has("down") || has("dead") || has("stopped") {
        fit.extend([Why::Down, Why::NoLink]);
    }
    fit
}

/// The topics that say what a phrase of the truth says.
pub fn topics(text: &str) -> Vec<Topic> {
    let has = |part: &str| text.contains(part);
    let mut found = Vec::new();
    let mut add = |when: bool, topics: &[Topic]| {
        if when {
            found.extend_from_slice(topics);
        }
    };
    add(has("not attached"), &[Topic::NotAttached]);
    add(has("settings"), &[Topic::Settings]);
    add(has("hangs under"), &[Topic::BelowStandbys]);
    add(has("why a standby is behind"), &[Topic::WhyBehind]);
    add(
        has("other standbys") || has("other slaves") || has("other replicas") || has("rest of the cluster"),
        &[Topic::OtherSlaves, Topic::Members],
    );
    add(
        has("the primary is") || has("master is now") || has("master's offset") || has("offset of the master"),
        &[Topic::MasterPosition],
    );
    add(has("sync_state") || has("quorum"), &[Topic::SyncState, Topic::Settings]);
    add(has("whether it is behind"), &[Topic::WhetherBehind]);
    add(
        has("whom")
            || has("who follows")
            || has("upstreams")
            || has("who streams")
            || has("master") && !has("master is") && !has("of the master") && !has("master's"),
        &[Topic::Upstream],
    );
    add(has("receiver runs"), &[Topic::ReceiverRuns]);
    add(has("lag of attached"), &[Topic::LagOfAttached]);
    add(has("names of standbys") || has("names,") || text == "names", &[Topic::NamesOfStandbys]);
    add(has("wait for"), &[Topic::WaitForWhom]);
    add(has("lag in time"), &[Topic::LagInTime]);
    add(has("serve reads"), &[Topic::ServesReads]);
    add(has("which node"), &[Topic::WhichNode]);
    add(has("of the others") && !has("freshness"), &[Topic::OthersPositions]);
    add(has("own address"), &[Topic::WhichNode, Topic::OtherSlaves]);
    add(has("how far any slave") || has("what slaves apply"), &[Topic::HowFar]);
    add(has("which slaves they are"), &[Topic::WhichSemiSync]);
    add(has("role, state") || text == "role" || has("roles") || has("role (except"), &[Topic::Role]);
    add(text == "the replicas", &[Topic::Slaves]);
    add(has("other Sentinels"), &[Topic::OtherSentinels]);
    add(has("all of the data"), &[Topic::Data]);
    add(has("who is up"), &[Topic::WhoIsUp]);
    add(has("fresh"), &[Topic::Freshness]);
    add(has("below 1 MB"), &[Topic::SmallLag]);
    add(has("members") || has("other nodes") && !has("see"), &[Topic::Members]);
    add(has("present state") || text == "state" || has("bootstrap.dcs"), &[Topic::PresentState]);
    add(has("in force"), &[Topic::InForce]);
    add(has("other nodes see"), &[Topic::OthersViews]);
    add(text == "lag" || has("lag (only"), &[Topic::Lag]);
    found
}
