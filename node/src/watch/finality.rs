//! Whether blocks become final.

use std::time::{Duration, Instant};

/// For how many slots nothing becomes final before it is said that finality is stalled. With one of four validators
/// down it takes up to three.
pub const PATIENCE: u32 = 10;

/// Sees when finality stalls and when it is back.
pub struct Finality {
    patience: Duration,
    last: u32,
    since: Instant,
    told: bool,
}

/// What is to be said about finality.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// Nothing became final for so long.
    Stalled(Duration),
    /// Something became final again, after so long.
    Back(Duration),
}

impl Finality {
    /// Watches from now on, with a block that is final.
    pub fn new(now: Instant, finalized: u32, slot: Duration) -> Self {
        Self {
            patience: slot.saturating_mul(PATIENCE),
            last: finalized,
            since: now,
            told: false,
        }
    }

    /// Looks at the final block; a node that catches up with its peers waits for nothing. Each change is told once.
    pub fn look(&mut self, now: Instant, finalized: u32, catching_up: bool) -> Option<News> {
        let waited = now.saturating_duration_since(self.since);
        if finalized > self.last || (catching_up && !self.told) {
            self.last = finalized;
            self.since = now;
            return std::mem::take(&mut self.told).then_some(News::Back(waited));
        }
        if waited <= self.patience || self.told {
            return None;
        }
        self.told = true;
        Some(News::Stalled(waited))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SLOT: Duration = Duration::from_secs(3);

    fn after(start: Instant, seconds: u64) -> Instant {
        start + Duration::from_secs(seconds)
    }

    #[test]
    fn a_stall_of_more_than_ten_slots_is_told_once_and_its_end_once() {
        let start = Instant::now();
        let mut finality = Finality::new(start, 5, SLOT);
        assert_eq!(finality.look(after(start, 30), 5, false), None);
        let stalled = News::Stalled(Duration::from_secs(31));
        assert_eq!(finality.look(after(start, 31), 5, false), Some(stalled));
        assert_eq!(finality.look(after(start, 60), 5, false), None);
        let back = News::Back(Duration::from_secs(90));
        assert_eq!(finality.look(after(start, 90), 6, false), Some(back));
        assert_eq!(finality.look(after(start, 93), 7, false), None);
    }

    #[test]
    fn finality_that_comes_a_little_late_is_no_news() {
        let start = Instant::now();
        let mut finality = Finality::new(start, 0, SLOT);
        for (block, seconds) in [(1, 29), (2, 58), (3, 87)] {
            assert_eq!(finality.look(after(start, seconds), block, false), None);
        }
    }

    #[test]
    fn a_node_that_catches_up_waits_for_nothing() {
        let start = Instant::now();
        let mut finality = Finality::new(start, 0, SLOT);
        assert_eq!(finality.look(after(start, 100), 0, true), None);
        assert_eq!(finality.look(after(start, 120), 0, false), None);
        assert!(finality.look(after(start, 131), 0, false).is_some());
    }
}
