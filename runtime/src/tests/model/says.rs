//! What must come of a call about an incident, by the model.

use std::collections::BTreeSet;

use faultline_primitives::{
    attestation::{Body, Claim, Method, Observation, Scope},
    incident::Statement,
    Country, IncidentId, Millis, UnixMillis,
};
use frame_support::ensure;
use sp_runtime::DispatchError;

use super::{
    expect::{ensure_council, make_sense, Expected},
    incidents::{Happening, Stand},
    world::{By, Check, IncidentError, World},
};
use crate::Runtime;

/// What makes no sense in an observation.
fn ensure_sense(seen: &Observation, now: UnixMillis, skew: Millis) -> Check {
    let latest = UnixMillis(now.0 + skew.0);
    let span = &seen.observed;
    ensure!(span.from <= span.to, IncidentError::ObservedSpanReversed);
    ensure!(span.to <= latest, IncidentError::ObservedInFuture);
    for interval in &seen.intervals {
        ensure!(interval.from <= interval.to, IncidentError::IntervalReversed);
    }
    for interval in &seen.intervals {
        let is_within = span.from <= interval.from && interval.to <= span.to;
        ensure!(is_within, IncidentError::IntervalOutsideSpan);
    }
    for vantage in &seen.vantages {
        let is_part = vantage.failed <= vantage.samples;
        ensure!(is_part, IncidentError::MoreFailedThanSamples);
    }
    let capital = |country: &Country| country.0.iter().all(|letter| letter.is_ascii_uppercase());
    for vantage in &seen.vantages {
        ensure!(capital(&vantage.place.country), IncidentError::CountryMalformed);
    }
    if let Scope::Country(country) = &seen.scope {
        ensure!(capital(country), IncidentError::CountryMalformed);
    }
    let measures = matches!(seen.method, Method::ActiveProbe | Method::PassiveTelemetry);
    ensure!(
        !measures || !seen.evidence.is_empty(),
        IncidentError::EvidenceMissing
    );
    for piece in &seen.evidence {
        ensure!(piece.captured_at <= latest, IncidentError::EvidenceInFuture);
    }
    if let Scope::Region(name) = &seen.scope {
        ensure!(name.is_utf8(), IncidentError::TextNotUtf8);
    }
    Ok(())
}

fn ensure_utf8(text: &Body) -> Check {
    ensure!(text.is_utf8(), IncidentError::TextNotUtf8);
    Ok(())
}

impl World {
    pub fn incident(&self, incident: IncidentId) -> Check<&Happening> {
        let happening = self.incidents.get(incident.0 as usize);
        happening.ok_or(IncidentError::NoSuchIncident.into())
    }

    /// The arbiters' groups that may rule on a dispute by an organisation.
    pub fn arbiters(&self, happening: &Happening, by: u32) -> BTreeSet<u32> {
        let provider = self.services[happening.service as usize].provider;
        let numbered = (0..).zip(&self.members);
        numbered
            .filter(|(_, member)| member.roles.arbiter && !member.suspended)
            .filter(|(number, member)| {
                let is_providers = provider.is_some_and(|provider| self.group(provider) == member.group);
                !happening.has_part(*number, member.group) && member.group != self.group(by) && !is_providers
            })
            .map(|(_, member)| member.group)
            .collect()
    }

    pub(super) fn incidents_say(&self, by: &By, call: &pallet_incidents::Call<Runtime>) -> Expected {
        use pallet_incidents::Call::*;
        match call {
            report {
                service,
                observation,
                text,
            } => self.report_says(by, service.0, observation, text),
            report_many { .. } => World::signer(by).map(|_| ()).into(),
            attest {
                incident,
                observation,
                text,
                moves_from,
            } => self.attest_says(by, *incident, observation, text, *moves_from),
            withdraw { incident } => {
                let mut errors = vec![];
                let check = self
                    .reporter_on(by, *incident)
                    .and_then(|(organisation, _)| self.withdrawal_says(organisation, *incident, &mut errors));
                perhaps(check, errors)
            }
            close { incident } => self.close_says(by, *incident),
            other => self.others_say(by, other).into(),
        }
    }

    fn reporter_on(&self, by: &By, incident: IncidentId) -> Check<(u32, &Happening)> {
        World::signer(by)?;
        let happening = self.incident(incident)?;
        Ok((self.in_role(by, |roles| roles.reporter)?, happening))
    }

