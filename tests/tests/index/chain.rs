//! A chain in memory: what happens on it is known beforehand, and how far it is final is for the test to say.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::{
        atomic::{AtomicU32, Ordering::SeqCst},
        Arc,
    },
};

use anyhow::{ensure, Context, Result};
use faultline_index::{Chain, ChainError, Counts, Follower, Index, ServiceEntry, Step, Touched};
use faultline_primitives::{
    incident::Incident, log::What, service::Service, BlockNumber, Hash, IncidentId, Millis, OrganisationId,
    Record, Roll, ServiceId, Text, UnixMillis,
};
use faultline_tests::dataset::{Dataset, Shape, Story};
use tempfile::TempDir;

/// Incidents of a history: more than are taken over in one step.
const INCIDENTS: u64 = 1_500;
/// Blocks of a history: three days of a minute each.
pub const BLOCKS: BlockNumber = 3 * 24 * 60;

/// What becomes of something, block by block.
struct Versions<T>(Vec<(BlockNumber, T)>);

impl<T> Versions<T> {
    fn at(&self, block: BlockNumber) -> Option<&T> {
        let after = self.0.partition_point(|(since, _)| *since <= block);
        self.0.get(after.checked_sub(1)?).map(|(_, version)| version)
    }
}

/// All that ever happens.
pub struct Past {
    pub data: Dataset,
    /// By number.
    pub stories: Vec<Story>,
    incidents: Vec<Versions<Record<Incident>>>,
    services: Vec<Versions<ServiceEntry>>,
    touched: BTreeMap<BlockNumber, Touched>,
}

impl Past {
    pub fn of(seed: u64) -> Result<Arc<Self>> {
        let shape = Shape {
            seed,
            incidents: INCIDENTS,
            services: 40,
            organisations: 40,
            blocks: BLOCKS,
            slot: Millis::minutes(1),
        };
        let data = Dataset::new(shape)?;
        let stories = (0..INCIDENTS).map(|id| data.story(IncidentId(id)));
        let stories = stories.collect::<Result<Vec<_>>>()?;
        let mut past = Self {
            data,
            stories: Vec::new(),
            incidents: Vec::new(),
            services: Vec::new(),
            touched: BTreeMap::new(),
        };
        let mut rolls = BTreeMap::<ServiceId, Vec<(BlockNumber, Roll)>>::new();
        for (id, story) in (0..).map(IncidentId).zip(&stories) {
            let mut versions = Vec::<(BlockNumber, Record<Incident>)>::new();
            for entry in &story.entries {
                let next = match versions.last() {
                    None => Record::open(id, entry).ok(),
                    Some((_, before)) => before.clone().append(entry).ok(),
                };
                versions.push((entry.block, next.context("a story is folded already")?));
                past.touched.entry(entry.block).or_default().incidents.push(id);
            }
            let (block, first) = versions.first().context("a story has entries")?;
            let (service, at) = (first.state.service, first.at);
            past.touched.entry(*block).or_default().services.push(service);
            let rolls = rolls.entry(service).or_default();
            let empty = || Roll::empty(What::IncidentsOnService, service);
            let before = rolls.last().map_or_else(empty, |(_, roll)| *roll);
            rolls.push((*block, before.with(id, *block, at)));
            past.incidents.push(Versions(versions));
        }
        past.serve(rolls)?;
        for member in past.data.organisations() {
            let touched = past.touched.entry(member.record.block).or_default();
            touched.organisations.push(member.id);
        }
        past.stories = stories;
        Ok(Arc::new(past))
    }

    /// What becomes of each service: by its own log, and by the incidents opened on it.
    fn serve(&mut self, mut rolls: BTreeMap<ServiceId, Vec<(BlockNumber, Roll)>>) -> Result<()> {
        for service in self.data.services() {
            let id = service.id;
            let mut records = Vec::<(BlockNumber, Record<Service>)>::new();
            for entry in &service.entries {
                let next = match records.last() {
                    None => Record::open(id, entry).ok(),
                    Some((_, before)) => before.clone().append(entry).ok(),
                };
                records.push((entry.block, next.context("a log is folded already")?));
                self.touched.entry(entry.block).or_default().services.push(id);
            }
            let (records, rolls) = (Versions(records), Versions(rolls.remove(&id).unwrap_or_default()));
            let changes: BTreeSet<_> = records.0.iter().map(|(block, _)| *block).collect();
            let changes = changes.into_iter().chain(rolls.0.iter().map(|(block, _)| *block));
            let changes: BTreeSet<_> = changes.collect();
            let entry = |block: BlockNumber| ServiceEntry {
                id,
                record: records.at(block).expect("registered before it is used").clone(),
                incidents: rolls.at(block).copied(),
            };
            let versions = changes.into_iter().map(|block| (block, entry(block)));
            self.services.push(Versions(versions.collect()));
        }
        Ok(())
    }

    /// The record of an incident at a block.
    pub fn incident(&self, id: IncidentId, block: BlockNumber) -> Option<&Record<Incident>> {
        self.incidents.get(usize::try_from(id.0).ok()?)?.at(block)
    }

