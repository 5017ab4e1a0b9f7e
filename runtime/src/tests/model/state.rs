//! What is stored, beside what the model holds to be so.

use std::collections::BTreeMap;

use codec::Encode;
use faultline_primitives::{
    incident::{Actor, Dispute},
    organisation::Status,
    Account, GroupId, IncidentId, OrganisationId, ServiceId,
};
use pallet_members::KeyUse;

use super::{
    incidents::{Case, Happening, Stand},
    world::{Key, Log, Watched, World},
};
use crate::{Consortium, Incidents, Members, Runtime, RuntimeEvent, Services, System};

/// Every entry of every log, byte for byte.
pub type Entries = BTreeMap<(Log, u32), Vec<u8>>;

/// Every entry that is stored.
pub fn entries() -> Entries {
    let mut all = Entries::new();
    let organisations = pallet_members::Entries::<Runtime>::iter();
    all.extend(organisations.map(|(id, number, entry)| ((Log::Organisation(id.0), number), entry.encode())));
    let services = pallet_services::Entries::<Runtime>::iter();
    all.extend(services.map(|(id, number, entry)| ((Log::Service(id.0), number), entry.encode())));
    let incidents = pallet_incidents::Entries::<Runtime>::iter();
    all.extend(incidents.map(|(id, number, entry)| ((Log::Incident(id.0), number), entry.encode())));
    let consortium = pallet_consortium::Entries::<Runtime>::iter();
    all.extend(consortium.map(|((), number, entry)| ((Log::Consortium, number), entry.encode())));
    all
}

/// The entries that the events of this block tell of, in order.
pub fn recorded() -> Vec<(Log, u32)> {
    let place = |event| match event {
        RuntimeEvent::Members(pallet_members::Event::Recorded { organisation, entry }) => {
            Some((Log::Organisation(organisation.0), entry))
        }
        RuntimeEvent::Services(pallet_services::Event::Recorded { service, entry }) => {
            Some((Log::Service(service.0), entry))
        }
        RuntimeEvent::Incidents(pallet_incidents::Event::Recorded { incident, entry, .. }) => {
            Some((Log::Incident(incident.0), entry))
        }
        RuntimeEvent::Consortium(pallet_consortium::Event::Recorded { entry }) => {
            Some((Log::Consortium, entry))
        }
        _ => None,
    };
    let events = System::events().into_iter();
    events.filter_map(|record| place(record.event)).collect()
}

/// The places and reasons of the reports that were refused of several.
pub fn refused_reports() -> BTreeMap<u32, sp_runtime::DispatchError> {
    let refused = |event| match event {
        RuntimeEvent::Incidents(pallet_incidents::Event::ReportsRefused { refused }) => Some(refused),
        _ => None,
    };
    let events = System::events().into_iter();
    events
        .filter_map(|record| refused(record.event))
        .flatten()
        .map(|refused| (refused.place, refused.why))
        .collect()
}

impl World {
    /// A new entry is of this block and time, and names who spoke, as it was then.
    pub fn ensure_own(&self, (log, number): (Log, u32), key: Option<Account>) {
        let (block, at) = match log {
            Log::Organisation(id) => {
                let entry = pallet_members::Entries::<Runtime>::get(OrganisationId(id), number).unwrap();
                (entry.block, entry.at)
            }
            Log::Service(id) => {
                let entry = pallet_services::Entries::<Runtime>::get(ServiceId(id), number).unwrap();
                (entry.block, entry.at)
            }
            Log::Incident(id) => {
                let entry = pallet_incidents::Entries::<Runtime>::get(IncidentId(id), number).unwrap();
                let key = key.expect("only members speak of incidents");
                let organisation = self.keys[&key].organisation;
                let service = Incidents::incident(IncidentId(id)).unwrap().state.service;
                let actor = Actor {
                    organisation: OrganisationId(organisation),
                    group: GroupId(self.group(organisation)),
                    affiliated: self.is_affiliated(organisation, service.0),
                    key,
                };
                assert_eq!(*entry.action.by(), actor);
                (entry.block, entry.at)
            }
            Log::Consortium => panic!("the council's acts come by motions"),
        };
        assert_eq!((block, at), (self.block, self.now));
    }

    /// All that is stored is as the model has it.
    pub fn agrees(&self) {
        self.members_agree();
        self.services_agree();
        self.incidents_agree();
        let seats = Consortium::seats().into_iter().map(|seat| seat.0);
        assert!(seats.eq(self.seats.iter().copied()));
    }

    fn members_agree(&self) {
        assert_eq!(Members::count() as usize, self.members.len());
        for (id, member) in (0..).map(OrganisationId).zip(&self.members) {
            let stored = Members::organisation(id).unwrap().state;
            assert_eq!(stored.roles, member.roles);
            assert_eq!(stored.group.0, member.group);
            assert_eq!(stored.admin, member.admin);
            assert_eq!(stored.status == Status::Suspended, member.suspended);
            assert_eq!(stored.quota, member.quota);
            assert!(stored
                .keys
                .iter()
                .map(|held| held.key)
                .eq(member.keys.iter().copied()));
        }
        let keys: BTreeMap<_, _> = pallet_members::Keys::<Runtime>::iter()
            .map(|(account, holder)| {
                let key = Key {
                    organisation: holder.organisation.0,
                    is_admin: holder.usage == KeyUse::Admin,
                    revoked: holder.revoked,
                };
                (Account(account.into()), key)
            })
            .collect();
        assert_eq!(keys, self.keys, "no key that ever was is gone or another's");
    }

