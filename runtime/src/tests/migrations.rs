//! The versions of what is stored.

use frame_support::traits::{GetStorageVersion, StorageVersion};

use super::{
    block,
    chain::{root, run, RULES},
};
use crate::{Consortium, Executive, Incidents, Members, Services};

#[test]
fn a_chain_begins_at_the_versions_of_its_code() {
    run(RULES, || {
        let first = StorageVersion::new(1);
        let versions = [
            (
                Members::in_code_storage_version(),
                Members::on_chain_storage_version(),
            ),
            (
                Services::in_code_storage_version(),
                Services::on_chain_storage_version(),
            ),
            (
                Incidents::in_code_storage_version(),
                Incidents::on_chain_storage_version(),
            ),
            (
                Consortium::in_code_storage_version(),
                Consortium::on_chain_storage_version(),
            ),
        ];
        assert_eq!(versions, [(first, first); 4]);
    });
}

#[test]
fn an_upgrade_to_the_same_code_changes_nothing() {
    block::run(|| {
        let before = root();
        Executive::execute_on_runtime_upgrade();
        assert_eq!(root(), before);
    });
}
