//! What has changed since a page looked last, section by section. Most events touch one node and one log: to hand out and
//! draw everything for each of them would cost more than the event itself.
//!
//! Each look compares what is there with what was there before, so that nothing has to remember to say that it changed.
//! Several pages may show one run: each says how far it has seen.

use serde::Serialize;

use super::lesson::LessonView;
use super::marks::{Mark, Marks};
use super::model::{Client, Link, Load, Node, Observer, Settings, State, Strip, Verdict, Wait, Write};
use super::past::Past;
use super::vocabulary::Words;
use crate::facts::Lsn;

/// Something that is handed out as a whole, and the version that brought it.
#[derive(Debug)]
struct Kept<T> {
    value: Option<T>,
    version: u32,
}

// A derived one would ask for a default of T.
impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self { value: None, version: 0 }
    }
}

impl<T: PartialEq> Kept<T> {
    fn put(&mut self, value: Option<T>, version: u32) {
        if self.value != value || self.version == 0 {
            *self = Self { value, version };
        }
    }

    /// Nothing if it has not changed; nothing in something if there is none.
    fn since(&self, since: u32) -> Option<Option<&T>> {
        (self.version > since).then_some(self.value.as_ref())
    }
}

/// A list of which each item is handed out when it has changed.
#[derive(Debug)]
struct Listed<K, T> {
    items: Vec<(K, T, u32)>,
    /// When items came, went or changed places.
    order: u32,
}

impl<K, T> Default for Listed<K, T> {
    fn default() -> Self {
        Self { items: Vec::new(), order: 0 }
    }
}

/// Items of a list that have changed, and its keys in order if they have.
#[derive(Debug, Serialize)]
pub struct ListChange<'a, K, T> {
    #[serde(skip_serializing_if = "Option::is_none")]
    keys: Option<Vec<K>>,
    items: Vec<&'a T>,
}

impl<K: Copy + PartialEq, T: PartialEq> Listed<K, T> {
    fn put(&mut self, list: Vec<T>, key: impl Fn(&T) -> K, version: u32) {
        let same_order = self.order > 0
            && list.len() == self.items.len()
            && list.iter().zip(&self.items).all(|(item, (known, ..))| key(item) == *known);
        if same_order {
            for (item, known) in list.into_iter().zip(&mut self.items) {
                if item != known.1 {
                    (known.1, known.2) = (item, version);
                }
            }
            return;
        }
        self.order = version;
        // The order is nearly the same: the next one is looked for behind the one that was found last.
        let mut before = std::mem::take(&mut self.items);
        let mut from = 0;
        for item in list {
            let key = key(&item);
            let found = (from..before.len()).chain(0..from).find(|&place| before[place].0 == key);
            let stamp = found.map_or(version, |place| {
                from = place + 1;
                if before[place].1 == item { before[place].2 } else { version }
            });
            self.items.push((key, item, stamp));
        }
        before.clear();
    }

    fn since(&self, since: u32) -> Option<ListChange<'_, K, T>> {
        let keys = (self.order > since).then(|| self.items.iter().map(|(key, ..)| *key).collect());
        let items: Vec<&T> = self.items.iter().filter(|(.., stamp)| *stamp > since).map(|(_, item, _)| item).collect();
        (keys.is_some() || !items.is_empty()).then_some(ListChange { keys, items })
    }
}

/// What a page may have to draw, each with the version that brought it.
#[derive(Debug, Default)]
pub struct Sections {
    version: u32,
    now_us: u64,
    last_line_us: u64,
    settings: Kept<Settings>,
    observers: Kept<Vec<Observer>>,
    waits: Kept<Vec<Wait>>,
    nodes: Listed<u16, Node>,
    clients: Listed<u16, Client>,
    links: Listed<u32, Link>,
    positions: Kept<Window>,
    strips: Listed<u16, Strip>,
    writes: Listed<u32, Write>,
    verdicts: Listed<&'static str, Verdict>,
    load: Kept<Load>,
    roles: Kept<Words>,
    lesson: Kept<LessonView>,
    past: Kept<Past>,
}