    fn services_agree(&self) {
        assert_eq!(Services::count() as usize, self.services.len());
        for (id, watched) in (0..).map(ServiceId).zip(&self.services) {
            let stored = Services::service(id).unwrap().state;
            let notices = pallet_services::Texts::<Runtime>::iter_prefix(id);
            let maintenance = stored.maintenance.iter().map(|announced| announced.until);
            let first = pallet_services::Entries::<Runtime>::get(id, 0).unwrap().action;
            let faultline_primitives::service::Action::Registered(registration) = first else {
                panic!("a service begins with its registration")
            };
            let stored = Watched {
                slug: stored.slug.as_bytes().to_vec(),
                name: stored.name.as_bytes().to_vec(),
                provider: stored.provider.map(|provider| provider.0),
                listed: stored.listed,
                retired: stored.retired,
                by: registration.by.map(|by| by.0),
                maintenance: maintenance.collect(),
                notices: notices
                    .map(|(number, text)| (number, text.as_bytes().to_vec()))
                    .collect(),
            };
            assert_eq!(stored, *watched);
            assert_eq!(Services::by_slug(&registration.slug), Some(id));
        }
        for organisation in 0..self.members.len() as u32 {
            let counted = pallet_services::Unlisted::<Runtime>::get(OrganisationId(organisation));
            assert_eq!(counted, self.unlisted(organisation));
        }
    }

    fn incidents_agree(&self) {
        assert_eq!(Incidents::count() as usize, self.incidents.len());
        assert_eq!(Incidents::rules(), self.rules);
        for (id, happening) in (0..).map(IncidentId).zip(&self.incidents) {
            self.incident_agrees(id, happening);
        }
        for service in 0..self.services.len() as u32 {
            let own = (0..)
                .zip(&self.incidents)
                .filter(|(_, own)| own.service == service);
            let mut newest: Vec<_> = own.map(|(id, _)| IncidentId(id)).collect();
            newest.reverse();
            assert_eq!(Incidents::latest_on(ServiceId(service), u32::MAX), newest);
        }
    }

    fn incident_agrees(&self, id: IncidentId, happening: &Happening) {
        let stored = Incidents::incident(id).unwrap().state;
        assert_eq!(stored.service.0, happening.service);
        assert_eq!(stored.opener.0, happening.opener);
        assert_eq!(
            stored.rules, happening.rules,
            "the rules of its opening, for ever"
        );
        assert_eq!(stored.duplicate_of.map(|other| other.0), happening.duplicate_of);
        self.ensure_no_loop(id);
        let standing = stored.at(self.now);
        assert!(standing.is_open() || happening.may_be_final(self.now));
        assert!(
            !standing.is_open() || !happening.is_final,
            "what is final stays so"
        );
        let dispute = match &happening.case {
            None => Dispute::None,
            Some(case) => match case.ruling() {
                None => Dispute::Open,
                Some(true) => Dispute::Sustained,
                Some(false) => Dispute::Dismissed,
            },
        };
        assert_eq!(stored.dispute, dispute);
        let case = stored.case.map(|case| Case {
            by: case.by.0,
            opened_at: case.opened_at,
            arbiters: case.arbiters.iter().map(|group| group.0).collect(),
            votes: case
                .votes
                .iter()
                .map(|vote| (vote.group.0, vote.sustain))
                .collect(),
        });
        assert_eq!(case, happening.case);
        assert_eq!(standing.unruled, happening.is_unruled(self.now));
        for organisation in 0..self.members.len() as u32 {
            let spoken = stored.ledger.of(OrganisationId(organisation));
            let words = happening.words.get(&organisation).copied().unwrap_or(0);
            let replies = happening.replies.get(&organisation).copied().unwrap_or(0);
            let disputed = happening.disputed.contains(&organisation);
            let counted = spoken.map_or((0, 0, false), |spoken| {
                (spoken.words.into(), spoken.replies.into(), spoken.disputed)
            });
            assert_eq!(counted, (words, replies, disputed));
            let voice = stored.tally.of(OrganisationId(organisation));
            let stand = happening.stands.get(&organisation);
            assert_eq!(
                voice.map(|voice| (voice.claim, voice.heard_at)),
                stand.map(Stand::as_pair)
            );
        }
        let texts = pallet_incidents::Texts::<Runtime>::iter_prefix(id);
        let texts: BTreeMap<_, _> = texts
            .map(|(number, text)| (number, text.as_bytes().to_vec()))
            .collect();
        assert_eq!(texts, happening.texts);
        let redacted = pallet_incidents::RedactedTexts::<Runtime>::iter_prefix(id);
        assert_eq!(redacted.collect::<BTreeMap<_, _>>(), happening.redacted);
    }

    /// Following links from an incident comes to an end.
    fn ensure_no_loop(&self, id: IncidentId) {
        let mut place = id.0;
        for _ in 0..self.incidents.len() {
            match self.incidents[place as usize].duplicate_of {
                Some(next) => place = next,
                None => return,
            }
        }
        panic!("a loop of links from {id}");
    }
}
