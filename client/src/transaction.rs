//! Signing, submitting and waiting for finality.
//!
//! A transaction is signed for a nonce and for the next [`LIFETIME`] blocks, so the same bytes can be recorded once
//! at most and can be submitted as often as one likes. Whoever waits reads the finalized blocks themselves, not the
//! pool's word: a transaction is final when a finalized block holds it, and lost when its time is over and none does.
//! Until then it is submitted again whenever blocks pass without it, as a pool may lose what it accepted; and at once
//! to a node that takes the place of one that is gone.
//!
//! Only where it is certain that it never can be recorded, as a finalized block shows, may another be signed in its
//! place: the chain was upgraded, and takes no signature for the runtime before. It is not when a node does not answer.

use std::{sync::Arc, time::Duration};

use faultline_primitives::{refusal::Code, Account, Hash};
use subxt::{
    config::{DefaultExtrinsicParamsBuilder, SubstrateConfig},
    utils::H256,
};
use tokio::time::Instant;

use crate::{
    blocks::Recorded,
    chain::Sent,
    follow::Follow,
    key::{Key, KeyError},
    live::Live,
    node::Node,
    runtime::Version,
    Call, ChainKind, Client, Error, Notice, Refusal, Result,
};

/// For how many blocks a transaction can be recorded.
pub const LIFETIME: u32 = 64;

/// A signed transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    bytes: String,
    hash: Hash,
    account: Account,
    nonce: u64,
    /// The runtime for which it was signed: no other takes it.
    version: Version,
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

    /// How many transactions of its key come before it.
    pub fn nonce(&self) -> u64 {
        self.nonce
    }

    pub(crate) fn bytes(&self) -> &str {
        &self.bytes
    }

    pub(crate) fn account(&self) -> Account {
        self.account
    }

    pub(crate) fn version(&self) -> Version {
        self.version
    }

    pub(crate) fn born(&self) -> u32 {
        self.born
    }

    #[cfg(test)]
    pub(crate) fn example(born: u32) -> Self {
        Self {
            bytes: "0x00".into(),
            hash: Hash([7; 32]),
            account: Account([7; 32]),
            nonce: 0,
            version: Version {
                spec_version: 1,
                transaction_version: 1,
            },
            born,
        }
    }
}

/// Why a transaction can never be recorded any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Loss {
    /// Another transaction of its key was recorded in its place.
    NonceTaken,
    /// The chain was upgraded, to the runtime of this version.
    Upgraded(u32),
}

impl std::fmt::Display for Loss {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NonceTaken => write!(f, "another transaction of its key was recorded in its place"),
            Self::Upgraded(version) => {
                write!(
                    f,
                    "it was signed for the runtime before, and the chain is at version {version} now"
                )
            }
        }
    }
}

impl Client {
    /// Signs a call. The nonce is the next after all that the node's pool holds of this key, and after all that this
    /// client has sent with it and is still waiting for, whichever node it was sent to.
    ///
    /// # Errors
    ///
    /// The runtime does not take the call so, a well-known key on a chain that is not for development, or no node
    /// answers.
    pub async fn sign(&self, call: &Call, key: &Key) -> Result<Signed> {
        if key.is_well_known() && self.kind() == ChainKind::Live {
            return Err(KeyError::WellKnown.into());
        }
        self.with_node(|node| self.sign_for(node, call, key)).await
    }

    async fn sign_for(&self, node: Arc<Node>, call: &Call, key: &Key) -> Result<Signed> {
        let runtime = node.runtime_at(None).await?;
        let payload = runtime.payload(call)?;
        let account = key.account();
        let address = subxt::utils::AccountId32(account.0).to_string();
        let nonce: u64 = node.ask("system_accountNextIndex", [address.into()]).await?;
        let hash = node.finalized_head().await?;
        let born = node.header(hash).await?.number()?;
        self.has_seen(born);
        let nonce = self.sent(|sent| match sent.get(&account) {
            Some(sent) if sent.until >= born => nonce.max(sent.next),
            _ => nonce,
        });
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
        Ok(Signed {
            bytes: format!("0x{}", hex::encode(transaction.encoded())),
            hash: Hash(transaction.hash().0),
            account,
            nonce,
            version: runtime.version(),
            born,
        })
    }

