//! What every call leaves behind: one entry at the end of the log, of its block and its time, and an event.

use faultline_primitives::{
    incident::{Action, Incident},
    log::What,
    rules::Rules,
    IncidentId, Millis, OrganisationId, Record, Roll,
};
use frame_support::assert_ok;
use sp_runtime::traits::Dispatchable;

use crate::{mock::*, AllIncidents, Call, Event, OnService};

const FIRST: IncidentId = IncidentId(0);
const SECOND: IncidentId = IncidentId(1);
const DAY: u64 = 24 * 60;

/// Whether an entry is of a kind.
type Kind = fn(&Action) -> bool;

/// Every call that appends to the log of incident 0, in an order in which all are taken: the minute, who makes it,
/// and whether its entry is of its kind.
fn calls() -> Vec<(u64, u8, Call<Test>, Kind)> {
    let incident = FIRST;
    let text = text("");
    let attest = Call::attest {
        incident,
        observation: Box::new(down(0, 6)),
        text: text.clone(),
        moves_from: None,
    };
    let report = Call::report {
        service: SERVICE,
        observation: Box::new(down(0, 6)),
        text: text.clone(),
    };
    let reply = Call::reply {
        incident,
        statement: statement(),
        text: text.clone(),
    };
    let dispute = Call::dispute {
        incident,
        text: text.clone(),
    };
    let vote = Call::vote {
        incident,
        sustain: true,
        text,
    };
    let link = Call::link { incident, to: SECOND };
    let attested = |action: &Action| matches!(action, Action::Attested { moves_from: None, .. });
    let withdrawn = |action: &Action| matches!(action, Action::Withdrawn { moved_to: None, .. });
    vec![
        (6, 7, attest, attested),
        (7, 8, report, attested),
        (8, 7, Call::withdraw { incident }, withdrawn),
        (9 + DAY, 9, Call::close { incident }, |action| {
            matches!(action, Action::Closed { .. })
        }),
        (10 + DAY, PROVIDER, reply, |action| {
            matches!(action, Action::Replied { .. })
        }),
        (11 + DAY, 1, dispute, |action| {
            matches!(action, Action::Disputed { .. })
        }),
        (12 + DAY, 150, vote, |action| {
            matches!(action, Action::Voted { sustain: true, .. })
        }),
        (13 + DAY, 150, link, |action| {
            matches!(action, Action::Linked { to: SECOND, .. })
        }),
        (14 + DAY, 151, Call::unlink { incident }, |action| {
            matches!(action, Action::Unlinked { .. })
        }),
    ]
}

/// A chain with incidents 0 and 1 on the service, the first confirmed at minute 5.
fn with_incidents(test: impl FnOnce()) {
    run(|| {
        block_at(5);
        for who in 1..=3 {
            assert_ok!(report(who, SERVICE, down(0, 5)));
        }
        // History of a day before the first began.
        let mut history = recovered(0, 1);
        for time in [&mut history.observed.from, &mut history.observed.to] {
            time.0 -= Millis::days(1).0;
        }
        assert_ok!(report(1, SERVICE, history));
        assert_eq!(Incidents::count(), 2);
        test();
    });
}

