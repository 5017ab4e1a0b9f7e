//! Envelopes: texts that may be one.

use faultline_proof::Envelope;

/// Checks that what is taken as an envelope is one in the only way.
pub fn run(bytes: &[u8]) {
    let Ok(envelope) = Envelope::from_json(bytes) else {
        return;
    };
    let Ok(bundle) = envelope.open() else {
        return;
    };
    assert_eq!(
        Envelope::of(&bundle),
        envelope,
        "said of a bundle what it is not, or in another way"
    );
    let again = serde_json::to_vec(&envelope).map(|json| Envelope::from_json(&json));
    assert_eq!(again.ok(), Some(Ok(envelope)));
}