    fn report_says(&self, by: &By, service: u32, seen: &Observation, text: &Body) -> Expected {
        let organisation = match self.in_role(by, |roles| roles.reporter) {
            Ok(organisation) => organisation,
            Err(error) => return Err(error).into(),
        };
        let Some(watched) = self.services.get(service as usize) else {
            return Err(IncidentError::NoSuchService.into()).into();
        };
        // It may open one, or be a further word on any that it lies near.
        let opening = || {
            ensure!(!watched.retired, IncidentError::ServiceRetired);
            ensure_utf8(text)?;
            ensure_sense(seen, self.now, self.rules.max_clock_skew)?;
            ensure!(seen.claim != Claim::Up, IncidentError::UpOpensNothing);
            Ok(())
        };
        let of_service = || self.incidents.iter().filter(|other| other.service == service);
        let must_join = of_service().any(|other| other.surely_takes(&seen.observed, self.now));
        let mut expected = match must_join {
            true => Expected::default(),
            false => Expected::from(opening()),
        };
        // No more are open than were ever opened.
        let own = of_service().filter(|other| other.opener == organisation).count();
        if !must_join && own >= 8 {
            expected.errors.push(IncidentError::TooManyUnconfirmed.into());
        }
        if !must_join && own >= 16 {
            expected.errors.push(IncidentError::TooManyOpened.into());
        }
        for other in of_service().filter(|other| other.may_take(&seen.observed, self.now)) {
            let mut errors = vec![];
            let check =
                ensure_utf8(text).and_then(|()| self.word_says(organisation, other, seen, &mut errors));
            // An incident that takes reports has neither settled nor lapsed, and the report lies near it.
            errors.retain(|error| *error == IncidentError::TooManyOfGroup.into());
            let joining = perhaps(check, errors);
            expected.taken |= joining.taken;
            expected.errors.extend(joining.errors);
        }
        expected
    }

    fn attest_says(
        &self,
        by: &By,
        incident: IncidentId,
        seen: &Observation,
        text: &Body,
        moves_from: Option<IncidentId>,
    ) -> Expected {
        let mut errors = vec![];
        let check = self
            .reporter_on(by, incident)
            .and_then(|(organisation, happening)| {
                if let Some(from) = moves_from {
                    ensure!(from != incident, IncidentError::MoveToItself);
                    self.incident(from)?;
                    self.withdrawal_says(organisation, from, &mut errors)?;
                }
                ensure_utf8(text)?;
                self.word_says(organisation, happening, seen, &mut errors)
            });
        perhaps(check, errors)
    }

    /// What may come of one more attestation: `errors` are those that it may fail with, but need not.
    fn word_says(
        &self,
        organisation: u32,
        happening: &Happening,
        seen: &Observation,
        errors: &mut Vec<DispatchError>,
    ) -> Check {
        ensure_sense(seen, self.now, happening.rules.max_clock_skew)?;
        errors.extend(happening.final_errors(self.now));
        ensure!(!happening.is_surely_final(self.now), IncidentError::Lapsed);
        if !happening.is_surely_near(&seen.observed) {
            errors.push(IncidentError::SpanTooFar.into());
        }
        if let Some(stand) = happening.stands.get(&organisation) {
            ensure!(
                stand.claim == Claim::Up || seen.claim != Claim::Up,
                IncidentError::UpAfterAffirming
            );
            let since = self.now.0 - stand.heard_at.0;
            ensure!(
                stand.claim != seen.claim || since >= happening.rules.renew_after.0,
                IncidentError::RepeatedTooSoon
            );
        }
        self.ensure_words_left(organisation, happening)?;
        if happening.stands.len() >= 4 {
            errors.push(IncidentError::TooManyOfGroup.into());
        }
        Ok(())
    }

    fn withdrawal_says(
        &self,
        organisation: u32,
        incident: IncidentId,
        errors: &mut Vec<DispatchError>,
    ) -> Check {
        let happening = self.incident(incident)?;
        errors.extend(happening.final_errors(self.now));
        ensure!(!happening.is_surely_final(self.now), IncidentError::Lapsed);
        let stands = happening.stands.contains_key(&organisation);
        ensure!(stands, IncidentError::NothingToWithdraw);
        self.ensure_words_left(organisation, happening)
    }

    fn ensure_words_left(&self, organisation: u32, happening: &Happening) -> Check {
        let words = happening.words.get(&organisation).copied().unwrap_or(0);
        ensure!(words < 64, IncidentError::TooManyWords);
        Ok(())
    }

    fn close_says(&self, by: &By, incident: IncidentId) -> Expected {
        let happening = match self.reporter_on(by, incident) {
            Ok((_, happening)) => happening,
            Err(error) => return Err(error).into(),
        };
        let mut errors = happening.final_errors(self.now);
        let says_over = |stand: &Stand| stand.claim == Claim::Recovered;
        if happening.was_closed || happening.stands.values().any(says_over) {
            errors.push(IncidentError::NotOngoing.into());
        }
        let is_fresh = |stand: &Stand| {
            let goes_on = matches!(stand.claim, Claim::Down | Claim::Degraded);
            goes_on && self.now.0 - stand.heard_at.0 < happening.rules.stale_after.0
        };
        if happening.stands.values().any(is_fresh) {
            errors.push(IncidentError::NotStale.into());
        }
        // One word alone, still fresh, of somebody that counts: it does go on.
        let goes_on = happening.only_word.is_some() && happening.stands.values().all(is_fresh);
        Expected {
            taken: !goes_on && !happening.is_surely_final(self.now),
            errors,
        }
    }

