//! Signing, ahead of time and by all cores.

use std::thread;

use anyhow::{anyhow, Context, Result};
use codec::Encode;
use faultline_primitives::{log::blake2_256, Hash, ServiceId, UnixMillis};
use faultline_runtime::{Address, RuntimeCall, TxExtension, UncheckedExtrinsic};
use pallet_incidents::Report;
use sp_core::{bytes::to_hex, sr25519, Pair, H256};
use sp_runtime::{
    generic::{Era, SignedPayload},
    AccountId32, MultiSignature,
};

use super::{
    crowd::reporter,
    words::{Topics, Word},
};
use crate::bounded;

/// For how many blocks a transaction can be recorded.
const LIFETIME: u64 = 1_024;

/// A transaction, signed.
#[derive(Clone, Debug)]
pub struct Signed {
    /// In hexadecimal, as a node takes it.
    pub bytes: String,
    /// By which it is known.
    pub hash: Hash,
}

/// Where and when transactions are signed.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// The hash of the genesis block.
    pub genesis: H256,
    /// A block that is final.
    pub block: (u32, H256),
    /// The time.
    pub now: UnixMillis,
}

/// Signs a call, which has this number among all that its key signs.
pub fn sign(moment: Moment, key: &sr25519::Pair, nonce: u32, call: RuntimeCall) -> Signed {
    let era = Era::mortal(LIFETIME, moment.block.0.into());
    let transaction = transaction(moment.genesis, (era, moment.block.1), key, nonce, call);
    let bytes = transaction.encode();
    Signed {
        bytes: to_hex(&bytes, false),
        hash: blake2_256(&[&bytes]),
    }
}

/// A transaction as a member signs it: on the chain of this first block, from that block on for an era.
pub fn transaction(
    genesis: H256,
    (era, from): (Era, H256),
    key: &sr25519::Pair,
    nonce: u32,
    call: RuntimeCall,
) -> UncheckedExtrinsic {
    let extension: TxExtension = (
        frame_system::CheckNonZeroSender::new(),
        frame_system::CheckSpecVersion::new(),
        frame_system::CheckTxVersion::new(),
        frame_system::CheckGenesis::new(),
        frame_system::CheckEra::from(era),
        pallet_members::CheckMember(nonce),
        frame_system::CheckWeight::new(),
    );
    let version = faultline_runtime::VERSION;
    let implicit = (
        (),
        version.spec_version,
        version.transaction_version,
        genesis,
        from,
        (),
        (),
    );
    let payload = SignedPayload::from_raw(call.clone(), extension.clone(), implicit);
    let signature = payload.using_encoded(|bytes| key.sign(bytes));
    UncheckedExtrinsic::new_signed(
        call,
        Address::Id(AccountId32::from(key.public())),
        MultiSignature::Sr25519(signature),
        extension,
    )
}

/// Words that are said in one transaction: of an organisation's, so many from one on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said {
    /// The organisation of the crowd.
    pub organisation: u32,
    /// How much it has said before.
    pub first: u32,
    /// How much is said.
    pub count: u32,
}

impl Said {
    /// The words.
    pub fn words(self, topics: &Topics) -> impl Iterator<Item = Word> + '_ {
        let numbers = self.first..self.first.saturating_add(self.count);
        numbers.filter_map(move |number| topics.word(self.organisation, number))
    }
}

/// A transaction of the crowd's.
#[derive(Clone, Debug)]
pub struct Speech {
    /// As a node takes it.
    pub signed: Signed,
    /// What it says.
    pub said: Said,
}

/// A key of the crowd's, and how far it is.
#[derive(Clone)]
pub struct Speaker {
    /// Whose it is.
    pub organisation: u32,
    key: sr25519::Pair,
    /// How many transactions it has signed that a node took.
    pub nonce: u32,
    /// How much of what its organisation has to say was said by it.
    pub said: u32,
}

