//! What is told of an incident: its record, every entry of its log, and how much each weighs now.

use std::collections::BTreeMap;

use faultline_primitives::{attestation::Claim, IncidentId, OrganisationId, Sha256};
use faultline_rpc::view::{
    ActionView, At, AttestationView, EntryView, IncidentView, RelatedView, Relation, TimeKind, Utc, VoiceView,
};
use serde::Serialize;

use super::names::Names;
use crate::trouble::Trouble;

/// All that is told of an incident.
pub struct Told {
    /// Its record.
    pub incident: IncidentView,
    /// Its log, as long as the record says.
    pub log: Vec<EntryView>,
    /// Who speaks in it.
    pub names: Names,
    /// The event that it is part of.
    pub event: Event,
}

/// The event that an incident is part of, as the node's index says.
#[derive(Clone, Serialize)]
#[serde(untagged)]
pub enum Event {
    /// The incidents that overlap it.
    Known(At<RelatedView>),
    /// This node cannot say, and why.
    Unknown { error: Trouble },
}

/// How much an attestation weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// It affirms the outage, for its group.
    Affirms { live: bool },
    /// It speaks against the outage, for its group.
    Against,
    /// The provider's, or of one of its group: heard, and not counted.
    Providers,
    /// Of a group that has a voice already, this organisation's.
    SecondVoice { first: Option<OrganisationId> },
    /// Another entry took its place.
    Replaced { by: u32 },
    /// Another entry took it back, to say so of another incident.
    Withdrawn { by: u32, moved_to: Option<IncidentId> },
    /// It stands no more.
    Gone,
}

/// What a weight comes to at first sight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    Counts,
    DoesNotCount,
    StandsNoMore,
}

/// A point in time, and whether it was measured or only said.
pub type Given = (Utc, TimeKind);

/// When it began or ended, by all that is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Points {
    /// The earliest, the median, and the latest that anybody who counts gives.
    pub record: Option<[Given; 3]>,
    /// What the provider claims.
    pub provider: Option<Utc>,
    /// When it was first recorded.
    pub recorded: Option<Utc>,
}

/// A story: what was told, and where each part of it is.
pub struct Story<'a> {
    /// What was told.
    pub told: &'a Told,
    /// The entries by which an organisation sets what it stands by, in order.
    words: BTreeMap<OrganisationId, Vec<&'a EntryView>>,
    /// Who gave which document, and in which entry.
    documents: BTreeMap<Sha256, Vec<(u32, OrganisationId)>>,
}

/// What an entry attests, if it does.
pub fn attestation(entry: &EntryView) -> Option<&AttestationView> {
    match &entry.action {
        ActionView::Opened { attestation, .. } | ActionView::Attested { attestation, .. } => {
            Some(attestation)
        }
        _ => None,
    }
}

impl<'a> Story<'a> {
    /// The story of what was told.
    pub fn new(told: &'a Told) -> Self {
        let mut words: BTreeMap<_, Vec<_>> = BTreeMap::new();
        let mut documents: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for entry in &told.log {
            let organisation = entry.by.organisation;
            let attested = attestation(entry);
            if attested.is_some() || matches!(entry.action, ActionView::Withdrawn { .. }) {
                words.entry(organisation).or_default().push(entry);
            }
            for document in attested.map_or(&[][..], |said| said.evidence.as_slice()) {
                documents
                    .entry(document.sha256)
                    .or_default()
                    .push((entry.number, organisation));
            }
        }
        Self {
            told,
            words,
            documents,
        }
    }

    /// What people called the service when the incident was opened.
    pub fn service(&self) -> Option<&str> {
        match self.told.log.first().map(|entry| &entry.action) {
            Some(ActionView::Opened { opening, .. }) => Some(&opening.name),
            _ => None,
        }
    }

    /// How much an entry weighs; none of one that attests nothing.
    pub fn weight(&self, entry: &EntryView) -> Option<Weight> {
        attestation(entry)?;
        let voices = &self.told.incident.voices;
        let voice = voices.iter().find(|voice| voice.entry == entry.number);
        Some(match voice {
            Some(voice) => self.weight_of(voice),
            None => self.end_of(entry),
        })
    }

    fn weight_of(&self, voice: &VoiceView) -> Weight {
        match voice {
            VoiceView { affiliated: true, .. } => Weight::Providers,
            VoiceView { counts: false, .. } => {
                let voices = self.told.incident.voices.iter();
                let mut first = voices.filter(|other| other.counts && other.group == voice.group);
                Weight::SecondVoice {
                    first: first.next().map(|other| other.organisation),
                }
            }
            _ if voice.claim.affirms() => Weight::Affirms { live: voice.live },
            _ => Weight::Against,
        }
    }

    /// What became of an attestation that stands no more.
    fn end_of(&self, entry: &EntryView) -> Weight {
        let words = self.words.get(&entry.by.organisation).into_iter().flatten();
        let mut later = words.filter(|word| word.number > entry.number);
        match later.next() {
            None => Weight::Gone,
            Some(next) => match next.action {
                ActionView::Withdrawn { moved_to } => Weight::Withdrawn {
                    by: next.number,
                    moved_to,
                },
                _ => Weight::Replaced { by: next.number },
            },
        }
    }

