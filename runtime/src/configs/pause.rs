//! Calls that the council has paused.

use alloc::vec::Vec;

use faultline_primitives::Text;
use frame_support::traits::{ConstU32, Contains, GetCallMetadata};
use pallet_consortium::EnsureCouncil;
use pallet_tx_pause::RuntimeCallNameOf;

use crate::{Runtime, RuntimeCall, RuntimeEvent};

/// Longest name of a pallet or of a call.
const MAX_NAME: u32 = 32;

impl pallet_tx_pause::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type PauseOrigin = EnsureCouncil;
    type UnpauseOrigin = EnsureCouncil;
    type WhitelistedCalls = NeverPaused;
    type MaxNameLen = ConstU32<MAX_NAME>;
    type WeightInfo = crate::weights::pallet_tx_pause::WeightInfo<Runtime>;
}

/// What cannot be paused: all but what members do. A chain whose time stood still would be dead, and a council that
/// could pause itself could never take it back.
pub struct NeverPaused;

impl Contains<RuntimeCallNameOf<Runtime>> for NeverPaused {
    fn contains((pallet, call): &RuntimeCallNameOf<Runtime>) -> bool {
        // The benchmarks pause a call by the longest name there may be, which no call has.
        let is_benchmarks = cfg!(feature = "runtime-benchmarks") && pallet.len() == MAX_NAME as usize;
        !is_members(pallet, call) && !is_benchmarks
    }
}

/// Whether a call, by its names in the metadata, is one that members make.
fn is_members(pallet: &[u8], call: &[u8]) -> bool {
    let (pallet, councils): (_, &[&str]) = match pallet {
        b"Members" => (
            "Members",
            &[
                "admit",
                "suspend",
                "reinstate",
                "set_roles",
                "set_group",
                "set_quota",
                "reset_admin",
            ],
        ),
        b"Services" => ("Services", &["list", "assign_provider", "retire"]),
        b"Incidents" => ("Incidents", &["set_rules", "redact"]),
        _ => return false,
    };
    RuntimeCall::get_call_names(pallet)
        .iter()
        .any(|name| name.as_bytes() == call && !councils.contains(name))
}

/// The calls that are paused, by pallet and name, in order.
pub fn paused() -> Vec<(Text<MAX_NAME>, Text<MAX_NAME>)> {
    let text = |(pallet, call): RuntimeCallNameOf<Runtime>| {
        Some((Text::from_bytes(&pallet)?, Text::from_bytes(&call)?))
    };
    let mut paused: Vec<_> = pallet_tx_pause::PausedCalls::<Runtime>::iter_keys()
        .filter_map(text)
        .collect();
    paused.sort_unstable();
    paused
}
