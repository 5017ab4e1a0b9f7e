//! Ctrl-C.

use tokio::signal::unix::{signal, Signal, SignalKind};

/// Ctrl-C, which no longer ends the program by itself.
pub struct Interrupt(Option<Signal>);

impl Interrupt {
    /// From now on.
    pub fn heed() -> Self {
        Self(signal(SignalKind::interrupt()).ok())
    }

    /// Waits until it is pressed.
    pub async fn pressed(&mut self) {
        let pressed = match &mut self.0 {
            Some(signal) => signal.recv().await,
            None => None,
        };
        if pressed.is_none() {
            // It cannot be heard, and ends nothing.
            std::future::pending().await
        }
    }
}

/// From now on it does nothing.
pub fn ignore() {
    // What listens for it once has taken it from the system for good.
    drop(Interrupt::heed());
}
