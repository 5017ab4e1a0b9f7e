//! How much waits at a time: about three blocks' worth, so that no block lacks transactions and none waits for long.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use tokio::sync::Semaphore;

/// How many blocks' worth wait.
const BLOCKS: usize = 3;
/// How much the window may grow at a time, where blocks want for transactions.
const GROWTH: usize = 3;

/// The window for what comes, after a block with so many transactions, while so many were left waiting.
///
/// It is three times what a block holds. A block that left less than half a block's worth behind may have held all that
/// there was: then nothing is known of what it could hold, and the window triples.
pub fn next_window(window: usize, held: usize, left: usize, most: usize) -> usize {
    let next = if held > 0 && left < held / 2 {
        window.saturating_mul(GROWTH)
    } else {
        // Never down at once: the smallest of several blocks may be one of a slow moment.
        held.saturating_mul(BLOCKS).max(window.saturating_mul(9) / 10)
    };
    next.clamp(1, most)
}

/// Room for transactions that wait.
pub struct Room {
    free: Semaphore,
    state: Mutex<State>,
    most: usize,
}

struct State {
    window: usize,
    waiting: usize,
    // Permits that are to be taken away, as soon as they come back.
    owed: usize,
}

impl Room {
    /// For so many at first, and at most for so many.
    pub fn new(window: usize, most: usize) -> Self {
        let window = window.clamp(1, most);
        Self {
            free: Semaphore::new(window),
            state: Mutex::new(State {
                window,
                waiting: 0,
                owed: 0,
            }),
            most,
        }
    }

    /// Takes a place, as soon as there is one; whether there was before it is over.
    pub async fn enter(&self, until: Instant) -> bool {
        let until = tokio::time::Instant::from_std(until);
        match tokio::time::timeout_at(until, self.free.acquire()).await {
            Ok(Ok(permit)) => {
                permit.forget();
                self.state().waiting += 1;
                true
            }
            _ => false,
        }
    }

    /// Somebody who took a place did not need it.
    pub fn leave(&self) {
        let mut state = self.state();
        state.waiting = state.waiting.saturating_sub(1);
        let back = settle(&mut state, 1);
        self.free.add_permits(back);
    }

    /// A block took so many of those that waited.
    pub fn block(&self, held: usize) {
        let mut state = self.state();
        state.waiting = state.waiting.saturating_sub(held);
        let next = next_window(state.window, held, state.waiting, self.most);
        let mut back = held;
        match next.checked_sub(state.window) {
            Some(more) => back += more,
            None => state.owed += state.window - next,
        }
        state.window = next;
        let back = settle(&mut state, back);
        self.free.add_permits(back);
    }

    /// How many may wait now.
    pub fn window(&self) -> usize {
        self.state().window
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Pays what is owed of what comes back; the rest is free.
fn settle(state: &mut State, back: usize) -> usize {
    let paid = state.owed.min(back);
    state.owed -= paid;
    back - paid
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_is_three_blocks_and_grows_where_blocks_take_all_there_is() {
        assert_eq!(next_window(1_000, 400, 600, 32_000), 1_200);
        assert_eq!(next_window(1_000, 1_000, 0, 32_000), 3_000);
        assert_eq!(next_window(20_000, 20_000, 5, 32_000), 32_000);
        // An empty block says nothing of what the next can hold, but that it may be less.
        assert_eq!(next_window(1_000, 0, 1_000, 32_000), 900);
        assert_eq!(next_window(1, 0, 1, 32_000), 1);
    }

    #[tokio::test]
    async fn as_many_may_wait_as_the_window_says_and_no_more() {
        let room = Room::new(4, 100);
        let now = Instant::now;
        let soon = || now() + std::time::Duration::from_millis(5);
        for _ in 0..4 {
            assert!(room.enter(soon()).await);
        }
        assert!(!room.enter(soon()).await);
        // A block takes one and leaves three: three times one, but no less than nine tenths of four.
        room.block(1);
        assert_eq!(room.window(), 3);
        assert!(!room.enter(soon()).await);
        room.leave();
        assert!(room.enter(soon()).await);
        assert!(!room.enter(soon()).await);
    }
}
