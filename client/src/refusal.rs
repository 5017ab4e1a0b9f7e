//! Why the chain does not take a transaction: what a pool or a block says, in words.

use faultline_primitives::refusal::{Gate, PALLETS};

use crate::{
    runtime::Runtime,
    words::{gate_words, incident_words, pallet_words, Words, LOG_REFUSES},
    Client, Result,
};

/// Why the chain does not take a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What programs tell it by: `Gate.QuotaSpent`, `Incidents.Settled`, `Pool.Outdated`.
    pub name: String,
    /// What is wrong.
    pub why: String,
    /// What to do next.
    pub advice: String,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "refused: {} ({})", self.why, self.name)
    }
}

impl Refusal {
    fn new(name: String, (why, advice): Words) -> Self {
        Self {
            name,
            why: why.into(),
            advice: advice.into(),
        }
    }

    /// Whether another transaction of the same key stands in the way: the nonce is taken.
    pub(crate) fn is_of_order(&self) -> bool {
        matches!(self.name.as_str(), "Pool.Outdated" | "Pool.Outranked")
    }

    /// Whether it is what a pool says of a transaction that is in a block already, or that it has itself.
    pub(crate) fn is_of_repetition(&self) -> bool {
        self.is_of_order() || self.name == "Pool.Banned"
    }

    /// Whether it may have been signed for another runtime than the one that is in force.
    pub(crate) fn is_of_another_runtime(&self) -> bool {
        self.name == "Pool.BadSignature"
    }

    pub(crate) fn of_gate(gate: Gate) -> Self {
        Self::new(format!("Gate.{gate}"), gate_words(gate))
    }

    pub(crate) fn of_pallet(runtime: &Runtime, pallet: &str, error: u8) -> Self {
        let Some((name, docs)) = runtime.error(pallet, error) else {
            return Self::unknown(format!("{pallet}.{error}"));
        };
        match pallet_words(pallet, &name) {
            Some(words) => Self::new(format!("{pallet}.{name}"), words),
            // A newer runtime than this program: the runtime says itself what it means.
            None => Self {
                why: docs,
                ..Self::unknown(format!("{pallet}.{name}"))
            },
        }
    }

    /// What the chain would say of an observation that makes no sense.
    pub fn of_observation(refusal: faultline_primitives::incident::Refusal) -> Self {
        // The pallet's errors have the names of the fold's refusals.
        let name = format!("{refusal:?}");
        let words = incident_words(&name).unwrap_or(LOG_REFUSES);
        Self::new(format!("Incidents.{name}"), words)
    }

    /// What a pool says without a code of ours.
    pub(crate) fn of_pool(code: i32, message: &str) -> Option<Self> {
        let (name, why, advice) = match code {
            1010 if message.contains("outdated") => {
                ("Outdated", "another transaction of this key is recorded in its place", "Submit it anew.")
            }
            1014 => (
                "Outranked",
                "another transaction of this key, or another attestation of your organisation on this incident, waits already",
                "Wait until that one is final, then submit again.",
            ),
            1010 if message.contains("bad signature") => {
                ("BadSignature", "the signature is not of this chain or of this runtime", "Was the chain upgraded meanwhile? Submit it anew.")
            }
            // A pool asks whether it fits into an empty block.
            1010 if message.contains("exhaust") => {
                ("TooLarge", "it is too large for a block", "Divide it among several transactions.")
            }
            1016 => ("Full", "the node's pool is full", "Submit it again in a moment, or to another node."),
            1012 => ("Banned", "the node refused this transaction a moment ago", "Wait half an hour, or submit to another node."),
            _ => return None,
        };
        Some(Self::new(format!("Pool.{name}"), (why, advice)))
    }

    /// What a block's event says of a call that failed. Takes the error off the front of the event's fields.
    pub(crate) fn in_block(runtime: &Runtime, fields: &mut &[u8]) -> std::result::Result<Self, codec::Error> {
        let error = take_error(fields)?;
        let of_pallet = match error {
            [MODULE, pallet, error, ..] => runtime
                .pallet_name(*pallet)
                .map(|pallet| Self::of_pallet(runtime, &pallet, *error)),
            _ => None,
        };
        Ok(of_pallet.unwrap_or_else(|| Self::unknown(format!("0x{}", hex::encode(error)))))
    }

    fn unknown(name: String) -> Self {
        let why = "for a reason that this program does not know";
        Self::new(
            name,
            (why, "Use the program of the release that the chain is of."),
        )
    }
}

/// The variant of the SDK's `DispatchError` that holds an error of a pallet's.
const MODULE: u8 = 3;

/// The bytes of the `DispatchError` at the front of `fields`, which then begin behind it.
fn take_error<'a>(fields: &mut &'a [u8]) -> std::result::Result<&'a [u8], codec::Error> {
    let length = match fields.first() {
        // The pallet's index, and four bytes of which the first is the error's.
        Some(&MODULE) => 6,
        // Token, Arithmetic, Transactional and Trie say which.
        Some(7 | 8 | 9 | 14) => 2,
        _ => 1,
    };
    let (error, rest) = fields
        .split_at_checked(length)
        .ok_or("an error of a call is cut off")?;
    *fields = rest;
    Ok(error)
}

impl Client {
    /// The errors of the chain's pallets for which this program has no words: none, for a chain of its own release.
    ///
    /// # Errors
    ///
    /// The node does not answer.
    pub async fn errors_without_words(&self) -> Result<Vec<String>> {
        let runtime = self
            .with_node(|node| async move { node.runtime_at(None).await })
            .await?;
        let errors = PALLETS.iter().flat_map(|(pallet, _)| {
            runtime
                .errors(pallet)
                .into_iter()
                .filter_map(move |error| match pallet_words(pallet, &error) {
                    None => Some(format!("{pallet}.{error}")),
                    Some(_) => None,
                })
        });
        Ok(errors.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_the_way_of_a_nonce_is_told_from_what_is_refused() {
        let outdated = Refusal::of_pool(1010, "Invalid Transaction: \"Transaction is outdated\"");
        assert!(outdated.is_some_and(|refusal| refusal.is_of_order()));
        assert!(!Refusal::of_gate(Gate::QuotaSpent).is_of_order());
        assert_eq!(Refusal::of_pool(-32601, "Method not found"), None);
        let large = Refusal::of_pool(
            1010,
            "Invalid Transaction: \"Transaction would exhaust the block limits\"",
        );
        assert_eq!(large.map(|refusal| refusal.name), Some("Pool.TooLarge".into()));
    }

    #[test]
    fn errors_of_calls_are_taken_off_one_after_another() {
        // BadOrigin, an error of a pallet's, an arithmetic one, and what comes behind.
        let mut fields: &[u8] = &[2, 3, 10, 7, 0, 0, 0, 8, 1, 99];
        let taken: Vec<_> = (0..3).map(|_| take_error(&mut fields)).collect();
        assert_eq!(
            taken,
            [Ok(&[2][..]), Ok(&[3, 10, 7, 0, 0, 0][..]), Ok(&[8, 1][..])]
        );
        assert_eq!(fields, [99]);
        assert!(take_error(&mut &[3, 10, 7][..]).is_err(), "cut off");
        assert!(take_error(&mut &[][..]).is_err(), "nothing there");
    }
}
