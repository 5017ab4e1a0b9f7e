//! What happened: an incident and the fold that judges it.
//!
//! | file | holds |
//! | --- | --- |
//! | `mod.rs` | the record, the actions, and how each entry changes what is there |
//! | `tally.rs` | voices, and what they amount to: verdict, times by median, plurality |
//! | `standing.rs` | what time alone changes, and which incident a report is of |

mod standing;
mod tally;

pub use standing::{Candidate, Standing};
pub use tally::{Finding, Tally, Times, Voice, MAX_GROUPS, MAX_VOICES, MAX_VOICES_A_GROUP};

use alloc::boxed::Box;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

use crate::{
    attestation::{Attestation, TimeQuality},
    choice::choice,
    log::{Fold, What},
    rules::Rules,
    service::Slug,
    Account, Entry, GroupId, IncidentId, OrganisationId, ServiceId, Sha256, Text, UnixMillis,
};

/// The version of this fold. A chain's every version stays in this crate.
pub const FOLD_VERSION: u8 = 1;
/// Most attestations and withdrawals of one organisation on one incident.
pub const MAX_WORDS: u8 = 64;

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

choice! {
    /// How the provider says that it stands.
    ReplyStatus {
        /// It looks for the cause.
        Investigating = 0,
        /// It knows the cause.
        Identified = 1,
        /// It has acted and watches.
        Monitoring = 2,
        /// It says that it is over.
        Resolved = 3,
        /// It says that the fault is not its own.
        NotUs = 4,
    }
}

choice! {
    /// What the provider says was the cause.
    Cause {
        /// Not known.
        Unknown = 0,
        /// A process, such as a change.
        Process = 1,
        /// A system that failed.
        System = 2,
        /// A person's mistake.
        HumanError = 3,
        /// Somebody else's system.
        ThirdParty = 4,
        /// Power.
        Power = 5,
        /// A cable.
        Cable = 6,
        /// A natural disaster.
        NaturalDisaster = 7,
        /// Malice.
        Malicious = 8,
        /// An order of a government.
        GovernmentDirected = 9,
    }
}

/// Who speaks, as it was at the block that recorded it.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Actor {
    /// The organisation.
    pub organisation: OrganisationId,
    /// The group that it counts with.
    pub group: GroupId,
    /// Whether it is the service's provider or of the provider's group, and so does not count.
    pub affiliated: bool,
    /// The key that signed.
    pub key: Account,
}

/// The provider's word: what it says, beside the record and never in its place.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Reply {
    /// How it says that it stands.
    pub status: ReplyStatus,
    /// When it says that it began.
    pub claimed_start: Option<UnixMillis>,
    /// When it says that it ended.
    pub claimed_end: Option<UnixMillis>,
    /// How exact those times are.
    pub time_quality: TimeQuality,
    /// What it says was the cause.
    pub cause: Cause,
    /// SHA-256 of its text; the body is stored beside the log.
    pub text: Option<Sha256>,
    /// SHA-256 of its document, such as a postmortem.
    pub document: Option<Sha256>,
}

/// What the first entry of an incident holds besides its first attestation: all that judging it needs.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Opening {
    /// The version of the fold in force: see [`FOLD_VERSION`].
    pub fold: u8,
    /// The service.
    pub service: ServiceId,
    /// What named the service then.
    pub slug: Slug,
    /// What people called it then.
    pub name: Text<64>,
    /// The rules in force, by which this incident is judged for ever.
    pub rules: Rules,
}

/// What an entry of an incident's log says.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Action {
    /// The first attestation.
    #[codec(index = 0)]
    Opened {
        /// Who speaks.
        by: Actor,
        /// What judging needs.
        opening: Opening,
        /// What it says.
        attestation: Box<Attestation>,
    },
    /// One more attestation: it takes the place of the same organisation's last.
    #[codec(index = 1)]
    Attested {
        /// Who speaks.
        by: Actor,
        /// What it says.
        attestation: Box<Attestation>,
        /// The incident where it is withdrawn in the same step.
        moves_from: Option<IncidentId>,
    },
}

