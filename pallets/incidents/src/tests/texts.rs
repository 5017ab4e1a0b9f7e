//! The bodies of texts, beside the log, and what entries commit to of them.

use faultline_primitives::{attestation::Body, IncidentId, Sha256};
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult};

use crate::{mock::*, Error, RedactedTexts, Texts};

const FIRST: IncidentId = IncidentId(0);

/// All deeds that a text may go with, in an order in which they are taken: entries 1 to 4 of incident 0.
fn deeds() -> [fn(Body) -> DispatchResult; 4] {
    [
        |text| {
            outcome(Incidents::attest(
                signed(2),
                FIRST,
                Box::new(down(0, 5)),
                text,
                None,
            ))
        },
        |text| outcome(Incidents::reply(signed(PROVIDER), FIRST, statement(), text)),
        |text| outcome(Incidents::dispute(signed(1), FIRST, text)),
        |text| outcome(Incidents::vote(signed(150), FIRST, true, text)),
    ]
}

fn with_incident(test: impl FnOnce()) {
    run(|| {
        block_at(5);
        assert_ok!(report(1, SERVICE, down(0, 5)));
        test();
    });
}

#[test]
fn every_entry_with_a_text_commits_to_its_sha256_and_the_body_stands_beside_it() {
    with_incident(|| {
        for (entry, deed) in (1u32..).zip(deeds()) {
            let said = format!("It is entry {entry}: caf\u{e9}.");
            assert_ok!(deed(text(&said)));
            let digest = Sha256(sp_io::hashing::sha2_256(said.as_bytes()));
            let (kept, body, redacted) = Incidents::entries(FIRST, entry, 1).remove(0);
            assert_eq!(kept.action.text(), Some(digest));
            assert_eq!((body, redacted), (Some(text(&said)), None));
        }
    });
}

#[test]
fn an_empty_text_is_none() {
    with_incident(|| {
        for (entry, deed) in (1u32..).zip(deeds()) {
            assert_ok!(deed(Body::default()));
            let (kept, body, _) = Incidents::entries(FIRST, entry, 1).remove(0);
            assert_eq!((kept.action.text(), body), (None, None));
        }
        assert_eq!(Texts::<Test>::iter().count(), 0);
    });
}

#[test]
fn what_is_not_utf8_is_no_text_of_any_entry() {
    with_incident(|| {
        for deed in deeds() {
            let not_utf8 = Body::from_bytes(&[b'a', 0xff]).unwrap();
            assert_noop!(deed(not_utf8), Error::<Test>::TextNotUtf8);
            assert_ok!(deed(Body::default()));
        }
    });
}

#[test]
fn the_text_of_a_refused_deed_is_not_kept() {
    with_incident(|| {
        for deed in deeds() {
            assert_ok!(deed(Body::default()));
        }
        let again = outcome(Incidents::vote(signed(150), FIRST, true, text("Again.")));
        assert_noop!(again, Error::<Test>::VotedAlready);
        let soon = outcome(Incidents::attest(
            signed(2),
            FIRST,
            Box::new(down(0, 5)),
            text("Again."),
            None,
        ));
        assert_noop!(soon, Error::<Test>::RepeatedTooSoon);
        assert_eq!(Texts::<Test>::iter().count(), 0);
    });
}

#[test]
fn every_text_can_be_redacted_once_and_no_entry_changes() {
    with_incident(|| {
        for deed in deeds() {
            assert_ok!(deed(text("Call John at home.")));
        }
        let before = Incidents::incident(FIRST);
        block_at(9);
        for entry in 1..=4 {
            assert_ok!(Incidents::redact(RuntimeOrigin::root(), FIRST, entry));
            let again = Incidents::redact(RuntimeOrigin::root(), FIRST, entry);
            assert_noop!(again, Error::<Test>::NothingToRedact);
            assert_eq!(RedactedTexts::<Test>::get(FIRST, entry), Some(min(9)));
        }
        assert_eq!(Texts::<Test>::iter().count(), 0);
        assert_eq!(Incidents::incident(FIRST), before);
        let of_none = Incidents::redact(RuntimeOrigin::root(), IncidentId(7), 0);
        assert_noop!(of_none, Error::<Test>::NothingToRedact);
    });
}
