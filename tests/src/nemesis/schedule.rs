//! Which faults come when: a pure function of a seed.
//!
//! Faults come in waves. Within a wave they overlap, but never are more validators down at once than the chain
//! tolerates; after it everything is healed, and the chain must make blocks final again. Now and then a wave is a single
//! fault that takes down more than that, on purpose: then nothing new may become final until it is healed.

use std::fmt;

use rand::{seq::IndexedRandom, Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::fault::{Down, Fault, Reach, WrongClock};

/// How long a node may take to be there again after its fault has ended, in milliseconds: until then it counts as down.
const RETURN: u64 = 5_000;
/// How often something that fits is looked for before a fault of the links is taken, which always fits.
const TRIES: usize = 20;
/// One wave in so many takes down more validators than the chain tolerates.
const EXCESS: u32 = 6;

/// A fault, from its beginning until it is healed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The wave, from 0.
    pub wave: u32,
    /// When it begins, in milliseconds from the wave's beginning.
    pub at: u64,
    /// How long until it is healed, in milliseconds.
    pub lasts: u64,
    /// What it is.
    pub fault: Fault,
}

/// So many events for so many hosts, in waves.
pub fn schedule(seed: u64, hosts: usize, events: usize) -> Vec<Event> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut plan: Vec<Event> = Vec::with_capacity(events);
    let mut wave = 0u32;
    while plan.len() < events {
        let left = events - plan.len();
        let mut new = match wave % EXCESS {
            2 => vec![excess(&mut random, wave, hosts)],
            _ => overlapping(&mut random, wave, hosts, left),
        };
        new.sort_by_key(|event| event.at);
        plan.extend(new);
        wave += 1;
    }
    plan
}

/// The most validators that may be down.
pub fn tolerance(hosts: usize) -> usize {
    hosts.saturating_sub(1) / 3
}

fn overlapping(random: &mut ChaCha8Rng, wave: u32, hosts: usize, left: usize) -> Vec<Event> {
    let length = random.random_range(16_000..28_000);
    let count = random.random_range(6..=10).min(left);
    let mut events: Vec<Event> = Vec::with_capacity(count);
    for _ in 0..count {
        let (at, lasts) = (random.random_range(0..length), random.random_range(2_000..20_000));
        let tried = (0..TRIES).find_map(|_| {
            let fault = any(random, hosts)?;
            // Short, so that there is room for several.
            let lasts = match fault.down().is_empty() {
                true => lasts,
                false => lasts / 2 + 1_000,
            };
            let event = Event {
                wave,
                at,
                lasts,
                fault,
            };
            fits(&events, &event, hosts).then_some(event)
        });
        events.push(tried.unwrap_or_else(|| Event {
            wave,
            at,
            lasts,
            fault: of_links(random, hosts),
        }));
    }
    events
}

/// Whether no more are down with it than may be, and no two things happen to one node at a time.
fn fits(events: &[Event], new: &Event, hosts: usize) -> bool {
    let mut down = new.fault.down();
    if down.is_empty() {
        return true;
    }
    for event in events {
        let apart = event.at + event.lasts + RETURN < new.at || new.at + new.lasts + RETURN < event.at;
        if apart {
            continue;
        }
        for host in event.fault.down() {
            if down.contains(&host) {
                return false;
            }
            down.push(host);
        }
    }
    down.len() <= tolerance(hosts)
}

fn any(random: &mut ChaCha8Rng, hosts: usize) -> Option<Fault> {
    let host = random.random_range(0..hosts);
    Some(match random.random_range(0..20) {
        0 | 1 => Fault::Kill { host },
        2 => Fault::Pause { host },
        3 => Fault::Restart { host },
        4 | 5 => Fault::DiskFull { host },
        6 => Fault::Truncate {
            host,
            file: random.random_range(0..1_000),
            keep: random.random_range(0..100),
        },
        7 | 8 => Fault::Cut { host },
        9 => {
            let side = some(random, hosts, tolerance(hosts));
            if side.len() < 2 {
                return None;
            }
            Fault::Split { side }
        }
        10 | 11 => Fault::WrongClock(*WrongClock::ALL.choose(random)?),
        _ => of_links(random, hosts),
    })
}

fn of_links(random: &mut ChaCha8Rng, hosts: usize) -> Fault {
    let pair = some(random, hosts, 2);
    let (from, to) = (pair[0], pair[1]);
    let reach = match random.random_range(0..6) {
        0..=2 => Reach::Between(from, to),
        3 | 4 => Reach::Of(from),
        _ => Reach::Everywhere,
    };
    match random.random_range(0..4) {
        0 => Fault::OneWay { from, to },
        1 => {
            let millis = random.random_range(200..=1_500);
            let jitter = millis / 4;
            Fault::Delay {
                reach,
                millis,
                jitter,
            }
        }
        2 => Fault::Loss {
            reach,
            percent: random.random_range(5..=40),
        },
        _ => Fault::Slow {
            reach,
            kilobits: random.random_range(64..=512),
        },
    }
}

fn excess(random: &mut ChaCha8Rng, wave: u32, hosts: usize) -> Event {
    let how = match random.random_range(0..4) {
        0 => Down::Killed,
        1 => Down::Paused,
        2 => Down::Cut,
        _ => Down::Split,
    };
    Event {
        wave,
        at: 0,
        lasts: random.random_range(12_000..20_000),
        fault: Fault::Excess {
            hosts: some(random, hosts, tolerance(hosts) + 1),
            how,
        },
    }
}

/// So many hosts, in order.
fn some(random: &mut ChaCha8Rng, hosts: usize, count: usize) -> Vec<usize> {
    let mut some = rand::seq::index::sample(random, hosts, count.min(hosts)).into_vec();
    some.sort_unstable();
    some
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = |millis: u64| format!("{}.{} s", millis / 1_000, millis % 1_000 / 100);
        write!(
            f,
            "wave {:>3}  +{:>6}  {:>6}  {}",
            self.wave,
            tenths(self.at),
            tenths(self.lasts),
            self.fault
        )
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_seed_gives_the_same_schedule_again_and_another_seed_another() {
        for hosts in [4, 7] {
            assert_eq!(schedule(7, hosts, 300), schedule(7, hosts, 300));
            assert_ne!(schedule(7, hosts, 300), schedule(8, hosts, 300));
            assert_eq!(schedule(7, hosts, 300).len(), 300);
        }
    }

    #[test]
    fn every_kind_of_fault_comes() {
        let kinds: BTreeSet<_> = schedule(1, 7, 500)
            .iter()
            .map(|event| event.fault.kind())
            .collect();
        assert_eq!(kinds.len(), 13, "{kinds:?}");
    }

    #[test]
    fn never_are_more_down_than_is_tolerated_but_where_a_wave_says_so() {
        for (seed, hosts) in [(1, 4), (2, 4), (3, 7), (4, 7)] {
            let plan = schedule(seed, hosts, 400);
            for event in &plan {
                if let Fault::Excess { hosts: down, .. } = &event.fault {
                    assert!(down.len() > tolerance(hosts));
                    let alone = plan.iter().filter(|other| other.wave == event.wave).count();
                    assert_eq!(alone, 1, "{event}");
                    continue;
                }
                let down: Vec<usize> = plan
                    .iter()
                    .filter(|other| other.wave == event.wave)
                    .filter(|other| other.at <= event.at && event.at < other.at + other.lasts)
                    .flat_map(|other| other.fault.down())
                    .collect();
                assert!(down.len() <= tolerance(hosts), "{down:?} at {event}");
            }
        }
    }
}
