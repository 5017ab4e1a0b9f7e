//! What can go wrong.

use std::fmt;

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
    /// Each.
    pub const ALL: [Self; 5] = [
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

    /// Whether it is one of links or disks, for which hosts of their own are needed.
    pub fn needs_hosts(&self) -> bool {
        match self {
            Self::Cut { .. }
            | Self::Split { .. }
            | Self::OneWay { .. }
            | Self::Delay { .. }
            | Self::Loss { .. }
            | Self::Slow { .. }
            | Self::DiskFull { .. } => true,
            Self::Excess { how, .. } => matches!(how, Down::Cut | Down::Split),
            _ => false,
        }
    }

    /// The hosts that are down as long as it lasts.
    pub fn down(&self) -> Vec<usize> {
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
