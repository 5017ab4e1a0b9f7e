//! Who may make each call of the runtime, and that nobody is Root.

use std::collections::{BTreeMap, BTreeSet};

use codec::{Decode, Encode};
use faultline_primitives::refusal::Gate;
use frame_support::{
    dispatch::RawOrigin as SystemOrigin,
    traits::{GetCallMetadata, PalletsInfoAccess},
};
use pallet_collective::RawOrigin as Motion;
use sp_runtime::{
    transaction_validity::{InvalidTransaction, TransactionSource},
    DispatchError,
};

use super::{
    block,
    chain::{self, admin, council, reporter, roles, signed, RULES},
};
use crate::{
    AllPalletsWithSystem, OriginCaller, Runtime, RuntimeCall, RuntimeOrigin, TxExtension, UncheckedExtrinsic,
};

/// Who makes a call by a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    Admin,
    Reporter,
}

/// All that may enter a block by a transaction. Whoever opens a call to anybody adds it here.
const OPEN: &[(&str, Open)] = &[
    ("Members::add_reporter", Open::Admin),
    ("Members::revoke_reporter", Open::Admin),
    ("Members::rotate_admin", Open::Admin),
    ("Services::register", Open::Reporter),
    ("Services::describe", Open::Reporter),
    ("Services::announce_maintenance", Open::Reporter),
    ("Incidents::report", Open::Reporter),
    ("Incidents::report_many", Open::Reporter),
    ("Incidents::attest", Open::Reporter),
    ("Incidents::withdraw", Open::Reporter),
    ("Incidents::close", Open::Reporter),
    ("Incidents::reply", Open::Reporter),
    ("Incidents::dispute", Open::Reporter),
    ("Incidents::vote", Open::Reporter),
    ("Incidents::link", Open::Reporter),
    ("Incidents::unlink", Open::Reporter),
    ("Council::propose", Open::Admin),
    ("Council::vote", Open::Admin),
    ("Council::close", Open::Admin),
    ("Consortium::apply_upgrade", Open::Admin),
    ("Session::set_keys", Open::Admin),
];

/// The kinds of origin that there are, but for Root.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Signed,
    Nobody,
    /// The council, by an act that is an entry of its log.
    Council,
    /// A motion that carried, with as many ayes as can be.
    Motion,
    /// One of the council, alone.
    Seat,
}

use Kind::*;

/// What is not signed, yet some origin may: the council's by an act, the block's author's, and whatever looks at no
/// origin. All of it is closed to transactions.
const OTHERWISE: &[(&str, &[Kind])] = &[
    ("Members::admit", &[Council]),
    ("Members::suspend", &[Council]),
    ("Members::reinstate", &[Council]),
    ("Members::set_roles", &[Council]),
    ("Members::set_group", &[Council]),
    ("Members::set_quota", &[Council]),
    ("Members::reset_admin", &[Council]),
    ("Services::list", &[Council]),
    ("Services::assign_provider", &[Council]),
    ("Services::retire", &[Council]),
    ("Incidents::set_rules", &[Council]),
    ("Incidents::redact", &[Council]),
    ("Consortium::enact", &[Motion]),
    ("Consortium::give_seat", &[Council]),
    ("Consortium::take_seat", &[Council]),
    ("Consortium::add_validator", &[Council]),
    ("Consortium::remove_validator", &[Council]),
    ("Consortium::authorize_upgrade", &[Council]),
    ("Consortium::cancel_upgrade", &[Council]),
    ("Consortium::publish_checkpoint", &[Council]),
    ("TxPause::pause", &[Council]),
    ("TxPause::unpause", &[Council]),
    // The block's time, which its author puts in.
    ("Timestamp::set", &[Nobody]),
    // Does nothing.
    ("System::remark", &[Signed, Nobody, Council, Motion, Seat]),
    ("System::remark_with_event", &[Signed]),
    // Nothing is ever authorized: that takes Root.
    (
        "System::apply_authorized_upgrade",
        &[Signed, Nobody, Council, Motion, Seat],
    ),
    // A validator's keys stay until it sets others: one that the council has removed may come back.
    ("Session::purge_keys", &[Signed]),
    // Who votes twice is reported by the block's author, which puts it in as nobody's.
    ("Grandpa::report_equivocation", &[Signed]),
    ("Grandpa::report_equivocation_unsigned", &[Nobody]),
    ("Council::execute", &[Signed]),
    ("Council::release_proposal_cost", &[Signed]),
];

/// What takes Root, and so is nobody's.
const ROOT: &[&str] = &[
    "System::set_heap_pages",
    "System::set_code",
    "System::set_code_without_checks",
    "System::set_storage",
    "System::kill_storage",
    "System::kill_prefix",
    "System::authorize_upgrade",
    "System::authorize_upgrade_without_checks",
    "Grandpa::note_stalled",
    "Council::set_members",
    "Council::disapprove_proposal",
    "Council::kill",
];

