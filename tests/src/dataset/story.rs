//! What is said and done of one incident, folded.

use anyhow::{anyhow, Context, Result};
use faultline_primitives::{
    attestation::{
        Attestation, Evidence, EvidenceKind, Kind, Method, Observation, Place, Scope, Severity, TimeQuality,
        Vantage,
    },
    incident::{Action, Actor, Cause, Incident, Opening, Reply, ReplyStatus, Statement, FOLD_VERSION},
    rules::Rules,
    Account, Country, Entry, GroupId, IncidentId, Millis, OrganisationId, Record, Sha256, UnixMillis,
};
use rand::{seq::IndexedRandom, Rng};
use rand_chacha::ChaCha8Rng;

use super::{
    cast::Watched,
    plot::{self, about, Plot, Word},
    Dataset,
};
use crate::{bounded, text};

/// How far back an incident is looked for that another is held to be the same as.
const LOOKED_BACK: u64 = 200;

/// From where probes look.
static PLACES: [([u8; 2], u32); 6] = [
    (*b"DE", 3_320),
    (*b"US", 7_922),
    (*b"FR", 3_215),
    (*b"IN", 9_829),
    (*b"BR", 28_573),
    (*b"JP", 2_516),
];

/// The log of an incident.
pub struct Story {
    /// Its entries, in order.
    pub entries: Vec<Entry<Action>>,
    /// What they amount to.
    pub record: Record<Incident>,
}

impl Story {
    /// How many of its entries are attestations.
    pub fn attestations(&self) -> usize {
        let is_one =
            |entry: &&Entry<Action>| matches!(entry.action, Action::Opened { .. } | Action::Attested { .. });
        self.entries.iter().filter(is_one).count()
    }
}

/// Tells the story of an incident.
pub fn tell(data: &Dataset, id: IncidentId) -> Result<Story> {
    let mut chance = data.chance(id.0);
    let block = data.opening(id);
    let opened = data.time(block);
    let service = data.cast.drawn_service(&mut chance, block);
    let plot = Plot::drawn(&data.cast, (opened, block), &mut chance);
    let mut teller = Teller {
        data,
        id,
        service,
        opened,
        told: plot.kind,
        kind: drawn(&KINDS, &mut chance)?,
        severity: drawn(&SEVERITIES, &mut chance)?,
        scope: scope(plot.kind, &mut chance)?,
        chance,
        deeds: Vec::new(),
    };
    let words = plot.words(&mut teller.chance);
    teller.deeds(&words)?;
    teller.folded()
}

const KINDS: [(Kind, u32); 7] = [
    (Kind::Outage, 45),
    (Kind::Degradation, 20),
    (Kind::Latency, 15),
    (Kind::Connectivity, 12),
    (Kind::Other, 5),
    (Kind::DataLoss, 2),
    (Kind::Security, 1),
];
const SEVERITIES: [(Severity, u32); 3] = [
    (Severity::Minor, 50),
    (Severity::Major, 38),
    (Severity::Critical, 12),
];
const METHODS: [(Method, u32); 5] = [
    (Method::ActiveProbe, 60),
    (Method::PassiveTelemetry, 15),
    (Method::OfficialFeed, 8),
    (Method::UserReports, 9),
    (Method::Manual, 8),
];

/// One of several, each as likely as it weighs.
fn drawn<T: Copy>(of: &[(T, u32)], chance: &mut ChaCha8Rng) -> Result<T> {
    Ok(of.choose_weighted(chance, |(_, weight)| *weight)?.0)
}

fn scope(plot: plot::Kind, chance: &mut ChaCha8Rng) -> Result<Scope> {
    Ok(match chance.random_range(0..20) {
        // Within these everybody can speak against it.
        0..10 => Scope::Global,
        10..14 => Scope::Unknown,
        _ if plot == plot::Kind::Quarrel => Scope::Global,
        14..16 => Scope::Country(Country(*b"DE")),
        16 => Scope::Asn(3_320),
        17..19 => Scope::Region(text("eu-central-1")?),
        _ => Scope::Subset,
    })
}