    /// In which entries other organisations gave the same document.
    pub fn also_given(
        &self,
        by: OrganisationId,
        document: &Sha256,
    ) -> impl Iterator<Item = (u32, OrganisationId)> + '_ {
        let given = self.documents.get(document).into_iter().flatten().copied();
        given.filter(move |(_, organisation)| *organisation != by)
    }

    /// Every document, and in which entries it was given.
    pub fn documents(&self) -> impl Iterator<Item = (&Sha256, &[(u32, OrganisationId)])> {
        self.documents
            .iter()
            .map(|(document, given)| (document, given.as_slice()))
    }

    /// When it began.
    pub fn started(&self) -> Points {
        let incident = &self.told.incident;
        let given: Vec<_> = self
            .affirming()
            .map(|voice| (voice.span.from, voice.time_kind))
            .collect();
        Points {
            record: incident
                .started_at
                .map(|times| [times.earliest, times.median, times.latest].map(|time| measured(&given, time))),
            provider: incident.reply.as_ref().and_then(|reply| reply.claimed_start),
            recorded: Some(incident.first_reported_at),
        }
    }

    /// When it ended.
    pub fn ended(&self) -> Points {
        let incident = &self.told.incident;
        let over = || self.affirming().filter(|voice| !voice.claim.goes_on());
        let given: Vec<_> = over().map(|voice| (voice.span.to, voice.time_kind)).collect();
        // The first word by which anybody who counts says so.
        let says_so = |entry: &&EntryView| {
            attestation(entry).is_some_and(|said| said.claim == Claim::Recovered)
                && over().any(|voice| voice.organisation == entry.by.organisation)
        };
        Points {
            record: incident
                .ended_at
                .map(|times| [times.earliest, times.median, times.latest].map(|time| measured(&given, time))),
            provider: incident.reply.as_ref().and_then(|reply| reply.claimed_end),
            recorded: self.told.log.iter().find(says_so).map(|entry| entry.recorded_at),
        }
    }

    fn affirming(&self) -> impl Iterator<Item = &VoiceView> {
        let voices = self.told.incident.voices.iter();
        voices.filter(|voice| voice.counts && voice.claim.affirms())
    }
}

/// A time, and whether anybody of those who give it measured it: one is enough.
fn measured(given: &[Given], time: Utc) -> Given {
    let observed = given.contains(&(time, TimeKind::Observed));
    let kind = if observed {
        TimeKind::Observed
    } else {
        TimeKind::Claimed
    };
    (time, kind)
}

impl Weight {
    /// What it comes to at first sight.
    pub fn mark(self) -> Mark {
        match self {
            Self::Affirms { .. } | Self::Against => Mark::Counts,
            Self::Providers | Self::SecondVoice { .. } => Mark::DoesNotCount,
            Self::Replaced { .. } | Self::Withdrawn { .. } | Self::Gone => Mark::StandsNoMore,
        }
    }

    /// In words, and why.
    pub fn words(self, names: &Names) -> String {
        match self {
            Self::Affirms { live: true } => "counts, live".into(),
            Self::Affirms { live: false } => "counts, late".into(),
            Self::Against => "counts, against the outage".into(),
            Self::Providers => "does not count: the provider's, or of its group".into(),
            Self::SecondVoice { first: Some(first) } => {
                format!("does not count: {} speaks for their group", names.name(first))
            }
            Self::SecondVoice { first: None } => "does not count: its group has a voice already".into(),
            Self::Replaced { by } => format!("stands no more: #{by} took its place"),
            Self::Withdrawn { by, moved_to: None } => format!("stands no more: taken back by #{by}"),
            Self::Withdrawn {
                by,
                moved_to: Some(to),
            } => format!("stands no more: moved by #{by} to incident {to}"),
            Self::Gone => "stands no more".into(),
        }
    }
}

/// How the services of two incidents are related, in words.
pub fn relation(relation: Relation) -> &'static str {
    match relation {
        Relation::SameService => "same service",
        Relation::Parent => "its parent",
        Relation::Component => "a component of it",
        Relation::Sibling => "a sibling",
        Relation::SameProvider => "same provider",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn every_word_is_marked_with_what_it_weighs_and_why() {
        let told = fixture::told();
        let story = Story::new(&told);
        let weights: Vec<_> = told
            .log
            .iter()
            .filter_map(|entry| Some((entry.number, story.weight(entry)?)))
            .collect();
        assert_eq!(
            weights,
            [
                (0, Weight::Replaced { by: 8 }),
                (1, Weight::Replaced { by: 9 }),
                (
                    2,
                    Weight::SecondVoice {
                        first: Some(OrganisationId(1))
                    }
                ),
                (3, Weight::Providers),
                (5, Weight::Affirms { live: true }),
                (
                    6,
                    Weight::Withdrawn {
                        by: 7,
                        moved_to: None
                    }
                ),
                (8, Weight::Affirms { live: true }),
                (9, Weight::Affirms { live: true }),
            ]
        );
    }

    #[test]
    fn a_document_that_several_give_is_found_and_ones_own_is_not_repeated() {
        let told = fixture::told();
        let story = Story::new(&told);
        let shared = Sha256([0xa1; 32]);
        let others: Vec<_> = story.also_given(OrganisationId(0), &shared).collect();
        assert_eq!(others, [(1, OrganisationId(1))]);
        let own = story.also_given(OrganisationId(0), &Sha256([0xa2; 32]));
        assert_eq!(own.count(), 0);
    }

    #[test]
    fn times_say_who_gives_them_and_when_they_were_recorded() {
        let told = fixture::told();
        let story = Story::new(&told);
        let (started, ended) = (story.started(), story.ended());
        let kinds = |points: &Points| points.record.map(|record| record.map(|(_, kind)| kind));
        use TimeKind::{Claimed, Observed};
        assert_eq!(kinds(&started), Some([Observed, Observed, Claimed]));
        assert_eq!(kinds(&ended), Some([Observed, Observed, Observed]));
        let incident = &told.incident;
        assert_eq!(started.recorded, Some(incident.first_reported_at));
        assert_eq!(ended.recorded, told.log.get(8).map(|entry| entry.recorded_at));
        assert_eq!(
            ended.provider,
            incident.reply.as_ref().and_then(|reply| reply.claimed_end)
        );
    }
}