    /// What is plain to say.
    fn others_say(&self, by: &By, call: &pallet_incidents::Call<Runtime>) -> Check {
        use pallet_incidents::Call::*;
        match call {
            reply {
                incident,
                statement,
                text,
            } => {
                let (organisation, happening) = self.provider_on(by, *incident)?;
                ensure_utf8(text)?;
                self.ensure_claims(statement, happening)?;
                let replies = happening.replies.get(&organisation).copied();
                ensure!(replies.unwrap_or(0) < 16, IncidentError::TooManyReplies);
            }
            dispute { incident, text } => {
                let is_reporter = self.in_role(by, |roles| roles.reporter);
                World::signer(by)?;
                let (organisation, happening) = match is_reporter {
                    Ok(organisation) => (organisation, self.incident(*incident)?),
                    Err(_) => self.provider_on(by, *incident)?,
                };
                ensure_utf8(text)?;
                ensure!(!happening.is_disputed(self.now), IncidentError::DisputeOpen);
                let again = happening.disputed.contains(&organisation);
                ensure!(!again, IncidentError::DisputedAlready);
            }
            vote { incident, text, .. } => {
                let (organisation, happening) = self.arbiter_on(by, *incident)?;
                ensure_utf8(text)?;
                let case = happening.case.as_ref().filter(|case| case.ruling().is_none());
                let case = case.ok_or(IncidentError::NoOpenDispute)?;
                ensure!(!happening.is_unruled(self.now), IncidentError::RulingTooLate);
                let group = self.group(organisation);
                let has_part = case.by == organisation
                    || happening.has_part(organisation, group)
                    || self.is_affiliated(organisation, happening.service);
                let asked = case.arbiters.contains(&group);
                ensure!(asked && !has_part, IncidentError::NotAnArbiterOfThis);
                ensure!(!case.votes.contains_key(&group), IncidentError::VotedAlready);
            }
            link { incident, to } => {
                let (organisation, happening) = self.arbiter_on(by, *incident)?;
                ensure!(to != incident, IncidentError::LinkToItself);
                let target = self.incident(*to)?;
                let same = target.service == happening.service;
                ensure!(same, IncidentError::LinkAcrossServices);
                ensure!(target.duplicate_of.is_none(), IncidentError::LinkToLinked);
                self.ensure_apart(organisation, happening)?;
                let is_linked = happening.duplicate_of.is_some();
                ensure!(!is_linked, IncidentError::LinkedAlready);
            }
            unlink { incident } => {
                let (organisation, happening) = self.arbiter_on(by, *incident)?;
                self.ensure_apart(organisation, happening)?;
                ensure!(happening.duplicate_of.is_some(), IncidentError::NotLinked);
            }
            set_rules { rules } => {
                ensure_council(by)?;
                ensure!(make_sense(rules), IncidentError::RulesUnsound);
            }
            redact { incident, entry } => {
                ensure_council(by)?;
                let happening = self.incidents.get(incident.0 as usize);
                let is_there = happening.is_some_and(|happening| happening.texts.contains_key(entry));
                ensure!(is_there, IncidentError::NothingToRedact);
            }
            other => panic!("the model knows nothing of {other:?}"),
        }
        Ok(())
    }

    fn provider_on(&self, by: &By, incident: IncidentId) -> Check<(u32, &Happening)> {
        World::signer(by)?;
        let happening = self.incident(incident)?;
        let organisation = self.in_role(by, |roles| roles.provider)?;
        let provider = self.services[happening.service as usize].provider;
        ensure!(provider == Some(organisation), IncidentError::NotTheProvider);
        Ok((organisation, happening))
    }

    fn arbiter_on(&self, by: &By, incident: IncidentId) -> Check<(u32, &Happening)> {
        World::signer(by)?;
        let happening = self.incident(incident)?;
        Ok((self.in_role(by, |roles| roles.arbiter)?, happening))
    }

    fn ensure_apart(&self, organisation: u32, happening: &Happening) -> Check {
        let affiliated = self.is_affiliated(organisation, happening.service);
        ensure!(!affiliated, IncidentError::NotAnArbiterOfThis);
        Ok(())
    }

    fn ensure_claims(&self, statement: &Statement, happening: &Happening) -> Check {
        let latest = UnixMillis(self.now.0 + happening.rules.max_clock_skew.0);
        let (start, end) = (statement.claimed_start, statement.claimed_end);
        for time in [start, end].into_iter().flatten() {
            ensure!(time <= latest, IncidentError::ClaimedInFuture);
        }
        if let (Some(start), Some(end)) = (start, end) {
            ensure!(start <= end, IncidentError::ClaimedSpanReversed);
        }
        Ok(())
    }
}

/// What is sure, and what may be besides.
fn perhaps(sure: Check, errors: Vec<DispatchError>) -> Expected {
    let mut expected = Expected::from(sure);
    expected.errors.extend(errors);
    expected
}