struct Teller<'a> {
    data: &'a Dataset,
    id: IncidentId,
    service: &'a Watched,
    opened: UnixMillis,
    told: plot::Kind,
    kind: Kind,
    severity: Severity,
    scope: Scope,
    chance: ChaCha8Rng,
    deeds: Vec<(UnixMillis, Action)>,
}

impl Teller<'_> {
    /// What is said and done, in order.
    fn deeds(&mut self, words: &[Word]) -> Result<()> {
        for word in words {
            let by = self.actor(word.by, word.heard);
            let attestation = Box::new(self.attestation(word)?);
            let action = Action::Attested {
                by,
                attestation,
                moves_from: None,
            };
            self.deeds.push((word.heard, action));
        }
        let first = words.first().context("somebody speaks")?;
        let last = words.last().unwrap_or(first);
        if self.told == plot::Kind::Unended && self.chance.random_bool(0.7) {
            let by = self.actor(first.by, last.heard);
            let heard = last.heard.after(Rules::standard().stale_after);
            self.deed(heard, Millis::hours(1), Action::Closed { by });
        }
        if self.chance.random_bool(0.03) {
            let by = self.actor(last.by, last.heard);
            self.deed(
                last.heard,
                Millis::hours(1),
                Action::Withdrawn { by, moved_to: None },
            );
        }
        if self.chance.random_bool(0.3) {
            self.replies();
        }
        if self.chance.random_bool(0.02) {
            self.quarrel(first.by)?;
        }
        if self.chance.random_bool(0.02) {
            self.link();
        }
        self.deeds.sort_by_key(|(heard, _)| *heard);
        Ok(())
    }

    /// Puts down what is done some time after something.
    fn deed(&mut self, after: UnixMillis, about_later: Millis, action: Action) -> UnixMillis {
        let heard = after.after(about(about_later, &mut self.chance));
        self.deeds.push((heard, action));
        heard
    }

    /// What the provider says, where there is one.
    fn replies(&mut self) {
        let provider = |at| self.service.provider_at(self.data.shape.block(at));
        let Some(provider) = provider(self.opened) else {
            return;
        };
        let mut heard = self.opened;
        let stages = [
            ReplyStatus::Investigating,
            ReplyStatus::Identified,
            ReplyStatus::Resolved,
        ];
        let count = self.chance.random_range(1..=stages.len());
        for status in stages.into_iter().take(count) {
            let statement = Statement {
                status,
                claimed_start: None,
                claimed_end: None,
                time_quality: TimeQuality::Estimate,
                cause: Cause::Unknown,
                document: None,
            };
            let reply = Reply {
                statement,
                text: self.digest(),
            };
            let by = Actor {
                affiliated: true,
                ..self.actor(provider, heard)
            };
            heard = self.deed(heard, Millis::minutes(30), Action::Replied { by, reply });
        }
    }

    /// Somebody disputes it, and arbiters rule.
    fn quarrel(&mut self, by: OrganisationId) -> Result<()> {
        let arbiters: Vec<_> = self.arbiters().into_iter().take(9).collect();
        let by = self.actor(by, self.opened);
        let (text, groups) = (self.digest(), arbiters.iter().map(|id| GroupId(id.0)).collect());
        let disputed = Action::Disputed {
            by,
            text,
            arbiters: bounded(groups)?,
        };
        let heard = self.deed(self.opened, Millis::hours(20), disputed);
        for arbiter in arbiters {
            if self.chance.random_bool(0.8) {
                let voted = Action::Voted {
                    by: self.actor(arbiter, heard),
                    sustain: self.chance.random_bool(0.4),
                    text: None,
                };
                self.deed(heard, Millis::days(1), voted);
            }
        }
        Ok(())
    }

    /// An arbiter holds it to be the same as one before it on the same service.
    fn link(&mut self) {
        let back = (1..=LOOKED_BACK).map_while(|back| self.id.0.checked_sub(back));
        let mut before = back.map(IncidentId);
        let same = before.find(|id| self.data.service_of(*id).id == self.service.id);
        let arbiter = self.arbiters().first().copied();
        if let (Some(to), Some(arbiter)) = (same, arbiter) {
            let by = self.actor(arbiter, self.opened);
            let heard = self.deed(self.opened, Millis::days(2), Action::Linked { by, to });
            if self.chance.random_bool(0.2) {
                self.deed(heard, Millis::days(2), Action::Unlinked { by });
            }
        }
    }

    /// The arbiters that there are when it is opened, in order.
    fn arbiters(&self) -> Vec<OrganisationId> {
        let there = |id: &OrganisationId| {
            let member = self.data.organisation(*id);
            member.is_some_and(|member| member.record.at <= self.opened)
        };
        self.data.cast.arbiters.iter().copied().filter(there).collect()
    }

    fn actor(&self, organisation: OrganisationId, heard: UnixMillis) -> Actor {
        let group_of = |id| self.data.organisation(id).map(|member| member.record.state.group);
        let group = group_of(organisation).unwrap_or(GroupId(organisation.0));
        let provider = self.service.provider_at(self.data.shape.block(heard));
        Actor {
            organisation,
            group,
            affiliated: provider.is_some_and(|provider| group_of(provider) == Some(group)),
            key: Account([organisation.0.to_be_bytes()[3]; 32]),
        }
    }

    /// Mostly as everybody sees it, now and then as one alone does.
    fn attestation(&mut self, word: &Word) -> Result<Attestation> {
        let agrees = self.chance.random_bool(0.85);
        let method = drawn(&METHODS, &mut self.chance)?;
        let places = self.chance.random_range(1..=3);
        let vantage = |(country, asn): &([u8; 2], u32)| Vantage {
            place: Place {
                country: Country(*country),
                asn: *asn,
            },
            samples: 60,
            failed: if word.claim.affirms() { 41 } else { 0 },
        };
        let vantages = PLACES.choose_multiple(&mut self.chance, places).map(vantage);
        let observation = Observation {
            claim: word.claim,
            kind: match agrees {
                true => self.kind,
                false => drawn(&KINDS, &mut self.chance)?,
            },
            severity: match agrees {
                true => self.severity,
                false => drawn(&SEVERITIES, &mut self.chance)?,
            },
            scope: self.scope.clone(),
            observed: word.observed,
            intervals: Default::default(),
            time_quality: TimeQuality::Actual,
            method,
            vantages: bounded(vantages.collect())?,
            evidence: match method.measures() {
                true => bounded(vec![self.evidence(word)?])?,
                false => Default::default(),
            },
        };
        Ok(Attestation {
            observation,
            text: self.digest(),
        })
    }

    fn evidence(&mut self, word: &Word) -> Result<Evidence> {
        let uri = format!("https://evidence.example/{}/{}.json", word.by, self.id);
        Ok(Evidence {
            sha256: Sha256(self.chance.random()),
            kind: EvidenceKind::ProbeLog,
            media_type: text("application/json")?,
            size: self.chance.random_range(1_000..100_000),
            uri: Some(text(&uri)?),
            captured_at: word.observed.to,
        })
    }

    /// Of a text, which not every word has.
    fn digest(&mut self) -> Option<Sha256> {
        let has_one = self.chance.random_bool(0.3);
        has_one.then(|| Sha256(self.chance.random()))
    }

    /// What the rules take of it, up to the last block.
    fn folded(self) -> Result<Story> {
        let shape = &self.data.shape;
        let mut entries = Vec::with_capacity(self.deeds.len());
        let mut record: Option<Record<Incident>> = None;
        for (heard, action) in self.deeds {
            let block = shape.block(heard);
            if block > shape.blocks {
                break;
            }
            let action = match (&record, action) {
                (None, Action::Attested { by, attestation, .. }) => Action::Opened {
                    by,
                    attestation,
                    opening: Opening {
                        fold: FOLD_VERSION,
                        service: self.service.id,
                        slug: self.service.record.state.slug.clone(),
                        name: self.service.record.state.name.clone(),
                        rules: Rules::standard(),
                    },
                },
                (_, action) => action,
            };
            let entry = Entry {
                block,
                at: shape.time(block),
                action,
            };
            let folded = match &record {
                None => Record::open(self.id, &entry).map_err(|why| anyhow!("{why:?}"))?,
                // What is refused was never said.
                Some(before) => match before.clone().append(&entry) {
                    Ok(after) => after,
                    Err(_) => continue,
                },
            };
            record = Some(folded);
            entries.push(entry);
        }
        let record = record.context("an incident has a first entry")?;
        Ok(Story { entries, record })
    }
}
