//! What happened: an incident and the fold that judges it.
//!
//! | file | holds |
//! | --- | --- |
//! | `mod.rs` | the record, and how each entry changes what is there |
//! | `action.rs` | what is said and done: the entries |
//! | `tally.rs` | voices, and what they amount to: verdict, times by median, plurality |
//! | `case.rs` | a dispute and its ruling |
//! | `spoken.rs` | how much each organisation has said |
//! | `standing.rs` | what time alone changes, and which incident a report is of |

mod action;
mod case;
mod refusal;
mod spoken;
mod standing;
mod tally;

pub use action::{Action, Actor, Arbiters, Cause, Opening, Reply, ReplyStatus, Statement, MAX_ARBITERS};
pub use case::{Case, Vote};
pub use refusal::Refusal;
pub use spoken::{Ledger, Spoken, MAX_REPLIES, MAX_SPEAKERS, MAX_WORDS};
pub use standing::{Candidate, Standing};
pub use tally::{Finding, Tally, Times, Voice, MAX_GROUPS, MAX_VOICES, MAX_VOICES_A_GROUP};

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

use crate::{
    attestation::Attestation,
    choice::choice,
    log::{Fold, What},
    rules::Rules,
    Entry, IncidentId, OrganisationId, ServiceId, UnixMillis,
};

/// The version of this fold. A chain's every version stays in this crate.
pub const FOLD_VERSION: u8 = 1;

choice! {
    /// Whether it goes on: derived from claims alone.
    Status {
        /// It goes on, as far as anybody said.
        Ongoing = 0,
        /// More than half of the affirming groups say that it is over.
        Recovered = 1,
        /// Nobody saw its end.
        EndUnknown = 2,
    }
}

choice! {
    /// What the attestations amount to.
    Verdict {
        /// Too few affirm it.
        Unconfirmed = 0,
        /// Enough affirm it, and fewer speak against it.
        Confirmed = 1,
        /// Enough affirm it, but as many or more speak against it.
        Contested = 2,
    }
}

choice! {
    /// Whether it was recorded at the time or afterwards. Latched when first confirmed.
    Timeliness {
        /// Live voices alone confirmed it.
        Live = 0,
        /// It took voices that came later.
        Late = 1,
    }
}

choice! {
    /// How a dispute stands, beside the verdict.
    Dispute {
        /// Nobody disputes it.
        None = 0,
        /// Somebody does, and arbiters have not ruled.
        Open = 1,
        /// Arbiters upheld the dispute.
        Sustained = 2,
        /// Arbiters rejected the dispute.
        Dismissed = 3,
        /// Arbiters did not rule in time.
        Unruled = 4,
    }
}

/// An incident as its log makes it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Incident {
    /// Its number.
    pub id: IncidentId,
    /// The version of the fold that makes it.
    pub fold: u8,
    /// The service.
    pub service: ServiceId,
    /// Who opened it.
    pub opener: OrganisationId,
    /// The rules that it is judged by.
    pub rules: Rules,
    /// What the counting groups that affirm it amount to; none where no such group does.
    pub finding: Option<Finding>,
    /// Whether it goes on.
    pub status: Status,
    /// What the attestations amount to.
    pub verdict: Verdict,
    /// Whether it was recorded at the time; none while it was never confirmed.
    pub timeliness: Option<Timeliness>,
    /// When the first entry was recorded.
    pub first_reported_at: UnixMillis,
    /// When it was first confirmed.
    pub confirmed_at: Option<UnixMillis>,
    /// Most counting groups that ever affirmed it at once.
    pub peak: u16,
    /// When that was last exceeded.
    pub peak_at: UnixMillis,
    /// How the dispute that was opened last stands; what time alone makes of it is not here.
    pub dispute: Dispute,
    /// That dispute.
    pub case: Option<Case>,
    /// The incident that an arbiter holds to be the same.
    pub duplicate_of: Option<IncidentId>,
    /// The provider's latest reply.
    pub reply: Option<Reply>,
    /// When it settles, if nothing more is said; none while it goes on.
    pub settles_at: Option<UnixMillis>,
    /// The time past which no change puts settling off.
    pub settles_by: Option<UnixMillis>,
    /// Whether somebody closed it, as nobody saw its end, and nobody who counts has seen it fail since.
    pub closed: bool,
    /// Who stands by what.
    pub tally: Tally,
    /// How much each organisation has said.
    pub ledger: Ledger,
}

