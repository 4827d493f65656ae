//! Free ports of the loopback interface. Each program has a block of its own, each of its servers a port of its own until it is
//! given back: the port of a server that is down stays free for it.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Below the ports that systems give to outgoing connections.
const FIRST: u16 = 20_000;
const END: u16 = 32_000;
const BLOCK: u16 = 500;

struct Block {
    /// Who listens on the first port of a block has the block.
    _guard: Option<TcpListener>,
    first: u16,
    end: u16,
    /// Where to look next: a port rests for as long as possible before it is used again.
    next: u16,
    taken: BTreeSet<u16>,
    /// Whether the user has named the first one: then none is passed over.
    named: bool,
}

static BLOCK_OF_OURS: Mutex<Option<Block>> = Mutex::new(None);

/// The address of a port.
pub fn address(port: u16) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, port).into()
}

/// From now on ports are counted from this one, and one that is taken by another program is an error.
pub fn begin_at(port: u16) {
    let end = port.saturating_add(BLOCK);
    *lock() = Some(Block { _guard: None, first: port, end, next: port, taken: BTreeSet::new(), named: true });
}

/// A port that nobody listens on.
///
/// # Errors
///
/// The port whose turn it is by the user's own wish is taken; no port is free.
pub fn free() -> Result<u16, String> {
    let mut block = lock();
    if block.is_none() {
        *block = (FIRST..END).step_by(usize::from(BLOCK)).find_map(|first| {
            let guard = TcpListener::bind(address(first)).ok()?;
            let (next, end, taken) = (first + 1, first + BLOCK, BTreeSet::new());
            Some(Block { _guard: Some(guard), first: next, end, next, taken, named: false })
        });
    }
    let none = || format!("no port from {FIRST} to {END} is free");
    let block = block.as_mut().ok_or_else(none)?;
    for _ in block.first..block.end {
        let port = block.next;
        block.next = if port + 1 < block.end { port + 1 } else { block.first };
        if block.taken.contains(&port) {
            continue;
        }
        match TcpListener::bind(address(port)) {
            Ok(_) => {
                block.taken.insert(port);
                return Ok(port);
            }
            Err(why) if block.named => {
                return Err(format!("port {port} cannot be had: {why}; name another first port (--ports), or none"));
            }
            Err(_) => {}
        }
    }
    Err(none())
}

/// A port is no longer needed.
pub fn give_back(port: u16) {
    if let Some(block) = lock().as_mut() {
        block.taken.remove(&port);
    }
}

fn lock() -> MutexGuard<'static, Option<Block>> {
    BLOCK_OF_OURS.lock().unwrap_or_else(PoisonError::into_inner)
}
