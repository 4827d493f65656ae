//! The load and the queues of the nodes, held against what queueing theory says.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that fails should say so at once"
)]

use replication_playground::run::Run;
use replication_playground::view;

/// Reads that were answered, how long they took on average (ms), and reads that failed, over some seeds.
fn reads(text: &str, seeds: std::ops::Range<u64>) -> (u64, f64, u64) {
    let (mut reads, mut took_us, mut failed) = (0, 0, 0);
    for seed in seeds {
        let mut run = Run::new(&text.replace("SEED", &seed.to_string())).unwrap();
        run.play_out();
        let price = run.referee().prices().iter().find(|price| price.reads > 0).copied().unwrap();
        reads += price.reads;
        took_us += price.took_us;
        failed += price.failed;
    }
    (reads, took_us as f64 / reads as f64 / 1e3, failed)
}

fn alone(capacity: &str, rate: u32, queue: u32) -> String {
    format!(
        "cluster m + s1\nseed SEED\nrouter master\nlink clients latency 1ms\ntimeout 600s\n\
         capacity m read 5ms queue {queue} {capacity}\nload {rate}/s reads 100% keys 10\nat 200s end\n"
    )
}

/// There and back, ms.
const WAY_MS: f64 = 2.0;

fn expect_near(measured: f64, expected: f64, share: f64) {
    assert!((measured - expected).abs() < expected * share, "measured {measured:.3}, expected {expected:.3}");
}

#[test]
fn one_worker_is_an_m_m_1_queue() {
    for rate in [80, 160] {
        let (_, took_ms, failed) = reads(&alone("workers 1 random", rate, 100_000), 0..8);
        // The time in the system: 1 / (μ − λ), with μ = 200/s.
        expect_near(took_ms - WAY_MS, 1e3 / f64::from(200 - rate), 0.06);
        assert_eq!(failed, 0);
    }
}

#[test]
fn workers_are_an_m_m_c_queue() {
    for (workers, rate) in [(2, 320), (3, 480), (4, 600)] {
        let (_, took_ms, _) = reads(&alone(&format!("workers {workers} random"), rate, 100_000), 0..8);
        expect_near(took_ms - WAY_MS, erlang_c(workers, f64::from(rate), 200.0) * 1e3, 0.06);
    }
}

/// The mean time in an M/M/c system, s, by Erlang's C formula.
fn erlang_c(workers: u32, arrivals: f64, served: f64) -> f64 {
    let (offered, c) = (arrivals / served, f64::from(workers));
    let mut term = 1.0;
    let mut sum = 0.0;
    for k in 0..workers {
        sum += term;
        term *= offered / f64::from(k + 1);
    }
    let all_busy = term * c / (c - offered);
    let waits = all_busy / (sum + all_busy);
    waits / (c * served - arrivals) + 1.0 / served
}

#[test]
fn steady_work_halves_the_waiting() {
    let (_, took_ms, _) = reads(&alone("workers 1 steady", 160, 100_000), 0..8);
    // Pollaczek and Khinchine: ρ / (2 (1 − ρ)) services of waiting, ρ = 0.8.
    expect_near(took_ms - WAY_MS, 5.0 + 5.0 * 0.8 / (2.0 * 0.2), 0.05);
}

#[test]
fn a_full_queue_turns_away_as_many_as_it_must() {
    // At most 4 in the system, 250/s for 200/s: an M/M/1/4 queue.
    let (answered, _, failed) = reads(&alone("workers 1 random", 250, 3), 0..4);
    let ratio: f64 = 250.0 / 200.0;
    let blocked = (1.0 - ratio) * ratio.powi(4) / (1.0 - ratio.powi(5));
    expect_near(failed as f64 / (answered + failed) as f64, blocked, 0.03);
}

#[test]
fn arrivals_of_an_open_loop_are_poisson() {
    let mut run = Run::new("cluster m + s1\nload 400/s reads 50% keys 100\nat 200s end\n").unwrap();
    run.play_out();
    let per_slot: Vec<f64> = run.meters().slots().iter().map(|slot| f64::from(slot.reads + slot.writes)).collect();
    let mean = per_slot.iter().sum::<f64>() / per_slot.len() as f64;
    let variance = per_slot.iter().map(|count| (count - mean).powi(2)).sum::<f64>() / per_slot.len() as f64;
    // 2000 slots with 40 each: the mean is exact to 0.14, the variance, as great, to 3 %.
    expect_near(mean, 40.0, 0.015);
    expect_near(variance, mean, 0.12);
}

