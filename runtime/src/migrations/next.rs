//! What the runtime that the tests upgrade to does to what is stored: sessions are half as long.

use core::marker::PhantomData;

use frame_support::{
    migrations::VersionedMigration,
    traits::{Get, UncheckedOnRuntimeUpgrade},
    weights::Weight,
};
use pallet_consortium::{Pallet, SessionLength};

use crate::Runtime;

/// From the first version of what the consortium stores to the second.
pub type Migrations =
    VersionedMigration<1, 2, Halve<Runtime>, Pallet<Runtime>, crate::weights::base::DbWeight>;

/// Halves the length of sessions.
pub struct Halve<T>(PhantomData<T>);

impl UncheckedOnRuntimeUpgrade for Halve<Runtime> {
    fn on_runtime_upgrade() -> Weight {
        SessionLength::<Runtime>::mutate(|length| *length = (*length / 2).max(1));
        <Runtime as frame_system::Config>::DbWeight::get().reads_writes(1, 1)
    }
}
