//! Where everything stands: each master above the slaves that follow it, one tree beside the other.

use crate::view::model::Node;
use crate::view::model::State;

/// Width of a card, and of the room that it has, px.
pub(super) const CARD: f64 = 176.0;
const PITCH: f64 = 200.0;
/// Height of a card, and from one row of cards to the next, px.
pub(super) const HIGH: f64 = 132.0;
const ROW: f64 = 232.0;
/// Left of all cards stand the clients.
const CLIENTS: f64 = 96.0;
const TOP: f64 = 36.0;
const FOOT: f64 = 44.0;

/// Where everything stands, px.
pub(super) struct Layout {
    pub width: f64,
    pub height: f64,
    /// Endpoint, and the middle of its upper edge.
    places: Vec<(u16, f64, f64)>,
}

impl Layout {
    pub fn of(state: &State) -> Self {
        let known = |id: u16| state.nodes.iter().any(|node| node.id == id);
        let is_root = |node: &&Node| node.role == "master" || node.upstream.is_none_or(|id| !known(id));
        let mut layout = Self { width: 0.0, height: 0.0, places: Vec::new() };
        let mut left = 0.0;
        for root in state.nodes.iter().filter(is_root) {
            left = layout.tree(state, root, 0, left);
        }
        let rows = layout.places.iter().map(|(_, _, y)| *y).fold(TOP, f64::max);
        layout.width = CLIENTS + left.max(PITCH) + 12.0;
        layout.height = rows + HIGH + FOOT;
        for (number, client) in (0u32..).zip(&state.clients) {
            layout.places.push((client.id, CLIENTS / 2.0, TOP + 24.0 + 56.0 * f64::from(number)));
        }
        layout
    }

    /// Places a node above those that follow it. Returns where the next tree begins.
    fn tree(&mut self, state: &State, node: &Node, depth: u32, left: f64) -> f64 {
        let mut right = left;
        let follows = |other: &&Node| other.role == "slave" && other.upstream == Some(node.id) && other.id != node.id;
        // As deep as there are nodes: no circle is let in.
        if (depth as usize) < state.nodes.len() {
            for slave in state.nodes.iter().filter(follows) {
                right = self.tree(state, slave, depth + 1, right);
            }
        }
        let right = right.max(left + PITCH);
        self.places.push((node.id, CLIENTS + f64::midpoint(left, right), TOP + ROW * f64::from(depth)));
        right
    }

    /// The middle of the upper edge of a node, or of a client.
    pub fn place(&self, id: u16) -> Option<(f64, f64)> {
        self.places.iter().find(|(other, ..)| *other == id).map(|(_, x, y)| (*x, *y))
    }

    /// Where a link between two endpoints begins and ends. `above` tells whether the first one stands higher.
    pub fn ends(&self, a: u16, b: u16, is_client: impl Fn(u16) -> bool) -> Option<[(f64, f64); 2]> {
        let ((ax, ay), (bx, by)) = (self.place(a)?, self.place(b)?);
        let beside = |(x, y): (f64, f64)| (x - CARD / 2.0, y + 30.0);
        Some(match (is_client(a), is_client(b)) {
            (true, _) => [(ax + 16.0, ay), beside((bx, by))],
            (_, true) => [beside((ax, ay)), (bx + 16.0, by)],
            _ if ay <= by => [(ax, ay + HIGH), (bx, by)],
            _ => [(ax, ay), (bx, by + HIGH)],
        })
    }
}
