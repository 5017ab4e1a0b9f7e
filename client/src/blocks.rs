//! Looking into blocks: where a transaction stands, and what it did there.

use codec::{Compact, Decode};
use faultline_primitives::{log::blake2_256, Hash, IncidentId, OrganisationId, ServiceId};
use faultline_rpc::view::BlockView;
use serde::Deserialize;
use subxt::events::Phase;

use crate::{
    council::MotionEvent,
    node::Node,
    runtime::{bytes, Runtime},
    Client, Error, Refusal, Result,
};

/// Where the SDK keeps a block's events.
const EVENTS: &str = "0x26aa394eea5630e07c48ae0c9558cef780d41e5e16056765bc8461851072c9d7";

/// A transaction that a finalized block holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The finalized block.
    pub block: BlockView,
    /// The transaction's hash.
    pub transaction: Hash,
    /// What it did.
    pub events: Vec<Event>,
    /// Of several reports, those that were refused, in their order; each of the others is an event.
    pub refused: Vec<RefusedReport>,
    /// What it did to a motion of the council, in order.
    pub motion: Vec<MotionEvent>,
}

/// One of several reports that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedReport {
    /// Its place among them, from 0.
    pub place: u32,
    /// Why.
    pub refusal: Refusal,
}

impl Recorded {
    /// What became of each of several reports, in their order.
    pub fn reports(&self) -> Vec<std::result::Result<Event, &Refusal>> {
        let mut refused = self.refused.iter().peekable();
        let mut events = self.events.iter();
        (0u32..)
            .map_while(|place| match refused.next_if(|report| report.place == place) {
                Some(report) => Some(Err(&report.refusal)),
                None => events.next().copied().map(Ok),
            })
            .collect()
    }
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

/// A block's header, as far as it matters here.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Header {
    number: String,
    parent_hash: Hash,
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
    /// Looks for a transaction in the finalized blocks, the newest first, and says what it did; none if the last
    /// `blocks` do not hold it.
    ///
    /// # Errors
    ///
    /// It failed in its block, or the node does not answer.
    pub async fn find(&self, transaction: Hash, blocks: u32) -> Result<Option<Recorded>> {
        self.with_node(|node| async move {
            let newest = node.finalized_number().await?;
            self.has_seen(newest);
            for number in (newest.saturating_sub(blocks)..=newest).rev() {
                let holds = |extrinsic: &str| has_hash(extrinsic, transaction);
                if let Some((block, place)) = node.place_in(number, holds).await? {
                    return node.outcome(transaction, block, place).await.map(Some);
                }
            }
            Ok(None)
        })
        .await
    }

    /// Whether the pool of the node that is talked to holds a transaction that is in no block yet.
    ///
    /// # Errors
    ///
    /// No node answers.
    pub async fn is_pending(&self, transaction: Hash) -> Result<bool> {
        let pending: Vec<String> = self
            .with_node(|node| async move { node.ask("author_pendingExtrinsics", []).await })
            .await?;
        Ok(pending.iter().any(|extrinsic| has_hash(extrinsic, transaction)))
    }
}

impl Node {
    /// The first place in a block, which it has made final, of what `holds` says, with the block.
    pub(crate) async fn place_in(
        &self,
        number: u32,
        holds: impl Fn(&str) -> bool,
    ) -> Result<Option<(BlockView, u32)>> {
        let hash = self.hash_of(number).await?;
        let block: Option<Block> = self.ask("chain_getBlock", [hash.to_string().into()]).await?;
        let block = block.ok_or_else(|| self.lacks(format!("no longer has block {number}")))?;
        let place = block
            .block
            .extrinsics
            .iter()
            .position(|extrinsic| holds(extrinsic));
        Ok(place
            .and_then(|place| u32::try_from(place).ok())
            .map(|place| (BlockView { number, hash }, place)))
    }