    /// The incidents that there are at a block.
    pub fn incidents_at(&self, block: BlockNumber) -> impl Iterator<Item = &Record<Incident>> {
        let records = self.incidents.iter().map(move |versions| versions.at(block));
        records.take_while(Option::is_some).flatten()
    }

    /// The services that there are at a block.
    pub fn services_at(&self, block: BlockNumber) -> impl Iterator<Item = &ServiceEntry> {
        let services = self.services.iter().map(move |versions| versions.at(block));
        services.take_while(Option::is_some).flatten()
    }

    fn organisations_at(&self, block: BlockNumber) -> impl Iterator<Item = (OrganisationId, Text<64>)> + '_ {
        let members = self.data.organisations().iter();
        let there = members.take_while(move |member| member.record.block <= block);
        there.map(|member| (member.id, member.record.state.name.clone()))
    }
}

struct Told {
    past: Arc<Past>,
    finalized: AtomicU32,
    /// Up to where blocks are known at all.
    best: AtomicU32,
    /// The first block whose state is still there.
    kept: AtomicU32,
    /// The last block before another branch, and which.
    fork: AtomicU32,
    branch: AtomicU32,
    /// How many questions are answered before one is not; 0 where all are.
    failing: AtomicU32,
    /// Blocks at which the runtime changes.
    upgrades: BTreeSet<BlockNumber>,
}

/// The chain.
#[derive(Clone)]
pub struct FakeChain(Arc<Told>);

impl FakeChain {
    /// Final up to a block.
    pub fn new(past: &Arc<Past>, finalized: BlockNumber) -> Self {
        Self::upgraded(past, finalized, [])
    }

    /// The same, with blocks at which the runtime changes.
    pub fn upgraded(
        past: &Arc<Past>,
        finalized: BlockNumber,
        upgrades: impl IntoIterator<Item = BlockNumber>,
    ) -> Self {
        Self(Arc::new(Told {
            past: past.clone(),
            finalized: finalized.into(),
            best: finalized.into(),
            kept: 0.into(),
            fork: u32::MAX.into(),
            branch: 0.into(),
            failing: 0.into(),
            upgrades: upgrades.into_iter().collect(),
        }))
    }

    pub fn past(&self) -> &Arc<Past> {
        &self.0.past
    }

    pub fn number(&self) -> BlockNumber {
        self.0.finalized.load(SeqCst)
    }

    /// So many more blocks are final.
    pub fn grow(&self, by: BlockNumber) {
        self.reset(self.number().saturating_add(by).min(BLOCKS));
    }

    /// What is known and what is final ends at a block: the node was restored, or went on.
    pub fn reset(&self, to: BlockNumber) {
        self.0.finalized.store(to, SeqCst);
        self.0.best.store(to, SeqCst);
        self.0.kept.fetch_min(to, SeqCst);
    }

    /// What is final ends at a block; those after it are known all the same.
    pub fn unfinalize(&self, to: BlockNumber) {
        self.0.finalized.store(to, SeqCst);
    }

    /// Only the states of so many blocks are kept.
    pub fn prune(&self, keep: u32) {
        let first = self.number().saturating_sub(keep.saturating_sub(1));
        self.0.kept.fetch_max(first, SeqCst);
    }

    /// From here on it is another branch, on which the same is said.
    pub fn fork_after(&self, block: BlockNumber) {
        self.0.fork.store(block, SeqCst);
        self.0.branch.fetch_add(1, SeqCst);
    }

    /// One question after so many is not answered.
    pub fn fail_after(&self, questions: u32) {
        self.0.failing.store(questions.saturating_add(1), SeqCst);
    }

    /// All questions are answered.
    pub fn fail_never(&self) {
        self.0.failing.store(0, SeqCst);
    }

    fn hash_of(&self, number: BlockNumber) -> Hash {
        let branch = match number > self.0.fork.load(SeqCst) {
            true => self.0.branch.load(SeqCst),
            false => 0,
        };
        let mut hash = self.0.past.data.genesis();
        hash.0[..4].copy_from_slice(&number.to_be_bytes());
        hash.0[4..8].copy_from_slice(&branch.to_be_bytes());
        hash
    }

    fn asked(&self) -> Result<(), ChainError> {
        let failing = &self.0.failing;
        let before = failing.fetch_update(SeqCst, SeqCst, |left| left.checked_sub(1));
        match before {
            Ok(1) => Err(ChainError::Failed("the test says so".into())),
            _ => Ok(()),
        }
    }

    /// The number of a block whose state is there.
    fn state(&self, block: Hash) -> Result<BlockNumber, ChainError> {
        self.asked()?;
        let [a, b, c, d, ..] = block.0;
        let number = BlockNumber::from_be_bytes([a, b, c, d]);
        let kept = self.0.kept.load(SeqCst)..=self.0.best.load(SeqCst);
        if kept.contains(&number) && self.hash_of(number) == block {
            Ok(number)
        } else {
            Err(ChainError::Gone(block))
        }
    }
}

