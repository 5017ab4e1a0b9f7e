//! Random calls by random actors, over the runtime as it is, against a simple model.
//!
//! | file | holds |
//! | --- | --- |
//! | `world` | the model: members, keys, services and quotas, in plain collections |
//! | `incidents` | the model of an incident |
//! | `expect`, `says` | whether a call must be taken, or by which error it is refused |
//! | `apply` | what a call that was taken changes in the model |
//! | `deeds`, `histories` | what is done at random |
//! | `state` | what is stored, beside the model |
//!
//! The model shares no code with the folds. It says who may speak, what makes sense, and what is kept; of verdicts,
//! spans and settling it says only what must be so whatever the tally comes to. The tally has a model of its own in
//! `primitives`.

mod apply;
mod deeds;
mod expect;
mod histories;
mod incidents;
mod says;
mod state;
mod world;

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

use faultline_primitives::{
    attestation::{Body, Observation},
    refusal::Gate,
    Account, ServiceId,
};
use frame_support::traits::GetCallMetadata;
use pallet_incidents::Report;
use proptest::test_runner::{Config, TestRng, TestRunner};
use sp_runtime::DispatchError;

use self::{
    deeds::Step,
    expect::cost,
    state::Entries,
    world::{By, Check, IncidentError, Log, World},
};
use super::chain::{self, RULES};
use crate::{RuntimeCall, RuntimeOrigin, System};

/// How often each call, and the gate, came to each outcome.
type Reached = BTreeMap<(&'static str, String), u32>;

/// Nothing was wrong with it.
const TAKEN: &str = "taken";

/// The chain beside the model.
struct Both<'a> {
    world: World,
    entries: Entries,
    reached: &'a RefCell<Reached>,
}

impl Both<'_> {
    fn step(&mut self, step: &Step) {
        if step.wait.0 > 0 {
            self.world.now = self.world.now.after(step.wait);
            self.world.block += 1;
            chain::block_at(self.world.now);
        }
        System::reset_events();
        let call = step.deed.call(&self.world);
        let expected = self.world.expect(&step.by, &call);
        let before = chain::root();
        let outcome = match step.by {
            By::Key(who) => self.transact(who, &call, &before),
            By::Council => chain::done(chain::council(), call.clone()),
            By::Nobody => chain::done(RuntimeOrigin::none(), call.clone()),
        };
        let name = call.get_call_metadata().function_name;
        self.note(
            name,
            outcome
                .err()
                .map_or(TAKEN.into(), |error| <&str>::from(error).into()),
        );
        assert!(
            expected.allows(&outcome),
            "{:?} makes {call:?}: {outcome:?}, and not as expected: {expected:?}",
            step.by
        );
        let recorded = state::recorded();
        self.ensure_appended(&recorded, step.by);
        match outcome {
            Ok(()) => self.take(&step.by, &call, &recorded),
            Err(error) => {
                assert_eq!(chain::root(), before, "what is refused changes nothing");
                self.refuse(&call, error);
            }
        }
        self.world.agrees();
        chain::check_state();
    }

    /// A key makes a call by a transaction; or, where the gate does not let it in, past the gate.
    fn transact(&mut self, who: Account, call: &RuntimeCall, before: &[u8]) -> Check {
        let gate = self.world.gate(&By::Key(who), call);
        let pool = chain::pool(who, call);
        assert_eq!(chain::root(), before, "the pool tries and leaves no trace");
        let past_the_gate = || chain::done(chain::signed(who), call.clone());
        match (gate, pool) {
            (Err(gate), pool) => {
                self.note("the gate", format!("{gate:?}"));
                assert_eq!(pool, Err(gate.code()), "{gate:?}: {call:?}");
                past_the_gate()
            }
            (Ok(()), Err(code)) => {
                let outcome = past_the_gate();
                assert_eq!(
                    outcome.map_err(chain::code),
                    Err(code),
                    "what is doomed does fail so"
                );
                outcome
            }
            (Ok(()), Ok(())) => {
                let outcome = chain::in_block(who, call).expect("a block takes what the pool does");
                assert_eq!(outcome, Ok(()), "what comes first in line is not doomed");
                self.world.pay(&who, cost(call));
                outcome
            }
        }
    }

    /// No entry that was there changed; those that are new are the ones that the events tell of, each the next of its
    /// log.
    fn ensure_appended(&mut self, recorded: &[(Log, u32)], by: By) {
        let after = state::entries();
        for (place, bytes) in &self.entries {
            assert_eq!(after.get(place), Some(bytes), "an entry changed: {place:?}");
        }
        let is_new = |place: &&(Log, u32)| !self.entries.contains_key(place);
        let new: Vec<_> = after.keys().filter(is_new).copied().collect();
        let mut told = recorded.to_vec();
        told.sort_unstable();
        assert_eq!(told, new);
        let key = World::signer(&by).ok();
        for (log, number) in new {
            let has_former = number == 0 || after.contains_key(&(log, number - 1));
            assert!(has_former, "a gap before {log:?} {number}");
            self.world.ensure_own((log, number), key);
        }
        self.entries = after;
    }

    fn take(&mut self, by: &By, call: &RuntimeCall, recorded: &[(Log, u32)]) {
        if let RuntimeCall::Incidents(call) = call {
            match call {
                pallet_incidents::Call::report {
                    service, observation, ..
                } => self.ensure_found(*service, observation, recorded),
                pallet_incidents::Call::report_many { reports } => self.take_each(by, reports, recorded),
                _ => {}
            }
        }
        if let Some(logs) = self.world.appends_to(by, call) {
            let told: Vec<_> = recorded.iter().map(|(log, _)| *log).collect();
            assert_eq!(told, logs);
        }
        self.world.apply(by, call, recorded);
    }

    /// A report was put where it may be.
    fn ensure_found(&self, service: ServiceId, seen: &Observation, recorded: &[(Log, u32)]) {
        let [(Log::Incident(id), number)] = recorded else {
            panic!("a report is one entry: {recorded:?}")
        };
        let now = self.world.now;
        let of_service = (0..).zip(&self.world.incidents);
        let mut of_service = of_service.filter(|(_, other)| other.service == service.0);
        let surely = of_service.find(|(_, other)| other.surely_takes(&seen.observed, now));
        if let Some((surely, _)) = surely {
            assert!(*id <= surely, "an older incident lay near");
        }
        match self.world.incidents.get(*id as usize) {
            Some(joined) => {
                assert_eq!(joined.service, service.0);
                assert!(joined.may_take(&seen.observed, now), "too far away");
            }
            None => assert_eq!((*id, *number), (self.world.incidents.len() as u64, 0)),
        }
    }

    /// Each of several reports stands or falls as if it had come alone.
    fn take_each(&mut self, by: &By, reports: &[Report], recorded: &[(Log, u32)]) {
        let refused = state::refused_reports();
        let mut recorded = recorded.iter();
        for (place, report) in (0..).zip(reports) {
            let alone = chain::report_in_words(
                report.service.0,
                report.observation.clone(),
                Body::clone(&report.text),
            );
            let expected = self.world.expect(by, &alone);
            let outcome = refused.get(&place).map_or(Ok(()), |why| Err(*why));
            assert!(
                expected.allows(&outcome),
                "report {place}: {outcome:?}, not {expected:?}"
            );
            if outcome.is_ok() {
                let entry = *recorded.next().expect("an entry of each that was taken");
                self.take(by, &alone, &[entry]);
            }
        }
        assert_eq!(recorded.next(), None);
    }

    /// What has settled or lapsed does so for ever.
    fn refuse(&mut self, call: &RuntimeCall, error: DispatchError) {
        use pallet_incidents::Call::*;
        let is_final = [IncidentError::Settled, IncidentError::Lapsed].map(DispatchError::from);
        let RuntimeCall::Incidents(
            attest {
                incident,
                moves_from: None,
                ..
            }
            | withdraw { incident }
            | close { incident },
        ) = call
        else {
            return;
        };
        if is_final.contains(&error) {
            self.world.incidents[incident.0 as usize].is_final = true;
        }
    }

    fn note(&self, what: &'static str, outcome: String) {
        *self.reached.borrow_mut().entry((what, outcome)).or_default() += 1;
    }
}

