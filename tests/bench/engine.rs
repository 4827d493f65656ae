//! `make bench`: how fast the engine is, as ratios measured side by side, alternately, in one run.

use std::fmt::Write;
use std::hint::black_box;
use std::time::Instant;

use replication_playground::run::Run;
use replication_playground::simulator::Queue;
use replication_playground::timeline::Timeline;
use replication_playground::view;

const ROUNDS: usize = 9;
const LINES: u64 = 15_000;

/// One master and four slaves, four reads for each write, a request each millisecond, 5 to 15 ms a hop.
fn text() -> String {
    let mut text = String::from("cluster m + s1 s2 s3 s4\nseed 7\nrouter random\n");
    text.push_str("link nodes latency 5ms jitter 10ms\nlink clients latency 5ms jitter 10ms\n");
    for line in 0..LINES {
        let what = if line % 5 == 0 { "write" } else { "read" };
        let value = if line % 5 == 0 { " v" } else { "" };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "at {line}ms A {what} k{}{value}", line * 7 % 1_000);
    }
    text
}

/// Seconds per event of a whole run, with history and referee on.
fn engine(start: &Run) -> f64 {
    let mut run = start.clone();
    let begun = Instant::now();
    run.play_out();
    let seconds = begun.elapsed().as_secs_f64();
    seconds / black_box(&run).steps() as f64
}

/// Seconds per pop and push of the bare queue, with as many events pending as the engine has.
fn bare_queue(events: u64) -> f64 {
    let mut queue = Queue::default();
    for number in 0..64u64 {
        queue.push(number * 100, number);
    }
    let begun = Instant::now();
    for number in 0..events {
        if let Some((at, event)) = queue.pop() {
            queue.push(at + 5_000 + number * 7_919 % 10_000, black_box(event));
        }
    }
    begun.elapsed().as_secs_f64() / events as f64
}

/// Seconds per event when the page draws sixty times a simulated second.
fn with_views(start: &Run) -> f64 {
    let mut run = start.clone();
    let mut columns = Vec::new();
    let last = run.last_line_us();
    let begun = Instant::now();
    while run.now() < last {
        run.play_to(run.now() + 16_000);
        black_box(view::state(&run, &view::MASTER_SLAVE));
        view::packets(&run, &mut columns);
        black_box(&columns);
    }
    begun.elapsed().as_secs_f64() / run.steps() as f64
}

/// Some million events: a long run with many slaves and observers, a request each twentieth of a second.
fn long_text() -> String {
    let slaves: Vec<String> = (1..=24).map(|number| format!("s{number}")).collect();
    let mut text = format!("cluster m + {}\nseed 7\nfailover quorum 5 3 1s\nlog keep 1000\n", slaves.join(" "));
    text.push_str("link nodes latency 5ms jitter 10ms\nlink clients latency 5ms jitter 10ms\n");
    for line in 0..LINES {
        let what = if line % 5 == 0 { "write" } else { "read" };
        let value = if line % 5 == 0 { " v" } else { "" };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "at {}ms A {what} k{}{value}", line * 50, line * 7 % 1_000);
    }
    text
}

/// Memory of this process, bytes: Linux only, else 0.
fn resident_bytes() -> f64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = statm.split_whitespace().nth(1).and_then(|pages| pages.parse::<f64>().ok());
    pages.unwrap_or(0.0) * 4_096.0
}

/// Going back and forth in a long run: how long that takes against playing it whole, and what it costs to be able to.
fn seeking() {
    let before = resident_bytes();
    let Ok(mut timeline) = Timeline::new(&long_text()) else { return };
    let last = timeline.run().last_line_us();
    let begun = Instant::now();
    timeline.seek(last, u64::MAX);
    let whole = begun.elapsed().as_secs_f64();
    let (events, bytes) = (timeline.run().steps() as f64, resident_bytes() - before);
    let (mut seeks, mut backs) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS as u64 * 4 {
        let begun = Instant::now();
        timeline.seek(last / 97 * (round * 37 % 97), u64::MAX);
        seeks.push(begun.elapsed().as_secs_f64());
        let begun = Instant::now();
        timeline.step_back();
        backs.push(begun.elapsed().as_secs_f64());
    }
    let worst = seeks.iter().copied().fold(0.0, f64::max);
    let (seek, back) = (median(seeks), median(backs));
    println!("a run of {:.2} M events  {:>8.2} s to play it whole", events / 1e6, whole);
    println!(
        "a seek to any time      {:>8.1} ms            {:.3} of playing it whole; the worst {:.1} ms",
        seek * 1e3,
        seek / whole,
        worst * 1e3
    );
    println!("a step back             {:>8.1} ms            {:.3} of playing it whole", back * 1e3, back / whole);
    println!(
        "memory, {:>2} keyframes    {:>8.1} MB            {:.0} bytes an event",
        timeline.keyframes(),
        bytes / 1e6,
        bytes / events
    );
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

fn main() {
    let text = text();
    let start = match Run::new(&text) {
        Ok(run) => run,
        Err(error) => return eprintln!("{error}"),
    };
    let mut counted = start.clone();
    counted.play_out();
    let events = counted.steps();
    let (mut engines, mut queues, mut views, mut parses) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        engines.push(engine(&start));
        queues.push(bare_queue(events));
        views.push(with_views(&start));
        let begun = Instant::now();
        black_box(Run::new(&text).is_ok());
        parses.push(begun.elapsed().as_secs_f64() / LINES as f64);
    }
    let (engine, queue, views, parse) = (median(engines), median(queues), median(views), median(parses));
    println!("median of {ROUNDS} rounds, measured alternately; {events} events, {LINES} lines");
    println!("bare event queue        {:>8.2} M events/s   1.00", 1e-6 / queue);
    println!("engine, history, referee{:>8.2} M events/s   {:.2} of the bare queue", 1e-6 / engine, queue / engine);
    println!("and drawn 60 times a s  {:>8.2} M events/s   {:.2} of the engine alone", 1e-6 / views, engine / views);
    println!("reading the text        {:>8.2} M lines/s", 1e-6 / parse);
    seeking();
}