impl Chain for FakeChain {
    fn finalized(&self) -> (BlockNumber, Hash) {
        let number = self.number();
        (number, self.hash_of(number))
    }

    fn hash(&self, number: BlockNumber) -> Result<Option<Hash>, ChainError> {
        self.asked()?;
        let is_known = number <= self.0.best.load(SeqCst);
        Ok(is_known.then(|| self.hash_of(number)))
    }

    fn time(&self, block: Hash) -> Result<UnixMillis, ChainError> {
        Ok(self.0.past.data.time(self.state(block)?))
    }

    fn touched(&self, block: Hash) -> Result<Option<Touched>, ChainError> {
        let number = self.state(block)?;
        if self.0.upgrades.contains(&number) {
            return Ok(None);
        }
        let touched = self.0.past.touched.get(&number);
        Ok(Some(touched.cloned().unwrap_or_default()))
    }

    fn counts(&self, block: Hash) -> Result<Counts, ChainError> {
        let (past, number) = (&self.0.past, self.state(block)?);
        Ok(Counts {
            incidents: u64::try_from(past.incidents_at(number).count()).unwrap_or(u64::MAX),
            services: u32::try_from(past.services_at(number).count()).unwrap_or(u32::MAX),
            organisations: u32::try_from(past.organisations_at(number).count()).unwrap_or(u32::MAX),
        })
    }

    fn incidents(
        &self,
        block: Hash,
        ids: &[IncidentId],
    ) -> Result<Vec<(IncidentId, Record<Incident>)>, ChainError> {
        let (past, number) = (&self.0.past, self.state(block)?);
        let record = |id: &IncidentId| Some((*id, past.incident(*id, number)?.clone()));
        Ok(ids.iter().filter_map(record).collect())
    }

    fn services(&self, block: Hash, ids: &[ServiceId]) -> Result<Vec<ServiceEntry>, ChainError> {
        let number = self.state(block)?;
        let services = self.0.past.services_at(number);
        Ok(services
            .filter(|entry| ids.contains(&entry.id))
            .cloned()
            .collect())
    }

    fn organisations(
        &self,
        block: Hash,
        ids: &[OrganisationId],
    ) -> Result<Vec<(OrganisationId, Text<64>)>, ChainError> {
        let number = self.state(block)?;
        let members = self.0.past.organisations_at(number);
        Ok(members.filter(|(id, _)| ids.contains(id)).collect())
    }
}

/// An index on disk, kept in step with a chain.
pub struct Kept {
    folder: TempDir,
    follower: Option<Follower<FakeChain>>,
}

impl Kept {
    /// A new one.
    pub fn new(chain: &FakeChain) -> Result<Self> {
        let mut kept = Self {
            folder: TempDir::with_prefix("faultline-index-")?,
            follower: None,
        };
        ensure!(!kept.reopen(chain)?, "there was an index already");
        Ok(kept)
    }

    /// A new one, whole.
    pub fn built(chain: &FakeChain) -> Result<Self> {
        let kept = Self::new(chain)?;
        kept.finish()?;
        Ok(kept)
    }

    /// Where it lies.
    pub fn path(&self) -> PathBuf {
        path(self.folder.path())
    }

    /// Closes it and opens it again; whether it was thrown away.
    pub fn reopen(&mut self, chain: &FakeChain) -> Result<bool> {
        self.follower = None;
        let (follower, anew) = opened(self.folder.path(), chain)?;
        self.follower = Some(follower);
        Ok(anew)
    }

    /// Closes it.
    pub fn close(&mut self) {
        self.follower = None;
    }

    pub fn follower(&self) -> &Follower<FakeChain> {
        self.follower.as_ref().expect("it is open")
    }

    pub fn index(&self) -> &Arc<Index> {
        self.follower().index()
    }

    /// Steps until there is nothing left to do.
    pub fn finish(&self) -> Result<()> {
        finish(self.follower())
    }

    /// Checks that it is what is built at once of the same state.
    pub fn assert_as_rebuilt(&self) -> Result<()> {
        let anew = Self::built(self.follower().chain())?;
        let difference = self.index().difference(anew.index())?;
        ensure!(difference.is_none(), "it differs from a rebuild: {difference:?}");
        Ok(())
    }
}

fn path(folder: &Path) -> PathBuf {
    folder.join("index")
}

/// Opens the index in a folder; whether one was thrown away.
pub fn opened(folder: &Path, chain: &FakeChain) -> Result<(Follower<FakeChain>, bool)> {
    let (index, anew) = Index::open(&path(folder), chain.past().data.genesis())?;
    Ok((Follower::new(Arc::new(index), chain.clone()), anew))
}

/// Steps until there is nothing left to do.
pub fn finish(follower: &Follower<FakeChain>) -> Result<()> {
    // Twice what it takes to build, and to walk all blocks.
    for _ in 0..1_000 {
        if follower.step()? == Step::Done {
            return Ok(());
        }
    }
    anyhow::bail!(
        "a thousand steps have led nowhere: {:?}",
        follower.index().state()
    )
}
