//! The links between nodes: a TCP proxy for each ordered pair. What node x uses to reach node y goes through the route (x, y);
//! bytes from a to b go forth on the route (a, b) and back on the route (b, a).
//!
//! Where nodes tell each other who is where (Redis Sentinel), all must know a node by the same address. Then it has one door, a
//! port for all that use it, and who comes is known by its end of the connection: each node has an address of its own, or the system
//! tells whose process it is.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use rand::RngExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream, tcp};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until};

use super::ports;

/// Bytes that are read at once.
const CHUNK: usize = 64 * 1024;
/// Ports that are tried for a proxy.
const TRIES: usize = 10;
/// Chunks under way before the sender must wait.
const CHUNKS_MAX: usize = 256;

/// One direction of a link.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Way {
    /// Open, but bytes stop.
    pub held: bool,
    /// From end to end.
    pub latency: Duration,
    /// Up to this much more.
    pub jitter: Duration,
    /// Bytes per second, 0 for unlimited.
    pub bandwidth: u64,
}

#[derive(Debug, Clone, Copy, Default)]
struct State {
    forth: Way,
    back: Way,
    /// Closed and refused.
    cut: bool,
    /// How often an end of held connections has gone without a word: the one that connects, the one that it connects to.
    gone: (u64, u64),
}

impl State {
    fn is_held(&self) -> bool {
        self.forth.held || self.back.held
    }
}

struct Route {
    port: u16,
    state: watch::Sender<State>,
}

/// Which node has this end of a connection.
pub type Who = Arc<dyn Fn(SocketAddr) -> Option<usize> + Send + Sync>;

/// All links between the nodes of a cluster; nodes are numbers.
pub struct Links {
    routes: BTreeMap<(usize, usize), Route>,
    // Dropped, it ends every proxy.
    runtime: Option<Runtime>,
    /// Ports of further doors.
    more: Vec<u16>,
}

impl Links {
    /// Opens a link for each pair of nodes that listen on these ports.
    ///
    /// # Errors
    ///
    /// No free port.
    pub fn open(nodes: &[u16]) -> Result<Self, String> {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.map_err(|why| format!("the proxies do not start: {why}"))?;
        let mut routes = BTreeMap::new();
        for x in 0..nodes.len() {
            for (y, &to) in nodes.iter().enumerate().filter(|(y, _)| *y != x) {
                let (state, seen) = watch::channel(State::default());
                let _inside = runtime.enter();
                let (port, listener) = listen_somewhere()?;
                runtime.spawn(serve(listener, port, to, seen));
                routes.insert((x, y), Route { port, state });
            }
        }
        Ok(Self { routes, runtime: Some(runtime), more: Vec::new() })
    }

    /// The same with one door for each node. `who` tells who uses one.
    ///
    /// # Errors
    ///
    /// No free port.
    pub fn open_doors(nodes: &[u16], who: &Who) -> Result<Self, String> {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.map_err(|why| format!("the proxies do not start: {why}"))?;
        let mut routes = BTreeMap::new();
        for (y, &to) in nodes.iter().enumerate() {
            let _inside = runtime.enter();
            let (port, listener) = listen_somewhere()?;
            let mut seen_by = BTreeMap::new();
            for x in (0..nodes.len()).filter(|&x| x != y) {
                let (state, seen) = watch::channel(State::default());
                seen_by.insert(x, seen);
                routes.insert((x, y), Route { port, state });
            }
            runtime.spawn(serve_all(listener, to, seen_by, Arc::clone(who)));
        }
        Ok(Self { routes, runtime: Some(runtime), more: Vec::new() })
    }

    /// One more door of a node, for another port of its: the same links lead there.
    ///
    /// # Errors
    ///
    /// No free port.
    pub fn open_another(&mut self, y: usize, to: u16, who: &Who) -> Result<u16, String> {
        let runtime = self.runtime.as_ref().ok_or("the proxies have ended")?;
        let _inside = runtime.enter();
        let (port, listener) = listen_somewhere()?;
        let routes = self.routes.iter().filter(|((_, end), _)| *end == y);
        let seen_by = routes.map(|((x, _), route)| (*x, route.state.subscribe())).collect();
        runtime.spawn(serve_all(listener, to, seen_by, Arc::clone(who)));
        self.more.push(port);
        Ok(port)
    }

