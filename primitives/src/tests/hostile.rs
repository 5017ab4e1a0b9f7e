//! Entries that no honest chain would hold: extreme numbers and arbitrary bytes. Nothing may panic.

use codec::{Decode, Encode};
use proptest::{prelude::*, sample::select};

use super::{
    fixtures::*,
    organisation::admission,
    random::{config, said},
    service::registration,
};
use crate::{
    attestation::{Evidence, Observation, Place, Scope, Vantage},
    incident::{
        Action, Actor, Arbiters, Candidate, Cause, Dispute, Incident, Opening, Reply, ReplyStatus, Statement,
    },
    log::Fold,
    organisation::{self, Organisation, Roles},
    quota::Quota,
    rules::Rules,
    service::{self, Registration, Service},
    Account, Country, Entry, GroupId, IncidentId, Millis, OrganisationId, ServiceId, Sha256, Span, Text,
    UnixMillis,
};

fn number() -> impl Strategy<Value = u64> {
    let near = START.0..START.0 + 10_000_000;
    prop_oneof![
        Just(0),
        Just(1),
        near,
        Just(START.0),
        Just(u64::MAX - 1),
        Just(u64::MAX),
        any::<u64>()
    ]
}

fn small() -> impl Strategy<Value = u32> {
    prop_oneof![4 => 0u32..4, 1 => any::<u32>()]
}

fn time() -> impl Strategy<Value = UnixMillis> {
    number().prop_map(UnixMillis)
}

fn digest() -> impl Strategy<Value = Sha256> {
    any::<[u8; 32]>().prop_map(Sha256)
}

fn length() -> impl Strategy<Value = Millis> {
    number().prop_map(Millis)
}

fn wild_span() -> impl Strategy<Value = Span> {
    (time(), time()).prop_map(|(from, to)| span(from, to))
}

fn wild_rules() -> impl Strategy<Value = Rules> {
    let lengths = prop::collection::vec(length(), 9);
    (0u16..4, any::<u16>(), lengths, any::<bool>()).prop_map(|(quorum, min_measured, lengths, sound)| {
        let wild = Rules {
            quorum,
            min_measured,
            late_after: lengths[0],
            join_within: lengths[1],
            renew_after: lengths[2],
            stale_after: lengths[3],
            dispute_window: lengths[4],
            dispute_window_max: lengths[5],
            rule_within: lengths[6],
            lapse_after: lengths[7],
            max_clock_skew: lengths[8],
        };
        // Sound ones too, or hardly anything would be taken.
        if sound {
            Rules {
                join_within: Millis(u64::MAX),
                max_clock_skew: Millis(u64::MAX),
                lapse_after: Millis(u64::MAX),
                renew_after: Millis(0),
                ..wild
            }
        } else {
            wild
        }
    })
}

fn wild_text<const N: u32>() -> impl Strategy<Value = Text<N>> {
    let bound = usize::try_from(N).unwrap();
    prop::collection::vec(any::<u8>(), 0..=bound).prop_map(|bytes| Text::from_bytes(&bytes).unwrap())
}

fn wild_observation() -> impl Strategy<Value = Observation> {
    let wild_vantage =
        (any::<[u8; 2]>(), small(), small(), small()).prop_map(|(country, asn, samples, failed)| {
            let place = Place {
                country: Country(country),
                asn,
            };
            Vantage {
                place,
                samples,
                failed,
            }
        });
    let vantages = prop_oneof![
        4 => Just(vec![vantage(DE)]),
        1 => prop::collection::vec(wild_vantage, 0..=8)
    ];
    let scope = prop_oneof![
        4 => Just(Scope::Global),
        1 => wild_text().prop_map(Scope::Region),
        1 => any::<[u8; 2]>().prop_map(|code| Scope::Country(Country(code))),
    ];
    let intervals = prop_oneof![
        4 => Just(vec![]),
        1 => prop::collection::vec(wild_span(), 0..=8)
    ];
    let captured = prop::collection::vec((time(), number()), 0..=8);
    (said(), wild_span(), intervals, vantages, scope, captured).prop_map(
        |(said, observed, intervals, vantages, scope, captured)| Observation {
            observed,
            intervals: intervals.try_into().unwrap(),
            vantages: vantages.try_into().unwrap(),
            scope,
            evidence: captured
                .into_iter()
                .map(|(at, size)| Evidence { size, ..evidence(at) })
                .collect::<Vec<_>>()
                .try_into()
                .unwrap(),
            ..said
        },
    )
}