impl Fold for Incident {
    const WHAT: What = What::Incident;
    type Id = IncidentId;
    type Action = Action;
    type Refusal = Refusal;

    fn open(id: IncidentId, entry: &Entry<Action>) -> Result<Self, Refusal> {
        let Action::Opened {
            by,
            opening,
            attestation,
        } = &entry.action
        else {
            return Err(Refusal::OutOfPlace);
        };
        if opening.fold != FOLD_VERSION {
            return Err(Refusal::FoldUnknown);
        }
        attestation
            .observation
            .check(entry.at, opening.rules.max_clock_skew)?;
        if !attestation.observation.claim.affirms() {
            return Err(Refusal::UpOpensNothing);
        }
        let mut tally = Tally::default();
        tally.hear(by, 0, entry.at, &attestation.observation)?;
        let mut ledger = Ledger::default();
        ledger.word(by)?;
        let incident = Self {
            id,
            fold: opening.fold,
            service: opening.service,
            opener: by.organisation,
            rules: opening.rules,
            finding: None,
            status: Status::Ongoing,
            verdict: Verdict::Unconfirmed,
            timeliness: None,
            first_reported_at: entry.at,
            confirmed_at: None,
            peak: 0,
            peak_at: entry.at,
            dispute: Dispute::None,
            case: None,
            duplicate_of: None,
            reply: None,
            settles_at: None,
            settles_by: None,
            closed: false,
            tally,
            ledger,
        };
        Ok(incident.judged(entry.at))
    }

    fn apply(self, number: u32, entry: &Entry<Action>) -> Result<Self, Refusal> {
        let at = entry.at;
        match &entry.action {
            Action::Opened { .. } => Err(Refusal::OutOfPlace),
            Action::Attested { by, attestation, .. } => self.attested(by, number, at, attestation),
            Action::Withdrawn { by, .. } => self.withdrawn(by, at),
            Action::Closed { by: _ } => self.closed(at),
            Action::Replied { by, reply } => self.replied(by, at, reply),
            Action::Disputed { by, arbiters, .. } => self.disputed(by, at, arbiters),
            Action::Voted { by, sustain, .. } => self.voted(by, at, *sustain),
            Action::Linked { by, to } => self.linked(by, *to),
            Action::Unlinked { by } => self.unlinked(by),
        }
    }
}

/// What each entry changes.
impl Incident {
    /// Whether words are still taken.
    fn ensure_open(&self, at: UnixMillis) -> Result<Candidate, Refusal> {
        let candidate = self.candidate();
        if candidate.is_settled(at) {
            return Err(Refusal::Settled);
        }
        if candidate.has_lapsed(at) {
            return Err(Refusal::Lapsed);
        }
        Ok(candidate)
    }

    fn attested(
        mut self,
        by: &Actor,
        number: u32,
        at: UnixMillis,
        attestation: &Attestation,
    ) -> Result<Self, Refusal> {
        let observation = &attestation.observation;
        observation.check(at, self.rules.max_clock_skew)?;
        if !self.ensure_open(at)?.is_near(&observation.observed, at) {
            return Err(Refusal::SpanTooFar);
        }
        if let Some(voice) = self.tally.of(by.organisation) {
            if voice.claim.affirms() && !observation.claim.affirms() {
                return Err(Refusal::UpAfterAffirming);
            }
            if voice.claim == observation.claim && at.since(voice.heard_at) < self.rules.renew_after {
                return Err(Refusal::RepeatedTooSoon);
            }
        }
        self.ledger.word(by)?;
        self.tally.hear(by, number, at, observation)?;
        let is_counted = |voice: &&Voice| voice.organisation == by.organisation;
        if observation.claim.goes_on() && self.tally.counting().iter().any(is_counted) {
            self.closed = false;
        }
        Ok(self.judged(at))
    }

    fn withdrawn(mut self, by: &Actor, at: UnixMillis) -> Result<Self, Refusal> {
        self.ensure_open(at)?;
        self.tally.withdraw(by.organisation)?;
        self.ledger.word(by)?;
        Ok(self.judged(at))
    }

    fn closed(mut self, at: UnixMillis) -> Result<Self, Refusal> {
        self.ensure_open(at)?;
        if self.status != Status::Ongoing {
            return Err(Refusal::NotOngoing);
        }
        let fresh =
            |voice: &&Voice| voice.claim.goes_on() && at < voice.heard_at.after(self.rules.stale_after);
        if self.tally.counting().iter().any(fresh) {
            return Err(Refusal::NotStale);
        }
        self.closed = true;
        Ok(self.judged(at))
    }