fn play(history: &[Step], reached: &RefCell<Reached>) {
    chain::run(RULES, || {
        let mut both = Both {
            world: World::begin(RULES),
            entries: state::entries(),
            reached,
        };
        both.world.agrees();
        history.iter().for_each(|step| both.step(step));
    });
}

/// So many cases, unless PROPTEST_CASES says otherwise.
fn config(cases: u32) -> Config {
    let told = std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok());
    Config {
        cases: told.unwrap_or(cases),
        source_file: Some(file!()),
        ..Config::default()
    }
}

#[test]
fn random_calls_by_random_actors_do_what_the_model_says() {
    let reached = RefCell::default();
    let result = TestRunner::new(config(96)).run(&histories::history(100), |history| {
        play(&history, &reached);
        Ok(())
    });
    if let Err(failed) = result {
        panic!("{failed}");
    }
}

/// Always the same histories, so that what they reach is certain. `--nocapture` shows it.
#[test]
fn the_random_histories_reach_every_call() {
    let reached = RefCell::default();
    let config = Config {
        cases: 48,
        failure_persistence: None,
        ..Config::default()
    };
    let rng = TestRng::deterministic_rng(config.rng_algorithm);
    let result = TestRunner::new_with_rng(config, rng).run(&histories::history(100), |history| {
        play(&history, &reached);
        Ok(())
    });
    if let Err(failed) = result {
        panic!("{failed}");
    }
    let reached = reached.into_inner();
    for ((what, outcome), times) in &reached {
        println!("{what:22} {outcome:22} {times:5}");
    }
    let outcomes = |what: &str| {
        let of_it = reached.keys().filter(|(name, _)| *name == what);
        of_it
            .map(|(_, outcome)| outcome.as_str())
            .collect::<BTreeSet<_>>()
    };
    for pallet in ["Members", "Services", "Incidents"] {
        for call in RuntimeCall::get_call_names(pallet) {
            let outcomes = outcomes(call);
            assert!(outcomes.contains(TAKEN), "{call} is never taken");
            assert!(outcomes.len() > 1, "{call} is never refused");
        }
    }
    let gate = [
        Gate::UnknownSigner,
        Gate::RevokedKey,
        Gate::SuspendedOrganisation,
        Gate::RoleMissing,
        Gate::AdminKeyNeeded,
        Gate::ReporterKeyNeeded,
        Gate::CallNotOpen,
        Gate::QuotaSpent,
    ];
    let outcomes = outcomes("the gate");
    for reason in gate {
        assert!(
            outcomes.contains(format!("{reason:?}").as_str()),
            "never {reason:?}"
        );
    }
}
