//! What changes between the pool and the block, and what one block may hold.

use codec::Encode;
use faultline_primitives::{
    attestation::{Body, Claim, Evidence, EvidenceKind, Observation, Place, Scope, Vantage},
    incident::MAX_WORDS,
    refusal::Gate,
    Account, Country, IncidentId, Millis, OrganisationId, ServiceId, Sha256, Span, Text, UnixMillis,
};
use frame_support::dispatch::GetDispatchInfo;
use pallet_incidents::{Report, MAX_REPORTS};
use sp_runtime::{
    transaction_validity::{InvalidTransaction, TransactionValidityError},
    DispatchError,
};

use super::{
    block::{self, Keyring, Keyring::*},
    chain::{council, done, now, report, saw, START},
};
use crate::{Incidents, Runtime, RuntimeCall, System, UncheckedExtrinsic};

const FIRST: IncidentId = IncidentId(0);

/// What the pool, or a block, says of a transaction that the gate turns away.
fn refused<T>(gate: Gate) -> Result<T, TransactionValidityError> {
    Err(InvalidTransaction::Custom(gate.code()).into())
}

fn down() -> Observation {
    saw(Claim::Down, START, now())
}

/// The service `openai/chatgpt`.
fn reported(who: Keyring, nonce: u32) -> UncheckedExtrinsic {
    block::transaction(who, nonce, report(1, down()))
}

fn next() -> UnixMillis {
    now().after(Millis::seconds(3))
}

#[test]
fn what_a_suspended_organisation_has_pending_enters_no_block() {
    block::run(|| {
        let pending = [reported(Alice, 0), reported(Alice, 1)];
        assert!(pending.iter().all(|one| block::pool(one.clone()).is_ok()));
        let suspend = pallet_members::Call::suspend {
            organisation: OrganisationId(0),
        };
        assert_eq!(done(council(), suspend), Ok(()));
        for one in &pending {
            let again = block::pool(one.clone());
            assert_eq!(again, refused(Gate::SuspendedOrganisation), "the pool drops it");
        }
        let results = block::make(next(), pending.to_vec());
        assert_eq!(results, [(); 2].map(|()| refused(Gate::SuspendedOrganisation)));
        assert_eq!(Incidents::count(), 0);
        let account = Alice.to_account_id();
        assert_eq!(System::account_nonce(&account), 0, "it costs nothing either");
        assert!(!pallet_members::SpentByKey::<Runtime>::contains_key(account));
    });
}

#[test]
fn a_key_that_is_revoked_between_pool_and_block_says_nothing() {
    block::run(|| {
        let pending = reported(Alice, 0);
        assert!(block::pool(pending.clone()).is_ok());
        let key = Account(Alice.to_raw_public());
        let revoke = block::transaction(AliceStash, 0, pallet_members::Call::revoke_reporter { key });
        // In one and the same block, the revocation first.
        let results = block::make(next(), vec![revoke, pending.clone()]);
        assert_eq!(results, [Ok(Ok(())), refused(Gate::RevokedKey)]);
        assert_eq!(block::pool(pending), refused(Gate::RevokedKey));
        assert_eq!(Incidents::count(), 0);
    });
}

#[test]
fn what_was_right_in_the_pool_and_fails_in_a_block_costs_quota_and_changes_nothing_else() {
    block::run(|| {
        let pending = reported(Alice, 0);
        assert!(block::pool(pending.clone()).is_ok());
        let retire = pallet_services::Call::retire {
            service: ServiceId(1),
        };
        assert_eq!(done(council(), retire), Ok(()));
        let retired = DispatchError::from(pallet_incidents::Error::<Runtime>::ServiceRetired);
        assert_eq!(block::make(next(), vec![pending]), [Ok(Err(retired))]);
        let spent = pallet_members::SpentByKey::<Runtime>::get(Alice.to_account_id());
        assert_eq!(spent.actions, 1);
        assert_eq!(System::account_nonce(Alice.to_account_id()), 1);
        assert_eq!(Incidents::count(), 0);
    });
}

#[test]
fn five_reports_in_one_block_make_one_incident() {
    block::run(|| {
        // The fifth reporter is the provider itself: it is heard, and does not count.
        let probes = [Alice, Bob, Charlie, Dave, Eve];
        let results = block::make(next(), probes.map(|probe| reported(probe, 0)).to_vec());
        assert_eq!(results, [(); 5].map(|()| Ok(Ok(()))));
        assert_eq!(Incidents::count(), 1);
        let record = Incidents::incident(FIRST).unwrap();
        assert_eq!(record.entries, 5);
        assert_eq!(record.state.tally.voices().len(), 5);
        assert_eq!(record.state.tally.affirming_groups(), 4);
        let blocks = Incidents::entries(FIRST, 0, 9)
            .into_iter()
            .map(|(entry, ..)| entry.block);
        assert!(blocks.eq([2; 5]));
    });
}

