//! Keeping step with the chain: a bounded step at a time, from wherever the index stands.
//!
//! All that the index holds follows from the state at one finalized block, so there are two ways forward. While the states
//! of the blocks that came since are there and few, each says which records its entries changed. Else every record is
//! compared with the state at the latest finalized block. A step is one batch: killed at any point, it was made or not.

use std::sync::Arc;

use faultline_primitives::{
    incident::Incident, BlockNumber, Hash, IncidentId, OrganisationId, Record, ServiceId, Text, UnixMillis,
};

use crate::{Building, Changes, Error, Head, Index, ServiceEntry, State};

/// Most blocks that are walked one by one: with more to go, all records are compared instead.
pub const MAX_WALK: u32 = 256;
/// Most blocks of one step.
const STEP: u32 = 32;
/// Most records that are read in one question, so that an answer fits the runtime's memory whatever they hold.
const READ: usize = 128;
/// Records of one step while the index is built.
const BATCH: u64 = 512;

/// What a block's entries were appended to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    /// Incidents.
    pub incidents: Vec<IncidentId>,
    /// Services, those on which an incident was opened among them.
    pub services: Vec<ServiceId>,
    /// Organisations.
    pub organisations: Vec<OrganisationId>,
}

/// How many there are of each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Incidents.
    pub incidents: u64,
    /// Services.
    pub services: u32,
    /// Organisations.
    pub organisations: u32,
}

/// Why the chain does not say what it is asked.
#[derive(Debug, thiserror::Error)]
pub enum ChainError {
    /// The state of this block is not there: it was pruned, or never was here.
    #[error("the state of block {0} is not there")]
    Gone(Hash),
    /// It fails.
    #[error("{0}")]
    Failed(String),
}

/// The chain, as the index needs it. Everything is asked at a finalized block.
pub trait Chain: Send + Sync {
    /// The latest finalized block.
    fn finalized(&self) -> (BlockNumber, Hash);
    /// The hash of a finalized block by number.
    fn hash(&self, number: BlockNumber) -> Result<Option<Hash>, ChainError>;
    /// A block's time.
    fn time(&self, block: Hash) -> Result<UnixMillis, ChainError>;
    /// What its entries were appended to; none where that cannot be known, as at a change of the runtime.
    fn touched(&self, block: Hash) -> Result<Option<Touched>, ChainError>;
    /// How many there are.
    fn counts(&self, block: Hash) -> Result<Counts, ChainError>;
    /// The records of incidents, without those that there are not.
    fn incidents(
        &self,
        block: Hash,
        ids: &[IncidentId],
    ) -> Result<Vec<(IncidentId, Record<Incident>)>, ChainError>;
    /// Services, without those that there are not.
    fn services(&self, block: Hash, ids: &[ServiceId]) -> Result<Vec<ServiceEntry>, ChainError>;
    /// The names of organisations, without those that there are not.
    fn organisations(
        &self,
        block: Hash,
        ids: &[OrganisationId],
    ) -> Result<Vec<(OrganisationId, Text<64>)>, ChainError>;
}

