//! What becomes of packets on disturbed links. Knows no devices.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::fault::Reach;

/// Longest that packets wait before a slow link; what would wait longer is dropped, as a router does.
const QUEUE: Duration = Duration::from_secs(2);

/// From one host to another.
pub type Link = (usize, usize);

/// What happens on some links.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disturbance {
    /// On which.
    pub links: BTreeSet<Link>,
    /// What.
    pub effect: Effect,
}

/// What happens to the packets of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// None arrives.
    Cut,
    /// They come late, by `base` and up to `jitter` more, in their order.
    Delay {
        /// By how much.
        base: Duration,
        /// By how much more at most.
        jitter: Duration,
    },
    /// So many of a hundred get lost.
    Loss(u8),
    /// Only so many bits pass in a second.
    Slow(u64),
}

/// The links that a reach names, of so many hosts.
pub fn links(reach: Reach, hosts: usize) -> BTreeSet<Link> {
    all(hosts)
        .filter(|&(from, to)| match reach {
            Reach::Between(one, other) => (from, to) == (one, other) || (to, from) == (one, other),
            Reach::Of(host) => from == host || to == host,
            Reach::Everywhere => true,
        })
        .collect()
}

/// The links between some hosts and the others.
pub fn between_sides(side: &[usize], hosts: usize) -> BTreeSet<Link> {
    all(hosts)
        .filter(|(from, to)| side.contains(from) != side.contains(to))
        .collect()
}

fn all(hosts: usize) -> impl Iterator<Item = Link> {
    (0..hosts)
        .flat_map(move |from| (0..hosts).map(move |to| (from, to)))
        .filter(|(from, to)| from != to)
}

/// What becomes of packets, as of the disturbances in force.
pub struct Fates {
    random: ChaCha8Rng,
    next: u64,
    active: BTreeMap<u64, Disturbance>,
    /// When a slow link is free again.
    free: BTreeMap<(u64, Link), Instant>,
    /// When the packet before arrives: none overtakes it.
    last: BTreeMap<Link, Instant>,
    passed: u64,
    dropped: u64,
}

impl Fates {
    /// How many packets passed, and how many did not.
    pub fn counts(&self) -> (u64, u64) {
        (self.passed, self.dropped)
    }

    /// No disturbances. Losses and jitter are drawn from the seed.
    pub fn new(seed: u64) -> Self {
        Self {
            random: ChaCha8Rng::seed_from_u64(seed),
            next: 0,
            active: BTreeMap::new(),
            free: BTreeMap::new(),
            last: BTreeMap::new(),
            passed: 0,
            dropped: 0,
        }
    }

    /// Adds a disturbance, and says by which number it is taken back.
    pub fn disturb(&mut self, disturbance: Disturbance) -> u64 {
        self.next += 1;
        self.active.insert(self.next, disturbance);
        self.next
    }

    /// Takes a disturbance back.
    pub fn heal(&mut self, number: u64) {
        self.active.remove(&number);
        self.free.retain(|(of, _), _| *of != number);
    }

    /// When a packet of so many bytes arrives that is sent now; none where it never does.
    pub fn fate(&mut self, link: Link, bytes: usize, now: Instant) -> Option<Instant> {
        let arrival = self.arrival(link, bytes, now);
        match arrival {
            Some(at) => {
                self.passed += 1;
                self.last.insert(link, at);
            }
            None => self.dropped += 1,
        }
        arrival
    }

    fn arrival(&mut self, link: Link, bytes: usize, now: Instant) -> Option<Instant> {
        let mut at = now;
        for (number, disturbance) in &self.active {
            if !disturbance.links.contains(&link) {
                continue;
            }
            match disturbance.effect {
                Effect::Cut => return None,
                Effect::Loss(percent) => {
                    if self.random.random_range(0..100) < percent {
                        return None;
                    }
                }
                Effect::Delay { base, jitter } => at += base + jitter.mul_f64(self.random.random()),
                Effect::Slow(bits) => {
                    let free = self.free.entry((*number, link)).or_insert(now);
                    let begin = (*free).max(now);
                    if begin.duration_since(now) > QUEUE {
                        return None;
                    }
                    let bits_sent = u64::try_from(bytes).unwrap_or(u64::MAX).saturating_mul(8_000_000);
                    *free = begin + Duration::from_micros(bits_sent / bits.max(1));
                    at += free.duration_since(now);
                }
            }
        }
        Some(self.last.get(&link).map_or(at, |last| at.max(*last)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn disturbed(reach: Reach, effect: Effect) -> (Fates, u64) {
        let mut fates = Fates::new(1);
        let number = fates.disturb(Disturbance {
            links: links(reach, 4),
            effect,
        });
        (fates, number)
    }

    #[test]
    fn a_cut_link_passes_nothing_until_it_is_healed_and_others_pass() {
        let now = Instant::now();
        let (mut fates, number) = disturbed(Reach::Of(2), Effect::Cut);
        assert_eq!(fates.fate((2, 0), 100, now), None);
        assert_eq!(fates.fate((1, 2), 100, now), None);
        assert_eq!(fates.fate((0, 1), 100, now), Some(now));
        fates.heal(number);
        assert_eq!(fates.fate((2, 0), 100, now), Some(now));
        assert_eq!((fates.passed, fates.dropped), (2, 2));
    }

    #[test]
    fn a_delayed_link_is_late_and_none_of_its_packets_overtakes_another() {
        let now = Instant::now();
        let (base, jitter) = (Duration::from_millis(200), Duration::from_millis(100));
        let (mut fates, number) = disturbed(Reach::Everywhere, Effect::Delay { base, jitter });
        let mut before = now;
        for step in 0..1_000 {
            let sent = now + Duration::from_millis(step);
            let arrives = fates.fate((0, 1), 100, sent).expect("nothing is lost");
            assert!(arrives >= sent + base && arrives >= before);
            assert!(arrives <= sent + base + jitter);
            before = arrives;
        }
        fates.heal(number);
        let after = fates.fate((0, 1), 100, now).expect("nothing is lost");
        assert_eq!(
            after, before,
            "not even one that is sent after the link is healed"
        );
    }

    #[test]
    fn a_lossy_link_loses_about_as_many_as_it_should() {
        let now = Instant::now();
        let (mut fates, _) = disturbed(Reach::Between(0, 1), Effect::Loss(30));
        let lost = (0..10_000)
            .filter(|_| fates.fate((1, 0), 100, now).is_none())
            .count();
        assert!((2_700..3_300).contains(&lost), "{lost}");
    }

    #[test]
    fn a_slow_link_passes_so_many_bits_a_second_and_drops_what_waits_too_long() {
        let now = Instant::now();
        let (mut fates, _) = disturbed(Reach::Everywhere, Effect::Slow(80_000));
        let arrivals: Vec<_> = (0..100).filter_map(|_| fates.fate((0, 1), 1_000, now)).collect();
        // A tenth of a second for each packet of 8,000 bits, and at most two seconds' worth wait.
        assert_eq!(arrivals.len(), 21);
        assert_eq!(arrivals[9] - now, Duration::from_secs(1));
        let later = now + Duration::from_secs(10);
        let rested = fates.fate((0, 1), 1_000, later);
        assert_eq!(rested, Some(later + Duration::from_millis(100)));
    }

    #[test]
    fn sides_hear_nobody_of_the_other_side() {
        let cut = between_sides(&[0, 3], 4);
        assert_eq!(cut.len(), 8);
        assert!(cut.contains(&(0, 1)) && cut.contains(&(2, 3)) && !cut.contains(&(0, 3)));
    }
}
