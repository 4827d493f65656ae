//! What was measured over time, as curves.

use serde::Serialize;

use crate::meters::{Sample, Slot, summed};
use crate::run::Run;
use crate::time::Us;

/// Curves over a piece of time. All lists of numbers are as long as [`Charts::at_s`]; nothing stands where nothing was
/// measured.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Charts {
    /// Length of the time that a point stands for, s.
    pub width_s: f64,
    /// The end of each point's time, s.
    pub at_s: Vec<f64>,
    /// Reads that were answered, per second.
    pub reads: Vec<f64>,
    /// Writes that were acknowledged, per second.
    pub writes: Vec<f64>,
    /// Requests that got an error or no answer, per second.
    pub failed: Vec<f64>,
    /// Of a thousand reads, those that were stale.
    pub stale: Vec<Option<f64>>,
    /// How long reads took, ms.
    pub read_ms: Percentiles,
    /// How long writes took, ms.
    pub write_ms: Percentiles,
    /// The nodes that are there now, the master first.
    pub nodes: Vec<NodeCurves>,
}

/// Times in which a half, 95 and 99 of a hundred were answered, ms; exact to 6 %.
#[derive(Debug, Clone, PartialEq, Serialize, Default)]
pub struct Percentiles {
    /// The median.
    pub p50: Vec<Option<f64>>,
    /// 95 of a hundred.
    pub p95: Vec<Option<f64>>,
    /// 99 of a hundred.
    pub p99: Vec<Option<f64>>,
}

/// The curves of one node, as it stood at the end of each point's time.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NodeCurves {
    /// Endpoint number.
    pub id: u16,
    /// Its name.
    pub name: String,
    /// Age of the oldest entry of the master's log that it has not applied, ms; nothing for a master.
    pub lag_ms: Vec<Option<f64>>,
    /// How many such entries there are.
    pub behind: Vec<Option<f64>>,
    /// Requests that wait for a worker.
    pub waiting: Vec<Option<f64>>,
    /// Requests and entries in work.
    pub working: Vec<Option<f64>>,
}

/// The curves between two times, with at most so many points.
pub fn charts(run: &Run, from_us: Us, to_us: Us, points: usize) -> Charts {
    let meters = run.meters();
    let width_us = meters.width_us();
    let place = |us: Us| usize::try_from(us / width_us).unwrap_or(usize::MAX).min(meters.slots().len());
    let (from, to) = (place(from_us), place(to_us.saturating_add(width_us - 1)));
    let each = to.saturating_sub(from).div_ceil(points.max(1)).max(1);
    // Points begin at multiples of their width, so that they do not change while time goes on.
    let from = from - from % each;
    let slots: Vec<Slot> = meters.slots().range(from).take(to.saturating_sub(from)).cloned().collect();
    let points: Vec<Slot> = slots.chunks(each).map(summed).collect();
    let lengths: Vec<f64> = slots.chunks(each).map(|slots| (slots.len() as Us * width_us) as f64 / 1e6).collect();
    let per_second = |count: fn(&Slot) -> u32| {
        points.iter().zip(&lengths).map(|(point, length)| f64::from(count(point)) / length).collect()
    };
    let mut end = from;
    let ends = slots.chunks(each).map(|slots| {
        end += slots.len();
        (end as Us * width_us) as f64 / 1e6
    });
    Charts {
        width_s: each as f64 * width_us as f64 / 1e6,
        at_s: ends.collect(),
        reads: per_second(|slot| slot.reads),
        writes: per_second(|slot| slot.writes),
        failed: per_second(|slot| slot.failed),
        stale: points.iter().map(|slot| (slot.reads > 0).then(|| thousand(slot.stale, slot.reads))).collect(),
        read_ms: percentiles(&points, Slot::read_us),
        write_ms: percentiles(&points, Slot::write_us),
        nodes: nodes(run, &points),
    }
}

fn thousand(part: u32, of: u32) -> f64 {
    f64::from(part) * 1_000.0 / f64::from(of)
}

fn percentiles(points: &[Slot], time: fn(&Slot, u32) -> Option<f64>) -> Percentiles {
    let curve = |percent| points.iter().map(|slot| time(slot, percent).map(|us| us / 1e3)).collect();
    Percentiles { p50: curve(50), p95: curve(95), p99: curve(99) }
}

fn nodes(run: &Run, points: &[Slot]) -> Vec<NodeCurves> {
    let cluster = run.cluster();
    super::state::members(cluster)
        .map(|member| {
            let id = member.node.id;
            let curve = |value: fn(&Sample) -> Option<f64>| {
                let sample = |slot: &Slot| slot.nodes.iter().find(|sample| sample.node == id).and_then(value);
                points.iter().map(sample).collect()
            };
            NodeCurves {
                id,
                name: member.name.to_string(),
                lag_ms: curve(|sample| sample.behind.map(|_| f64::from(sample.behind_us) / 1e3)),
                behind: curve(|sample| sample.behind.map(f64::from)),
                waiting: curve(|sample| Some(f64::from(sample.waiting))),
                working: curve(|sample| Some(f64::from(sample.working))),
            }
        })
        .collect()
}
