//! What a call that was taken changes in the model.

use std::collections::{BTreeMap, BTreeSet};

use faultline_primitives::{
    attestation::{Body, Claim, Observation},
    Span,
};

use super::{
    incidents::{Case, Happening, Stand},
    world::{By, Log, Watched, World},
};
use crate::{Runtime, RuntimeCall};

impl World {
    /// The logs to which a call appends one entry each; of a report it is for the chain to say.
    pub fn appends_to(&self, by: &By, call: &RuntimeCall) -> Option<Vec<Log>> {
        use pallet_incidents::Call as Incident;
        use pallet_members::Call as Member;
        use pallet_services::Call as Service;
        let log = match call {
            RuntimeCall::Members(call) => Log::Organisation(match call {
                Member::admit { .. } => self.members.len() as u32,
                Member::suspend { organisation }
                | Member::reinstate { organisation }
                | Member::set_roles { organisation, .. }
                | Member::set_group { organisation, .. }
                | Member::set_quota { organisation, .. }
                | Member::reset_admin { organisation, .. } => organisation.0,
                _ => self.admin(by).unwrap(),
            }),
            RuntimeCall::Services(call) => Log::Service(match call {
                Service::describe { service, .. }
                | Service::announce_maintenance { service, .. }
                | Service::list { service, .. }
                | Service::assign_provider { service, .. }
                | Service::retire { service } => service.0,
                _ => self.services.len() as u32,
            }),
            RuntimeCall::Incidents(call) => Log::Incident(match call {
                Incident::report { .. } | Incident::report_many { .. } => return None,
                Incident::set_rules { .. } | Incident::redact { .. } => return Some(vec![]),
                Incident::attest {
                    incident,
                    moves_from: Some(from),
                    ..
                } => return Some(vec![Log::Incident(from.0), Log::Incident(incident.0)]),
                Incident::attest { incident, .. }
                | Incident::withdraw { incident }
                | Incident::close { incident }
                | Incident::reply { incident, .. }
                | Incident::dispute { incident, .. }
                | Incident::vote { incident, .. }
                | Incident::link { incident, .. }
                | Incident::unlink { incident } => incident.0,
                other => panic!("the model knows nothing of {other:?}"),
            }),
            other => panic!("the model knows nothing of {other:?}"),
        };
        Some(vec![log])
    }

    /// A call was taken, and appended these entries.
    pub fn apply(&mut self, by: &By, call: &RuntimeCall, entries: &[(Log, u32)]) {
        match call {
            RuntimeCall::Members(call) => self.members_do(by, call),
            RuntimeCall::Services(call) => self.services_do(by, call, entries),
            RuntimeCall::Incidents(call) => self.incidents_do(by, call, entries),
            other => panic!("the model knows nothing of {other:?}"),
        }
    }

    fn members_do(&mut self, by: &By, call: &pallet_members::Call<Runtime>) {
        use pallet_members::Call::*;
        let own = self.admin(by);
        match call {
            admit {
                roles,
                group,
                admin,
                quota,
                ..
            } => self.admit(*admin, *roles, group.map(|group| group.0), *quota),
            suspend { organisation } => self.members[organisation.0 as usize].suspended = true,
            reinstate { organisation } => self.members[organisation.0 as usize].suspended = false,
            set_roles { organisation, roles } => self.members[organisation.0 as usize].roles = *roles,
            set_group { organisation, group } => self.members[organisation.0 as usize].group = group.0,
            set_quota { organisation, quota } => self.members[organisation.0 as usize].quota = *quota,
            reset_admin { organisation, admin } => self.set_admin(organisation.0, *admin),
            rotate_admin { admin } => self.set_admin(own.unwrap(), *admin),
            add_reporter { key, .. } => self.add_key(own.unwrap(), *key),
            revoke_reporter { key } => self.revoke_key(own.unwrap(), *key),
            other => panic!("the model knows nothing of {other:?}"),
        }
    }

    fn services_do(&mut self, by: &By, call: &pallet_services::Call<Runtime>, entries: &[(Log, u32)]) {
        use pallet_services::Call::*;
        let registrant = self.in_role(by, |roles| roles.reporter).ok();
        let now = self.now;
        match call {
            register { slug, name, .. } => self.services.push(Watched {
                slug: slug.as_bytes().to_vec(),
                name: name.as_bytes().to_vec(),
                by: registrant,
                ..Watched::default()
            }),
            describe { service, name, .. } => {
                self.services[service.0 as usize].name = name.as_bytes().to_vec();
            }
            announce_maintenance {
                service, until, text, ..
            } => {
                let watched = &mut self.services[service.0 as usize];
                watched.maintenance.retain(|until| *until > now);
                watched.maintenance.push(*until);
                if !text.is_empty() {
                    watched.notices.insert(entries[0].1, text.as_bytes().to_vec());
                }
            }
            list { service, listed } => self.services[service.0 as usize].listed = *listed,
            assign_provider { service, provider } => {
                self.services[service.0 as usize].provider = provider.map(|provider| provider.0);
            }
            retire { service } => self.services[service.0 as usize].retired = true,
            other => panic!("the model knows nothing of {other:?}"),
        }
    }

