//! The steps of verifying a bundle, and what they prove.

use alloc::{collections::BTreeMap, vec::Vec};

use codec::{Decode, DecodeAll, Encode};
use faultline_primitives::{
    consortium::Checkpoint,
    incident::Incident,
    log::{chain, empty, What},
    organisation::Organisation,
    service::Service,
    BlockNumber, Fold, Hash, OrganisationId, Record, Roll, ServiceId, Sha256, Span, UnixMillis,
};
use sha2::Digest;

use crate::{
    bundle::{Bundle, Claim, Genesis, IncidentLog, Opened, ServiceLog, Start},
    fault::{BadBlock, BadChange, BadEntries, BadFold, BadOrigin, BadState, Fault, Subject},
    finality::{AuthoritySet, Finalized},
    keys::{self, StorageKey},
    trie::Proof,
};

/// What is trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// That this is the hash of the chain's genesis block.
    Genesis(Hash),
    /// That the block of this number and hash is final, and that this set makes final what follows it.
    Checkpoint(Checkpoint),
}

/// A step of verifying, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// What the history begins with is what is trusted.
    Origin,
    /// Each set of authorities was made by the one before.
    Authorities,
    /// The block is final.
    Finality,
    /// Its state holds the records that are claimed.
    State,
    /// The entries and texts are those of the records: all there are, in order.
    Entries,
    /// The entries amount to the records.
    Fold,
}

impl Step {
    /// All steps, in order.
    pub const ALL: [Self; 6] = [
        Self::Origin,
        Self::Authorities,
        Self::Finality,
        Self::State,
        Self::Entries,
        Self::Fold,
    ];
}

/// A set of authorities and the block with which it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The last block that the set before made final.
    pub block: BlockNumber,
    /// Its hash.
    pub hash: Hash,
    /// The set.
    pub set: AuthoritySet,
}

/// A block that is final.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// Its number.
    pub number: BlockNumber,
    /// Its hash.
    pub hash: Hash,
    /// The root of its state.
    pub state_root: Hash,
}

/// The authorities from what is trusted on, each made by those before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    /// The set that is trusted.
    pub trusted: AuthoritySet,
    /// The changes since.
    pub changes: Vec<Change>,
    /// The last block that it knows to be final.
    last: (BlockNumber, Hash),
}

/// What a bundle proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proven {
    /// What was trusted.
    pub anchor: Anchor,
    /// The genesis block's hash, where the bundle shows it and it was trusted.
    pub genesis: Option<Hash>,
    /// Who made blocks final, from what was trusted on.
    pub history: History,
    /// The block at which all of it is so.
    pub block: Block,
    /// Its time.
    pub now: UnixMillis,
    /// The incidents, in the order of the bundle.
    pub incidents: Vec<ProvenIncident>,
    /// The service that the bundle is of, where it is of one.
    pub roll: Option<ProvenRoll>,
    /// The services, as they are at that block.
    pub services: BTreeMap<ServiceId, Record<Service>>,
    /// The organisations that speak, as they are at that block.
    pub organisations: BTreeMap<OrganisationId, Record<Organisation>>,
}

/// An incident that is proven.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvenIncident {
    /// Its log, whole.
    pub log: IncidentLog,
    /// What it amounts to.
    pub record: Record<Incident>,
    /// The entries whose texts were redacted, and when.
    pub redacted: BTreeMap<u32, UnixMillis>,
}

/// All incidents of a service, and which of them are in the bundle: all that were opened in the span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvenRoll {
    /// The service, the span and the incidents.
    pub service: ServiceId,
    /// The span, in block time, both ends included.
    pub span: Span,
    /// All incidents ever opened on it.
    pub roll: Vec<Opened>,
}

/// Verifies a bundle.
///
/// # Errors
///
/// The first thing that does not hold.
pub fn verify(bundle: &Bundle, anchor: Anchor) -> Result<Proven, Fault> {
    verify_step_by_step(bundle, anchor, |_| {})
}

