//! What the transaction pool answers: one byte that stands for one thing.

use std::collections::BTreeSet;

use crate::refusal::{Code, Gate, FIRST_PALLET_CODE, PALLETS};

#[test]
fn each_refusal_of_the_gate_has_a_code_of_its_own_and_reads_back() {
    let codes: BTreeSet<_> = Gate::ALL.iter().map(|gate| gate.code()).collect();
    assert_eq!(codes.len(), Gate::ALL.len());
    for gate in Gate::ALL {
        assert!(gate.code() < FIRST_PALLET_CODE);
        assert_eq!(Code::of(gate.code()), Some(Code::Gate(*gate)));
    }
}

#[test]
fn the_gates_codes_never_change() {
    let codes: Vec<_> = Gate::ALL.iter().map(|gate| (gate.code(), gate.name())).collect();
    assert_eq!(
        codes,
        [
            (0, "UnknownSigner"),
            (1, "RevokedKey"),
            (2, "SuspendedOrganisation"),
            (3, "CallNotOpen"),
            (4, "RoleMissing"),
            (5, "AdminKeyNeeded"),
            (6, "ReporterKeyNeeded"),
            (7, "QuotaSpent"),
            (8, "TooManyPending"),
            (9, "WouldFail"),
            (10, "NoCouncilAct"),
            (11, "ThresholdTooLow"),
            (12, "CallPaused"),
        ],
        "clients read these codes: a gate may be added at the end, never moved"
    );
    assert_eq!(
        PALLETS,
        [
            ("Members", 32),
            ("Services", 24),
            ("Incidents", 72),
            ("Council", 20),
            ("Consortium", 40),
            ("TxPause", 8),
            ("Session", 8),
            ("System", 12)
        ]
    );
    assert_eq!(FIRST_PALLET_CODE, 32);
}

#[test]
fn each_error_of_a_pallet_has_a_code_of_its_own_and_reads_back() {
    let mut codes = BTreeSet::new();
    for (pallet, room) in PALLETS {
        for error in 0..room {
            let code = Code::for_error(pallet, error).unwrap();
            assert!(code >= FIRST_PALLET_CODE);
            assert!(codes.insert(code));
            assert_eq!(Code::of(code), Some(Code::Pallet { pallet, error }));
        }
    }
}

#[test]
fn what_nobody_gives_out_stands_for_nothing() {
    let given: BTreeSet<_> = Gate::ALL
        .iter()
        .map(|gate| gate.code())
        .chain(32..32 + 32 + 24 + 72 + 20 + 40 + 8 + 8 + 12)
        .collect();
    for code in 0..=u8::MAX {
        assert_eq!(Code::of(code).is_some(), given.contains(&code), "{code}");
    }
}

#[test]
fn an_error_beyond_the_codes_and_a_pallet_without_any_have_none() {
    for (pallet, room) in PALLETS {
        for error in room..=u8::MAX {
            assert_eq!(Code::for_error(pallet, error), None);
        }
    }
    assert_eq!(Code::for_error("Grandpa", 0), None);
    assert_eq!(Code::for_error("members", 0), None);
}
