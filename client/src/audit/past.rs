//! What was so at each block, by the logs of organisations, services and the consortium: whoever spoke, could they?

use std::collections::{BTreeMap, BTreeSet};

use faultline_primitives::{
    consortium::{self, Act, Consortium},
    incident::{Action, Actor, Arbiters, Incident, Opening, MAX_ARBITERS},
    organisation::{self, Organisation, Status},
    rules::Rules,
    service::Service,
    Account, BlockNumber, Entry, GroupId, OrganisationId, ServiceId, UnixMillis,
};

use super::{
    finding::{Findings, Kind, Place},
    log::{Clock, Lifetime},
};

/// What was so at each block.
#[derive(Clone, Debug, Default)]
pub(super) struct Past {
    /// The organisations, by number.
    pub organisations: Vec<Lifetime<Organisation>>,
    /// The services, by number.
    pub services: Vec<Lifetime<Service>>,
    /// The consortium.
    pub consortium: Lifetime<Consortium>,
    /// The rules that the council set, with the block.
    pub rules: Vec<(BlockNumber, Rules)>,
    /// The rules before that. Where the council set any, the openings say what was before.
    pub first_rules: Option<Rules>,
    /// When blocks were.
    pub clock: Clock,
    /// Which organisation each key was handed out to.
    pub keys: BTreeMap<Account, OrganisationId>,
}

/// An organisation's entry that hands a key out.
pub(super) fn handed_out(action: &organisation::Action) -> Option<Account> {
    match action {
        organisation::Action::Admitted(admission) => Some(admission.admin),
        organisation::Action::AdminSet(key) | organisation::Action::ReporterAdded { key, .. } => Some(*key),
        _ => None,
    }
}

impl Past {
    /// Takes in an entry of an organisation's log: a key is one organisation's for ever, and is handed out once.
    pub fn hand_out(
        &mut self,
        id: OrganisationId,
        number: u32,
        entry: &Entry<organisation::Action>,
        findings: &mut Findings,
    ) {
        let Some(key) = handed_out(&entry.action) else {
            return;
        };
        if let Some(before) = self.keys.insert(key, id) {
            let what = match before == id {
                true => format!("key {key} was handed out before: once revoked it is to stay so"),
                false => format!("key {key} is organisation {before}'s already"),
            };
            findings.at(Place::Organisation(id), number, entry.block, Kind::Key, what);
        }
    }

    /// Takes in the rules that the council set.
    pub fn enacted(&mut self, entry: &Entry<consortium::Action>) {
        if let consortium::Action::Enacted {
            act: Act::SetRules(rules),
            ..
        } = &entry.action
        {
            self.rules.push((entry.block, *rules));
        }
    }

    fn organisation(
        &self,
        id: OrganisationId,
        block: BlockNumber,
    ) -> impl Iterator<Item = &Organisation> + Clone {
        let lifetime = usize::try_from(id.0)
            .ok()
            .and_then(|place| self.organisations.get(place));
        lifetime
            .into_iter()
            .flat_map(move |lifetime| lifetime.during(block))
    }

    fn service(&self, id: ServiceId, block: BlockNumber) -> impl Iterator<Item = &Service> + Clone {
        let lifetime = usize::try_from(id.0)
            .ok()
            .and_then(|place| self.services.get(place));
        lifetime
            .into_iter()
            .flat_map(move |lifetime| lifetime.during(block))
    }

    /// Whether somebody spoke who could, as the one that the entry says it was.
    pub fn check_speaker(
        &self,
        action: &Action,
        service: ServiceId,
        block: BlockNumber,
    ) -> Vec<(Kind, String)> {
        let by = action.by();
        let mut faults = Vec::new();
        let members = || self.organisation(by.organisation, block);
        let provides = self
            .service(service, block)
            .any(|service| service.provider == Some(by.organisation));
        let has_role = |organisation: &Organisation| {
            let roles = organisation.roles;
            match action {
                Action::Opened { .. }
                | Action::Attested { .. }
                | Action::Withdrawn { .. }
                | Action::Closed { .. } => roles.reporter,
                Action::Replied { .. } => roles.provider && provides,
                Action::Disputed { .. } => roles.reporter || (roles.provider && provides),
                Action::Voted { .. } | Action::Linked { .. } | Action::Unlinked { .. } => roles.arbiter,
            }
        };
        let has_key = |organisation: &Organisation| organisation.keys.iter().any(|held| held.key == by.key);
        let is_active = |organisation: &Organisation| organisation.status == Status::Active;
        let may = |organisation: &&Organisation| {
            is_active(organisation)
                && has_key(organisation)
                && has_role(organisation)
                && organisation.group == by.group
        };
        if !members().any(|organisation| may(&organisation)) {
            let who = by.organisation;
            faults.push(if members().next().is_none() {
                (
                    Kind::Speaker,
                    format!("organisation {who}, which speaks, was not there"),
                )
            } else if !members().any(has_key) {
                (
                    Kind::Speaker,
                    format!("key {} was none of organisation {who}'s in force", by.key),
                )
            } else if !members().any(is_active) {
                (Kind::Speaker, format!("organisation {who} was suspended"))
            } else if !members().any(|organisation| organisation.group == by.group) {
                (
                    Kind::Statement,
                    format!("organisation {who} was not of group {}", by.group),
                )
            } else if !members().any(has_role) {
                (
                    Kind::Speaker,
                    format!("organisation {who} did not have the role that this takes"),
                )
            } else {
                (
                    Kind::Speaker,
                    format!("organisation {who} could not have spoken so"),
                )
            });
        }
        if !self.affiliations(by, service, block).contains(&by.affiliated) {
            let what = match by.affiliated {
                true => "it calls the speaker affiliated with the service's provider, and it was not",
                false => "it does not call the speaker affiliated with the service's provider, and it was",
            };
            faults.push((Kind::Statement, what.into()));
        }
        faults
    }