/// Verifies a bundle and tells each step that has passed, in order.
///
/// # Errors
///
/// The first thing that does not hold.
pub fn verify_step_by_step(
    bundle: &Bundle,
    anchor: Anchor,
    mut passed: impl FnMut(Step),
) -> Result<Proven, Fault> {
    let Bundle {
        start,
        changes,
        block,
        claim,
        nodes,
    } = bundle;
    let (mut history, rest) = History::begin(start, changes, anchor)?;
    passed(Step::Origin);
    for change in rest {
        history.change(change)?;
    }
    passed(Step::Authorities);
    let block = history.finalized(block)?;
    passed(Step::Finality);
    let state = State::read(block.state_root, nodes, claim)?;
    passed(Step::State);
    for incident in &state.incidents {
        incident.check_entries()?;
    }
    if let Claim::Service(service) = claim {
        state.check_roll(service)?;
    }
    passed(Step::Entries);
    for incident in &state.incidents {
        incident.check_fold()?;
    }
    passed(Step::Fold);

    let genesis = match anchor {
        Anchor::Genesis(hash) => Some(hash),
        Anchor::Checkpoint(_) => None,
    };
    let roll = match claim {
        Claim::Incident(_) => None,
        Claim::Service(service) => Some(ProvenRoll {
            service: service.id,
            span: service.span,
            roll: service.roll.clone(),
        }),
    };
    Ok(Proven {
        anchor,
        genesis,
        history,
        block,
        now: state.now,
        incidents: state.incidents,
        roll,
        services: state.services,
        organisations: state.organisations,
    })
}

impl Genesis {
    /// The first authorities, under the state root of this block.
    ///
    /// # Errors
    ///
    /// See [`BadOrigin`].
    pub fn authorities(&self) -> Result<AuthoritySet, BadOrigin> {
        if self.header.number != 0 {
            return Err(BadOrigin::Numbered(self.header.number));
        }
        let proof = Proof::new(self.header.state_root, &self.nodes).map_err(BadOrigin::Proof)?;
        let value = proof.read(&keys::authorities()).map_err(BadOrigin::Proof)?;
        proof.ensure_exact().map_err(BadOrigin::Proof)?;
        let value = value.ok_or(BadOrigin::NoAuthorities)?;
        let authorities = canonical(&value).ok_or(BadOrigin::NoAuthorities)?;
        let set = AuthoritySet { id: 0, authorities };
        set.check().map_err(BadOrigin::Set)?;
        Ok(set)
    }
}

impl Start {
    /// The authorities that the history begins with.
    ///
    /// # Errors
    ///
    /// See [`BadOrigin`].
    pub fn set(&self) -> Result<AuthoritySet, BadOrigin> {
        match self {
            Self::Genesis(genesis) => genesis.authorities(),
            Self::Set(set) => {
                set.check().map_err(BadOrigin::Set)?;
                Ok(set.clone())
            }
        }
    }
}

