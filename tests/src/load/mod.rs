//! Load: a crowd that speaks, what it says, and how it is handed in.
//!
//! | file | holds |
//! | --- | --- |
//! | `crowd.rs` | organisations, keys and services on top of a chain |
//! | `words.rs` | who watches what, and what is said of it |
//! | `sign.rs` | transactions, signed ahead |
//! | `flood.rs` | handing in all at once, and watching each |
//! | `submit.rs` | handing in at a pace, each key's in order |
//! | `room.rs` | how much waits at a time |
//! | `book.rs` | what became of each |
//! | `follow.rs` | the blocks, as they come and become final |
//! | `heads.rs` | their numbers alone |
//!
//! [`crowded`] and [`words`] are the burst of the tests: a hundred organisations report two hundred services, each once:
//! twenty thousand transactions, every one of which is right and within the quota of whoever signs it.

pub mod book;
pub mod crowd;
pub mod flood;
pub mod follow;
pub mod heads;
pub mod room;
pub mod sign;
pub mod submit;
pub mod words;

pub use sign::{Moment, Signed};

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Result;
use faultline_primitives::{attestation::Claim, quota::Quota, ServiceId, Span, Text, UnixMillis};
use faultline_runtime::RuntimeCall;
use sp_core::{sr25519, H256};

use crate::{nemesis::ask::Node, seen_by_hand, Spec};
use crowd::{reporter, Crowd};

/// Organisations of the burst, each a group of its own: fewer than an incident counts.
pub const ORGANISATIONS: u32 = 100;
/// Services that it reports.
pub const SERVICES: u32 = 200;
/// What each of its organisations may do: what the chain `local` grants to its own.
const QUOTA: Quota = Quota {
    burst: 20_000,
    per_block: 500,
};

/// The chain `local` with the burst's crowd and its services besides those that it has. Organisations and services of the
/// crowd are numbered after the others.
///
/// # Errors
///
/// The specification is none of ours.
pub fn crowded() -> Result<Spec> {
    Crowd::of(ORGANISATIONS, SERVICES, QUOTA).join(Spec::local()?)
}

/// The number of the first service of a crowd's on the chain `local`.
pub const FIRST_SERVICE: u32 = 4;
/// The number of its first organisation there.
pub const FIRST_ORGANISATION: u32 = 6;

/// Everything that the burst's crowd says, in an order in which nobody's words wait for one that comes later.
///
/// # Errors
///
/// Never: what is said fits its bounds.
pub fn words(moment: Moment) -> Result<Vec<Signed>> {
    let keys = (0..ORGANISATIONS)
        .map(|number| reporter(number, 0))
        .collect::<Result<Vec<_>>>()?;
    let mut signed = Vec::new();
    for service in 0..SERVICES {
        for key in &keys {
            signed.push(report(moment, key, service));
        }
    }
    Ok(signed)
}

/// A report of a service of the crowd's, which is also its number among all that its key signs.
fn report(moment: Moment, key: &sr25519::Pair, service: u32) -> Signed {
    let observed = Span {
        from: UnixMillis(moment.now.0.saturating_sub(60_000)),
        to: moment.now,
    };
    let call = RuntimeCall::Incidents(pallet_incidents::Call::report {
        service: ServiceId(FIRST_SERVICE + service),
        observation: Box::new(seen_by_hand(Claim::Down, observed)),
        text: Text::default(),
    });
    sign::sign(moment, key, service, call)
}

/// Now, at a block that a node has made final.
///
/// # Errors
///
/// It does not answer.
pub async fn moment(node: &mut Node) -> Result<Moment> {
    let (genesis, block) = (node.hash(0).await?, node.finalized().await?);
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis();
    Ok(Moment {
        genesis: H256(genesis.0),
        block: (block.number, H256(block.hash.0)),
        now: UnixMillis(u64::try_from(now)?),
    })
}
