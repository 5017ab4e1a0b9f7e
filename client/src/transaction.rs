//! Signing, submitting and waiting for finality.
//!
//! A transaction is signed for a nonce and for the next [`LIFETIME`] blocks, so the same bytes can be recorded once
//! at most and can be submitted as often as one likes. Whoever waits reads the finalized blocks themselves, not the
//! pool's word: a transaction is final when a finalized block holds it, and lost when its time is over and none does.
//! Until then it is submitted again whenever blocks pass without it, as a pool may lose what it accepted.

use std::time::Duration;

use codec::Decode;
use faultline_primitives::{log::blake2_256, refusal::Code, Hash, IncidentId, OrganisationId, ServiceId};
use faultline_rpc::view::BlockView;
use serde::Deserialize;
use subxt::{
    config::{DefaultExtrinsicParamsBuilder, SubstrateConfig},
    events::Phase,
    utils::H256,
};

use crate::{
    key::{Key, KeyError},
    runtime::bytes,
    Call, ChainKind, Client, Error, Refusal, Result,
};

/// For how many blocks a transaction can be recorded.
pub const LIFETIME: u32 = 64;
/// Finalized blocks that pass without a transaction before it is submitted again.
const PATIENCE: u32 = 3;
/// Where the SDK keeps a block's events.
const EVENTS: &str = "0x26aa394eea5630e07c48ae0c9558cef780d41e5e16056765bc8461851072c9d7";

/// A signed transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    bytes: String,
    hash: Hash,
    /// The finalized block at its signing: no block up to it holds the transaction.
    born: u32,
}

/// A transaction that a finalized block holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The finalized block.
    pub block: BlockView,
    /// The transaction's hash.
    pub transaction: Hash,
    /// What it did.
    pub events: Vec<Event>,
}

/// An entry that a transaction appended to a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// To an incident's.
    Incident {
        /// The incident.
        incident: IncidentId,
        /// The entry's number; 0 opened the incident.
        entry: u32,
        /// The service.
        service: ServiceId,
        /// Who spoke.
        organisation: OrganisationId,
    },
    /// To an organisation's.
    Organisation {
        /// The organisation.
        organisation: OrganisationId,
        /// The entry's number.
        entry: u32,
    },
    /// To a service's.
    Service {
        /// The service.
        service: ServiceId,
        /// The entry's number; 0 registered it.
        entry: u32,
    },
}

impl Signed {
    /// The transaction's hash, by which it can be asked for.
    pub fn hash(&self) -> Hash {
        self.hash
    }

    /// The last block that can hold it.
    pub fn until(&self) -> u32 {
        self.born.saturating_add(LIFETIME).saturating_sub(1)
    }
}

#[derive(Deserialize)]
struct Header {
    number: String,
}

#[derive(Deserialize)]
struct Body {
    extrinsics: Vec<String>,
}

#[derive(Deserialize)]
struct Block {
    block: Body,
}

impl Client {
    /// Signs a call. The nonce is the next after all that the node's pool holds of this key.
    ///
    /// # Errors
    ///
    /// The runtime does not take the call so, a well-known key on a chain that is not for development, or the node
    /// does not answer.
    pub async fn sign(&self, call: &Call, key: &Key) -> Result<Signed> {
        if key.is_well_known() && self.kind() == ChainKind::Live {
            return Err(KeyError::WellKnown.into());
        }
        let runtime = self.runtime_at(None).await?;
        let payload = runtime.payload(call)?;
        let account = subxt::utils::AccountId32(key.account().0);
        let nonce: u64 = self
            .ask("system_accountNextIndex", [account.to_string().into()])
            .await?;
        let hash: Hash = self.ask("chain_getFinalizedHead", []).await?;
        let born = self.number_of(hash).await?;
        let params = DefaultExtrinsicParamsBuilder::<SubstrateConfig>::new()
            .nonce(nonce)
            .mortal_from_unchecked(LIFETIME.into(), born.into(), H256(hash.0))
            .build();
        let failed = |error: subxt::error::ExtrinsicError| Error::Incompatible(error.to_string());
        let transaction = runtime
            .at()
            .transactions()
            .create_signable_offline(&payload, params)
            .and_then(|mut signable| signable.sign(key.pair()))
            .map_err(failed)?;
        let hash = Hash(transaction.hash().0);
        Ok(Signed {
            bytes: format!("0x{}", hex::encode(transaction.encoded())),
            hash,
            born,
        })
    }

    /// Hands a transaction to the node's pool.
    ///
    /// # Errors
    ///
    /// The pool refuses it, or does not answer.
    pub async fn submit(&self, signed: &Signed) -> Result<()> {
        let answer: Result<Hash> = self
            .ask("author_submitExtrinsic", [signed.bytes.clone().into()])
            .await;
        match answer {
            Ok(_) => Ok(()),
            Err(Error::Node { code, message }) => Err(self.refused(code, &message).await?),
            Err(error) => Err(error),
        }
    }