impl Speaker {
    /// Who has said nothing yet.
    ///
    /// # Errors
    ///
    /// Never: what names the key is well-formed.
    pub fn new(organisation: u32, place: u32) -> Result<Self> {
        Ok(Self {
            organisation,
            key: reporter(organisation, place)?,
            nonce: 0,
            said: 0,
        })
    }

    /// Its account.
    pub fn account(&self) -> AccountId32 {
        AccountId32::from(self.key.public())
    }

    /// Signs a transaction of so many words, of which the first has this number, and gives it this number.
    ///
    /// # Errors
    ///
    /// The organisation has no more to say.
    pub fn sign(&self, script: &Script, nonce: u32, first: u32) -> Result<Speech> {
        let said = Said {
            organisation: self.organisation,
            first,
            count: script.words.max(1),
        };
        let words: Vec<_> = said.words(script.topics).collect();
        if words.len() < usize::try_from(said.count)? {
            return Err(anyhow!("organisation {} has no more to say", self.organisation));
        }
        let report = |word: &Word| -> Result<Report> {
            let (observation, text) = script.topics.observation(*word, script.moment.now)?;
            let service = ServiceId(script.first_service.saturating_add(word.service));
            Ok(Report {
                service,
                observation,
                text,
            })
        };
        let mut reports = words.iter().map(report).collect::<Result<Vec<_>>>()?;
        let call = if script.words == 0 {
            let Report {
                service,
                observation,
                text,
            } = reports.pop().context("a word")?;
            let observation = Box::new(observation);
            pallet_incidents::Call::report {
                service,
                observation,
                text,
            }
        } else {
            let reports = bounded(reports)?;
            pallet_incidents::Call::report_many { reports }
        };
        let signed = sign(script.moment, &self.key, nonce, RuntimeCall::Incidents(call));
        Ok(Speech { signed, said })
    }

    /// The transactions that come next.
    fn sign_some(&self, script: &Script, count: usize) -> Result<Vec<Speech>> {
        let step = script.words.max(1);
        let mut speeches = Vec::with_capacity(count);
        for place in (0u32..).take(count) {
            let first = self.said.saturating_add(place.saturating_mul(step));
            speeches.push(self.sign(script, self.nonce.saturating_add(place), first)?);
        }
        Ok(speeches)
    }

    /// So many of the transactions that came next were taken, of so many words each.
    pub fn took(&mut self, words: u32, count: u32) {
        self.nonce = self.nonce.saturating_add(count);
        self.said = self.said.saturating_add(count.saturating_mul(words.max(1)));
    }
}

/// What is said, and how.
#[derive(Clone, Copy)]
pub struct Script<'a> {
    /// Who speaks of what.
    pub topics: &'a Topics,
    /// The number on the chain of the crowd's first service.
    pub first_service: u32,
    /// How many words a transaction of `report_many` holds; 0 is a single `report`.
    pub words: u32,
    /// When.
    pub moment: Moment,
}

/// Of each speaker, so many of the transactions that come next.
///
/// # Errors
///
/// Somebody has no more to say.
pub fn sign_all(speakers: &[Speaker], script: &Script, each: usize) -> Result<Vec<Vec<Speech>>> {
    let cores = thread::available_parallelism()?.get();
    let part = speakers.len().div_ceil(cores).max(1);
    let parts = thread::scope(|scope| {
        let threads: Vec<_> = speakers
            .chunks(part)
            .map(|speakers| {
                scope.spawn(move || {
                    let all = speakers.iter().map(|speaker| speaker.sign_some(script, each));
                    all.collect::<Result<Vec<_>>>()
                })
            })
            .collect();
        let ended = threads.into_iter().map(|thread| {
            let result = thread.join();
            result.map_err(|_| anyhow!("a thread that signed has failed"))?
        });
        ended.collect::<Result<Vec<_>>>()
    })?;
    Ok(parts.into_iter().flatten().collect())
}
