//! What a refusal costs, and an incident to be refused on.

use faultline_primitives::{
    attestation::{Body, Claim, Observation},
    incident::Statement,
    Account, IncidentId, Millis, UnixMillis,
};
use pallet_incidents::Call as Incident;
use pallet_members::{SpentByKey, SpentByOrganisation};
use sp_runtime::DispatchError;

use super::chain::{
    account, block_at, code, done, in_block, now, pool, report, reporter, root, run, saw, signed, RULES,
    START,
};
use crate::{Runtime, RuntimeCall, System};

/// The incident of [`with_incident`].
pub const FIRST: IncidentId = IncidentId(0);

/// A key's call is refused by this error: by the pool, for nothing; in a block, for a quota of one action and a nonce,
/// and nothing else changes.
#[track_caller]
pub fn refused(who: Account, call: impl Into<RuntimeCall>, error: impl Into<DispatchError>) {
    let (call, error) = (call.into(), error.into());
    let before = root();
    assert_eq!(pool(who, &call), Err(code(error)), "{call:?}");
    assert_eq!(root(), before);
    assert_eq!(done(signed(who), call.clone()), Err(error));
    assert_eq!(root(), before);

    let account = account(&who);
    let organisation = pallet_members::Keys::<Runtime>::get(&account)
        .unwrap()
        .organisation;
    let by_key = SpentByKey::<Runtime>::try_get(&account).ok();
    let by_all = SpentByOrganisation::<Runtime>::try_get(organisation).ok();
    let nonce = frame_system::Account::<Runtime>::get(&account);
    assert_eq!(in_block(who, &call), Ok(Err(error)));
    let spent = SpentByKey::<Runtime>::get(&account);
    assert!(spent.actions > 0 && spent.block == System::block_number());
    match by_key {
        Some(before) => SpentByKey::<Runtime>::insert(&account, before),
        None => SpentByKey::<Runtime>::remove(&account),
    }
    match by_all {
        Some(before) => SpentByOrganisation::<Runtime>::insert(organisation, before),
        None => SpentByOrganisation::<Runtime>::remove(organisation),
    }
    frame_system::Account::<Runtime>::insert(&account, nonce);
    assert_eq!(root(), before, "only quota and nonce had changed");
}

#[track_caller]
pub fn taken(who: Account, call: impl Into<RuntimeCall>) {
    let call = call.into();
    assert_eq!(pool(who, &call), Ok(()), "{call:?}");
    assert_eq!(in_block(who, &call), Ok(Ok(())), "{call:?}");
}

pub fn down() -> Observation {
    saw(Claim::Down, START, now())
}

pub fn later(after: Millis) -> UnixMillis {
    now().after(after)
}

pub fn reply(statement: Statement) -> RuntimeCall {
    Incident::reply {
        incident: FIRST,
        statement,
        text: Body::default(),
    }
    .into()
}

/// A chain with incident 0 on service 0, since five minutes.
pub fn with_incident(test: impl FnOnce()) {
    run(RULES, || {
        block_at(later(Millis::minutes(5)));
        taken(reporter(0), report(0, down()));
        block_at(later(Millis::seconds(3)));
        test();
    });
}