fn wild_actor() -> impl Strategy<Value = Actor> {
    (small(), small(), any::<bool>()).prop_map(|(organisation, group, affiliated)| Actor {
        organisation: OrganisationId(organisation),
        group: GroupId(group),
        affiliated,
        key: Account([0; 32]),
    })
}

fn wild_reply() -> impl Strategy<Value = Reply> {
    let times = (prop::option::of(time()), prop::option::of(time()));
    let digests = (prop::option::of(digest()), prop::option::of(digest()));
    (select(ReplyStatus::ALL), select(Cause::ALL), times, digests).prop_map(
        |(status, cause, (claimed_start, claimed_end), (document, text))| Reply {
            statement: Statement {
                status,
                claimed_start,
                claimed_end,
                cause,
                document,
                ..statement()
            },
            text,
        },
    )
}

/// Some in order, as they should be; others in any order, some twice.
fn wild_arbiters() -> impl Strategy<Value = Arbiters> {
    let groups = prop_oneof![
        prop::collection::btree_set(0u32..8, 0..8).prop_map(|groups| groups.into_iter().collect()),
        prop::collection::vec(small(), 0..=128),
    ];
    groups.prop_map(|groups: Vec<_>| {
        groups
            .into_iter()
            .map(GroupId)
            .collect::<Vec<_>>()
            .try_into()
            .unwrap()
    })
}

fn wild_action() -> impl Strategy<Value = Action> {
    let attested = (wild_actor(), wild_observation(), prop::option::of(any::<u64>())).prop_map(
        |(by, said, moves_from)| Action::Attested {
            by,
            attestation: attestation(said),
            moves_from: moves_from.map(IncidentId),
        },
    );
    let withdrawn = (wild_actor(), prop::option::of(any::<u64>())).prop_map(|(by, to)| Action::Withdrawn {
        by,
        moved_to: to.map(IncidentId),
    });
    let disputed = (wild_actor(), prop::option::of(digest()), wild_arbiters())
        .prop_map(|(by, text, arbiters)| Action::Disputed { by, text, arbiters });
    let voted = (wild_actor(), any::<bool>(), prop::option::of(digest()))
        .prop_map(|(by, sustain, text)| Action::Voted { by, sustain, text });
    let linked = (wild_actor(), prop_oneof![Just(ID.0), any::<u64>()]).prop_map(|(by, to)| Action::Linked {
        by,
        to: IncidentId(to),
    });
    prop_oneof![
        10 => attested,
        2 => withdrawn,
        2 => wild_actor().prop_map(closed),
        1 => (wild_actor(), wild_reply()).prop_map(|(by, reply)| Action::Replied { by, reply }),
        2 => disputed,
        4 => voted,
        1 => linked,
        1 => wild_actor().prop_map(|by| Action::Unlinked { by }),
        1 => wild_opened(),
    ]
}

fn wild_opened() -> impl Strategy<Value = Action> {
    let fold = prop_oneof![8 => Just(1u8), 1 => any::<u8>()];
    (
        wild_actor(),
        wild_observation(),
        wild_rules(),
        fold,
        wild_text(),
        wild_text(),
    )
        .prop_map(|(by, said, rules, fold, slug, name)| Action::Opened {
            by,
            opening: Opening {
                fold,
                slug,
                name,
                ..opening(rules)
            },
            attestation: attestation(said),
        })
}

fn entry<A: core::fmt::Debug>(action: impl Strategy<Value = A>) -> impl Strategy<Value = Entry<A>> {
    (any::<u32>(), time(), action).prop_map(|(block, at, action)| Entry { block, at, action })
}

/// Asks an incident everything that there is to ask.
fn ask(incident: &Incident, now: UnixMillis, observed: &Span) {
    let candidate = incident.candidate();
    incident.at(now).is_open();
    candidate.takes(observed, now);
    assert!(usize::from(incident.peak) >= usize::from(incident.tally.affirming_groups()));
    assert_eq!(Candidate::decode(&mut &candidate.encode()[..]), Ok(candidate));
    assert_eq!(incident.case.is_none(), incident.dispute == Dispute::None);
    assert_ne!(incident.duplicate_of, Some(incident.id));
    assert_eq!(
        Incident::decode(&mut &incident.encode()[..]).as_ref(),
        Ok(incident)
    );
}

