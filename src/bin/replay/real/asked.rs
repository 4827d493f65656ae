//! A request that runs in a thread of its own, so that it can wait for as long as a server lets it.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

#[derive(Debug, Default)]
struct Told {
    answer: Option<String>,
    /// How long that took.
    took: Duration,
    /// What the server calls the session that asks, once it is known.
    session: Option<u64>,
}

/// A request that was sent. Copies are of the same request.
#[derive(Debug, Clone)]
pub struct Asked {
    told: Arc<(Mutex<Told>, Condvar)>,
    /// The node that was asked.
    pub node: usize,
}

/// Where a request tells which session of the server is its.
pub struct Session(Arc<(Mutex<Told>, Condvar)>);

impl Session {
    /// The server calls it so.
    pub fn is(&self, number: u64) {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner).session = Some(number);
    }
}

impl Asked {
    /// Asks a node, over a way that takes so long there and back.
    pub fn new(node: usize, way: (Duration, Duration), ask: impl FnOnce(&Session) -> String + Send + 'static) -> Self {
        let told: Arc<(Mutex<Told>, Condvar)> = Arc::default();
        let tells = Arc::clone(&told);
        thread::spawn(move || {
            let begun = Instant::now();
            thread::sleep(way.0);
            let answer = ask(&Session(Arc::clone(&tells)));
            thread::sleep(way.1);
            let mut told = tells.0.lock().unwrap_or_else(PoisonError::into_inner);
            (told.answer, told.took) = (Some(answer), begun.elapsed());
            drop(told);
            tells.1.notify_all();
        });
        Self { told, node }
    }

    /// What was answered, if it is within this time.
    pub fn answer_within(&self, span: Duration) -> Option<String> {
        let told = self.told.0.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.told.1.wait_timeout_while(told, span, |told| told.answer.is_none());
        waited.unwrap_or_else(PoisonError::into_inner).0.answer.clone()
    }

    /// What was answered so far.
    pub fn answer(&self) -> Option<String> {
        self.answer_within(Duration::ZERO)
    }

    /// How long it took until it was answered.
    pub fn took(&self) -> Duration {
        self.told.0.lock().unwrap_or_else(PoisonError::into_inner).took
    }

    /// What the server calls the session that asks.
    pub fn session(&self) -> Option<u64> {
        self.told.0.lock().unwrap_or_else(PoisonError::into_inner).session
    }
}
