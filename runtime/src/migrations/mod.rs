//! What an upgrade of the runtime does to what is stored: nothing, so far.
//!
//! Each of our pallets has a `STORAGE_VERSION`, which the genesis block writes beside its items. Whoever changes how an
//! item is stored:
//!
//! 1. raises that version by one;
//! 2. writes a migration beside the pallet: an `UncheckedOnRuntimeUpgrade` that reads the old layout (kept as a
//!    `storage_alias` or as the old type) and writes the new one, wrapped in
//!    `frame_support::migrations::VersionedMigration<FROM, TO, ..>`, which runs it once, on a chain that is at `FROM`,
//!    and sets the version;
//! 3. puts it at the end of [`Migrations`], and leaves it there while any chain may be at `FROM`;
//! 4. tries it on the pallet's mock, from raw bytes of the old layout to `check_state`: `migration.rs` in the tests of
//!    `pallet-services` shows how;
//! 5. changes the golden bytes in `primitives/src/tests/golden.txt` where the type has any.
//!
//! A migration never changes, moves or removes an entry of a log: heads are over their bytes, and whoever holds an older
//! bundle would call the chain forged. Entries and the types in them only ever grow, by new variants at the end. A
//! record may be laid out anew, as it is no more than what the entries fold to; its head and count stay.

#[cfg(feature = "next")]
mod next;

/// The migrations, in order. Each looks at the stored version first, and does nothing on a chain that is past it.
#[cfg(not(feature = "next"))]
pub type Migrations = ();
#[cfg(feature = "next")]
pub use next::Migrations;