#[test]
fn every_call_appends_one_entry_of_its_block_and_time_and_says_so() {
    with_incidents(|| {
        let second = Incidents::incident(SECOND);
        for (number, (minute, who, call, is_of_its_kind)) in (3u32..).zip(calls()) {
            block_at(minute);
            let organisation = OrganisationId(who.into());
            assert_ok!(RuntimeCall::from(call).dispatch(signed(who)));

            let log: Vec<_> = Incidents::entries(FIRST, 0, u32::MAX)
                .into_iter()
                .map(|(entry, ..)| entry)
                .collect();
            assert_eq!(log.len(), number as usize + 1, "one more");
            let last = log.last().unwrap();
            let block = System::block_number() as u32;
            assert_eq!((last.block, last.at), (block, min(minute)));
            assert!(is_of_its_kind(&last.action), "{:?}", last.action);
            let by = last.action.by();
            assert_eq!((by.organisation, by.affiliated), (organisation, who == PROVIDER));
            assert_eq!(sp_runtime::AccountId32::new(by.key.0), account(who.into()));

            let record = Incidents::incident(FIRST).unwrap();
            assert_eq!(
                (record.entries, record.block, record.at),
                (number + 1, block, min(minute))
            );
            assert_eq!(Record::<Incident>::replay(FIRST, &log).unwrap().unwrap(), record);
            System::assert_last_event(
                Event::Recorded {
                    incident: FIRST,
                    entry: number,
                    service: SERVICE,
                    organisation,
                }
                .into(),
            );
            Incidents::check_state().unwrap();
        }
        assert_eq!(
            Incidents::incident(SECOND),
            second,
            "nothing was said of the other"
        );
    });
}

#[test]
fn a_move_is_an_entry_of_either_log_and_an_event_of_each() {
    run(|| {
        block_at(5);
        assert_ok!(report(1, SERVICE, down(0, 5)));
        assert_ok!(report(2, OTHER, down(0, 5)));
        System::reset_events();
        assert_ok!(outcome(Incidents::attest(
            signed(1),
            SECOND,
            Box::new(down(0, 5)),
            text(""),
            Some(FIRST)
        )));
        let events: Vec<_> = System::events().into_iter().map(|record| record.event).collect();
        let recorded = |incident, service| {
            RuntimeEvent::from(Event::Recorded {
                incident,
                entry: 1,
                service,
                organisation: OrganisationId(1),
            })
        };
        assert_eq!(events, [recorded(FIRST, SERVICE), recorded(SECOND, OTHER)]);
        let (entry, ..) = Incidents::entries(SECOND, 1, 1).remove(0);
        assert!(matches!(
            entry.action,
            Action::Attested {
                moves_from: Some(FIRST),
                ..
            }
        ));
    });
}

#[test]
fn an_opening_stands_on_the_rolls_of_all_and_of_its_service() {
    run(|| {
        block_at(5);
        assert_eq!((Incidents::count(), Incidents::roll_of(SERVICE)), (0, None));
        assert!(Incidents::latest_on(SERVICE, 9).is_empty());
        assert_ok!(report(1, SERVICE, down(0, 5)));
        block_at(6);
        assert_ok!(report(1, OTHER, down(0, 5)));
        assert_ok!(report(2, OTHER, down(0, 5)));

        let all = Roll::empty(What::Incidents, ())
            .with(FIRST, 2, min(5))
            .with(SECOND, 3, min(6));
        assert_eq!(AllIncidents::<Test>::get(), Some(all));
        for (service, id, block, at) in [(SERVICE, FIRST, 2, min(5)), (OTHER, SECOND, 3, min(6))] {
            let roll = Roll::empty(What::IncidentsOnService, service).with(id, block, at);
            assert_eq!(Incidents::roll_of(service), Some(roll));
            assert_eq!(OnService::<Test>::get(service, 0), Some(id));
            assert_eq!(OnService::<Test>::get(service, 1), None);
        }
    });
}

#[test]
fn what_the_council_does_is_an_event_and_no_entry() {
    with_incidents(|| {
        let said = text("Call John at home.");
        assert_ok!(outcome(Incidents::reply(
            signed(PROVIDER),
            FIRST,
            statement(),
            said
        )));
        let before = Incidents::incident(FIRST);
        let rules = Rules::dev();
        assert_ok!(Incidents::set_rules(RuntimeOrigin::root(), rules));
        System::assert_last_event(Event::RulesSet { rules }.into());
        assert_ok!(Incidents::redact(RuntimeOrigin::root(), FIRST, 3));
        System::assert_last_event(
            Event::Redacted {
                incident: FIRST,
                entry: 3,
            }
            .into(),
        );
        assert_eq!(Incidents::incident(FIRST), before);
    });
}