impl History {
    /// The history from what is trusted on, and the changes that come after it.
    ///
    /// # Errors
    ///
    /// [`Fault::Origin`].
    pub fn begin<'a>(
        start: &Start,
        changes: &'a [Finalized],
        anchor: Anchor,
    ) -> Result<(Self, &'a [Finalized]), Fault> {
        let checkpoint = match anchor {
            Anchor::Checkpoint(checkpoint) => checkpoint,
            Anchor::Genesis(trusted) => {
                return Self::begin_at_genesis(start, trusted).map(|begun| (begun, changes))
            }
        };
        let origin = Fault::Origin;
        let first = start.set().map_err(origin)?;
        // The sets before the checkpoint's are not looked at: it is what is trusted in their place.
        let skipped = checkpoint.set_id.checked_sub(first.id);
        let skipped = skipped.and_then(|skipped| usize::try_from(skipped).ok());
        let not_shown = origin(BadOrigin::SetNotShown(checkpoint.set_id));
        let (trusted, rest) = match skipped {
            None => return Err(not_shown),
            Some(0) => (first, changes),
            Some(skipped) => {
                let (before, rest) = changes.split_at_checked(skipped).ok_or(not_shown)?;
                let last = before.last().ok_or(not_shown)?;
                let authorities = last.header.next_authorities().ok().flatten().ok_or(not_shown)?;
                let set = AuthoritySet {
                    id: checkpoint.set_id,
                    authorities,
                };
                set.check().map_err(|why| origin(BadOrigin::Set(why)))?;
                (set, rest)
            }
        };
        let found = trusted.hash();
        if found != checkpoint.set {
            return Err(origin(BadOrigin::OtherSet {
                set: checkpoint.set_id,
                found,
            }));
        }
        let history = Self {
            trusted,
            changes: Vec::new(),
            last: (checkpoint.number, checkpoint.hash),
        };
        Ok((history, rest))
    }

    fn begin_at_genesis(start: &Start, trusted: Hash) -> Result<Self, Fault> {
        let genesis = match start {
            Start::Set(set) => return Err(Fault::Origin(BadOrigin::BeginsLate(set.id))),
            Start::Genesis(genesis) => genesis,
        };
        let found = genesis.header.hash();
        if found != trusted {
            return Err(Fault::Origin(BadOrigin::OtherGenesis { found, trusted }));
        }
        Ok(Self {
            trusted: genesis.authorities().map_err(Fault::Origin)?,
            changes: Vec::new(),
            last: (0, found),
        })
    }

    /// The set that makes final what comes next.
    pub fn set(&self) -> &AuthoritySet {
        self.changes.last().map_or(&self.trusted, |change| &change.set)
    }

    /// The last block that is known to be final.
    pub fn last(&self) -> (BlockNumber, Hash) {
        self.last
    }

    /// Takes a block after which other authorities make blocks final.
    ///
    /// # Errors
    ///
    /// [`Fault::Authorities`].
    pub fn change(&mut self, change: &Finalized) -> Result<(), Fault> {
        let block = change.header.number;
        let fault = |why| Fault::Authorities { block, why };
        if block <= self.last.0 {
            return Err(fault(BadChange::Backwards));
        }
        let next = change.header.next_authorities();
        let authorities = next
            .map_err(|why| fault(BadChange::Note(why)))?
            .ok_or(fault(BadChange::None))?;
        change
            .check(self.set())
            .map_err(|why| fault(BadChange::NotFinal(why)))?;
        let set = AuthoritySet {
            id: self.set().id.checked_add(1).ok_or(fault(BadChange::TooMany))?,
            authorities,
        };
        set.check().map_err(|why| fault(BadChange::Set(why)))?;
        let hash = change.header.hash();
        self.last = (block, hash);
        self.changes.push(Change { block, hash, set });
        Ok(())
    }

    /// Takes a block that those who make blocks final now have made final.
    ///
    /// # Errors
    ///
    /// [`Fault::Finality`].
    pub fn finalized(&self, finalized: &Finalized) -> Result<Block, Fault> {
        let block = Block {
            number: finalized.header.number,
            hash: finalized.header.hash(),
            state_root: finalized.header.state_root,
        };
        let fault = |why| Fault::Finality {
            block: block.number,
            why,
        };
        // The trusted block itself may be shown, as those whom it names made it final; a block after which authorities
        // changed was made final by others.
        let is_trusted_one = self.changes.is_empty() && (block.number, block.hash) == self.last;
        if block.number <= self.last.0 && !is_trusted_one {
            return Err(fault(BadBlock::NotAfter {
                number: self.last.0,
                hash: self.last.1,
            }));
        }
        if let Err(why) = finalized.header.next_authorities() {
            return Err(fault(BadBlock::Note(why)));
        }
        finalized
            .check(self.set())
            .map_err(|why| fault(BadBlock::NotFinal(why)))?;
        Ok(block)
    }
}

/// What a state holds of what is claimed.
struct State {
    now: UnixMillis,
    incidents: Vec<ProvenIncident>,
    roll: Option<Roll>,
    services: BTreeMap<ServiceId, Record<Service>>,
    organisations: BTreeMap<OrganisationId, Record<Organisation>>,
}

impl State {
    /// Reads what the claim stands on, by a proof of exactly that.
    fn read(root: Hash, nodes: &[Vec<u8>], claim: &Claim) -> Result<Self, Fault> {
        Self::try_read(root, nodes, claim).map_err(Fault::State)
    }

    fn try_read(root: Hash, nodes: &[Vec<u8>], claim: &Claim) -> Result<Self, BadState> {
        let reader = Reader(Proof::new(root, nodes).map_err(BadState::Proof)?);
        let incidents = claim.incidents().iter().map(|log| {
            let redacted = log.redacted().map(|entry| {
                let key = keys::redaction(log.id, entry);
                Ok((entry, reader.read(&key, Subject::Redaction(log.id, entry))?))
            });
            Ok(ProvenIncident {
                log: log.clone(),
                record: reader.read(&keys::incident(log.id), Subject::Incident(log.id))?,
                redacted: redacted.collect::<Result<_, _>>()?,
            })
        });
        let services = claim.services().into_iter();
        let organisations = claim.organisations().into_iter();
        let state = Self {
            now: reader.read(&keys::now(), Subject::Now)?,
            incidents: incidents.collect::<Result<_, _>>()?,
            roll: match claim {
                Claim::Incident(_) => None,
                Claim::Service(service) => {
                    reader.look(&keys::roll_of_service(service.id), Subject::Roll(service.id))?
                }
            },
            services: services
                .map(|id| Ok((id, reader.read(&keys::service(id), Subject::Service(id))?)))
                .collect::<Result<_, _>>()?,
            organisations: organisations
                .map(|id| {
                    Ok((
                        id,
                        reader.read(&keys::organisation(id), Subject::Organisation(id))?,
                    ))
                })
                .collect::<Result<_, _>>()?,
        };
        reader.0.ensure_exact().map_err(BadState::Proof)?;
        Ok(state)
    }