/// An incident as its log makes it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Incident {
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
    /// How a dispute stands.
    pub dispute: Dispute,
    /// The incident that an arbiter holds to be the same.
    pub duplicate_of: Option<IncidentId>,
    /// The provider's latest reply.
    pub reply: Option<Reply>,
    /// When it settles, if nothing more is said; none while it goes on.
    pub settles_at: Option<UnixMillis>,
    /// The time past which no change puts settling off.
    pub settles_by: Option<UnixMillis>,
    /// Who stands by what.
    pub tally: Tally,
}

/// Why an entry is no entry of an incident's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// A log begins with an opening, and has no other.
    OutOfPlace,
    /// The opening names a version of the fold that this code does not know.
    FoldUnknown,
    /// `observed_from` lies after `observed_to`.
    ObservedSpanReversed,
    /// The observed span ends in the future.
    ObservedInFuture,
    /// A failing interval begins after it ends.
    IntervalReversed,
    /// A failing interval lies outside the observed span.
    IntervalOutsideSpan,
    /// A vantage counts more failed samples than samples.
    MoreFailedThanSamples,
    /// A country is not two capital letters.
    CountryMalformed,
    /// A measuring method without evidence.
    EvidenceMissing,
    /// Evidence captured in the future.
    EvidenceInFuture,
    /// A text is not UTF-8.
    TextNotUtf8,
    /// An Up opens no incident: it speaks against one.
    UpOpensNothing,
    /// The organisation affirms this outage: it must say Recovered, not Up.
    UpAfterAffirming,
    /// The same voice repeats the same claim too soon.
    RepeatedTooSoon,
    /// The span lies too far from the incident's.
    SpanTooFar,
    /// The incident has settled: its verdict and times are final.
    Settled,
    /// The incident lapsed unconfirmed.
    Lapsed,
    /// The organisation has said as much on this incident as it may.
    TooManyWords,
    /// As many groups count on this incident as it can hold.
    TooManyGroups,
    /// As many members of this group stand on this incident as may.
    TooManyOfGroup,
}

impl Fold for Incident {
    const WHAT: What = What::Incident;
    type Id = IncidentId;
    type Action = Action;
    type Refusal = Refusal;

    fn open(_: IncidentId, entry: &Entry<Action>) -> Result<Self, Refusal> {
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
        let incident = Self {
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
            duplicate_of: None,
            reply: None,
            settles_at: None,
            settles_by: None,
            tally,
        };
        Ok(incident.judged(entry.at))
    }

    fn apply(mut self, number: u32, entry: &Entry<Action>) -> Result<Self, Refusal> {
        let Action::Attested {
            by,
            attestation,
            moves_from: _,
        } = &entry.action
        else {
            return Err(Refusal::OutOfPlace);
        };
        let observation = &attestation.observation;
        observation.check(entry.at, self.rules.max_clock_skew)?;
        let candidate = self.candidate();
        let standing = candidate.at(entry.at);
        if standing.settled {
            return Err(Refusal::Settled);
        }
        if standing.lapsed {
            return Err(Refusal::Lapsed);
        }
        if !candidate.is_near(&observation.observed, entry.at) {
            return Err(Refusal::SpanTooFar);
        }
        if let Some(voice) = self.tally.of(by.organisation) {
            if voice.claim.affirms() && !observation.claim.affirms() {
                return Err(Refusal::UpAfterAffirming);
            }
            if voice.claim == observation.claim && entry.at.since(voice.heard_at) < self.rules.renew_after {
                return Err(Refusal::RepeatedTooSoon);
            }
        }
        self.tally.hear(by, number, entry.at, observation)?;
        Ok(self.judged(entry.at))
    }
}

impl Incident {
    /// What the voices amount to now, and what that changes in the record.
    fn judged(mut self, at: UnixMillis) -> Self {
        let before = self.outcome();

        self.finding = self.tally.finding();
        self.verdict = self.tally.verdict(&self.rules, self.finding.as_ref());
        let ended_at = self.finding.as_ref().and_then(Finding::ended_at);
        self.status = if ended_at.is_some() {
            Status::Recovered
        } else {
            Status::Ongoing
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