    /// What a transaction did in its block.
    pub(crate) async fn outcome(&self, transaction: Hash, block: BlockView, place: u32) -> Result<Recorded> {
        // A block that puts another runtime in place was still made by the one before.
        let parent = self.header(block.hash).await?.parent_hash;
        let runtime = self.runtime_at(Some(parent)).await?;
        let stored: Option<String> = self
            .ask("state_getStorage", [EVENTS.into(), block.hash.to_string().into()])
            .await?;
        let unreadable =
            |why: String| Error::Incompatible(format!("events of block {}: {why}", block.number));
        let stored = stored
            .and_then(|stored| bytes(&stored))
            .ok_or_else(|| self.lacks(format!("no longer has the events of block {}", block.number)))?;
        let (mut events, mut refused, mut motion) = (Vec::new(), Vec::new(), Vec::new());
        for event in runtime.at().events().from_bytes(stored).iter() {
            let event = event.map_err(|error| unreadable(error.to_string()))?;
            if event.phase() != Phase::ApplyExtrinsic(place) {
                continue;
            }
            runtime
                .check_event(event.pallet_name(), event.event_name())
                .map_err(|error| error.after_recording(transaction, block.number))?;
            let mut fields = event.field_bytes();
            match (event.pallet_name(), event.event_name()) {
                ("System", "ExtrinsicFailed") => {
                    let refusal = Refusal::in_block(&runtime, &mut fields);
                    return Err(Error::Refused(
                        refusal.map_err(|error| unreadable(error.to_string()))?,
                    ));
                }
                (pallet @ ("Incidents" | "Members" | "Services"), "Recorded") => {
                    let event =
                        Event::decode(pallet, &mut fields).map_err(|error| unreadable(error.to_string()))?;
                    events.push(event);
                }
                ("Incidents", "ReportsRefused") => {
                    refused = RefusedReport::decode(&runtime, &mut fields)
                        .map_err(|error| unreadable(error.to_string()))?;
                }
                name => motion.extend(
                    MotionEvent::decode(&runtime, name, &mut fields)
                        .map_err(|error| unreadable(error.to_string()))?,
                ),
            }
        }
        Ok(Recorded {
            block,
            transaction,
            events,
            refused,
            motion,
        })
    }
}

/// Whether a transaction, as the node writes it, is the one of this hash.
fn has_hash(extrinsic: &str, transaction: Hash) -> bool {
    bytes(extrinsic).is_some_and(|bytes| blake2_256(&[&bytes]) == transaction)
}

impl Header {
    pub(crate) fn number(&self) -> Result<u32> {
        let digits = self.number.trim_start_matches("0x");
        u32::from_str_radix(digits, 16)
            .map_err(|_| Error::Incompatible(format!("`{}` is no block number", self.number)))
    }
}

impl RefusedReport {
    fn decode(runtime: &Runtime, fields: &mut &[u8]) -> std::result::Result<Vec<Self>, codec::Error> {
        let Compact(count) = Compact::<u32>::decode(fields)?;
        let mut one = || {
            Ok::<_, codec::Error>(Self {
                place: Decode::decode(fields)?,
                refusal: Refusal::in_block(runtime, fields)?,
            })
        };
        (0..count).map(|_| one()).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_of_several_reports_was_recorded_or_refused_in_its_place() {
        let event = |entry| Event::Service {
            service: ServiceId(1),
            entry,
        };
        let refusal = Refusal {
            name: "Incidents.UpOpensNothing".into(),
            why: String::new(),
            advice: String::new(),
        };
        let refused = |place| RefusedReport {
            place,
            refusal: refusal.clone(),
        };
        let recorded = Recorded {
            block: BlockView {
                number: 1,
                hash: Hash([0; 32]),
            },
            transaction: Hash([0; 32]),
            events: vec![event(7), event(8)],
            refused: vec![refused(0), refused(2), refused(4)],
            motion: Vec::new(),
        };
        let no = || Err(&refusal);
        assert_eq!(recorded.reports(), [no(), Ok(event(7)), no(), Ok(event(8)), no()]);
    }
}