#[test]
fn the_same_transaction_enters_one_block_once() {
    block::run(|| {
        let one = reported(Alice, 0);
        let results = block::make(next(), vec![one.clone(), one.clone()]);
        assert_eq!(results, [Ok(Ok(())), Err(InvalidTransaction::Stale.into())]);
        assert_eq!(
            block::make(next(), vec![one]),
            [Err(InvalidTransaction::Stale.into())]
        );
        assert_eq!(Incidents::incident(FIRST).unwrap().entries, 1);
    });
}

fn whole<const N: u32>() -> Text<N> {
    Text::from_bytes(&vec![b'x'; N as usize]).unwrap()
}

/// An observation at the bound of every field at once.
fn largest() -> Observation {
    let to = now().after(Millis::seconds(60));
    let span = Span { from: START, to };
    Observation {
        scope: Scope::Region(whole()),
        observed: span,
        intervals: vec![span; 8].try_into().unwrap(),
        vantages: vec![
            Vantage {
                place: Place {
                    country: Country(*b"ZZ"),
                    asn: u32::MAX,
                },
                samples: u32::MAX,
                failed: u32::MAX,
            };
            8
        ]
        .try_into()
        .unwrap(),
        evidence: vec![
            Evidence {
                sha256: Sha256([0xff; 32]),
                kind: EvidenceKind::Other,
                media_type: whole(),
                size: u64::MAX,
                uri: Some(whole()),
                captured_at: to,
            };
            8
        ]
        .try_into()
        .unwrap(),
        ..saw(Claim::Recovered, START, to)
    }
}

#[test]
fn the_largest_report_is_taken_and_kept_byte_for_byte() {
    block::run(|| {
        let largest = largest();
        let text: Body = whole();
        let call = pallet_incidents::Call::report {
            service: ServiceId(1),
            observation: Box::new(largest.clone()),
            text: text.clone(),
        };
        let transaction = block::transaction(Alice, 0, call);
        assert!(block::pool(transaction.clone()).is_ok());
        assert_eq!(block::make(next(), vec![transaction]), [Ok(Ok(()))]);
        let entries = Incidents::entries(FIRST, 0, 9);
        let [(entry, body, None)] = &entries[..] else {
            panic!("one entry: {entries:?}")
        };
        let faultline_primitives::incident::Action::Opened { attestation, .. } = &entry.action else {
            panic!("an opening")
        };
        assert_eq!(attestation.observation, largest);
        assert_eq!(body.as_ref(), Some(&text));
    });
}

/// Sixty-four reports of the largest kind fit into a transaction and into a block, and every one becomes an entry.
#[test]
fn the_largest_transaction_fits_into_a_block() {
    block::run(|| {
        let report = Report {
            service: ServiceId(1),
            observation: largest(),
            text: whole(),
        };
        assert_eq!(
            MAX_REPORTS,
            u32::from(MAX_WORDS),
            "all of it is one organisation's to say"
        );
        let reports: Vec<_> = (0..MAX_REPORTS)
            .map(|n| Report {
                // Not the same claim twice in a row: that would come too soon.
                observation: Observation {
                    claim: [Claim::Down, Claim::Recovered][n as usize % 2],
                    ..report.observation.clone()
                },
                ..report.clone()
            })
            .collect();
        let call: RuntimeCall = pallet_incidents::Call::report_many {
            reports: reports.try_into().unwrap(),
        }
        .into();
        let limits = <Runtime as frame_system::Config>::BlockWeights::get();
        let of_normal = limits.get(frame_support::dispatch::DispatchClass::Normal);
        assert!(call
            .get_dispatch_info()
            .call_weight
            .all_lte(of_normal.max_extrinsic.unwrap()));
        let transaction = block::transaction(Alice, 0, call);
        assert!(
            transaction.encoded_size() < 512 * 1024,
            "{}",
            transaction.encoded_size()
        );
        assert!(block::pool(transaction.clone()).is_ok());
        assert_eq!(block::make(next(), vec![transaction]), [Ok(Ok(()))]);
        assert_eq!(Incidents::incident(FIRST).unwrap().entries, MAX_REPORTS);
        let spent = pallet_members::SpentByKey::<Runtime>::get(Alice.to_account_id());
        assert_eq!(spent.actions, MAX_REPORTS);
    });
}