    /// The node behind a door.
    pub fn behind(&self, door: u16) -> Option<usize> {
        self.routes.iter().find(|(_, route)| route.port == door).map(|((_, y), _)| *y)
    }

    /// The port by which node x reaches node y.
    pub fn port(&self, x: usize, y: usize) -> u16 {
        self.routes.get(&(x, y)).map_or(0, |route| route.port)
    }

    /// Whether bytes go both ways between two nodes.
    pub fn is_open(&self, x: usize, y: usize) -> bool {
        self.routes.get(&(x, y)).is_some_and(|route| {
            let state = route.state.borrow();
            !state.cut && !state.forth.held && !state.back.held
        })
    }

    /// Changes the direction from a to b.
    pub fn change(&self, a: usize, b: usize, change: impl Fn(&mut Way)) {
        self.update(a, b, |state| change(&mut state.forth));
        self.update(b, a, |state| change(&mut state.back));
    }

    /// Closes all connections between two nodes and refuses new ones, or takes them again.
    pub fn set_cut(&self, a: usize, b: usize, cut: bool) {
        self.update(a, b, |state| state.cut = cut);
        self.update(b, a, |state| state.cut = cut);
    }

    /// The ends that connect give up what is held: their side is closed, the other end does not learn of it.
    pub fn give_up_held(&self) {
        for route in self.routes.values() {
            route.state.send_modify(|state| state.gone.0 += u64::from(state.is_held()));
        }
    }

    /// The host of a node has lost its power: what it had sent over a held link never arrives, and who is at the other end does
    /// not learn of it before the link is healed.
    pub fn lose(&self, n: usize) {
        for ((x, y), route) in &self.routes {
            route.state.send_modify(|state| {
                state.gone.0 += u64::from(state.is_held() && *x == n);
                state.gone.1 += u64::from(state.is_held() && *y == n);
            });
        }
    }

    fn update(&self, x: usize, y: usize, change: impl FnOnce(&mut State)) {
        if let Some(route) = self.routes.get(&(x, y)) {
            route.state.send_modify(change);
        }
    }
}

impl Drop for Links {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // The listeners are closed when it has ended.
            runtime.shutdown_timeout(Duration::from_secs(1));
        }
        self.routes.values().map(|route| route.port).chain(self.more.drain(..)).for_each(ports::give_back);
    }
}

/// The address that a node comes from. All of 127.0.0.0/8 is this host.
pub fn source(n: usize) -> Ipv4Addr {
    Ipv4Addr::new(127, 0, 0, u8::try_from(n + 2).unwrap_or(u8::MAX))
}

/// Who comes from its own address.
pub fn by_address(nodes: usize) -> Who {
    Arc::new(move |from| (0..nodes).find(|&n| from.ip() == IpAddr::V4(source(n))))
}

/// Who gave a port back may be closing it still: then another one is taken.
fn listen_somewhere() -> Result<(u16, TcpListener), String> {
    let mut told = String::new();
    for _ in 0..TRIES {
        let port = ports::free()?;
        match listen(port) {
            Ok(listener) => return Ok((port, listener)),
            Err(why) => told = format!("the proxy on port {port} does not start: {why}"),
        }
    }
    Err(told)
}

fn listen(port: u16) -> io::Result<TcpListener> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(ports::address(port))?;
    socket.listen(64)
}

async fn serve(listener: TcpListener, port: u16, to: u16, mut seen: watch::Receiver<State>) {
    let mut listener = Some(listener);
    loop {
        let cut = seen.borrow_and_update().cut;
        if cut {
            listener = None;
        } else if listener.is_none() {
            listener = listen(port).ok();
        }
        let Some(open) = &listener else {
            if cut {
                if seen.changed().await.is_err() {
                    return;
                }
            } else {
                sleep(Duration::from_millis(20)).await;
            }
            continue;
        };
        tokio::select! {
            changed = seen.changed() => if changed.is_err() { return },
            accepted = open.accept() => if let Ok((near, _)) = accepted {
                tokio::spawn(carry(near, to, seen.clone()));
            },
        }
    }
}