/// The positions that the logs are shown for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Window {
    /// The first one.
    pub first: Lsn,
    /// The last one.
    pub last: Lsn,
}

/// What has changed. A section that is left out is as it was; one that is `null` is there no longer.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Changes<'a> {
    /// What is seen once this is taken in: to be asked from the next time.
    pub version: u32,
    now_us: u64,
    last_line_us: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    settings: Option<Option<&'a Settings>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    observers: Option<Option<&'a Vec<Observer>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    waits: Option<Option<&'a Vec<Wait>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nodes: Option<ListChange<'a, u16, Node>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    clients: Option<ListChange<'a, u16, Client>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    links: Option<ListChange<'a, u32, Link>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    positions: Option<Option<&'a Window>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    strips: Option<ListChange<'a, u16, Strip>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    writes: Option<ListChange<'a, u32, Write>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    verdicts: Option<ListChange<'a, &'static str, Verdict>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    load: Option<Option<&'a Load>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    roles: Option<Option<&'a Words>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lesson: Option<Option<&'a LessonView>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    past: Option<Option<&'a Past>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    marks: Option<MarksChange<'a>>,
}

/// The marks from a place on: those before it are as they were.
#[derive(Debug, Serialize)]
pub struct MarksChange<'a> {
    /// The place, from 0.
    pub from: usize,
    /// All from there on.
    pub list: &'a [Mark],
}

impl Sections {
    /// Compares with what there was. Call it when anything may have changed.
    pub fn look(&mut self, state: State, lesson: Option<LessonView>, past: Past) {
        self.version = self.version.wrapping_add(1);
        let version = self.version;
        let State { settings, observers, waits, nodes, clients, links, log, writes, verdicts, load, roles, .. } = state;
        (self.now_us, self.last_line_us) = (state.now_us, state.last_line_us);
        self.settings.put(Some(settings), version);
        self.observers.put(Some(observers), version);
        self.waits.put(Some(waits), version);
        self.nodes.put(nodes.into_iter().map(still_node).collect(), |node| node.id, version);
        self.clients.put(clients, |client| client.id, version);
        self.links.put(links.into_iter().map(still_link).collect(), |link| ends(link.a, link.b), version);
        self.positions.put(Some(Window { first: log.first, last: log.last }), version);
        self.strips.put(log.strips, |strip| strip.node, version);
        self.writes.put(writes, |write| write.id, version);
        self.verdicts.put(verdicts, |verdict| verdict.id, version);
        self.load.put(load, version);
        self.roles.put(Some(roles), version);
        self.lesson.put(lesson, version);
        self.past.put(Some(past), version);
    }

    /// What has changed since a version, everything since 0. A version that is not known yet counts as 0: it is of another
    /// run.
    pub fn since<'a>(&'a self, since: u32, marks: &'a Marks) -> Changes<'a> {
        let since = if since > self.version { 0 } else { since };
        Changes {
            version: self.version,
            now_us: self.now_us,
            last_line_us: self.last_line_us,
            settings: self.settings.since(since),
            observers: self.observers.since(since),
            waits: self.waits.since(since),
            nodes: self.nodes.since(since),
            clients: self.clients.since(since),
            links: self.links.since(since),
            positions: self.positions.since(since),
            strips: self.strips.since(since),
            writes: self.writes.since(since),
            verdicts: self.verdicts.since(since),
            load: self.load.since(since),
            roles: self.roles.since(since),
            lesson: self.lesson.since(since),
            past: self.past.since(since),
            marks: marks.since(since),
        }
    }

    /// The version of the next look: what changes now is stamped with it.
    pub fn next(&self) -> u32 {
        self.version.wrapping_add(1)
    }
}

/// A link by its ends, as one number.
fn ends(a: u16, b: u16) -> u32 {
    u32::from(a) << 16 | u32::from(b)
}

/// Without what changes all the time and is not drawn: [`super::state()`] has it.
fn still_node(node: Node) -> Node {
    Node { behind_us: 0, ..node }
}

