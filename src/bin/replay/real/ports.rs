//! Free ports of the loopback interface, each given out once.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Mutex;

/// Below the ports that systems give to outgoing connections: the port of a server that is down stays free for it.
const FIRST: u16 = 20_000;
const END: u16 = 32_000;

struct Next {
    port: u16,
    /// Whether the user has named the first one: then none is passed over.
    named: bool,
}

static NEXT: Mutex<Option<Next>> = Mutex::new(None);

/// The address of a port.
pub fn address(port: u16) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, port).into()
}

/// From now on ports are counted from this one, and one that is taken is an error.
pub fn begin_at(port: u16) {
    *lock() = Some(Next { port, named: true });
}

/// A port that nobody listens on.
///
/// # Errors
///
/// The port whose turn it is by the user's own wish is taken; no port is free.
pub fn free() -> Result<u16, String> {
    let mut next = lock();
    // Two programs side by side do not begin at the same port.
    let begin = u16::try_from(std::process::id() % 1_000).unwrap_or(0) * 10 + FIRST;
    let next = next.get_or_insert(Next { port: begin, named: false });
    for _ in FIRST..END {
        let port = next.port;
        next.port = if port + 1 < END || next.named { port.saturating_add(1) } else { FIRST };
        match TcpListener::bind(address(port)) {
            Ok(_) => return Ok(port),
            Err(why) if next.named => {
                return Err(format!("port {port} cannot be had: {why}; name another first port (--ports), or none"));
            }
            Err(_) => {}
        }
    }
    Err(format!("no port from {FIRST} to {END} is free"))
}

fn lock() -> std::sync::MutexGuard<'static, Option<Next>> {
    NEXT.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
