//! What must be true after a run, whatever happened during it.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use faultline_primitives::{log::blake2_256, Hash};
use sp_core::bytes;

use super::{
    ask::Node,
    ledger::{Place, Submission, Told},
    state::{Logs, State},
};

/// What was checked, and what is wrong.
#[derive(Debug, Default)]
pub struct Checked {
    /// The newest block that all have made final.
    pub finalized: u32,
    /// Transactions in these blocks, besides those that set the time.
    pub transactions: usize,
    /// The logs, replayed.
    pub logs: Logs,
    /// What is wrong.
    pub violations: Vec<String>,
}

/// Checks what all nodes have made final against one another, and against what clients were told.
///
/// # Errors
///
/// A node does not answer.
pub async fn check(nodes: &mut [Node], submissions: &[Submission]) -> Result<Checked> {
    let mut checked = Checked::default();
    let mut lowest = u32::MAX;
    for node in nodes.iter_mut() {
        lowest = lowest.min(node.finalized().await?.number);
    }
    checked.finalized = lowest;
    let hashes = agreed(nodes, lowest, &mut checked.violations).await?;
    let first = nodes.first_mut().context("a network has nodes")?;
    let blocks = transactions(first, &hashes).await?;
    checked.transactions = blocks.values().map(Vec::len).sum();
    let last = hashes.last().copied().context("a chain has a genesis")?;
    checked.logs = State::new(first, last).logs().await?;
    checked.violations.append(&mut checked.logs.wrong);
    compare(
        submissions,
        &blocks,
        &checked.logs.entries,
        &mut checked.violations,
    );
    Ok(checked)
}

/// The hashes of all blocks up to a number, on which all nodes must agree.
async fn agreed(nodes: &mut [Node], until: u32, violations: &mut Vec<String>) -> Result<Vec<Hash>> {
    let mut hashes: Vec<Hash> = Vec::new();
    for (place, node) in nodes.iter_mut().enumerate() {
        for number in 0..=until {
            let hash = node.hash(number).await?;
            match hashes.get(usize::try_from(number)?) {
                None => hashes.push(hash),
                Some(known) if *known == hash => {}
                Some(known) => violations.push(format!(
                    "block {number}: validator 0 has {known} and validator {place} has {hash}"
                )),
            }
        }
    }
    Ok(hashes)
}

/// The blocks that hold each transaction.
async fn transactions(node: &mut Node, hashes: &[Hash]) -> Result<BTreeMap<Hash, Vec<u32>>> {
    let mut blocks: BTreeMap<Hash, Vec<u32>> = BTreeMap::new();
    for (number, hash) in (0..).zip(hashes) {
        let block = node.ask("chain_getBlock", [serde_json::to_value(hash)?]).await?;
        let extrinsics = block["block"]["extrinsics"]
            .as_array()
            .context("a block has extrinsics")?;
        // The first sets the time.
        for extrinsic in extrinsics.iter().skip(1) {
            let text = extrinsic.as_str().context("an extrinsic is text")?;
            let bytes = bytes::from_hex(text).map_err(|why| anyhow::anyhow!("{why}"))?;
            blocks.entry(blake2_256(&[&bytes])).or_default().push(number);
        }
    }
    Ok(blocks)
}

