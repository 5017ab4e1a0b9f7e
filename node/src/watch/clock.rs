//! How old a block is, by the slot that it was made in.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use faultline_runtime::{opaque::Block, Header};
use sp_consensus_aura::{sr25519::AuthoritySignature, SlotDuration};

use crate::service::parts::{FullClient, Hash};

/// Turns slots into times.
#[derive(Clone, Copy, Debug)]
pub struct Clock(SlotDuration);

impl Clock {
    /// A clock of slots of this length.
    pub fn new(slot: SlotDuration) -> Self {
        Self(slot)
    }

    /// How long a slot is.
    pub fn slot(self) -> Duration {
        self.0.as_duration()
    }

    /// The slot of this moment.
    pub fn now(self) -> u64 {
        let millis = since_epoch().as_millis() / self.slot().as_millis().max(1);
        u64::try_from(millis).unwrap_or(u64::MAX)
    }

    /// For how long a block has been made: nothing where it is ahead of this machine's clock; unknown where the block
    /// is the first, which has no time, or is not there.
    pub fn age(self, client: &FullClient, hash: Hash) -> Option<Duration> {
        let slot = slot_of(&client.header(hash).ok()??)?;
        let made = Duration::from_millis(slot.saturating_mul(self.0.as_millis()));
        Some(since_epoch().saturating_sub(made))
    }
}

/// The slot that a block was made in; none of the first block.
pub fn slot_of(header: &Header) -> Option<u64> {
    if header.number == 0 {
        return None;
    }
    let slot = sc_consensus_aura::find_pre_digest::<Block, AuthoritySignature>(header).ok()?;
    Some(*slot)
}

fn since_epoch() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}