    /// Signs, submits, and waits until it is final.
    ///
    /// # Errors
    ///
    /// As of the three.
    pub async fn execute(&self, call: &Call, key: &Key, timeout: Duration) -> Result<Recorded> {
        let signed = self.send(call, key).await?;
        self.wait(&signed, timeout).await
    }

    /// Signs and submits. When another program has taken the nonce in the meantime, signs for the next.
    ///
    /// # Errors
    ///
    /// As of the two.
    pub async fn send(&self, call: &Call, key: &Key) -> Result<Signed> {
        let mut tried = None;
        loop {
            let signed = self.sign(call, key).await?;
            match self.submit(&signed).await {
                Ok(()) => return Ok(signed),
                Err(Error::Refused(refusal))
                    if refusal.is_of_order() && tried.as_ref() != Some(&signed.bytes) =>
                {
                    tried = Some(signed.bytes);
                }
                // The node may have taken it before the connection broke: whoever waits will see.
                Err(Error::Unreachable { .. }) => return Ok(signed),
                Err(error) => return Err(error),
            }
        }
    }

    /// Waits until a finalized block holds the transaction, and says what it did.
    ///
    /// # Errors
    ///
    /// It failed in its block, its time is over, or it is not final in the time given. A broken connection is
    /// opened again until then.
    pub async fn wait(&self, signed: &Signed, timeout: Duration) -> Result<Recorded> {
        let mut follow = Follow {
            client: self,
            signed,
            next: signed.born.saturating_add(1),
            tried: signed.born,
            refusal: None,
        };
        match tokio::time::timeout(timeout, follow.run()).await {
            Ok(outcome) => outcome,
            Err(_) => Err(Error::Unfinished {
                transaction: signed.hash,
                until: signed.until(),
                refusal: follow.refusal,
            }),
        }
    }

    /// Looks for a transaction in the finalized blocks, the newest first, and says what it did; none if the last
    /// `blocks` do not hold it.
    ///
    /// # Errors
    ///
    /// It failed in its block, or the node does not answer.
    pub async fn find(&self, transaction: Hash, blocks: u32) -> Result<Option<Recorded>> {
        let newest = self.finalized_number().await?;
        for number in (newest.saturating_sub(blocks)..=newest).rev() {
            let holds = |extrinsic: &String| {
                bytes(extrinsic).is_some_and(|bytes| blake2_256(&[&bytes]) == transaction)
            };
            if let Some((block, place)) = self.place_in(number, holds).await? {
                return self.outcome(transaction, block, place).await.map(Some);
            }
        }
        Ok(None)
    }

    /// Whether the node's pool holds a transaction that is in no block yet.
    ///
    /// # Errors
    ///
    /// The node does not answer.
    pub async fn is_pending(&self, transaction: Hash) -> Result<bool> {
        let pending: Vec<String> = self.ask("author_pendingExtrinsics", []).await?;
        let hash = |extrinsic: &String| bytes(extrinsic).map(|bytes| blake2_256(&[&bytes]));
        Ok(pending
            .iter()
            .any(|extrinsic| hash(extrinsic) == Some(transaction)))
    }

    async fn finalized_number(&self) -> Result<u32> {
        let hash: Hash = self.ask("chain_getFinalizedHead", []).await?;
        self.number_of(hash).await
    }

    async fn number_of(&self, block: Hash) -> Result<u32> {
        let header: Header = self.ask("chain_getHeader", [block.to_string().into()]).await?;
        header.number()
    }

    /// The first place in a block of what `holds` says, with the block.
    async fn place_in(
        &self,
        number: u32,
        holds: impl Fn(&String) -> bool,
    ) -> Result<Option<(BlockView, u32)>> {
        let hash: Hash = self.ask("chain_getBlockHash", [number.into()]).await?;
        let block: Option<Block> = self.ask("chain_getBlock", [hash.to_string().into()]).await?;
        let Some(block) = block else {
            return Err(Error::Incompatible(format!(
                "the node no longer has block {number}: ask one that keeps all blocks"
            )));
        };
        let place = block.block.extrinsics.iter().position(holds);
        Ok(place
            .and_then(|place| u32::try_from(place).ok())
            .map(|place| (BlockView { number, hash }, place)))
    }

