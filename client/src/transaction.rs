//! Signing, submitting and waiting for finality.
//!
//! A transaction is signed for a nonce and for the next [`LIFETIME`] blocks, so the same bytes can be recorded once
//! at most and can be submitted as often as one likes. Whoever waits reads the finalized blocks themselves, not the
//! pool's word: a transaction is final when a finalized block holds it, and lost when its time is over and none does.
//! Until then it is submitted again whenever blocks pass without it, as a pool may lose what it accepted.

use std::time::Duration;

use faultline_primitives::{refusal::Code, Hash};
use subxt::{
    config::{DefaultExtrinsicParamsBuilder, SubstrateConfig},
    utils::H256,
};

use crate::{
    blocks::{Header, Recorded},
    key::{Key, KeyError},
    Call, ChainKind, Client, Error, Refusal, Result,
};

/// For how many blocks a transaction can be recorded.
pub const LIFETIME: u32 = 64;
/// Finalized blocks that pass without a transaction before it is submitted again.
const PATIENCE: u32 = 3;

/// A signed transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    bytes: String,
    hash: Hash,
    /// The finalized block at its signing: no block up to it holds the transaction.
    born: u32,
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
