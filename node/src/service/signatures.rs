//! Signatures that held are not verified again.
//!
//! A node comes by the signature of each transaction several times: when it takes it into its pool, when it judges it
//! again there, when it makes a block of it or imports one. The SDK verifies it each time, and that is a third of what a
//! block takes. Whether a signature holds hangs on nothing but itself, its key and its message. So it is remembered which
//! held, by the digest of these three, as Bitcoin Core does. What did not hold is not remembered: nobody can fill the
//! memory without valid signatures, and who does only makes others be verified again.
//!
//! The runtime asks for it by a function of its host. This one takes the place of the SDK's, and gives the same answers.

use std::{
    collections::HashSet,
    sync::{LazyLock, Mutex, PoisonError},
};

use faultline_primitives::{log::blake2_256, Hash};
use sc_executor::sp_wasm_interface::ExtendedHostFunctions;
use sp_core::{sr25519, Pair};

/// The functions that a runtime may ask its host for: the SDK's.
pub type HostFunctions = ExtendedHostFunctions<sp_io::SubstrateHostFunctions, host::crypto::HostFunctions>;

/// So many are remembered at least, as many as the pool holds transactions; at most twice as many, in some megabytes.
const MEMORY: usize = 32_768;

/// A function of the host has nothing else to keep them in.
static HELD: LazyLock<Mutex<Held>> = LazyLock::new(|| Mutex::new(Held::of(MEMORY)));

/// Signatures that held, by the digest of all that they hang on.
struct Held {
    size: usize,
    new: HashSet<Hash>,
    old: HashSet<Hash>,
}

impl Held {
    fn of(size: usize) -> Self {
        Self {
            size,
            new: HashSet::new(),
            old: HashSet::new(),
        }
    }

    fn contains(&self, digest: &Hash) -> bool {
        self.new.contains(digest) || self.old.contains(digest)
    }

    fn insert(&mut self, digest: Hash) {
        if self.new.len() >= self.size {
            self.old = std::mem::take(&mut self.new);
        }
        self.new.insert(digest);
    }
}

/// Whether a signature holds.
fn holds(signature: &sr25519::Signature, message: &[u8], key: &sr25519::Public) -> bool {
    // Of the two that stand before the message the length is fixed: no two triples have one digest.
    let digest = blake2_256(&[&signature.0, &key.0, message]);
    let held = || HELD.lock().unwrap_or_else(PoisonError::into_inner);
    if held().contains(&digest) {
        return true;
    }
    let holds = sr25519::Pair::verify(signature, message, key);
    if holds {
        held().insert(digest);
    }
    holds
}

/// The host's functions that are ours. What the attribute makes of them is partly for runtimes, and for nobody here.
#[allow(dead_code, missing_docs, unexpected_cfgs)]
mod host {
    use sp_core::sr25519::{Pair, Public, Signature};
    use sp_runtime_interface::{
        pass_by::{PassFatPointerAndRead, PassPointerAndRead},
        runtime_interface,
    };

    /// Named as the SDK names its own.
    #[runtime_interface]
    pub trait Crypto {
        /// As the SDK has it, for a runtime of old; there is none of this chain.
        fn sr25519_verify(
            signature: PassPointerAndRead<&Signature, 64>,
            message: PassFatPointerAndRead<&[u8]>,
            key: PassPointerAndRead<&Public, 32>,
        ) -> bool {
            Pair::verify_deprecated(signature, message, key)
        }

        /// Whether a signature holds.
        #[version(2)]
        fn sr25519_verify(
            signature: PassPointerAndRead<&Signature, 64>,
            message: PassFatPointerAndRead<&[u8]>,
            key: PassPointerAndRead<&Public, 32>,
        ) -> bool {
            crate::service::signatures::holds(signature, message, key)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use sc_executor::HostFunctions as _;

    use super::*;

    #[test]
    fn what_held_holds_again_and_nothing_else_does() {
        let pair = sr25519::Pair::from_seed(&[7; 32]);
        let (signature, key) = (pair.sign(b"seen"), pair.public());
        for _ in 0..2 {
            assert!(holds(&signature, b"seen", &key));
            assert!(!holds(&signature, b"see", &key));
            assert!(!holds(
                &signature,
                b"seen",
                &sr25519::Pair::from_seed(&[8; 32]).public()
            ));
            let mut other = signature;
            other.0[3] ^= 1;
            assert!(!holds(&other, b"seen", &key));
        }
    }

    #[test]
    fn of_what_held_the_latest_are_remembered_and_no_more_than_twice_as_many_as_must_be() {
        let mut held = Held::of(3);
        for digest in (0..10).map(|byte| Hash([byte; 32])) {
            held.insert(digest);
            assert!(held.new.len() + held.old.len() <= 6);
        }
        let remembered: Vec<_> = (0..10).filter(|byte| held.contains(&Hash([*byte; 32]))).collect();
        assert_eq!(remembered, [6, 7, 8, 9]);
    }

    #[test]
    fn the_runtime_finds_the_sdks_functions_under_their_names_and_no_others() {
        let names = |functions: Vec<&'static dyn sc_executor::sp_wasm_interface::Function>| {
            BTreeSet::from_iter(functions.into_iter().map(|function| function.name().to_owned()))
        };
        let sdks = names(sp_io::SubstrateHostFunctions::host_functions());
        assert_eq!(names(HostFunctions::host_functions()), sdks);
        let ours = names(host::crypto::HostFunctions::host_functions());
        assert!(ours.len() == 2 && ours.is_subset(&sdks));
    }
}