fn organisation_action() -> impl Strategy<Value = organisation::Action> {
    use organisation::Action;
    let key = || small().prop_map(|n| Account([n.to_le_bytes()[0]; 32]));
    prop_oneof![
        Just(Action::Suspended),
        Just(Action::Reinstated),
        Just(Action::RolesSet(Roles::default())),
        any::<u32>().prop_map(|group| Action::GroupSet(GroupId(group))),
        (any::<u32>(), any::<u32>())
            .prop_map(|(burst, per_block)| Action::QuotaSet(Quota { burst, per_block })),
        key().prop_map(Action::AdminSet),
        (key(), wild_text()).prop_map(|(key, label)| Action::ReporterAdded { key, label }),
        key().prop_map(|key| Action::ReporterRevoked { key }),
        wild_text().prop_map(|name| Action::Admitted(organisation::Admission { name, ..admission() })),
    ]
}

fn service_action() -> impl Strategy<Value = service::Action> {
    use service::Action;
    let announced = (time(), time(), prop::option::of(digest()))
        .prop_map(|(from, until, text)| Action::MaintenanceAnnounced { from, until, text });
    let near = (0u64..100, 0u64..100).prop_map(|(from, length)| Action::MaintenanceAnnounced {
        from: min(from),
        until: min(from + length),
        text: None,
    });
    prop_oneof![
        10 => (wild_text(), wild_text()).prop_map(|(name, url)| Action::Described { name, url }),
        5 => prop::option::of(any::<u32>()).prop_map(|to| Action::ProviderSet(to.map(OrganisationId))),
        5 => any::<bool>().prop_map(Action::ListedSet),
        10 => announced,
        60 => near,
        1 => Just(Action::Retired),
        5 => (wild_text(), wild_text())
            .prop_map(|(slug, name)| Action::Registered(Registration { slug, name, ..registration() })),
    ]
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn no_log_of_an_incident_makes_the_fold_panic(
        first in entry(wild_opened()), more in prop::collection::vec(entry(wild_action()), 0..20),
        now in time(), observed in wild_span(), number: u32,
    ) {
        let Ok(mut incident) = Incident::open(ID, &first) else { return Ok(()) };
        ask(&incident, now, &observed);
        for entry in &more {
            // Not through a record, whose order of blocks and times would keep most of it out.
            if let Ok(next) = incident.clone().apply(number, entry) {
                incident = next;
            }
            ask(&incident, now, &observed);
        }
    }

    #[test]
    fn no_log_of_an_organisation_makes_the_fold_panic(
        actions in prop::collection::vec(entry(organisation_action()), 0..40),
    ) {
        let first = Entry { block: 0, at: min(0), action: organisation::Action::Admitted(admission()) };
        let mut organisation = Organisation::open(OrganisationId(0), &first).unwrap();
        for entry in &actions {
            if let Ok(next) = organisation.clone().apply(1, entry) {
                organisation = next;
            }
            let quota = organisation.key_quota();
            prop_assert!(quota.burst <= organisation.quota.burst);
            prop_assert!(organisation.holds(&organisation.admin));
            prop_assert!(organisation.keys.iter().all(|held| held.key != organisation.admin));
        }
    }

    #[test]
    fn no_registration_makes_the_fold_panic(slug in wild_text(), name in wild_text(), at in time()) {
        let action = service::Action::Registered(Registration { slug, name, ..registration() });
        let entry = Entry { block: 0, at, action };
        if let Ok(service) = Service::open(ServiceId(0), &entry) {
            prop_assert!(service.slug.is_utf8() && service.name.is_utf8());
            prop_assert!(service.apply(1, &entry).is_err());
        }
    }

    #[test]
    fn no_log_of_a_service_makes_the_fold_panic(
        actions in prop::collection::vec(entry(service_action()), 0..60),
        early in prop::collection::vec(0u64..40, 60), number: u32,
    ) {
        let first = Entry { block: 0, at: min(0), action: service::Action::Registered(registration()) };
        let mut service = Service::open(ServiceId(0), &first).unwrap();
        for (mut entry, minute) in actions.into_iter().zip(early) {
            // Mostly at a time before the maintenance, or little of it would be taken.
            if minute < 36 {
                entry.at = min(minute);
            }
            let retired = service.retired;
            if let Ok(next) = service.clone().apply(number, &entry) {
                prop_assert!(!retired, "a retired service changed");
                service = next;
            }
            prop_assert_eq!(service.slug.to_string(), "openai/chatgpt");
            prop_assert!(service.name.is_utf8() && service.url.is_utf8() && !service.name.is_empty());
            let is_sound =
                |planned: &service::Maintenance| planned.until.since(planned.from) <= service::MAX_MAINTENANCE;
            prop_assert!(service.maintenance.iter().all(is_sound));
            prop_assert_eq!(Service::decode(&mut &service.encode()[..]), Ok(service.clone()));
        }
    }
}
