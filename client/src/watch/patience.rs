//! How long to wait before something is tried again.

use std::time::Duration;

/// The first wait.
const SHORTEST: Duration = Duration::from_millis(500);
/// The longest: about five blocks.
const LONGEST: Duration = Duration::from_secs(16);

/// Waits that double, from half a second to sixteen seconds.
pub(super) struct Patience(Duration);

impl Patience {
    pub(super) fn new() -> Self {
        Self(SHORTEST)
    }

    /// Waits, and longer the next time.
    pub(super) async fn wait(&mut self) {
        tokio::time::sleep(spread(self.0)).await;
        self.0 = self.0.saturating_mul(2).min(LONGEST);
    }
}

/// Half of a wait to all of it: a thousand readers of one node do not come back in the same moment.
fn spread(wait: Duration) -> Duration {
    let mut chance = [u8::MAX];
    // Without randomness it is the whole wait.
    let _ = getrandom::fill(&mut chance);
    let [chance] = chance;
    wait / 2 + wait * u32::from(chance) / 510
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_spread_over_its_second_half() {
        let wait = Duration::from_secs(8);
        for _ in 0..1_000 {
            let spread = spread(wait);
            assert!(spread >= wait / 2 && spread <= wait, "{spread:?}");
        }
    }
}