    fn incidents_do(&mut self, by: &By, call: &pallet_incidents::Call<Runtime>, entries: &[(Log, u32)]) {
        use pallet_incidents::Call::*;
        let organisation = World::signer(by)
            .ok()
            .and_then(|key| self.keys.get(&key))
            .map_or(u32::MAX, |key| key.organisation);
        let now = self.now;
        match call {
            report {
                service,
                observation,
                text,
            } => self.hear_report(organisation, service.0, observation, text, entries[0]),
            // Each of its reports is heard by itself.
            report_many { .. } => {}
            attest {
                incident,
                observation,
                text,
                moves_from,
            } => {
                if let Some(from) = moves_from {
                    self.hear_withdrawal(organisation, from.0 as usize);
                }
                let (_, number) = entries[entries.len() - 1];
                self.hear(organisation, incident.0 as usize, observation);
                self.keep(incident.0, number, text);
            }
            withdraw { incident } => self.hear_withdrawal(organisation, incident.0 as usize),
            close { incident } => {
                let happening = &mut self.incidents[incident.0 as usize];
                happening.was_closed = true;
                happening.over_since.get_or_insert(now);
            }
            reply { incident, text, .. } => {
                let replies = &mut self.incidents[incident.0 as usize].replies;
                *replies.entry(organisation).or_default() += 1;
                self.keep(incident.0, entries[0].1, text);
            }
            dispute { incident, text } => {
                let arbiters = self.arbiters(&self.incidents[incident.0 as usize], organisation);
                let happening = &mut self.incidents[incident.0 as usize];
                happening.disputed.insert(organisation);
                happening.case = Some(Case {
                    by: organisation,
                    opened_at: now,
                    arbiters,
                    votes: BTreeMap::new(),
                });
                self.keep(incident.0, entries[0].1, text);
            }
            vote {
                incident,
                sustain,
                text,
            } => {
                let group = self.group(organisation);
                let case = self.incidents[incident.0 as usize].case.as_mut().unwrap();
                case.votes.insert(group, *sustain);
                self.keep(incident.0, entries[0].1, text);
            }
            link { incident, to } => self.incidents[incident.0 as usize].duplicate_of = Some(to.0),
            unlink { incident } => self.incidents[incident.0 as usize].duplicate_of = None,
            set_rules { rules } => self.rules = *rules,
            redact { incident, entry } => {
                let happening = &mut self.incidents[incident.0 as usize];
                happening.texts.remove(entry);
                happening.redacted.insert(*entry, now);
            }
            other => panic!("the model knows nothing of {other:?}"),
        }
    }

    /// Takes in a report where the chain put it.
    pub fn hear_report(
        &mut self,
        organisation: u32,
        service: u32,
        seen: &Observation,
        text: &Body,
        (log, number): (Log, u32),
    ) {
        let Log::Incident(incident) = log else {
            panic!("a report is of an incident")
        };
        let is_new = incident == self.incidents.len() as u64;
        if is_new {
            self.incidents.push(Happening {
                service,
                opener: organisation,
                opened_at: self.now,
                rules: self.rules,
                hull: seen.observed,
                only_word: None,
                stands: BTreeMap::new(),
                words: BTreeMap::new(),
                parts: BTreeSet::new(),
                over_since: None,
                was_closed: false,
                is_final: false,
                replies: BTreeMap::new(),
                disputed: BTreeSet::new(),
                case: None,
                duplicate_of: None,
                texts: BTreeMap::new(),
                redacted: BTreeMap::new(),
            });
        }
        self.hear(organisation, incident as usize, seen);
        if is_new && !self.is_affiliated(organisation, service) {
            self.incidents[incident as usize].only_word = Some(seen.observed);
        }
        self.keep(incident, number, text);
    }

    fn hear(&mut self, organisation: u32, incident: usize, seen: &Observation) {
        let (now, group) = (self.now, self.group(organisation));
        let happening = &mut self.incidents[incident];
        if seen.claim != Claim::Up {
            happening.hull = Span {
                from: happening.hull.from.min(seen.observed.from),
                to: happening.hull.to.max(seen.observed.to),
            };
        }
        if seen.claim == Claim::Recovered {
            happening.over_since.get_or_insert(now);
        }
        happening.only_word = None;
        *happening.words.entry(organisation).or_default() += 1;
        happening.parts.insert(group);
        let stand = Stand {
            claim: seen.claim,
            heard_at: now,
        };
        happening.stands.insert(organisation, stand);
    }

    fn hear_withdrawal(&mut self, organisation: u32, incident: usize) {
        let group = self.group(organisation);
        let happening = &mut self.incidents[incident];
        happening.only_word = None;
        happening.stands.remove(&organisation);
        *happening.words.get_mut(&organisation).unwrap() += 1;
        happening.parts.insert(group);
        // Without a voice, all that is left of its time is when it was first reported.
        let first = happening.opened_at;
        happening.hull.from = happening.hull.from.min(first);
        happening.hull.to = happening.hull.to.max(first);
    }

    /// Keeps the text that goes with an entry.
    fn keep(&mut self, incident: u64, number: u32, text: &Body) {
        if !text.is_empty() {
            let texts = &mut self.incidents[incident as usize].texts;
            texts.insert(number, text.as_bytes().to_vec());
        }
    }
}
