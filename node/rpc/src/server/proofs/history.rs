//! Who made blocks final, up to one.

use std::sync::Arc;

use codec::Encode;
use faultline_primitives::BlockNumber;
use faultline_proof::{AuthoritySet, Finalized, Start};

use super::{bad, source::Source};
use crate::{error::Failure, server::finalized::unavailable, view::BlockView};

/// How many blocks are looked at for the next one that finality stopped at.
const LOOK_AHEAD: u32 = 64;

/// Who made blocks final, from genesis or a later block on, up to a block that finality stopped at.
pub struct History<'a> {
    source: &'a dyn Source,
    /// The blocks before the last after which authorities changed.
    changes: Arc<[BlockNumber]>,
    /// How many of them lie before the start.
    skipped: usize,
    start: Start,
    last: Finalized,
}

impl<'a> History<'a> {
    /// From genesis or from `since` on, up to the latest block that finality stopped at, or to `until`.
    pub fn new(source: &'a dyn Source, since: Option<u32>, until: Option<u32>) -> Result<Self, Failure> {
        let latest = source.latest()?;
        let number = until.unwrap_or(latest);
        if number > latest {
            return Err(bad(
                "until",
                format!("block {number} is not final here; finality stopped last at block {latest}"),
            ));
        }
        let Some(last) = source.finalized(number)? else {
            return Err(not_justified(source, number, latest));
        };
        let mut changes = source.changes(number)?;
        let is_change = changes.last() == Some(&number);
        if is_change {
            changes = changes
                .iter()
                .copied()
                .filter(|change| *change < number)
                .collect();
        }
        let skipped = match since {
            None => 0,
            Some(since) if since > number => {
                return Err(bad(
                    "since",
                    format!("block {since} comes after block {number}, which is as far as finality is proven: give that or an earlier one"),
                ));
            }
            Some(since) if since == number && is_change => {
                return Err(bad(
                    "since",
                    format!("other authorities make final what follows block {since}, and nothing after it is proven final: give an earlier one"),
                ));
            }
            Some(since) => changes.partition_point(|change| *change <= since),
        };
        let history = Self {
            source,
            start: match since {
                None => Start::Genesis(Box::new(source.genesis().clone())),
                Some(_) => Start::Set(set(source, &changes, skipped)?),
            },
            last: trimmed(&last, &set(source, &changes, changes.len())?)?,
            changes,
            skipped,
        };
        Ok(history)
    }

    /// What it begins with.
    pub fn start(&self) -> &Start {
        &self.start
    }

    /// The block that it leads to, with the votes for it.
    pub fn finalized(&self) -> &Finalized {
        &self.last
    }

    /// That block.
    pub fn block(&self) -> BlockView {
        BlockView {
            number: self.last.header.number,
            hash: self.last.header.hash(),
        }
    }

    /// All changes of authorities, and how many bytes of a bundle the history takes; an error where these are more than
    /// `room`.
    pub fn changes(&self, room: usize) -> Result<(Vec<Finalized>, usize), Failure> {
        let ends = self.start.encoded_size().saturating_add(self.last.encoded_size());
        match self.part(room.saturating_sub(ends))? {
            (changes, None) => {
                let bytes = changes.encoded_size().saturating_add(ends);
                Ok((changes, bytes))
            }
            (_, Some(_)) => Err(Failure::TooLarge {
                why: format!(
                    "authorities changed {} times, which is more than a bundle holds: give a later `since`, and check the \
                     bundle from a checkpoint",
                    self.changes.len().saturating_sub(self.skipped)
                ),
            }),
        }
    }

    /// As many changes as there is room for, one at least, and the last of them where others follow.
    pub fn part(&self, room: usize) -> Result<(Vec<Finalized>, Option<BlockNumber>), Failure> {
        let (mut part, mut bytes) = (Vec::new(), 0usize);
        for (place, number) in self.changes.iter().enumerate().skip(self.skipped) {
            let set = set(self.source, &self.changes, place)?;
            let change = trimmed(&kept(self.source, *number)?, &set)?;
            bytes = bytes.saturating_add(change.encoded_size());
            if let Some(Finalized { header, .. }) = part.last().filter(|_| bytes > room) {
                let next = header.number;
                return Ok((part, Some(next)));
            }
            part.push(change);
        }
        Ok((part, None))
    }
}

/// The authorities after so many changes.
fn set(source: &dyn Source, changes: &[BlockNumber], place: usize) -> Result<AuthoritySet, Failure> {
    let Some(before) = place.checked_sub(1) else {
        let first = source.genesis().authorities();
        return first.map_err(|_| unavailable("the genesis block's authorities cannot be read"));
    };
    let number = changes
        .get(before)
        .ok_or_else(|| unavailable("there are fewer changes of authorities"))?;
    match kept(source, *number)?.header.next_authorities() {
        Ok(Some(authorities)) => Ok(AuthoritySet {
            id: u64::try_from(place).map_err(unavailable)?,
            authorities,
        }),
        _ => Err(unavailable(format!(
            "authorities changed at block {number} in a way that nothing proves"
        ))),
    }
}

/// A block at which finality must have stopped, with what is kept of the votes.
fn kept(source: &dyn Source, number: BlockNumber) -> Result<Finalized, Failure> {
    let finalized = source.finalized(number)?;
    finalized.ok_or_else(|| unavailable(format!("the votes for block {number} are not kept")))
}

/// With no more votes than it takes.
fn trimmed(kept: &Finalized, set: &AuthoritySet) -> Result<Finalized, Failure> {
    let number = kept.header.number;
    match kept.justification.trimmed(set) {
        Some(justification) => Ok(Finalized {
            header: kept.header.clone(),
            justification,
        }),
        None => Err(unavailable(format!(
            "the votes that are kept for block {number} do not make it final"
        ))),
    }
}

/// That finality did not stop at a block, and where it did next.
fn not_justified(source: &dyn Source, number: BlockNumber, latest: BlockNumber) -> Failure {
    let ahead = (number..=latest).take(LOOK_AHEAD as usize).skip(1);
    let next = ahead
        .map(|next| source.finalized(next).map(|found| found.map(|_| next)))
        .find_map(Result::transpose);
    match next {
        Some(Err(failure)) => failure,
        Some(Ok(next)) => bad(
            "until",
            format!("finality did not stop at block {number}, but at block {next}: give that"),
        ),
        None => bad(
            "until",
            format!("finality did not stop at block {number}; it stopped last at block {latest}"),
        ),
    }
}