/// Compares what clients were told with what there is: nothing twice, nothing missing, nothing that was refused, and no
/// entry that nobody made.
fn compare(
    submissions: &[Submission],
    blocks: &BTreeMap<Hash, Vec<u32>>,
    entries: &BTreeMap<Place, u32>,
    violations: &mut Vec<String>,
) {
    let mut made: BTreeMap<Place, Hash> = BTreeMap::new();
    let mut untold = 0usize;
    for submission in submissions {
        let found = blocks.get(&submission.hash).map_or(&[][..], Vec::as_slice);
        let name = format!("{} of {}", submission.hash, submission.by);
        match (&submission.told, found) {
            (Told::Final { block, entries: told }, [one]) if one == block => {
                for place in told {
                    if entries.get(place) != Some(block) {
                        violations.push(format!(
                            "{name}: said to be {place:?} of block {block}, which is not there"
                        ));
                    }
                    if let Some(other) = made.insert(*place, submission.hash) {
                        violations.push(format!("{name}: {place:?} is also that of {other}"));
                    }
                }
            }
            (Told::Final { block, .. }, found) => {
                violations.push(format!(
                    "{name}: said to be final in block {block}, found in {found:?}"
                ));
            }
            (Told::Failed(_), [_]) | (Told::Refused(_) | Told::Expired | Told::Superseded, []) => {}
            (Told::Nothing, found) => {
                untold += found.len();
                if found.len() > 1 {
                    violations.push(format!("{name}: found in {found:?}"));
                }
            }
            (told, found) => violations.push(format!("{name}: said to be {told:?}, found in {found:?}")),
        }
    }
    // Of what nobody was told, nobody knows the entries. Whatever was in block 0 came with the chain, and what the
    // chain itself enters is in the consortium's log alone.
    let strangers: Vec<_> = entries
        .iter()
        .filter(|(place, block)| {
            **block > 0 && !made.contains_key(place) && !matches!(place, Place::Consortium(_))
        })
        .collect();
    if untold == 0 {
        for (place, block) in strangers {
            violations.push(format!(
                "{place:?} of block {block} was made by nobody who was told so"
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: Hash = Hash([1; 32]);
    const PLACE: Place = Place::Incident(0, 0);

    fn wrong(told: Told, blocks: &[u32], entries: &[(Place, u32)]) -> Vec<String> {
        let submission = Submission {
            by: "dev:alice",
            hash: HASH,
            told,
        };
        let blocks = if blocks.is_empty() {
            BTreeMap::new()
        } else {
            BTreeMap::from([(HASH, blocks.to_vec())])
        };
        let mut violations = Vec::new();
        let entries = entries.iter().copied().collect();
        compare(&[submission], &blocks, &entries, &mut violations);
        violations
    }

    fn told() -> Told {
        Told::Final {
            block: 5,
            entries: vec![PLACE],
        }
    }

    #[test]
    fn what_was_told_and_is_there_once_is_right() {
        assert_eq!(wrong(told(), &[5], &[(PLACE, 5)]), Vec::<String>::new());
        assert_eq!(wrong(Told::Expired, &[], &[]), Vec::<String>::new());
        let refused = Told::Refused("Gate.QuotaSpent".into());
        assert_eq!(wrong(refused, &[], &[]), Vec::<String>::new());
        assert_eq!(
            wrong(Told::Failed("Incidents.Settled".into()), &[5], &[]),
            Vec::<String>::new()
        );
    }

    #[test]
    fn what_is_missing_there_twice_or_elsewhere_is_noticed() {
        assert_eq!(wrong(told(), &[], &[]).len(), 1, "missing");
        assert_eq!(
            wrong(told(), &[5, 6], &[(PLACE, 5)]).len(),
            2,
            "twice, and so an entry of nobody's"
        );
        assert_eq!(wrong(told(), &[6], &[(PLACE, 6)]).len(), 2, "in another block");
        assert_eq!(wrong(told(), &[5], &[]).len(), 1, "without its entry");
        assert_eq!(
            wrong(told(), &[5], &[(PLACE, 5), (Place::Incident(0, 1), 5)]).len(),
            1,
            "an entry of nobody's"
        );
    }

    #[test]
    fn what_was_refused_or_expired_and_is_there_is_noticed() {
        assert_eq!(wrong(Told::Expired, &[5], &[]).len(), 1);
        assert_eq!(wrong(Told::Refused("Gate.QuotaSpent".into()), &[5], &[]).len(), 1);
        assert_eq!(
            wrong(Told::Failed("Incidents.Settled".into()), &[5, 6], &[]).len(),
            1
        );
    }

    #[test]
    fn of_what_nobody_was_told_at_most_one_is_there() {
        assert_eq!(wrong(Told::Nothing, &[], &[]).len(), 0);
        assert_eq!(wrong(Told::Nothing, &[5], &[(PLACE, 5)]).len(), 0);
        assert_eq!(wrong(Told::Nothing, &[5, 6], &[]).len(), 1);
    }
}
