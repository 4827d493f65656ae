//! Who is asked: prompts, command lines, headings.

use crate::import::text::{Line, Place, host_and_port, is_address, starts_with_word};

/// With what somebody asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::import) enum Tool {
    Psql,
    Mysql,
    Redis,
    Mongo,
    Patroni,
    Repmgr,
    Shell,
    /// A heading names a node.
    Heading,
}

/// From here on somebody is asked something.
#[derive(Debug, Clone)]
pub(in crate::import) struct Context {
    pub tool: Tool,
    /// Who, if it is said.
    pub host: Option<(String, Option<u16>)>,
    /// What, as it was typed.
    pub command: String,
    /// Whether this is a connection of its own, not the next line of the same session.
    pub fresh: bool,
    /// Whether the prompt says that a secondary or a primary answers.
    pub secondary: Option<bool>,
    pub place: Place,
}

/// Reads a prompt with what was typed, or a heading.
pub(super) fn read(line: &Line) -> Option<Context> {
    let text = line.text.trim_start();
    let new = |tool, host, command: &str, fresh| Context {
        tool,
        host,
        command: command.trim().to_owned(),
        fresh,
        secondary: None,
        place: line.place,
    };
    if let Some(command) = shell(text) {
        let (tool, host) = tool_and_host(command);
        return Some(new(tool, host, command, true));
    }
    if let Some((host, command)) = redis(text) {
        return Some(new(Tool::Redis, Some(host), command, true));
    }
    if let Some(command) = psql(text) {
        return Some(new(Tool::Psql, None, command, false));
    }
    if let Some(command) = mysql(text) {
        return Some(new(Tool::Mysql, None, command, false));
    }
    if let Some((secondary, command)) = mongo(text) {
        return Some(Context { secondary, ..new(Tool::Mongo, None, command, false) });
    }
    heading(&line.text).map(|host| new(Tool::Heading, Some(host), "", true))
}

/// A line of a shell: what stands behind its prompt.
fn shell(text: &str) -> Option<&str> {
    const TOOLS: [&str; 14] = [
        "psql",
        "mysql",
        "mariadb",
        "redis-cli",
        "valkey-cli",
        "patronictl",
        "repmgr",
        "curl",
        "mongo",
        "mongosh",
        "docker",
        "kubectl",
        "sudo",
        "orchestrator-client",
    ];
    if let Some(rest) = text.strip_prefix("$ ") {
        return Some(rest);
    }
    let known = |rest: &str| {
        let word = rest.split_whitespace().next().unwrap_or("");
        TOOLS.contains(&word.rsplit('/').next().unwrap_or(word))
    };
    if let Some(rest) = text.strip_prefix("# ").filter(|rest| known(rest)) {
        return Some(rest);
    }
    // user@host:~$ …, [user@host ~]# …
    let end = ["$ ", "# "].iter().filter_map(|mark| text.find(mark)).min()?;
    let (prompt, rest) = (text.get(..end)?, text.get(end + 2..)?);
    let user = prompt.trim_start_matches('[');
    (prompt.len() < 80 && user.contains('@') && !user.contains('\'') && known(rest)).then_some(rest)
}

/// `127.0.0.1:6379> INFO`, `redis 10.0.0.1:6379[1]> …`
fn redis(text: &str) -> Option<((String, Option<u16>), &str)> {
    let (prompt, rest) = text.split_once('>')?;
    if !(rest.is_empty() || rest.starts_with(' ')) || prompt.contains('=') {
        return None;
    }
    let prompt = prompt.strip_prefix("redis ").unwrap_or(prompt);
    let prompt = prompt.split('[').next().filter(|start| !start.is_empty()).unwrap_or(prompt);
    let host = host_and_port(prompt)?;
    (host.1.is_some() && !prompt.contains(' ')).then_some((host, rest))
}

/// `postgres=# …`, `shop=> …`, `shop-# …`
fn psql(text: &str) -> Option<&str> {
    let end = text.find(['=', '-', '(', '*', '\''])?;
    let name = text.get(..end)?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '@' | ':' | '[' | ']');
    if name.is_empty() || name.len() > 64 || !name.chars().all(plain) {
        return None;
    }
    let rest = text.get(end..)?;
    let marks: usize = rest.chars().take_while(|c| matches!(c, '=' | '-' | '(' | '*' | '!' | '^' | '\'')).count();
    let rest = rest.get(marks..)?;
    let rest = rest.strip_prefix(['#', '>'])?;
    (marks <= 3 && (rest.is_empty() || rest.starts_with(' '))).then_some(rest)
}

fn mysql(text: &str) -> Option<&str> {
    for start in ["MariaDB [", "MySQL [", "mysql>", "mysql ", "MySQL "] {
        if let Some(rest) = text.strip_prefix(start) {
            let command = if start.ends_with('>') { rest } else { rest.split_once('>')?.1 };
            let short = rest.len() - command.len() < 80;
            return (short && (command.is_empty() || command.starts_with(' '))).then_some(command);
        }
    }
    None
}