fn still_link(mut link: Link) -> Link {
    (link.forth.in_flight, link.back.in_flight) = (0, 0);
    link
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that fails should say so at once")]

    use super::*;
    use crate::session::Session;
    use crate::view::{self, MASTER_SLAVE};

    fn look(sections: &mut Sections, marks: &mut Marks, session: &Session) {
        marks.gather(session.run(), &MASTER_SLAVE, sections.next());
        sections.look(view::state(session.run(), &MASTER_SLAVE), None, view::past(session));
    }

    #[test]
    fn what_has_not_changed_is_not_handed_out() {
        let mut session = Session::new("cluster m + s1 s2\nlink nodes latency 50ms\nat 1s A write k v\n").unwrap();
        let (mut sections, mut marks) = (Sections::default(), Marks::default());
        look(&mut sections, &mut marks, &session);
        let first = sections.since(0, &marks);
        assert_eq!(first.nodes.unwrap().items.len(), 3);
        assert!(first.settings.is_some() && first.past.is_some() && first.lesson.is_some());
        let seen = first.version;
        look(&mut sections, &mut marks, &session);
        let still = sections.since(seen, &marks);
        assert!(still.nodes.is_none() && still.settings.is_none() && still.strips.is_none() && still.past.is_none());
        assert!(still.verdicts.is_none() && still.load.is_none() && still.marks.is_none() && still.lesson.is_none());

        // The master has logged it; it is on its way to the slaves.
        session.timeline().seek(1_020_000, u64::MAX);
        let seen = still.version;
        look(&mut sections, &mut marks, &session);
        let logged = sections.since(seen, &marks);
        let nodes = logged.nodes.unwrap();
        assert!(nodes.keys.is_none());
        assert_eq!(nodes.items.iter().map(|node| node.name.as_str()).collect::<Vec<_>>(), ["m", "s1", "s2"]);
        assert!(logged.settings.is_none() && logged.observers.is_none() && logged.past.is_none());
        assert_eq!(logged.marks.unwrap().list.len(), 1);
    }

    #[test]
    fn a_page_that_takes_in_all_changes_has_the_state() {
        let text = "cluster m + s1 s2 s3\nclients A B\nseed 3\nlink nodes latency 5ms jitter 3ms\n";
        let mut session = Session::new(text).unwrap();
        let (mut sections, mut marks) = (Sections::default(), Marks::default());
        let mut page: Vec<Node> = Vec::new();
        let mut told: Vec<Mark> = Vec::new();
        let mut seen = 0;
        let commands = ["A write a 1", "crash s1", "B read a", "add s4", "remove s2", "start s1", "promote s3"];
        for step in 0..400_u64 {
            if step % 50 == 10 {
                session.command(commands[(step / 50) as usize % commands.len()]).unwrap();
            }
            if step == 300 {
                session.undo();
                marks = Marks::anew(sections.next());
            }
            let at = session.run().now() + 7_000;
            session.timeline().seek(at, u64::MAX);
            look(&mut sections, &mut marks, &session);
            // This page does not look each time.
            if step % 3 == 0 {
                continue;
            }
            let changes = sections.since(seen, &marks);
            seen = changes.version;
            if let Some(nodes) = changes.nodes {
                let keys = nodes.keys.unwrap_or_else(|| page.iter().map(|node| node.id).collect());
                let find = |id: u16| {
                    let fresh = nodes.items.iter().copied().find(|node| node.id == id);
                    fresh.or_else(|| page.iter().find(|node| node.id == id)).unwrap().clone()
                };
                page = keys.into_iter().map(find).collect();
            }
            if let Some(change) = changes.marks {
                told.truncate(change.from);
                told.extend_from_slice(change.list);
            }
            let state = view::state(session.run(), &MASTER_SLAVE);
            assert_eq!(page, state.nodes.into_iter().map(still_node).collect::<Vec<_>>(), "step {step}");
            assert_eq!(told, marks.list(), "step {step}");
        }
        assert!(!told.is_empty());
    }
}