/// Why no step was made.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    /// The index fails.
    #[error(transparent)]
    Index(#[from] Error),
    /// The chain does not say what it is asked.
    #[error("the chain does not answer: {0}")]
    Chain(#[from] ChainError),
}

/// What a step came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The index stands at the latest finalized block.
    Done,
    /// It went on to this block.
    Advanced(Head),
    /// It begins to be built anew, and why.
    Begun(&'static str),
    /// It took over this many of so many incidents.
    Built(Building),
    /// It is whole.
    Whole(Head),
}

/// Keeps an index in step with a chain.
pub struct Follower<C> {
    index: Arc<Index>,
    chain: C,
}

impl<C: Chain> Follower<C> {
    /// Of this index and this chain.
    pub fn new(index: Arc<Index>, chain: C) -> Self {
        Self { index, chain }
    }

    /// The index.
    pub fn index(&self) -> &Arc<Index> {
        &self.index
    }

    /// The chain.
    pub fn chain(&self) -> &C {
        &self.chain
    }

    /// Makes one step. An index that turns out to be damaged is emptied, and the next step begins to build it.
    ///
    /// # Errors
    ///
    /// See [`FollowError`]: then the index is as it was.
    pub fn step(&self) -> Result<Step, FollowError> {
        if self.index.is_damaged() {
            self.index.empty()?;
            return Ok(Step::Begun("it is damaged"));
        }
        match self.try_step() {
            Err(FollowError::Index(error)) if error.is_damage() => {
                self.index.empty()?;
                Ok(Step::Begun("it is damaged"))
            }
            outcome => outcome,
        }
    }

    fn try_step(&self) -> Result<Step, FollowError> {
        let state = self.index.state();
        let (number, hash) = self.chain.finalized();
        // What it holds may be of a future that this node does not know, or of none.
        let blocks = [state.head, state.building.map(|building| building.at)];
        for head in blocks.into_iter().flatten() {
            if head.number > number || self.chain.hash(head.number)? != Some(head.hash) {
                self.index.empty()?;
                return Ok(Step::Begun("it is ahead of what this node has finalized"));
            }
        }
        if let Some(building) = state.building {
            return match self.build(state, building) {
                Err(FollowError::Chain(ChainError::Gone(_))) => {
                    self.begin("the state that it was built from is gone")
                }
                outcome => outcome,
            };
        }
        let Some(head) = state.head else {
            return self.begin("it is new");
        };
        if head.hash == hash {
            return Ok(Step::Done);
        }
        if number.saturating_sub(head.number) > MAX_WALK {
            return self.begin("too many blocks were finalized since");
        }
        let to = number.min(head.number.saturating_add(STEP));
        match self.walk(head.number, to) {
            Err(FollowError::Chain(ChainError::Gone(_))) => self.begin("states since are gone"),
            Ok(None) => self.begin("the runtime changed"),
            Ok(Some(head)) => Ok(Step::Advanced(head)),
            Err(error) => Err(error),
        }
    }

    /// Takes over what the entries of some blocks changed, as it is at the last of them. `None` where one of them does not
    /// say what its entries changed.
    fn walk(&self, after: BlockNumber, to: BlockNumber) -> Result<Option<Head>, FollowError> {
        let mut all = Touched::default();
        let mut last = None;
        for number in after.saturating_add(1)..=to {
            let block = self.final_hash(number)?;
            let Some(touched) = self.chain.touched(block)? else {
                return Ok(None);
            };
            all.incidents.extend(touched.incidents);
            all.services.extend(touched.services);
            all.organisations.extend(touched.organisations);
            last = Some((number, block));
        }
        let Some((number, block)) = last else {
            return Ok(None);
        };
        let head = self.head(number, block)?;
        let changes = self.changes(block, all)?;
        let state = State {
            head: Some(head),
            building: None,
        };
        self.index.apply(&changes, state)?;
        Ok(Some(head))
    }

    /// Begins to compare everything with the latest finalized state.
    fn begin(&self, why: &'static str) -> Result<Step, FollowError> {
        let (number, block) = self.chain.finalized();
        let at = self.head(number, block)?;
        let counts = self.chain.counts(block)?;
        let all = Touched {
            incidents: Vec::new(),
            services: (0..counts.services).map(ServiceId).collect(),
            organisations: (0..counts.organisations).map(OrganisationId).collect(),
        };
        let changes = self.changes(block, all)?;
        let state = State {
            head: self.index.state().head,
            building: Some(Building {
                at,
                done: 0,
                of: counts.incidents,
            }),
        };
        self.index.apply(&changes, state)?;
        Ok(Step::Begun(why))
    }

    /// Takes over the next records.
    fn build(&self, state: State, building: Building) -> Result<Step, FollowError> {
        let Building { at, done, of } = building;
        let to = of.min(done.saturating_add(BATCH));
        let next = Touched {
            incidents: (done..to).map(IncidentId).collect(),
            ..Touched::default()
        };
        let changes = self.changes(at.hash, next)?;
        let (state, step) = if to == of {
            let whole = State {
                head: Some(at),
                building: None,
            };
            (whole, Step::Whole(at))
        } else {
            let building = Building { done: to, ..building };
            let state = State {
                building: Some(building),
                ..state
            };
            (state, Step::Built(building))
        };
        self.index.apply(&changes, state)?;
        Ok(step)
    }

    /// The records of what was touched, as they are at a block.
    fn changes(&self, block: Hash, touched: Touched) -> Result<Changes, ChainError> {
        fn all<I: Ord, T>(
            mut ids: Vec<I>,
            read: impl Fn(&[I]) -> Result<Vec<T>, ChainError>,
        ) -> Result<Vec<T>, ChainError> {
            ids.sort_unstable();
            ids.dedup();
            let mut found = Vec::with_capacity(ids.len());
            for part in ids.chunks(READ) {
                let read = read(part)?;
                if read.len() != part.len() {
                    return Err(ChainError::Failed("a record that there is was not given".into()));
                }
                found.extend(read);
            }
            Ok(found)
        }
        Ok(Changes {
            organisations: all(touched.organisations, |ids| self.chain.organisations(block, ids))?,
            services: all(touched.services, |ids| self.chain.services(block, ids))?,
            incidents: all(touched.incidents, |ids| self.chain.incidents(block, ids))?,
        })
    }

    fn head(&self, number: BlockNumber, hash: Hash) -> Result<Head, ChainError> {
        Ok(Head {
            number,
            hash,
            time: self.chain.time(hash)?,
        })
    }

    fn final_hash(&self, number: BlockNumber) -> Result<Hash, ChainError> {
        let hash = self.chain.hash(number)?;
        hash.ok_or_else(|| ChainError::Failed(format!("there is no finalized block {number}")))
    }
}