    /// Whether a speaker may have been affiliated with the service's provider.
    fn affiliations(&self, by: &Actor, service: ServiceId, block: BlockNumber) -> BTreeSet<bool> {
        let providers = self.service(service, block).map(|service| service.provider);
        providers
            .flat_map(|provider| match provider {
                None => BTreeSet::from([false]),
                Some(provider) if provider == by.organisation => BTreeSet::from([true]),
                Some(provider) => {
                    let is_of_group = |organisation: &Organisation| organisation.group == by.group;
                    self.organisation(provider, block).map(is_of_group).collect()
                }
            })
            .collect()
    }

    /// Whether an opening states the service and the rules as they were. The first one says by which rules the chain
    /// began, where the council set others since.
    pub fn check_opening(&mut self, opening: &Opening, block: BlockNumber) -> Vec<(Kind, String)> {
        let mut faults = Vec::new();
        let is_so = |service: &Service| {
            service.slug == opening.slug && service.name == opening.name && !service.retired
        };
        if !self.service(opening.service, block).any(is_so) {
            let service = opening.service;
            faults.push((
                Kind::Statement,
                format!("service {service} was not there, was retired, or was called otherwise"),
            ));
        }
        let before = self.rules.partition_point(|(set, _)| *set < block);
        let until = self.rules.partition_point(|(set, _)| *set <= block);
        let in_block = self.rules.get(before..until).unwrap_or_default();
        let earlier = before.checked_sub(1).and_then(|place| self.rules.get(place));
        let of_block = in_block.iter().any(|(_, rules)| *rules == opening.rules);
        let in_force = match earlier {
            Some((_, rules)) => of_block || *rules == opening.rules,
            None => of_block || *self.first_rules.get_or_insert(opening.rules) == opening.rules,
        };
        if !in_force {
            faults.push((Kind::Statement, "it states other rules than were in force".into()));
        }
        faults
    }

    /// Whether the arbiters that a dispute names are those without a part in it, as far as the logs tell.
    pub fn check_arbiters(
        &self,
        before: &Incident,
        by: &Actor,
        arbiters: &Arbiters,
        block: BlockNumber,
    ) -> Vec<(Kind, String)> {
        let could =
            |organisation: &Organisation| organisation.status == Status::Active && organisation.roles.arbiter;
        let numbers = || {
            (0u32..)
                .zip(&self.organisations)
                .map(|(id, _)| OrganisationId(id))
        };
        let mut faults = Vec::new();
        let groups: BTreeSet<GroupId> = numbers()
            .flat_map(|id| self.organisation(id, block))
            .filter(|organisation| could(organisation))
            .map(|organisation| organisation.group)
            .collect();
        for group in arbiters.iter().filter(|group| !groups.contains(group)) {
            faults.push((
                Kind::Statement,
                format!("it lets group {group} rule, which was no arbiter's"),
            ));
        }
        let of_provider: BTreeSet<GroupId> = self
            .service(before.service, block)
            .filter_map(|service| service.provider)
            .flat_map(|provider| self.organisation(provider, block))
            .map(|organisation| organisation.group)
            .collect();
        if arbiters.len() >= usize::try_from(MAX_ARBITERS).unwrap_or(usize::MAX) {
            return faults;
        }
        for id in numbers() {
            let mut states = self.organisation(id, block);
            let Some(group) = states.clone().next().map(|organisation| organisation.group) else {
                continue;
            };
            let surely = states.all(|organisation| could(organisation) && organisation.group == group);
            let has_part =
                before.ledger.has_part(id, group) || group == by.group || of_provider.contains(&group);
            // One that was admitted in this block may not have been there yet.
            let was_there = block == 0 || self.organisation(id, block.saturating_sub(1)).next().is_some();
            if surely && was_there && !has_part && !arbiters.contains(&group) {
                faults.push((
                    Kind::Statement,
                    format!("it does not let group {group} rule, which was an arbiter's without a part"),
                ));
            }
        }
        faults
    }

    /// Whether an entry's time is its block's, as far as other logs tell.
    pub fn is_time_of(&self, block: BlockNumber, at: UnixMillis) -> bool {
        self.clock.fits(block, at)
    }
}
