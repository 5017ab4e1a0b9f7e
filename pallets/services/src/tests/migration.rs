//! How a migration is written and tried: an invented one, from a version 0 that never was, in which the count of
//! unlisted services was a byte.

use codec::Encode;
use faultline_primitives::OrganisationId;
use frame_support::{
    assert_ok,
    migrations::VersionedMigration,
    storage::unhashed,
    traits::{GetStorageVersion, OnRuntimeUpgrade, StorageVersion, UncheckedOnRuntimeUpgrade},
    weights::{constants::RocksDbWeight, Weight},
};
use sp_runtime::StateVersion;

use super::{register, unlisted};
use crate::{mock::*, Entries, Unlisted, STORAGE_VERSION};

/// From a byte to a number of four.
struct CountsGrow;

impl UncheckedOnRuntimeUpgrade for CountsGrow {
    fn on_runtime_upgrade() -> Weight {
        let mut counts = 0;
        Unlisted::<Test>::translate::<u8, _>(|_, count| {
            counts += 1;
            Some(count.into())
        });
        RocksDbWeight::get().reads_writes(counts, counts)
    }
}

type FromZeroToOne = VersionedMigration<0, 1, CountsGrow, Services, RocksDbWeight>;

/// A chain as it would be at version 0, with unlisted services of organisations 1 and 2.
fn at_version_zero(test: impl FnOnce()) {
    run(|| {
        for (who, slug) in [(1, "one"), (1, "two"), (2, "three")] {
            assert_ok!(register(who, slug));
        }
        for (organisation, count) in [(1, 2u8), (2, 1)] {
            let key = Unlisted::<Test>::hashed_key_for(OrganisationId(organisation));
            unhashed::put_raw(&key, &count.encode());
        }
        StorageVersion::new(0).put::<Services>();
        test();
    });
}

fn entries() -> Vec<Vec<u8>> {
    Entries::<Test>::iter().map(|entry| entry.encode()).collect()
}

fn root() -> Vec<u8> {
    sp_io::storage::root(StateVersion::V1)
}

#[test]
fn a_chain_begins_at_the_version_of_its_code() {
    run(|| {
        assert_eq!(Services::on_chain_storage_version(), STORAGE_VERSION);
        assert_eq!(STORAGE_VERSION, StorageVersion::new(1));
    });
}

#[test]
fn a_migration_lays_out_anew_what_is_stored_and_touches_no_entry() {
    at_version_zero(|| {
        // Four bytes are not to be had from one: before, this code reads nothing.
        assert_eq!(unlisted(1), 0);
        assert!(Services::check_state().is_err());
        let before = entries();
        FromZeroToOne::on_runtime_upgrade();
        assert_eq!((unlisted(1), unlisted(2)), (2, 1));
        assert_eq!(Services::on_chain_storage_version(), StorageVersion::new(1));
        assert_eq!(entries(), before);
        assert_eq!(Services::check_state(), Ok(()));
        // The chain goes on from there.
        assert_ok!(register(2, "four"));
        assert_eq!(unlisted(2), 2);
    });
}

#[test]
fn a_migration_runs_once() {
    at_version_zero(|| {
        FromZeroToOne::on_runtime_upgrade();
        let after = root();
        let weight = FromZeroToOne::on_runtime_upgrade();
        assert_eq!(root(), after);
        let look = RocksDbWeight::get().reads(1);
        assert_eq!(weight, look, "it looks at the version, and no further");
    });
}

#[test]
fn a_migration_leaves_a_chain_alone_that_is_past_it() {
    run(|| {
        assert_ok!(register(1, "one"));
        let before = root();
        FromZeroToOne::on_runtime_upgrade();
        assert_eq!((root(), unlisted(1)), (before, 1));
    });
}