/// The pallets that there are.
const PALLETS: &[&str] = &[
    "System",
    "Timestamp",
    "Aura",
    "Grandpa",
    "Members",
    "Services",
    "Incidents",
    "Council",
    "Consortium",
    "TxPause",
    "Authorship",
    "Historical",
    "Session",
    "Offences",
];

fn name(call: &RuntimeCall) -> String {
    let called = call.get_call_metadata();
    format!("{}::{}", called.pallet_name, called.function_name)
}

/// One of every call that there is, with nothing but zeros for arguments.
fn calls() -> BTreeMap<String, RuntimeCall> {
    let bytes = |pallet: u8, call: u8| {
        let mut bytes = vec![pallet, call];
        bytes.resize(4096, 0);
        bytes
    };
    let pairs = (0..=u8::MAX).flat_map(|pallet| (0..=u8::MAX).map(move |call| (pallet, call)));
    pairs
        .filter_map(|(pallet, call)| RuntimeCall::decode(&mut &bytes(pallet, call)[..]).ok())
        .map(|call| (name(&call), call))
        .collect()
}

/// A key of an organisation with every role, and its admin key. It has a seat, too.
fn with_every_role(test: impl FnOnce()) {
    chain::run(RULES, || {
        let all = pallet_members::Call::set_roles {
            organisation: faultline_primitives::OrganisationId(0),
            roles: roles(true, true, true),
        };
        assert_eq!(chain::done(council(), all), Ok(()));
        test();
    });
}

/// Each origin that the runtime can make, but for Root.
fn origins() -> Vec<(Kind, RuntimeOrigin)> {
    let seat = chain::account(&admin(0));
    vec![
        (Signed, signed(reporter(0))),
        (Signed, signed(admin(0))),
        (Signed, signed(chain::key(250))),
        (Nobody, RuntimeOrigin::none()),
        (Council, council()),
        (Motion, Motion::<crate::AccountId, ()>::Members(3, 3).into()),
        (Seat, Motion::<crate::AccountId, ()>::Member(seat).into()),
    ]
}

fn may(name: &str, kind: Kind) -> bool {
    let is_open = OPEN.iter().any(|(open, _)| *open == name);
    let mut otherwise = OTHERWISE.iter().filter(|(other, _)| *other == name);
    match is_open {
        true => kind == Signed,
        false => otherwise.any(|(_, kinds)| kinds.contains(&kind)),
    }
}

#[test]
fn every_call_of_every_pallet_is_on_one_of_the_lists() {
    let mut listed = BTreeSet::new();
    let lists = OPEN
        .iter()
        .map(|(name, _)| *name)
        .chain(OTHERWISE.iter().map(|(name, _)| *name))
        .chain(ROOT.iter().copied());
    for name in lists {
        assert!(listed.insert(name.to_owned()), "{name} is listed twice");
    }
    let named = |pallet: &str| {
        let calls = RuntimeCall::get_call_names(pallet).iter();
        calls.map(|call| format!("{pallet}::{call}")).collect::<Vec<_>>()
    };
    let all: BTreeSet<_> = RuntimeCall::get_module_names()
        .iter()
        .flat_map(|pallet| named(pallet))
        .collect();
    assert_eq!(all, listed);

    let made: BTreeSet<_> = calls().into_keys().collect();
    assert_eq!(made, all, "these tests make every call that can be made");
}

#[test]
fn there_are_no_pallets_but_these_and_none_of_them_is_a_sudo() {
    let infos = AllPalletsWithSystem::infos();
    let names: Vec<_> = infos.iter().map(|pallet| pallet.name).collect();
    assert_eq!(names, PALLETS);
    // Nor one that makes calls with another's origin.
    for pallet in infos {
        for passes_on in [
            "sudo",
            "utility",
            "proxy",
            "multisig",
            "scheduler",
            "democracy",
            "whitelist",
        ] {
            assert!(!pallet.module_name.to_lowercase().contains(passes_on));
        }
    }
}

/// Does not compile where the runtime has an origin that `origins` does not know.
#[test]
fn there_are_no_origins_but_these_and_none_of_them_is_root() {
    chain::run(RULES, || {
        let mut kinds = BTreeSet::new();
        for (kind, origin) in origins() {
            let caller = origin.caller;
            kinds.insert(match caller {
                OriginCaller::system(SystemOrigin::Root) => panic!("Root"),
                OriginCaller::system(SystemOrigin::Signed(_)) => Signed,
                OriginCaller::system(SystemOrigin::None) => Nobody,
                OriginCaller::system(SystemOrigin::Authorized) => panic!("no call authorizes itself"),
                OriginCaller::Council(Motion::Members(..)) => Motion,
                OriginCaller::Council(Motion::Member(_)) => Seat,
                OriginCaller::Council(Motion::_Phantom(_)) => panic!("none"),
                OriginCaller::Consortium(pallet_consortium::Origin::Council) => Council,
            });
            assert!(kinds.contains(&kind));
        }
        assert_eq!(kinds.len(), 5);
    });
}

