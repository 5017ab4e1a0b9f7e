//! What it costs to read and to write a key in a state as large as a chain of some years has.

use std::{collections::BTreeMap, time::Instant};

use anyhow::{Context, Result};
use codec::Encode;
use faultline_primitives::{
    incident::{Action, Incident, Opening, FOLD_VERSION},
    rules::Rules,
    Entry, IncidentId, Record, ServiceId,
};
use faultline_runtime::Runtime;
use sc_client_api::{
    backend::{NewBlockState, TrieCacheContext},
    Backend as _, BlockImportOperation as _,
};
use sp_runtime::{traits::Header as _, StateVersion};
use sp_state_machine::Backend as _;

use faultline_tests::engine::{genesis, typical, Chain};

use crate::{
    crowd::{self, SPOKEN},
    Sample,
};

/// The first of the incidents that fill a state.
const FIRST: u64 = 1 << 40;
/// Keys that a block of ours changes.
const KEYS_A_BLOCK: usize = 500;

/// Fills a state, then reads keys at random, and writes keys at random a block at a time.
pub fn measure(incidents: u32, keys: usize) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut storage = genesis(|| {})?;
    fill(&mut storage.top, incidents)?;
    let (all, bytes) = (
        storage.top.len(),
        storage.top.values().map(Vec::len).sum::<usize>(),
    );
    println!(
        "state: {incidents} incidents, {all} keys, {} MiB of values",
        bytes >> 20
    );
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let names: Vec<_> = storage
        .top
        .keys()
        .filter(|key| key[..] != b":code"[..])
        .cloned()
        .collect();
    let chosen: Vec<_> = (0..keys)
        .map(|_| names[random.below(names.len())].clone())
        .collect();
    let chain = Chain::open(folder.path(), storage)?;

    let mut reads = Vec::with_capacity(keys);
    for block in chosen.chunks(KEYS_A_BLOCK) {
        // A state of its own for each block, which shares the node's cache of the trie with others.
        let state = chain.backend.state_at(chain.best(), TrieCacheContext::Trusted)?;
        for key in block {
            let began = Instant::now();
            let value = state.storage(key).map_err(anyhow::Error::msg)?;
            reads.push(began.elapsed());
            anyhow::ensure!(value.is_some(), "a key is gone");
        }
    }
    println!("reading a key: {}", Sample::new(reads).words());

    let mut writes = Vec::new();
    for block in chosen.chunks(KEYS_A_BLOCK) {
        let parent = chain.best();
        let header = sp_blockchain::HeaderBackend::header(chain.backend.blockchain(), parent)?
            .context("the best block has a header")?;
        let state = chain.backend.state_at(parent, TrieCacheContext::Trusted)?;
        // Read beforehand, as a call does that changes what is there.
        let changes = block
            .iter()
            .map(|key| {
                Ok((
                    key.clone(),
                    random.like(
                        &state
                            .storage(key)
                            .map_err(anyhow::Error::msg)?
                            .unwrap_or_default(),
                    ),
                ))
            })
            .collect::<Result<BTreeMap<_, _>>>()?;
        let began = Instant::now();
        let delta = changes.iter().map(|(key, value)| (&key[..], Some(&value[..])));
        let (root, transaction) = state.storage_root(delta, StateVersion::V1);
        let next = faultline_runtime::opaque::Header::new(
            header.number + 1,
            Default::default(),
            root,
            parent,
            Default::default(),
        );
        let mut operation = chain.backend.begin_operation()?;
        chain.backend.begin_state_operation(&mut operation, parent)?;
        operation.set_block_data(next, Some(Vec::new()), None, None, NewBlockState::Best, true)?;
        operation.update_db_storage(transaction)?;
        chain.backend.commit_operation(operation)?;
        writes.push(began.elapsed() / u32::try_from(changes.len())?);
    }
    println!(
        "writing a key, of {KEYS_A_BLOCK} a block, with the trie above it: {}",
        Sample::new(writes).words()
    );
    Ok(())
}

/// Incidents of three entries and a text each, on a hundred services, all of them numbered after any others.
pub fn fill(top: &mut BTreeMap<Vec<u8>, Vec<u8>>, incidents: u32) -> Result<()> {
    use pallet_incidents::{Entries, Incidents, OnService, Texts};
    let log = log(ServiceId(0));
    let mut record = Record::<Incident>::replay(IncidentId(0), &log)
        .context("the log is not empty")?
        .map_err(|unfit| anyhow::anyhow!("{unfit:?}"))?;
    let text = vec![b'a'; 200].encode();
    for number in 0..incidents {
        let (id, service) = (
            IncidentId(FIRST + u64::from(number)),
            ServiceId(u32::MAX - number % 100),
        );
        record.state.id = id;
        record.state.service = service;
        top.insert(Incidents::<Runtime>::hashed_key_for(id), record.encode());
        for (place, entry) in (0u32..).zip(&log) {
            top.insert(Entries::<Runtime>::hashed_key_for(id, place), entry.encode());
        }
        top.insert(Texts::<Runtime>::hashed_key_for(id, 0), text.clone());
        let place = u64::from(number / 100);
        top.insert(OnService::<Runtime>::hashed_key_for(service, place), id.encode());
    }
    Ok(())
}

fn log(service: ServiceId) -> Vec<Entry<Action>> {
    let by = |number| crowd::stranger(number, number);
    let opened = Action::Opened {
        by: by(0),
        opening: Opening {
            fold: FOLD_VERSION,
            service,
            slug: "service".parse().unwrap_or_default(),
            name: "Service".parse().unwrap_or_default(),
            rules: Rules::standard(),
        },
        attestation: typical::attestation(),
    };
    let attested = |number| Action::Attested {
        by: by(number),
        attestation: typical::attestation(),
        moves_from: None,
    };
    [opened, attested(1), attested(2)]
        .into_iter()
        .map(|action| Entry {
            block: 1,
            at: SPOKEN,
            action,
        })
        .collect()
}

/// Numbers that are the same each time: Marsaglia's xorshift.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next()).unwrap_or_default() % limit.max(1)
    }

    /// Other bytes, as many.
    fn like(&mut self, value: &[u8]) -> Vec<u8> {
        value.iter().map(|_| self.next().to_le_bytes()[0]).collect()
    }
}