    /// Checks that the incidents of the roll are all of the service's, and the logs those opened in the span.
    fn check_roll(&self, service: &ServiceLog) -> Result<(), Fault> {
        let kept = self
            .roll
            .unwrap_or(Roll::empty(What::IncidentsOnService, service.id));
        let fault = |why| Err(Fault::Entries(why));
        let found = u64::try_from(service.roll.len()).unwrap_or(u64::MAX);
        if found != kept.count {
            return fault(BadEntries::RollCount {
                found,
                counted: kept.count,
            });
        }
        let mut roll = Roll::empty(What::IncidentsOnService, service.id);
        for opened in &service.roll {
            roll = roll.with(opened.id, opened.block, opened.at);
        }
        if roll != kept {
            return fault(BadEntries::RollHead);
        }
        let in_span = service.roll.iter().filter(|opened| opened.is_in(&service.span));
        let wanted: Vec<&Opened> = in_span.collect();
        let ids = wanted.iter().map(|opened| opened.id);
        if !ids.eq(service.incidents.iter().map(|log| log.id)) {
            return fault(BadEntries::Span);
        }
        for (opened, log) in wanted.into_iter().zip(&service.incidents) {
            let first = log.entries.first().map(|said| (said.entry.block, said.entry.at));
            let of = log.opening().map(|opening| opening.service);
            if first != Some((opened.block, opened.at)) || of != Some(service.id) {
                return fault(BadEntries::OtherOpening { incident: log.id });
            }
        }
        Ok(())
    }
}

impl ProvenIncident {
    /// Checks that the entries are those that the record counts and seals, and the texts those that they commit to.
    fn check_entries(&self) -> Result<(), Fault> {
        let (incident, entries) = (self.log.id, &self.log.entries);
        let fault = |why| Err(Fault::Entries(why));
        let found = u64::try_from(entries.len()).unwrap_or(u64::MAX);
        let counted = u64::from(self.record.entries);
        if found != counted {
            return fault(BadEntries::Count {
                incident,
                found,
                counted,
            });
        }
        let head = entries
            .iter()
            .fold(empty(Incident::WHAT, incident), |head, said| {
                chain(head, &said.entry)
            });
        if head != self.record.head {
            return fault(BadEntries::Head { incident });
        }
        for (entry, said) in (0u32..).zip(entries) {
            let found = said
                .text
                .as_ref()
                .map(|text| Sha256(sha2::Sha256::digest(text.as_bytes()).into()));
            // One that is not there was redacted, as the state says.
            if found.is_some() && found != said.entry.action.text() {
                return fault(BadEntries::OtherText { incident, entry });
            }
        }
        Ok(())
    }

    /// Checks that the entries amount to the record.
    fn check_fold(&self) -> Result<(), Fault> {
        let incident = self.log.id;
        let fault = |why| Err(Fault::Fold { incident, why });
        match Record::<Incident>::replay(incident, self.log.entries.iter().map(|said| &said.entry)) {
            Some(Ok(record)) if record.encode() == self.record.encode() => Ok(()),
            Some(Err(why)) => fault(BadFold::Unfit(why)),
            _ => fault(BadFold::OtherRecord),
        }
    }
}

/// Reads values that are written in the one way in which the chain writes them.
struct Reader<'a>(Proof<'a>);

impl Reader<'_> {
    fn read<T: Decode + Encode>(&self, key: &StorageKey, what: Subject) -> Result<T, BadState> {
        self.look(key, what)?.ok_or(BadState::Absent(what))
    }

    fn look<T: Decode + Encode>(&self, key: &StorageKey, what: Subject) -> Result<Option<T>, BadState> {
        let value = self.0.read(key).map_err(BadState::Proof)?;
        value
            .map(|value| canonical(&value).ok_or(BadState::Malformed(what)))
            .transpose()
    }
}

/// What these bytes encode, if it is encoded in no other way.
pub fn canonical<T: Decode + Encode>(bytes: &[u8]) -> Option<T> {
    let value = T::decode_all(&mut &*bytes).ok()?;
    (value.encode() == bytes).then_some(value)
}