#[test]
fn clients_of_a_closed_loop_obey_the_response_time_law() {
    let text = "cluster m + s1\nseed SEED\nrouter master\nlink clients latency 1ms\n\
                capacity m read 5ms workers 1 queue 1000 random\nload 50 clients think 200ms reads 100% keys 10\nat 200s end\n";
    let (answered, took_ms, _) = reads(text, 0..4);
    let throughput = answered as f64 / 800.0;
    // N = X (R + Z)
    expect_near(throughput * (took_ms + 200.0) / 1e3, 50.0, 0.01);
    assert!(throughput < 200.5, "more than the worker can do: {throughput}");
}

#[test]
fn keys_come_as_often_as_zipf_has_it() {
    let mut run = Run::new("cluster m + s1\nload 2000/s reads 0% keys 100 zipf 1.00\nat 40s end\n").unwrap();
    run.play_out();
    let history = run.cluster().history();
    let mut counts = vec![0.0; 100];
    for number in 1..=history.write_count() {
        counts[history.write(number).unwrap().key as usize] += 1.0;
    }
    let harmonic: f64 = (1..=100).map(|rank| 1.0 / f64::from(rank)).sum();
    for rank in [1usize, 2, 5, 10] {
        expect_near(counts[rank - 1] / f64::from(history.write_count()), 1.0 / rank as f64 / harmonic, 0.06);
    }
}

/// Reads of 4 ms, 400 a second: too many for one slave, easy for three.
fn scaled(slaves: &str) -> Run {
    let text = format!(
        "cluster m + {slaves}\nlink clients latency 1ms\ncapacity nodes read 4ms write 1ms apply 1ms workers 1 queue 200 random\n\
         load 440/s reads 90% keys 100\nat 30s end\n"
    );
    let mut run = Run::new(&text).unwrap();
    run.play_out();
    run
}

#[test]
fn reads_scale_out() {
    let (one, three) = (scaled("s1"), scaled("s1 s2 s3"));
    let took = |run: &Run| run.referee().prices()[0].took_us as f64 / run.referee().prices()[0].reads as f64 / 1e3;
    assert!(took(&one) > 500.0, "{}", took(&one));
    assert!(took(&three) < 40.0, "{}", took(&three));
    assert!(one.referee().prices()[0].failed > 1_000);
    assert_eq!(three.referee().prices()[0].failed, 0);
}

#[test]
fn a_slave_that_applies_slower_than_the_master_writes_falls_behind_for_ever() {
    let text =
        "cluster m + s1 s2\ncapacity s1 read 0ms apply 12ms workers 1\nload 100/s reads 0% keys 100\nat 60s end\n";
    let mut run = Run::new(text).unwrap();
    let behind = |run: &Run| run.cluster().members().map(|member| member.node.disk.applied).collect::<Vec<_>>();
    run.play_to(30_000_000);
    let [m, s1, s2] = behind(&run)[..] else { panic!() };
    assert!(m - s1 > 400 && m - s2 < 5, "{m} {s1} {s2}");
    run.play_out();
    let [m, later, s2] = behind(&run)[..] else { panic!() };
    assert!(m - later > 900 && m - s2 < 5, "{m} {later} {s2}");
    // 12 ms each.
    expect_near(later as f64, 60_000.0 / 12.0, 0.01);
}

#[test]
fn applying_competes_with_reads() {
    let text = "cluster m + s1\nseed SEED\nlink clients latency 1ms\ncapacity s1 read 2ms apply APPLY workers 1 queue 10000 random\n\
                load 400/s reads 75% keys 100\nat 60s end\n";
    let (_, idle_ms, _) = reads(&text.replace("APPLY", "0ms"), 0..4);
    let (_, busy_ms, _) = reads(&text.replace("APPLY", "3ms"), 0..4);
    // The worker is taken to 0.6 by the reads alone, to 0.9 with 100 entries a second of 3 ms. One entry is applied at a
    // time, so they do not all stand in the queue.
    assert!(busy_ms - WAY_MS > 1.6 * (idle_ms - WAY_MS), "{idle_ms} {busy_ms}");
}

