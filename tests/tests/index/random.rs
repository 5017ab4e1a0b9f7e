//! Chance, by seeds that a failing test names.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// How many times as much as usual is tried: 1, unless FAULTLINE_INDEX_EFFORT says otherwise.
pub fn effort() -> u64 {
    let effort = std::env::var("FAULTLINE_INDEX_EFFORT").ok();
    effort.and_then(|effort| effort.parse().ok()).unwrap_or(1)
}

/// Runs something for so many seeds, and says which failed.
pub fn for_seeds(seeds: std::ops::Range<u64>, run: impl Fn(u64, &mut ChaCha8Rng) -> anyhow::Result<()>) {
    let count = (seeds.end - seeds.start) * effort();
    for seed in seeds.start..seeds.start + count {
        if let Err(error) = run(seed, &mut ChaCha8Rng::seed_from_u64(seed)) {
            panic!("seed {seed}: {error:?}");
        }
    }
}
