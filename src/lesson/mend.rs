//! What is so already, and what has to be repaired.

use crate::cluster::Process;
use crate::run::Run;
use crate::simulator;

/// Whether a line switches a node on or off that is so already: then there is nothing to do, and nothing to tell.
pub(super) fn is_so(run: &Run, line: &str) -> bool {
    let (word, name) = line.split_once(' ').unwrap_or((line, ""));
    let process =
        run.cluster().members().find(|member| member.name.as_str() == name.trim()).map(|member| member.process);
    match word {
        "crash" | "stop" => process == Some(Process::Down),
        "start" => process == Some(Process::Up),
        _ => false,
    }
}

/// Lines that repair what is broken now.
pub(super) fn broken(run: &Run) -> Vec<String> {
    let cluster = run.cluster();
    let mut lines = Vec::new();
    for member in cluster.members().filter(|member| !member.removed) {
        match member.process {
            Process::Down => lines.push(format!("start {}", member.name)),
            Process::Frozen => lines.push(format!("thaw {}", member.name)),
            Process::Up => {}
        }
        if member.node.apply_paused {
            lines.push(format!("resume-apply {}", member.name));
        }
    }
    if cluster.channels().iter().any(|channel| channel.condition != simulator::Condition::Open) {
        lines.push("heal all".to_owned());
    }
    lines
}
