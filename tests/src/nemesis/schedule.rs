//! Which faults come when: a pure function of a seed.
//!
//! Faults come in waves. Within a wave they overlap, but never are more validators down at once than the chain
//! tolerates; after it everything is healed, and the chain must make blocks final again. Now and then a wave is a single
//! fault that takes down more than that, on purpose: then nothing new may become final until it is healed.

use std::fmt;

use rand::{seq::IndexedRandom, Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

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

/// What goes wrong. Hosts are numbered from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A host hears nobody and is heard by nobody.
    Cut {
        /// Which.
        host: usize,
    },
    /// Some hosts and the others hear only each other.
    Split {
        /// Those on the smaller side.
        side: Vec<usize>,
    },
    /// What one host sends to another does not arrive; the way back works.
    OneWay {
        /// Who sends.
        from: usize,
        /// Who hears nothing.
        to: usize,
    },
    /// Packets come late.
    Delay {
        /// On which links.
        reach: Reach,
        /// By how many milliseconds.
        millis: u64,
        /// By how many more at most.
        jitter: u64,
    },
    /// Packets get lost.
    Loss {
        /// On which links.
        reach: Reach,
        /// How many of a hundred.
        percent: u8,
    },
    /// Links are slow.
    Slow {
        /// Which.
        reach: Reach,
        /// How fast they still are, in kbit/s.
        kilobits: u64,
    },
    /// `kill -9`, and a restart at the end.
    Kill {
        /// Which.
        host: usize,
    },
    /// SIGSTOP, and SIGCONT at the end.
    Pause {
        /// Which.
        host: usize,
    },
    /// Stopped as an operator stops it, and started at the end.
    Restart {
        /// Which.
        host: usize,
    },
    /// The disk is full, until room is made at the end.
    DiskFull {
        /// Which.
        host: usize,
    },
    /// Killed, and started on a database of which a file was cut off; wiped where that does not go.
    Truncate {
        /// Which.
        host: usize,
        /// Which file, counted over and over.
        file: usize,
        /// How much of it is left, in percent.
        keep: u64,
    },
    /// A claim whose clock is wrong: the chain must refuse it by name.
    WrongClock(WrongClock),
    /// More validators down than the chain tolerates: nothing new may become final.
    Excess {
        /// Which.
        hosts: Vec<usize>,
        /// What happens to them.
        how: Down,
    },
}

/// How validators are down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Down {
    /// Killed.
    Killed,
    /// Stopped by a signal.
    Paused,
    /// Each cut off from all others.
    Cut,
    /// Together on one side of a split.
    Split,
}

/// What is wrong with a claim's times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrongClock {
    /// It was observed in the future.
    Future,
    /// Its span ends before it begins.
    Reversed,
    /// A failing interval ends before it begins.
    IntervalReversed,
    /// A failing interval lies outside the span.
    IntervalOutside,
    /// Evidence was captured in the future.
    EvidenceInFuture,
}

impl WrongClock {
    const ALL: [Self; 5] = [
        Self::Future,
        Self::Reversed,
        Self::IntervalReversed,
        Self::IntervalOutside,
        Self::EvidenceInFuture,
    ];
}

/// Links.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Between two hosts, both ways.
    Between(usize, usize),
    /// Of one host with all others, both ways.
    Of(usize),
    /// All.
    Everywhere,
}

impl Fault {
    /// Its kind, as the report counts it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Cut { .. } => "host cut off",
            Self::Split { .. } => "split in two sides",
            Self::OneWay { .. } => "one direction cut",
            Self::Delay { .. } => "links delayed",
            Self::Loss { .. } => "links lossy",
            Self::Slow { .. } => "links slow",
            Self::Kill { .. } => "killed (-9)",
            Self::Pause { .. } => "paused",
            Self::Restart { .. } => "restarted",
            Self::DiskFull { .. } => "disk full",
            Self::Truncate { .. } => "database cut off",
            Self::WrongClock(_) => "wrong clock",
            Self::Excess { .. } => "too many down",
        }
    }

    /// Whether it is one of links, for which a switch is needed.
    pub fn is_of_links(&self) -> bool {
        match self {
            Self::Cut { .. }
            | Self::Split { .. }
            | Self::OneWay { .. }
            | Self::Delay { .. }
            | Self::Loss { .. }
            | Self::Slow { .. } => true,
            Self::Excess { how, .. } => matches!(how, Down::Cut | Down::Split),
            _ => false,
        }
    }

    /// The hosts that are down as long as it lasts.
    fn down(&self) -> Vec<usize> {
        match self {
            Self::Cut { host }
            | Self::Kill { host }
            | Self::Pause { host }
            | Self::Restart { host }
            | Self::DiskFull { host }
            | Self::Truncate { host, .. } => vec![*host],
            Self::Split { side } => side.clone(),
            Self::Excess { hosts, .. } => hosts.clone(),
            _ => Vec::new(),
        }
    }
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

impl fmt::Display for Reach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Between(one, other) => write!(f, "{one}-{other}"),
            Self::Of(host) => write!(f, "all of {host}"),
            Self::Everywhere => f.write_str("all"),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.kind())?;
        match self {
            Self::Split { side } => write!(f, "{side:?} from the others"),
            Self::OneWay { from, to } => write!(f, "{from} to {to}"),
            Self::Delay {
                reach,
                millis,
                jitter,
            } => write!(f, "{reach}, {millis} to {} ms", millis + jitter),
            Self::Loss { reach, percent } => write!(f, "{reach}, {percent} %"),
            Self::Slow { reach, kilobits } => write!(f, "{reach}, {kilobits} kbit/s"),
            Self::Truncate { host, keep, .. } => write!(f, "{host}, {keep} % of a file left"),
            Self::WrongClock(how) => write!(f, "{how:?}"),
            Self::Excess { hosts, how } => write!(f, "{hosts:?} {how:?}"),
            Self::Cut { host }
            | Self::Kill { host }
            | Self::Pause { host }
            | Self::Restart { host }
            | Self::DiskFull { host } => write!(f, "{host}"),
        }
    }
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
