//! Who may make which call: what holds of every one.

use faultline_primitives::{rules::Rules, IncidentId};
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult};
use sp_runtime::{
    traits::Dispatchable,
    DispatchError::{self, BadOrigin},
};

use crate::{mock::*, Call, Error, Report};

const FIRST: IncidentId = IncidentId(0);

fn made(call: &RuntimeCall, origin: RuntimeOrigin) -> DispatchResult {
    outcome(call.clone().dispatch(origin))
}

/// Every call about an incident.
fn about(incident: IncidentId) -> Vec<RuntimeCall> {
    let attest = |moves_from| Call::attest {
        incident,
        observation: Box::new(down(0, 5)),
        text: text(""),
        moves_from,
    };
    let calls: [Call<Test>; 9] = [
        attest(None),
        attest(Some(IncidentId(8))),
        Call::withdraw { incident },
        Call::close { incident },
        Call::reply {
            incident,
            statement: statement(),
            text: text(""),
        },
        Call::dispute {
            incident,
            text: text(""),
        },
        Call::vote {
            incident,
            sustain: true,
            text: text(""),
        },
        Call::link {
            incident,
            to: IncidentId(8),
        },
        Call::unlink { incident },
    ];
    calls.map(Into::into).to_vec()
}

/// Every call that opens an incident, or may.
fn reports() -> Vec<RuntimeCall> {
    let item = Report {
        service: SERVICE,
        observation: down(0, 5),
        text: text(""),
    };
    let report = Call::<Test>::report {
        service: SERVICE,
        observation: Box::new(down(0, 5)),
        text: text(""),
    };
    let reports = vec![item].try_into().unwrap();
    vec![report.into(), Call::<Test>::report_many { reports }.into()]
}

fn with_incident(test: impl FnOnce()) {
    run(|| {
        block_at(5);
        assert_ok!(report(1, SERVICE, down(0, 5)));
        test();
    });
}

#[test]
fn whoever_signs_nothing_says_nothing_and_no_more_does_the_council() {
    with_incident(|| {
        for call in about(FIRST).iter().chain(&reports()) {
            for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
                assert_noop!(made(call, origin), BadOrigin);
            }
        }
    });
}

#[test]
fn a_stranger_says_nothing_about_any_incident() {
    with_incident(|| {
        for call in about(FIRST) {
            assert_noop!(made(&call, signed(STRANGER)), DispatchError::Other("nobody"));
        }
    });
}

#[test]
fn nobody_says_anything_about_an_incident_that_is_not_there() {
    with_incident(|| {
        for call in about(IncidentId(1)) {
            for who in [1, PROVIDER, 150] {
                assert_noop!(made(&call, signed(who)), Error::<Test>::NoSuchIncident);
            }
        }
    });
}

#[test]
fn the_councils_calls_are_the_councils() {
    with_incident(|| {
        let (incident, entry, rules) = (FIRST, 0, Rules::dev());
        let calls: [Call<Test>; 2] = [Call::set_rules { rules }, Call::redact { incident, entry }];
        for call in calls.map(RuntimeCall::from) {
            for who in [signed(1), signed(PROVIDER), signed(150), RuntimeOrigin::none()] {
                assert_noop!(made(&call, who), BadOrigin);
            }
        }
    });
}

#[test]
fn rules_that_make_no_sense_together_are_refused() {
    run(|| {
        let rules = Rules::standard;
        let unsound = [
            Rules {
                quorum: 0,
                min_measured: 0,
                ..rules()
            },
            Rules {
                min_measured: 4,
                ..rules()
            },
            Rules {
                dispute_window_max: rules().renew_after,
                ..rules()
            },
            Rules {
                dispute_window: Default::default(),
                ..rules()
            },
            Rules {
                lapse_after: Default::default(),
                ..rules()
            },
        ];
        for rules in unsound {
            let set = Incidents::set_rules(RuntimeOrigin::root(), rules);
            assert_noop!(set, Error::<Test>::RulesUnsound);
        }
        let all_measured = Rules {
            min_measured: 3,
            ..rules()
        };
        assert_ok!(Incidents::set_rules(RuntimeOrigin::root(), all_measured));
    });
}