    /// Hands a transaction to the node's pool; to that of no other node: whether this one has it is not known when it
    /// does not answer.
    ///
    /// # Errors
    ///
    /// The pool refuses it, or does not answer.
    pub async fn submit(&self, signed: &Signed) -> Result<()> {
        let answer = self.node().submit(signed).await;
        if matches!(answer, Ok(()) | Err(Error::Unreachable { .. })) {
            let own = Sent {
                next: signed.nonce.saturating_add(1),
                until: signed.until(),
            };
            self.sent(|sent| {
                let kept = sent.entry(signed.account).or_insert(own);
                kept.next = kept.next.max(own.next);
                kept.until = kept.until.max(own.until);
            });
        }
        answer
    }

    /// Signs, submits, and waits until it is final.
    ///
    /// # Errors
    ///
    /// As of the three.
    pub async fn execute(&self, call: &Call, key: &Key, timeout: Duration) -> Result<Recorded> {
        let signed = self.send(call, key).await?;
        self.see_through(call, key, signed, timeout).await
    }

    /// Signs and submits. When another program has taken the nonce in the meantime, signs for the next; when the chain
    /// was upgraded in the meantime, for the runtime that is.
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
                // No pool has what this one refuses: it is handed to no other before.
                Err(Error::Refused(refusal))
                    if (refusal.is_of_order() || refusal.is_of_another_runtime())
                        && tried != Some((signed.nonce, signed.version)) =>
                {
                    tried = Some((signed.nonce, signed.version));
                }
                // The node may have taken it before the connection broke: whoever waits will see.
                Err(Error::Unreachable { .. }) => return Ok(signed),
                Err(error) => return Err(error),
            }
        }
    }

    /// Waits until a finalized block holds the transaction, and says what it did. When it never can be recorded, as the
    /// chain was upgraded before it was, another is signed in its place.
    ///
    /// # Errors
    ///
    /// As of [`Self::send`] and [`Self::wait`].
    pub async fn see_through(
        &self,
        call: &Call,
        key: &Key,
        mut signed: Signed,
        timeout: Duration,
    ) -> Result<Recorded> {
        let end = Instant::now() + timeout;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            match self.wait(&signed, left).await {
                Err(Error::Superseded {
                    transaction,
                    loss: Loss::Upgraded(_),
                }) => {
                    signed = self.send(call, key).await?;
                    self.notify(&Notice::SignedAnew {
                        old: transaction,
                        new: signed.hash,
                    });
                }
                outcome => return outcome,
            }
        }
    }

    /// Waits until a finalized block holds the transaction, and says what it did. A node that is gone is replaced by
    /// another meanwhile, or waited for.
    ///
    /// # Errors
    ///
    /// It failed in its block, it can no longer be recorded, or it is not final in the time given.
    pub async fn wait(&self, signed: &Signed, timeout: Duration) -> Result<Recorded> {
        let mut follow = Follow::new(Live::new(self), signed);
        let outcome = match tokio::time::timeout(timeout, follow.run()).await {
            Ok(outcome) => outcome,
            Err(_) => Err(Error::Unfinished {
                transaction: signed.hash,
                until: signed.until(),
                refusal: follow.refusal,
                cut_off: follow.cut_off.map(Box::new),
            }),
        };
        if !matches!(outcome, Ok(_) | Err(Error::Refused(_))) {
            // Nobody waits for it any more, or it never will be: what the nodes' pools say counts again.
            self.sent(|sent| sent.remove(&signed.account));
        }
        outcome
    }
}

impl Node {
    /// Hands a transaction to its pool.
    pub(crate) async fn submit(&self, signed: &Signed) -> Result<()> {
        let answer: Result<Hash> = self
            .ask("author_submitExtrinsic", [signed.bytes.clone().into()])
            .await;
        match answer {
            Ok(_) => Ok(()),
            Err(Error::Node { code, message }) => Err(self.refused(code, &message).await?),
            Err(error) => Err(error),
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
