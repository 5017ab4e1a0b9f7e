//! What this pallet asks of others, and the origin that it gives them.

use alloc::vec::Vec;

use faultline_primitives::{consortium::Act, Hash, OrganisationId};
use frame_support::traits::EnsureOrigin;
use sp_runtime::{AccountId32, DispatchError};

use crate::pallet::Origin;

/// What act each call of the council's is.
pub trait Acts<Call> {
    /// The act; none where the call is not the council's.
    fn act_of(call: &Call) -> Option<Act>;
}

/// Who may have a seat.
pub trait Organisations {
    /// The admin key of an organisation, by which its seat votes; none where there is no such organisation.
    fn admin_of(organisation: OrganisationId) -> Option<AccountId32>;
}

/// Whose votes are counted.
pub trait Voters {
    /// The accounts, in order.
    fn get() -> Vec<AccountId32>;

    /// Puts these accounts, in order, in place of all others. What an account that goes voted on open motions goes
    /// with it.
    fn set(accounts: Vec<AccountId32>);
}

/// The keys by which validators make blocks and make them final.
pub trait SessionKeys {
    /// Whether an organisation has set them.
    fn are_set(organisation: OrganisationId) -> bool;
}

/// Who makes blocks final.
pub trait Finality {
    /// The validators that make this block and what follows final: the number of their set, and the hash of their
    /// keys. None while they change.
    fn validators() -> Option<(u64, Hash)>;

    /// The hash of the block before this one.
    fn parent() -> Hash;
}

/// The runtimes that may take the place of this one.
pub trait Codes {
    /// The version of the runtime that this code is.
    ///
    /// # Errors
    ///
    /// It is none, or one of another name, or no later version than this.
    fn check(code: &[u8]) -> Result<u32, DispatchError>;

    /// Puts it in place, from the next block.
    fn put(code: &[u8]);
}

/// The votes by which a motion carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Votes {
    /// How many seats were for it.
    pub ayes: u32,
    /// How many seats there are.
    pub seats: u32,
}

/// The council, by an act that is an entry of its log.
pub struct EnsureCouncil;

impl<O: From<Origin> + Into<Result<Origin, O>>> EnsureOrigin<O> for EnsureCouncil {
    type Success = ();

    fn try_origin(origin: O) -> Result<(), O> {
        origin.into().map(|Origin::Council| ())
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn try_successful_origin() -> Result<O, ()> {
        Ok(Origin::Council.into())
    }
}