/// `rs0:SECONDARY> …`, `rs0 [direct: primary] test> …`, `test> rs.status()`
fn mongo(text: &str) -> Option<(Option<bool>, &str)> {
    if text.starts_with("rs.") || text.starts_with("db.") && text.contains('(') {
        return Some((None, text));
    }
    let (prompt, rest) = text.split_once('>')?;
    if prompt.len() > 80 || prompt.contains(['=', '"', '|', ',']) {
        return None;
    }
    let small = prompt.to_ascii_lowercase();
    let secondary = if small.contains("secondary") {
        Some(true)
    } else if small.contains("primary") {
        Some(false)
    } else {
        None
    };
    let prompts = small.contains("[direct:") || small.contains(":primary") || small.contains(":secondary");
    (prompts || rest.trim_start().starts_with("rs.")).then_some((secondary, rest))
}

/// `## 10.0.0.1`, a line that is an address alone, `--- db1 ---` with an address.
fn heading(text: &str) -> Option<(String, Option<u16>)> {
    let inside = text.trim().trim_matches(|c: char| matches!(c, '#' | '=' | '-' | '*' | ':' | ' ' | '[' | ']'));
    if inside.len() == text.len() && text.starts_with(' ') {
        return None;
    }
    let (host, port) = host_and_port(inside)?;
    let marked = text.starts_with("##") || text.starts_with("==") || text.starts_with("--") || text.starts_with("**");
    let name = marked && !host.contains(' ') && host.chars().any(|c| c.is_ascii_digit());
    (is_address(&host) && inside.contains('.') || name && port.is_some() || name && host.len() < 40)
        .then_some((host, port))
}

/// The tool that a command line calls, and the node that it names.
fn tool_and_host(command: &str) -> (Tool, Option<(String, Option<u16>)>) {
    let words: Vec<&str> = command.split_whitespace().collect();
    let calls = |name: &str| words.iter().any(|word| word.rsplit('/').next() == Some(name));
    let tool = if calls("redis-cli") || calls("valkey-cli") {
        Tool::Redis
    } else if calls("psql") {
        Tool::Psql
    } else if calls("mysql") || calls("mariadb") {
        Tool::Mysql
    } else if calls("mongosh") || calls("mongo") {
        Tool::Mongo
    } else if calls("patronictl") {
        Tool::Patroni
    } else if calls("repmgr") {
        return (Tool::Repmgr, None);
    } else {
        Tool::Shell
    };
    (tool, host_of(tool, &words).or_else(|| container(&words)))
}

fn host_of(tool: Tool, words: &[&str]) -> Option<(String, Option<u16>)> {
    if let Some(url) = words.iter().find(|word| word.contains("://")) {
        let rest = url.trim_matches(['"', '\'']).split_once("://")?.1;
        let host = rest.split('/').next()?.rsplit('@').next()?;
        let (host, port) = host_and_port(host)?;
        // Patroni answers on a port of its own.
        return Some((host, port.filter(|_| tool != Tool::Shell)));
    }
    let option = |short: &str, long: &str| {
        words.iter().enumerate().find_map(|(place, word)| {
            let next = || words.get(place + 1).map(|word| word.trim_matches(['"', '\'']));
            if *word == short || *word == long {
                return next();
            }
            word.strip_prefix(&format!("{long}=")).or_else(|| word.strip_prefix(short).filter(|rest| !rest.is_empty()))
        })
    };
    let inside = |key: &str| {
        let word = words.iter().map(|word| word.trim_matches(['"', '\''])).find(|word| word.starts_with(key))?;
        word.get(key.len()..)
    };
    let (host, port) = match tool {
        Tool::Redis => (option("-h", "--host"), option("-p", "--port")),
        Tool::Psql => (option("-h", "--host").or(inside("host=")), option("-p", "--port").or(inside("port="))),
        Tool::Mysql => (option("-h", "--host"), option("-P", "--port")),
        Tool::Mongo => (option("--host", "--host"), option("--port", "--port")),
        _ => return None,
    };
    let port = port.and_then(|port| port.parse().ok());
    match host {
        Some(host) => host_and_port(host).map(|(host, own)| (host, port.or(own))),
        None => port.map(|port| ("127.0.0.1".to_owned(), Some(port))),
    }
}

/// `docker exec -it redis-1 …`, `kubectl exec db-0 -- …`
fn container(words: &[&str]) -> Option<(String, Option<u16>)> {
    let place = words.iter().position(|word| starts_with_word(word, "exec"))?;
    let mut rest = words.get(place + 1..)?.iter();
    while let Some(word) = rest.next() {
        if ["-n", "-c", "-u", "-e", "--namespace", "--container"].contains(word) {
            rest.next();
        } else if !word.starts_with('-') {
            return host_and_port(word);
        }
    }
    None
}