#[test]
fn a_load_can_be_changed_and_switched_off() {
    let text = "cluster m + s1\nload 100/s reads 50%\nat 10s load 1000/s reads 50%\nat 20s load 5 clients think 10ms\n\
                at 30s load off\nat 40s end\n";
    let mut run = Run::new(text).unwrap();
    run.play_out();
    let slots: Vec<u32> = run.meters().slots().iter().map(|slot| slot.reads + slot.writes).collect();
    let rate = |from: usize, to: usize| f64::from(slots[from * 10..to * 10].iter().sum::<u32>()) / (to - from) as f64;
    expect_near(rate(0, 10), 100.0, 0.1);
    expect_near(rate(10, 20), 1_000.0, 0.05);
    // 10 ms to think and some 2 on the way; a write is flushed as well.
    expect_near(rate(20, 30), 5.0 * 1e3 / 12.2, 0.05);
    assert!(rate(30, 40) < 1.0);
    assert!(run.cluster().load().is_none());
}

#[test]
fn what_is_thrown_away_of_a_long_load_is_not_missed() {
    let mut run = Run::new(
        "cluster m + s1\nload 4000/s reads 90% keys 50\nA write own 1\n".replace("A write", "at 0ms A write").as_str(),
    )
    .unwrap();
    run.play_to(60_000_000);
    let history = run.cluster().history();
    assert!(history.load_operations().dropped() > 100_000);
    assert_eq!(run.results()[0].got, "ok");
    let total: u32 = run.meters().slots().iter().map(|slot| slot.reads).sum();
    assert_eq!(u64::from(total), run.referee().reads());
    assert_eq!(run.referee().lost().len(), 0);
}

#[test]
fn writes_of_a_load_are_lost_like_others() {
    let text = "cluster m + s1\nload 200/s reads 0% keys 50\nat 4800ms hold m->s1\nat 5s crash m\nat 5s load off\nat 6s promote s1\nat 8s end\n";
    let mut run = Run::new(text).unwrap();
    run.play_out();
    // Some 40 had not gone through.
    let lost = run.referee().lost().len();
    assert!((20..70).contains(&lost), "{lost}");
}

#[test]
fn what_cannot_be_answered_piles_up_only_so_far() {
    for fault in ["freeze m", "hold clients", "hold Load->m", "hold m->Load", "cut clients", "crash m"] {
        let text =
            format!("cluster m + s1\nrouter master\ntimeout 600s\nload 20000/s reads 50%\nat 1s {fault}\nat 10s end\n");
        let mut run = Run::new(&text).unwrap();
        run.play_out();
        let travelling: usize = run.cluster().channels().iter().map(|channel| channel.flights.len()).sum();
        assert!(run.cluster().pendings().of_load() <= 50_000, "{fault}");
        assert!(travelling <= 110_000, "{fault}: {travelling}");
    }
}

#[test]
fn thousands_of_writes_may_wait_for_a_slave_and_a_promotion_may_lose_them() {
    let text = "cluster m + s1 s2\nreplication sync 2 applied\ntimeout 60s\nload 4000/s reads 0% keys 100\nat 1s hold m->s1\n\
                at 9s replication async\nat 10s crash m\nat 10s load off\nat 11s promote s1\nat 12s end\n";
    let mut run = Run::new(text).unwrap();
    run.play_out();
    assert!(run.referee().lost().len() > 20_000, "{}", run.referee().lost().len());
    assert_eq!(run.referee().takeovers().list().len(), 1);
}

#[test]
fn a_witness_whose_request_is_no_longer_kept_names_no_node() {
    let text = "cluster m + s1\nlink nodes latency 20ms\nload 10000/s reads 90% keys 10\nat 15s end\n";
    let mut run = Run::new(text).unwrap();
    run.play_out();
    let first = run.referee().first_stale().unwrap();
    assert!(run.cluster().history().operation(first.operation).is_none(), "it must have been dropped");
    let told = format!("{:?}", view::state(&run, &view::MASTER_SLAVE).verdicts);
    assert!(told.contains("a client of the load"), "{told}");
}
