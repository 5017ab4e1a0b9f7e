//! What a runtime says before it stops.
//!
//! A runtime that panics logs why, and what its caller gets is that it stopped at an instruction. The subcommands run no
//! node and have no log: so they listen.

use std::cell::RefCell;

use sc_telemetry::log::{self, LevelFilter, Log, Metadata, Record};

thread_local! {
    // A runtime runs in the thread that calls it.
    static HEARD: RefCell<Option<Vec<String>>> = const { RefCell::new(None) };
}

struct Listener;

impl Log for Listener {
    fn enabled(&self, metadata: &Metadata) -> bool {
        metadata.target() == "runtime"
    }

    fn log(&self, record: &Record) {
        if self.enabled(record.metadata()) {
            HEARD.with_borrow_mut(|heard| {
                heard
                    .iter_mut()
                    .for_each(|heard| heard.push(record.args().to_string()))
            });
        }
    }

    fn flush(&self) {}
}

/// Does something, and gives with it what a runtime said meanwhile. Nothing is heard where there is a log.
pub fn of_runtime<T>(something: impl FnOnce() -> T) -> (T, Vec<String>) {
    if log::set_logger(&Listener).is_ok() {
        log::set_max_level(LevelFilter::Error);
    }
    HEARD.set(Some(Vec::new()));
    let done = something();
    (done, HEARD.take().unwrap_or_default())
}
