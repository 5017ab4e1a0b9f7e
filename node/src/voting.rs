//! How a validator votes on what is final: what its operator may say of it.

use std::time::Duration;

use clap::value_parser;
use faultline_runtime::BlockNumber;

/// How a validator votes.
#[derive(Clone, Copy, Debug, clap::Args)]
#[command(next_help_heading = "Finality")]
pub struct VotingArgs {
    /// How long a vote takes to reach every other validator, in milliseconds
    ///
    /// A block is final two to six of these after it has been imported, four on average. It should be what a message takes
    /// between the two validators that are farthest apart, twice where they are not connected directly: 500 for lines
    /// across the world. If it is less, nothing goes wrong, but votes differ and a block is final a round later. Give
    /// all validators of a chain the same.
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 200, value_parser = value_parser!(u64).range(20..=10_000))]
    gossip_duration: u64,

    /// Vote for the block that is this many before the best one
    ///
    /// Each is a slot more until a block is final. More than 0 only where branches are frequent, as between validators on
    /// slow lines: votes for a branch that is given up come to nothing. Give all validators of a chain the same.
    #[arg(long, value_name = "BLOCKS", default_value_t = 0, value_parser = value_parser!(BlockNumber).range(..=100))]
    vote_behind: BlockNumber,
}

/// How a validator votes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Voting {
    /// How long a vote takes to reach all others.
    pub gossip: Duration,
    /// How many blocks behind the best one it stays.
    pub behind: BlockNumber,
}

impl VotingArgs {
    /// What they say.
    pub fn voting(&self) -> Voting {
        Voting {
            gossip: Duration::from_millis(self.gossip_duration),
            behind: self.vote_behind,
        }
    }
}
