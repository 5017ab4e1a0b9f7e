//! The file in which people keep a bundle, and the bytes in it.

use faultline_forge::incident_bundle;
use faultline_proof::{
    bundle::{Unreadable, MAX_BYTES},
    envelope::{BadEnvelope, Envelope, MAX_JSON},
    Bundle,
};
use proptest::prelude::*;

fn envelope() -> (Bundle, Envelope) {
    let (_, bundle) = incident_bundle(4, 1, 3);
    let envelope = Envelope::of(&bundle);
    (bundle, envelope)
}

fn json(envelope: &Envelope) -> Vec<u8> {
    serde_json::to_vec_pretty(envelope).expect("it has no map whose keys are no text")
}

#[test]
fn what_was_put_in_comes_out() {
    let (bundle, envelope) = envelope();
    let read = Envelope::from_json(&json(&envelope)).expect("what was written");
    assert_eq!(read.open(), Ok(bundle));
}

#[test]
fn what_stands_beside_the_bundle_is_what_the_bundle_is_of() {
    let (_, envelope) = envelope();
    let with = |change: &dyn Fn(&mut Envelope)| {
        let mut other = envelope.clone();
        change(&mut other);
        other.open().expect_err("another envelope")
    };
    assert_eq!(with(&|envelope| envelope.about.block += 1), BadEnvelope::About);
    assert_eq!(
        with(&|envelope| envelope.about.genesis = None),
        BadEnvelope::About
    );
    assert_eq!(
        with(&|envelope| envelope.about.incidents.clear()),
        BadEnvelope::About
    );
    assert_eq!(with(&|envelope| envelope.version = 2), BadEnvelope::Version(2));
    assert_eq!(
        with(&|envelope| envelope.format.push('x')),
        BadEnvelope::OtherFormat("faultline-evidencex".into())
    );
    assert_eq!(
        with(&|envelope| envelope.bundle.insert(5, '*')),
        BadEnvelope::Base64
    );
}

#[test]
fn a_file_that_says_more_than_its_form_is_refused() {
    let (_, envelope) = envelope();
    let mut value = serde_json::to_value(&envelope).unwrap();
    value["verified"] = true.into();
    let read = Envelope::from_json(value.to_string().as_bytes());
    assert!(matches!(read, Err(BadEnvelope::Json(_))), "{read:?}");
    assert_eq!(
        Envelope::from_json(&vec![b' '; MAX_JSON + 1]),
        Err(BadEnvelope::TooLong)
    );
}

#[test]
fn bytes_are_a_bundle_only_in_the_one_way_in_which_it_is_written() {
    let (bundle, _) = envelope();
    let bytes = bundle.to_bytes();
    assert_eq!(Bundle::from_bytes(&[]), Err(Unreadable::Malformed));
    assert_eq!(
        Bundle::from_bytes(&bytes[..bytes.len() - 1]),
        Err(Unreadable::Malformed)
    );
    assert_eq!(
        Bundle::from_bytes(&[&bytes[..], &[0]].concat()),
        Err(Unreadable::Malformed)
    );
    let other = [&[2], &bytes[1..]].concat();
    assert_eq!(Bundle::from_bytes(&other), Err(Unreadable::Version(2)));
    assert_eq!(
        Bundle::from_bytes(&vec![1; MAX_BYTES + 1]),
        Err(Unreadable::TooLong)
    );
}

proptest! {
    #[test]
    fn flipping_a_bit_makes_no_bundle_or_another(bit in any::<prop::sample::Index>()) {
        let (bundle, _) = envelope();
        let mut bytes = bundle.to_bytes();
        let bit = bit.index(bytes.len() * 8);
        bytes[bit / 8] ^= 1 << (bit % 8);
        if let Ok(other) = Bundle::from_bytes(&bytes) {
            prop_assert_ne!(other, bundle);
        }
    }

    #[test]
    fn of_a_damaged_bundle_nothing_is_proven(bits in prop::collection::vec(any::<prop::sample::Index>(), 1..4), cut in any::<Option<prop::sample::Index>>()) {
        let (chain, bundle) = incident_bundle(4, 1, 3);
        let good = bundle.to_bytes();
        let mut bytes = good.clone();
        for bit in bits {
            let bit = bit.index(bytes.len() * 8);
            bytes[bit / 8] ^= 1 << (bit % 8);
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        prop_assume!(bytes != good);
        let anchor = faultline_proof::Anchor::Genesis(chain.genesis());
        let proven = Bundle::from_bytes(&bytes).is_ok_and(|bundle| faultline_proof::verify(&bundle, anchor).is_ok());
        prop_assert!(!proven);
    }
}
