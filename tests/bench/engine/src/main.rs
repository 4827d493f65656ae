//! One native run of the engine: `engine < RUN`. Prints what it counted, how long it took, and the memory.

use std::io::Read;

use measure::taken;
use replication_playground::run::Run;

fn main() -> Result<(), String> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).map_err(|error| error.to_string())?;
    let mut run = Run::new(&text).map_err(|error| error.to_string())?;
    let ((), taken) = taken(|| run.play_out());
    let counts = [
        ("events", run.steps()),
        ("reads", run.referee().reads()),
        ("stale", run.referee().stale_reads()),
        ("facts", run.cluster().history().len()),
    ];
    println!("{}", taken.line(&counts));
    Ok(())
}