#[test]
fn each_call_is_refused_to_every_origin_that_is_not_listed_for_it() {
    with_every_role(|| {
        for (name, call) in calls() {
            for (kind, origin) in origins() {
                // The author's own doing: whole blocks show it in `pending`.
                if name == "Timestamp::set" && kind == Nobody {
                    continue;
                }
                let tried = tried(|| chain::done(origin.clone(), call.clone()));
                let is_refused = tried == Err(DispatchError::BadOrigin);
                assert_eq!(!is_refused, may(&name, kind), "{name} by {kind:?}: {tried:?}");
            }
        }
    });
}

#[test]
fn what_takes_root_is_refused_to_every_origin_and_by_every_way_round() {
    with_every_role(|| {
        let calls = calls();
        for name in ROOT {
            let call = &calls[*name];
            for (kind, origin) in origins() {
                let before = chain::root();
                let outcome = chain::done(origin, call.clone());
                assert_eq!(outcome, Err(DispatchError::BadOrigin), "{name} by {kind:?}");
                assert_eq!(chain::root(), before);
            }
            // Nor by the council's own way, nor by a motion without it.
            let enact: RuntimeCall = pallet_consortium::Call::enact {
                call: Box::new(call.clone()),
            }
            .into();
            let motion = Motion::<crate::AccountId, ()>::Members(3, 3);
            let no_act = pallet_consortium::Error::<Runtime>::NoCouncilAct.into();
            assert_eq!(chain::done(motion.into(), enact.clone()), Err(no_act), "{name}");
            let propose = |call: &RuntimeCall| -> RuntimeCall {
                pallet_collective::Call::propose {
                    threshold: 3,
                    proposal: Box::new(call.clone()),
                    length_bound: call.encoded_size() as u32,
                }
                .into()
            };
            for proposal in [propose(call), propose(&enact)] {
                assert_eq!(
                    chain::pool(admin(0), &proposal),
                    Err(Gate::NoCouncilAct.code()),
                    "{name}"
                );
            }
        }
    });
}

#[test]
fn the_gate_lets_in_the_listed_calls_by_their_kind_of_key_and_no_others() {
    with_every_role(|| {
        for (name, call) in calls() {
            let open = OPEN.iter().find(|(open, _)| *open == name).map(|(_, who)| *who);
            let by_admin = chain::gate(admin(0), &call, TransactionSource::InBlock);
            let by_reporter = chain::gate(reporter(0), &call, TransactionSource::InBlock);
            let refused = |gate: Gate| Err(InvalidTransaction::Custom(gate.code()).into());
            let [by_admin, by_reporter] = [by_admin, by_reporter].map(|checked| checked.map(|_| ()));
            match open {
                // Whether a motion is open to anybody depends on what it is for.
                Some(Open::Admin) if name == "Council::propose" => {
                    assert_eq!(by_admin, refused(Gate::NoCouncilAct));
                    assert_eq!(by_reporter, refused(Gate::NoCouncilAct));
                }
                Some(Open::Admin) => {
                    assert_eq!(by_admin, Ok(()), "{name}");
                    assert_eq!(by_reporter, refused(Gate::AdminKeyNeeded), "{name}");
                }
                Some(Open::Reporter) => {
                    assert_eq!(by_admin, refused(Gate::ReporterKeyNeeded), "{name}");
                    assert_eq!(by_reporter, Ok(()), "{name}");
                }
                None => {
                    assert_eq!(by_admin, refused(Gate::CallNotOpen), "{name}");
                    assert_eq!(by_reporter, refused(Gate::CallNotOpen), "{name}");
                }
            }
            let by_stranger = chain::gate(chain::key(250), &call, TransactionSource::InBlock);
            assert_eq!(by_stranger.map(|_| ()), refused(Gate::UnknownSigner), "{name}");
        }
    });
}

#[test]
fn a_transaction_that_nobody_signed_is_no_transaction_whatever_it_calls() {
    with_every_role(|| {
        for (name, call) in calls() {
            let bare = UncheckedExtrinsic::new_bare(call.clone());
            let general = UncheckedExtrinsic::new_transaction(call, extension());
            for unsigned in [bare, general] {
                let valid = block::pool(unsigned);
                assert!(valid.is_err(), "{name}: {valid:?}");
            }
        }
    });
}

/// What a transaction carries that nobody signs.
fn extension() -> TxExtension {
    (
        frame_system::CheckNonZeroSender::new(),
        frame_system::CheckSpecVersion::new(),
        frame_system::CheckTxVersion::new(),
        frame_system::CheckGenesis::new(),
        frame_system::CheckEra::from(sp_runtime::generic::Era::Immortal),
        pallet_members::CheckMember::<Runtime>(0),
        frame_system::CheckWeight::new(),
    )
}

/// What something comes to, and takes it back.
fn tried<T>(what: impl FnOnce() -> T) -> T {
    use frame_support::storage::{with_transaction, TransactionOutcome};
    with_transaction(|| TransactionOutcome::Rollback(Ok::<_, DispatchError>(what()))).unwrap()
}
