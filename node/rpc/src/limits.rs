//! What bounds questions and answers, besides [`MAX_PAGE`](crate::MAX_PAGE) and its like. `docs/rpc.md` has a table of it
//! all, made of these.

use std::time::Duration;

/// Most incidents that the answer about an event lists.
pub const RELATED: usize = 100;
/// Most services that are looked at for it.
pub const RELATIVES: usize = 256;
/// Most steps that are made in the index for one page.
pub const STEPS: u32 = 10_000;
/// Most values that are read from the state for one evidence bundle.
pub const READS: u32 = 100_000;
/// Most bytes of one part of a warp proof, before base64.
pub const WARP_PART: usize = 1024 * 1024;
/// How long a question waits for its turn.
pub const TURN: Duration = Duration::from_secs(5);
/// How long a subscriber may take nothing.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Most calls in one batch, where the operator says nothing. So with all that follow.
pub const BATCH: u32 = 100;
/// Largest request, in MiB.
pub const REQUEST_MIB: u32 = 15;
/// Largest answer, in MiB.
pub const ANSWER_MIB: u32 = 15;
/// Most subscriptions of one connection.
pub const SUBSCRIPTIONS: u32 = 1_024;
/// Most connections.
pub const CONNECTIONS: u32 = 100;

#[cfg(feature = "server")]
const _: () = assert!(STEPS == faultline_index::MAX_STEPS);