/// A door. It cannot be closed for one who comes and open for another: who is cut off is let in and sent away.
async fn serve_all(listener: TcpListener, to: u16, seen_by: BTreeMap<usize, watch::Receiver<State>>, who: Who) {
    let seen_by = Arc::new(seen_by);
    loop {
        let Ok((near, from)) = listener.accept().await else {
            sleep(Duration::from_millis(20)).await;
            continue;
        };
        let (seen_by, who) = (Arc::clone(&seen_by), Arc::clone(&who));
        tokio::spawn(async move {
            let comes = tokio::task::spawn_blocking(move || who(from)).await.ok().flatten();
            if let Some(seen) = comes.and_then(|x| seen_by.get(&x)).filter(|seen| !seen.borrow().cut) {
                carry(near, to, seen.clone()).await;
            }
        });
    }
}

/// Carries one connection until an end closes it or the link is cut.
async fn carry(near: TcpStream, to: u16, mut seen: watch::Receiver<State>) {
    let Ok(far) = TcpStream::connect(ports::address(to)).await else { return };
    let _ = (near.set_nodelay(true), far.set_nodelay(true));
    let gone = seen.borrow().gone;
    let (mut near_in, mut near_out) = near.into_split();
    let (mut far_in, mut far_out) = far.into_split();
    let near_is_gone = tokio::select! {
        () = pump(&mut near_in, &mut far_out, seen.clone(), |state| state.forth) => return,
        () = pump(&mut far_in, &mut near_out, seen.clone(), |state| state.back) => return,
        () = is_so(seen.clone(), |state| state.cut) => return,
        () = is_so(seen.clone(), |state| state.gone.0 > gone.0) => true,
        () = is_so(seen.clone(), |state| state.gone.1 > gone.1) => false,
    };
    // What the other end has is kept: it outlives the end that has gone.
    if near_is_gone {
        drop((near_in, near_out));
    } else {
        drop((far_in, far_out));
    }
    let _ = seen.wait_for(|state| state.cut || !state.is_held()).await;
}

async fn is_so(mut seen: watch::Receiver<State>, wanted: impl Fn(&State) -> bool) {
    if seen.wait_for(wanted).await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Carries one direction: each chunk arrives when it is due, none while the way is held.
async fn pump(
    from: &mut tcp::OwnedReadHalf,
    to: &mut tcp::OwnedWriteHalf,
    mut seen: watch::Receiver<State>,
    way: fn(&State) -> Way,
) {
    let mut buffer = vec![0; CHUNK];
    let mut under_way: VecDeque<(Instant, Vec<u8>)> = VecDeque::new();
    let mut last_due = Instant::now();
    let mut ended = false;
    while !(ended && under_way.is_empty()) {
        let way = way(&seen.borrow_and_update());
        let due = under_way.front().map_or_else(Instant::now, |(due, _)| *due);
        tokio::select! {
            changed = seen.changed() => if changed.is_err() { return },
            () = sleep_until(due), if !way.held && !under_way.is_empty() => {
                let Some((_, bytes)) = under_way.pop_front() else { continue };
                if to.write_all(&bytes).await.is_err() {
                    return;
                }
            }
            read = from.read(&mut buffer), if !way.held && !ended && under_way.len() < CHUNKS_MAX => {
                let Ok(count) = read else { return };
                ended = count == 0;
                let bytes = buffer.get(..count).unwrap_or_default().to_vec();
                last_due = last_due.max(Instant::now() + delay(way)) + wire_time(way, count);
                under_way.push_back((last_due, bytes));
            }
        }
    }
}

fn delay(way: Way) -> Duration {
    way.latency + way.jitter.mul_f64(rand::rng().random::<f64>())
}

/// How long so many bytes take to be sent.
fn wire_time(way: Way, bytes: usize) -> Duration {
    if way.bandwidth == 0 {
        return Duration::ZERO;
    }
    Duration::from_micros(bytes as u64 * 1_000_000 / way.bandwidth)
}