    fn replied(mut self, by: &Actor, at: UnixMillis, reply: &Reply) -> Result<Self, Refusal> {
        if !by.affiliated {
            return Err(Refusal::NotTheProvider);
        }
        reply.statement.check(at, self.rules.max_clock_skew)?;
        self.ledger.reply(by)?;
        self.reply = Some(*reply);
        Ok(self)
    }

    fn disputed(mut self, by: &Actor, at: UnixMillis, arbiters: &Arbiters) -> Result<Self, Refusal> {
        if self.dispute == Dispute::Open && !self.is_unruled(at) {
            return Err(Refusal::DisputeOpen);
        }
        let in_order = arbiters.windows(2).all(|pair| pair.first() < pair.last());
        let has_part = |group| self.ledger.has_attested(group) || group == by.group;
        if !in_order || arbiters.iter().copied().any(has_part) {
            return Err(Refusal::ArbitersUnfit);
        }
        self.ledger.dispute(by)?;
        self.case = Some(Case::open(by, at, arbiters.clone()));
        self.dispute = Dispute::Open;
        Ok(self)
    }

    fn voted(mut self, by: &Actor, at: UnixMillis, sustain: bool) -> Result<Self, Refusal> {
        let late = self.is_unruled(at);
        let case = self.case.as_mut().filter(|_| self.dispute == Dispute::Open);
        let case = case.ok_or(Refusal::NoOpenDispute)?;
        if late {
            return Err(Refusal::RulingTooLate);
        }
        // The list is that of the opening: whoever took a part since, or became the provider's, rules no more; nor
        // does whoever disputes, in whatever group it is now.
        let has_part = case.by == by.organisation || self.ledger.has_part(by.organisation, by.group);
        if by.affiliated || has_part {
            return Err(Refusal::NotAnArbiterOfThis);
        }
        case.vote(by, sustain)?;
        self.dispute = case.ruling();
        Ok(self)
    }

    fn linked(self, by: &Actor, to: IncidentId) -> Result<Self, Refusal> {
        if by.affiliated {
            return Err(Refusal::NotAnArbiterOfThis);
        }
        if to == self.id {
            return Err(Refusal::LinkToItself);
        }
        match self.duplicate_of {
            Some(_) => Err(Refusal::LinkedAlready),
            None => Ok(Self {
                duplicate_of: Some(to),
                ..self
            }),
        }
    }

    fn unlinked(self, by: &Actor) -> Result<Self, Refusal> {
        if by.affiliated {
            return Err(Refusal::NotAnArbiterOfThis);
        }
        match self.duplicate_of {
            Some(_) => Ok(Self {
                duplicate_of: None,
                ..self
            }),
            None => Err(Refusal::NotLinked),
        }
    }

    /// What the voices amount to now, and what that changes in the record.
    fn judged(mut self, at: UnixMillis) -> Self {
        let before = self.outcome();

        self.finding = self.tally.finding();
        self.verdict = self.tally.verdict(&self.rules, self.finding.as_ref());
        let ended_at = self.finding.as_ref().and_then(Finding::ended_at);
        self.status = match (ended_at, self.closed) {
            (Some(_), _) => Status::Recovered,
            (None, true) => Status::EndUnknown,
            (None, false) => Status::Ongoing,
        };

        let affirming = self.tally.affirming_groups();
        if affirming > self.peak {
            self.peak = affirming;
            self.peak_at = at;
        }
        if self.verdict == Verdict::Confirmed && self.confirmed_at.is_none() {
            self.confirmed_at = Some(at);
            let live = self.tally.live(&self.rules);
            self.timeliness = Some(if live { Timeliness::Live } else { Timeliness::Late });
        }

        let after = self.outcome();
        if self.status == Status::Ongoing {
            self.settles_at = None;
            self.settles_by = None;
        } else if before != after || self.settles_at.is_none() {
            let by = *self
                .settles_by
                .get_or_insert(at.after(self.rules.dispute_window_max));
            self.settles_at = Some(at.after(self.rules.dispute_window).min(by));
        }
        self
    }

    /// What puts settling off when it changes: verdict, start and end.
    fn outcome(&self) -> (Verdict, Option<(UnixMillis, Option<UnixMillis>)>) {
        let times = self
            .finding
            .as_ref()
            .map(|finding| (finding.started.median, finding.ended_at()));
        (self.verdict, times)
    }
}