    /// What a transaction did in its block.
    async fn outcome(&self, transaction: Hash, block: BlockView, place: u32) -> Result<Recorded> {
        let runtime = self.runtime_at(Some(block.hash)).await?;
        let stored: Option<String> = self
            .ask("state_getStorage", [EVENTS.into(), block.hash.to_string().into()])
            .await?;
        let unreadable =
            |why: String| Error::Incompatible(format!("events of block {}: {why}", block.number));
        let stored = stored
            .and_then(|stored| bytes(&stored))
            .ok_or_else(|| unreadable("the node no longer has them".into()))?;
        let mut events = Vec::new();
        for event in runtime.at().events().from_bytes(stored).iter() {
            let event = event.map_err(|error| unreadable(error.to_string()))?;
            if event.phase() != Phase::ApplyExtrinsic(place) {
                continue;
            }
            let mut fields = event.field_bytes();
            match (event.pallet_name(), event.event_name()) {
                ("System", "ExtrinsicFailed") => {
                    let refusal = Refusal::in_block(&runtime, fields);
                    return Err(Error::Refused(refusal));
                }
                (pallet @ ("Incidents" | "Members" | "Services"), "Recorded") => {
                    let event =
                        Event::decode(pallet, &mut fields).map_err(|error| unreadable(error.to_string()))?;
                    events.push(event);
                }
                _ => {}
            }
        }
        Ok(Recorded {
            block,
            transaction,
            events,
        })
    }

    /// The error that a pool's answer amounts to.
    async fn refused(&self, code: i32, message: &str) -> Result<Error> {
        let custom = message
            .split_once("Custom error: ")
            .and_then(|(_, rest)| rest.trim_end_matches('"').parse().ok());
        Ok(match custom.and_then(Code::of) {
            Some(Code::Gate(gate)) => Error::Refused(Refusal::of_gate(gate)),
            Some(Code::Pallet { pallet, error }) => {
                let runtime = self.runtime_at(None).await?;
                Error::Refused(Refusal::of_pallet(&runtime, pallet, error))
            }
            None => match Refusal::of_pool(code, message) {
                Some(refusal) => Error::Refused(refusal),
                None => Error::Node {
                    code,
                    message: message.into(),
                },
            },
        })
    }
}

impl Header {
    fn number(&self) -> Result<u32> {
        let digits = self.number.trim_start_matches("0x");
        u32::from_str_radix(digits, 16)
            .map_err(|_| Error::Incompatible(format!("`{}` is no block number", self.number)))
    }
}

impl Event {
    fn decode(pallet: &str, fields: &mut &[u8]) -> std::result::Result<Self, codec::Error> {
        Ok(match pallet {
            "Incidents" => {
                let (incident, entry, service, organisation) = Decode::decode(fields)?;
                Self::Incident {
                    incident,
                    entry,
                    service,
                    organisation,
                }
            }
            "Members" => {
                let (organisation, entry) = Decode::decode(fields)?;
                Self::Organisation { organisation, entry }
            }
            _ => {
                let (service, entry) = Decode::decode(fields)?;
                Self::Service { service, entry }
            }
        })
    }
}

/// Somebody who waits for a transaction.
struct Follow<'a> {
    client: &'a Client,
    signed: &'a Signed,
    /// The next block to look into.
    next: u32,
    /// The finalized block when the transaction was last submitted.
    tried: u32,
    /// What a pool said of it last, when it was submitted again.
    refusal: Option<Refusal>,
}

impl Follow<'_> {
    async fn run(&mut self) -> Result<Recorded> {
        loop {
            match self.follow().await {
                Err(Error::Unreachable { .. }) => {
                    tokio::time::sleep(Duration::from_millis(500)).await;
                    // Whether it works shows in the next attempt.
                    if let Err(error @ Error::OtherChain { .. }) = self.client.reconnect().await {
                        return Err(error);
                    }
                    self.tried = 0;
                }
                outcome => return outcome,
            }
        }
    }

    /// Looks into each finalized block until the connection breaks.
    async fn follow(&mut self) -> Result<Recorded> {
        let mut headers = self.client.finalized_headers().await?;
        let mut newest = self.client.finalized_number().await?;
        loop {
            while self.next <= newest {
                let holds = |extrinsic: &String| *extrinsic == self.signed.bytes;
                if let Some((block, place)) = self.client.place_in(self.next, holds).await? {
                    return self.client.outcome(self.signed.hash, block, place).await;
                }
                self.next = self.next.saturating_add(1);
            }
            if newest >= self.signed.until() {
                return Err(Error::Expired {
                    transaction: self.signed.hash,
                    until: self.signed.until(),
                    refusal: self.refusal.take(),
                });
            }
            if newest >= self.tried.saturating_add(PATIENCE) {
                self.submit_again().await?;
                self.tried = newest;
            }
            newest = match headers.next().await {
                Some(Ok(header)) => serde_json::from_value::<Header>(header)
                    .map_err(|error| Error::Incompatible(error.to_string()))?
                    .number()?
                    .max(newest),
                // The subscription ended: the node, or the way to it, is gone.
                _ => self.client.finalized_number().await?,
            };
        }
    }

    /// That the pool still has it, or a block has taken it, is what is hoped for.
    async fn submit_again(&mut self) -> Result<()> {
        match self.client.submit(self.signed).await {
            Ok(()) => Ok(()),
            Err(Error::Refused(refusal)) => {
                if !refusal.is_of_order() {
                    self.refusal = Some(refusal);
                }
                Ok(())
            }
            Err(Error::Node { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }
}
