//! The script that plays the text: a line of it for each line of the text.

use crate::cluster::LineOutcome;
use crate::scenario::{Break, Command, Name, NodeCommand, Pair, Replication, Request, Setting};

use super::{Engine, Export, is_of_client, refusal};
use crate::error::Error;

/// The whole script.
///
/// # Errors
///
/// What a script cannot do, with the line.
pub fn play(export: &Export) -> Result<String, Error> {
    let run = &export.whole;
    let mut script = String::from(
        "#!/bin/sh\n# Plays run.txt on the servers of compose.yaml: `docker compose up -d && sh play.sh`.\n",
    );
    script.push_str(include_str!("common.sh"));
    script.push_str(match export.engine {
        Engine::Redis => include_str!("redis.sh"),
        Engine::Postgres | Engine::Patroni => include_str!("postgres.sh"),
        Engine::Mariadb => include_str!("mariadb.sh"),
    });
    let (master, slaves) = export.nodes.split_first().ok_or_else(|| refusal("the text names no cluster"))?;
    let semi = if run.cluster().rules().replication == Replication::Async { "" } else { "on" };
    let patience = run.cluster().timeout_us().div_ceil(1_000_000);
    script.push_str(&format!(
        "\nmaster={master} slaves='{}' nodes='{}' patience={patience} semi='{semi}'\nport() {{\n  case $1-$2 in\n",
        slaves.join(" "),
        export.nodes.join(" ")
    ));
    for (x, y, port) in export.links() {
        script.push_str(&format!("    {x}-{y}) echo {port} ;;\n"));
    }
    script.push_str("  esac\n}\nready\n\n");
    let mut now = 0;
    for (index, line) in run.scenario().lines().iter().enumerate() {
        let Some(command) = &line.command else { continue };
        let number = export.numbers.get(index).copied().unwrap_or(0);
        let Some(orders) =
            orders(export, index, command).map_err(|why| refusal(format!("line {number}: {command}: {why}")))?
        else {
            continue;
        };
        let gap = line.at.unwrap_or(0).saturating_sub(now);
        if gap > 0 {
            script.push_str(&format!("sleep {}.{:06}\n", gap / 1_000_000, gap % 1_000_000));
        }
        now = line.at.unwrap_or(now);
        let asks = if matches!(command, Command::Operation { .. }) { "ask" } else { "line" };
        let simulated = run.outcome(index).map(|outcome| run.seen(outcome)).unwrap_or_default();
        let mut shown = (**line).clone();
        shown.comment = None;
        for order in orders {
            let (text, simulated) = (quoted(&shown.to_string()), quoted(&simulated));
            script.push_str(&format!("{asks} {number} {text} {simulated} {order}\n"));
        }
    }
    script.push_str("\nreport\n");
    Ok(script)
}

/// What the script does for a line; nothing for a setting that the servers have from the start.
fn orders(export: &Export, index: usize, command: &Command) -> Result<Option<Vec<String>>, String> {
    let orders = match command {
        Command::Operation { request, target, local, .. } => {
            vec![request_of(export, index, request, target.as_ref(), *local)]
        }
        Command::Node(what, name) => node_orders(export, *what, name)?,
        Command::Link(pair, _) if is_of_client(pair) => return Ok(None),
        Command::Link(pair, change) => {
            let mut orders = Vec::new();
            for (a, b) in directions(export, pair) {
                let ms = |us: Option<u64>| us.unwrap_or(0).div_ceil(1_000);
                if change.latency_us.is_some() || change.jitter_us.is_some() {
                    orders.push(format!("slow {a} {b} {} {}", ms(change.latency_us), ms(change.jitter_us)));
                }
                if let Some(bytes) = change.bandwidth.filter(|bytes| *bytes > 0) {
                    orders.push(format!("narrow {a} {b} {}", bytes.div_ceil(1_000)));
                }
            }
            orders
        }
        Command::Break(how, pair) => {
            let verb = match how {
                Break::Cut => "sever",
                Break::Hold => "hold",
                Break::Heal => "heal",
            };
            directions(export, pair).into_iter().map(|(a, b)| format!("{verb} {a} {b}")).collect()
        }
        Command::HealAll => {
            directions(export, &Pair::Nodes).into_iter().map(|(a, b)| format!("heal {a} {b}")).collect()
        }
        Command::Promote { node, drain: false } => vec![format!("promote {node}")],
        Command::Follow { node, upstream, force: false } => vec![follow(export, node.as_str(), upstream.as_str())],
        Command::Chain(names) => {
            let pairs = names.windows(2).filter_map(|pair| Some((pair.first()?, pair.get(1)?)));
            pairs.map(|(above, below)| follow(export, below.as_str(), above.as_str())).collect()
        }
        Command::Delay(name, us) => vec![format!("delay {name} {}", us.div_ceil(1_000))],
        Command::Cancel(_) if export.engine.is_postgres() => {
            vec![format!("cancel {}", export.nodes.first().map_or("", String::as_str))]
        }
        Command::Set(Setting::SyncSlaves(_))
            if export.whole.scenario().lines().get(index).is_some_and(|line| line.at.is_some()) =>
        {
            return Err("the script does not change the list of synchronous slaves".to_owned());
        }
        Command::Wait { .. } => {
            return Err("WAIT speaks of the writes of its own connection, and the script keeps none".to_owned());
        }
        Command::Promote { .. } | Command::Follow { .. } | Command::Cancel(_) => {
            return Err("the script does not do this (replay real does)".to_owned());
        }
        _ => return Ok(None),
    };
    Ok(Some(orders))
}

