//! What many measurements come to.

use std::{fmt, time::Duration};

use serde_json::{json, Value};

/// How long something took, over and over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// How often it was measured.
    pub count: usize,
    /// Half took no longer. So with the next two.
    pub p50: Duration,
    /// 95 in a hundred.
    pub p95: Duration,
    /// 99 in a hundred.
    pub p99: Duration,
    /// The longest.
    pub worst: Duration,
}

impl Figures {
    /// Of these; nothing where there are none.
    pub fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        // The nearest rank: the smallest that at least so many in a hundred do not exceed.
        let at = |percent: usize| {
            let rank = (times.len() * percent).div_ceil(100).max(1);
            times.get(rank - 1).copied().unwrap_or_default()
        };
        Self {
            count: times.len(),
            p50: at(50),
            p95: at(95),
            p99: at(99),
            worst: at(100),
        }
    }

    /// In milliseconds, for programs.
    pub fn to_json(self) -> Value {
        json!({
            "count": self.count,
            "p50": millis(self.p50),
            "p95": millis(self.p95),
            "p99": millis(self.p99),
            "worst": millis(self.worst),
        })
    }
}

/// Median, 95th and 99th percentile, in milliseconds.
impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:>8.2} {:>8.2} {:>8.2}",
            millis(self.p50),
            millis(self.p95),
            millis(self.p99)
        )
    }
}

/// A time in milliseconds, to the microsecond.
pub fn millis(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e6).round() / 1e3
}

/// How many a second.
pub fn rate(count: u64, time: Duration) -> f64 {
    // Counts here lie far below what a float cannot tell apart.
    count as f64 / time.as_secs_f64().max(f64::MIN_POSITIVE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_the_smallest_that_so_many_do_not_exceed() {
        let hundred = (1..=100).rev().map(Duration::from_millis).collect();
        let figures = Figures::of(hundred);
        assert_eq!((figures.p50.as_millis(), figures.p95.as_millis()), (50, 95));
        assert_eq!((figures.p99.as_millis(), figures.worst.as_millis()), (99, 100));
        let three = Figures::of([3, 1, 2].map(Duration::from_secs).to_vec());
        assert_eq!((three.p50.as_secs(), three.p95.as_secs()), (2, 3));
        assert_eq!(Figures::of(Vec::new()), Figures::default());
    }
}