fn request_of(export: &Export, index: usize, request: &Request, target: Option<&Name>, local: bool) -> String {
    let run = &export.whole;
    // Where the router sends it in the simulator, it goes here.
    let routed = match run.outcome(index) {
        Some(LineOutcome::Operation(number)) => run.cluster().history().operation(*number).and_then(|asked| asked.node),
        _ => None,
    };
    let routed = routed.map(|node| run.cluster().name(node).to_owned());
    let node = target.map(|name| name.as_str().to_owned()).or(routed);
    let node = node.unwrap_or_else(|| export.nodes.first().cloned().unwrap_or_default());
    match request {
        Request::Write { key, value } => {
            let local = if local { " local" } else { "" };
            format!("write {node} {} {}{local}", quoted(key), quoted(value))
        }
        Request::Read { key } => format!("read_ {node} {}", quoted(key)),
        Request::Delete { key } => format!("delete {node} {}", quoted(key)),
    }
}

fn node_orders(export: &Export, what: NodeCommand, name: &Name) -> Result<Vec<String>, String> {
    let word = |on: &str, off: &str| if export.engine.is_postgres() { on.to_owned() } else { off.to_owned() };
    Ok(match what {
        NodeCommand::Crash => vec![format!("crash {name}")],
        NodeCommand::Stop => vec![format!("stop {name}")],
        NodeCommand::Start => vec![format!("start {name}")],
        NodeCommand::Freeze => vec![format!("freeze {name}")],
        NodeCommand::Thaw => vec![format!("thaw {name}")],
        NodeCommand::State => vec![format!("state {name}")],
        NodeCommand::PauseApply => vec![format!("pause_apply {name}")],
        NodeCommand::ResumeApply => vec![format!("resume_apply {name}")],
        NodeCommand::ReadOnly => vec![format!("read_only {name} {}", word("on", "1"))],
        NodeCommand::ReadWrite => vec![format!("read_only {name} {}", word("off", "0"))],
        NodeCommand::TrimLog => vec![format!("trim_log {name}")],
        NodeCommand::FillLog => vec![format!("fill_log {name}")],
        NodeCommand::Partition => {
            let others = export.nodes.iter().filter(|other| *other != name.as_str());
            others.map(|other| format!("sever {name} {other}")).collect()
        }
        NodeCommand::Rewind => {
            let upstream = export.nodes.iter().find(|other| *other != name.as_str()).cloned().unwrap_or_default();
            return Err(format!(
                "the script does not know whom {name} follows by then (rewind it by hand, say from {upstream})"
            ));
        }
        NodeCommand::Add | NodeCommand::Remove | NodeCommand::Rebuild => {
            return Err("the script does not do this".to_owned());
        }
    })
}

fn follow(export: &Export, node: &str, upstream: &str) -> String {
    format!("follow {node} {upstream} {}", export.port(node, upstream))
}

fn directions(export: &Export, pair: &Pair) -> Vec<(String, String)> {
    match pair {
        Pair::Both(a, b) => vec![(a.to_string(), b.to_string()), (b.to_string(), a.to_string())],
        Pair::OneWay(a, b) => vec![(a.to_string(), b.to_string())],
        Pair::Nodes => export.links().into_iter().map(|(a, b, _)| (a.to_owned(), b.to_owned())).collect(),
        Pair::Clients => Vec::new(),
    }
}

/// A word for the shell that is that word and nothing else.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}
