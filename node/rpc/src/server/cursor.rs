//! Cursors: a place in a list, sealed with what the list is of.

use codec::{Decode, Encode};
use faultline_index::{ChangePosition, Position};
use faultline_primitives::{log::blake2_256, service::Slug, BlockNumber, Hash, IncidentId};

use crate::{error::Failure, Cursor};

/// Longest text that is looked at as a cursor.
const MAX_LENGTH: usize = 256;
/// Bytes of the seal. It tells a slip from a cursor, and forging one gains nothing: a cursor is a place, and any place may
/// be asked for by a filter.
const SEAL: usize = 8;

/// A place in some list.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Place {
    /// In a list of incidents.
    Incident([u8; Position::LENGTH]),
    /// In a list of services.
    Service(Slug),
    /// In the order of changes.
    Change(BlockNumber, IncidentId),
}

impl From<Position> for Place {
    fn from(position: Position) -> Self {
        Self::Incident(position.to_bytes())
    }
}

impl From<ChangePosition> for Place {
    fn from(position: ChangePosition) -> Self {
        Self::Change(position.block, position.incident)
    }
}

/// What a list is of: the chain and the filter.
pub struct Sealer {
    genesis: Hash,
    filter: Vec<u8>,
}

impl Sealer {
    /// Of this chain and this filter, in the order in which it is compared.
    pub fn new(genesis: Hash, filter: &impl serde::Serialize) -> Self {
        Self {
            genesis,
            // What has no JSON has none on any node.
            filter: serde_json::to_vec(filter).unwrap_or_default(),
        }
    }

    /// The cursor of a place.
    pub fn cursor(&self, place: impl Into<Place>) -> Cursor {
        let place = place.into().encode();
        Cursor(hex::encode([self.seal(&place).as_slice(), &place].concat()))
    }

    /// The place of a cursor.
    pub fn place(&self, cursor: &Cursor) -> Result<Place, Failure> {
        self.opened(cursor).ok_or_else(|| Failure::BadCursor {
            why: "it is none of this filter on this chain; give one as it was given, with the filter that it was given for"
                .into(),
        })
    }

    fn opened(&self, cursor: &Cursor) -> Option<Place> {
        if cursor.0.len() > MAX_LENGTH {
            return None;
        }
        let bytes = hex::decode(&cursor.0).ok()?;
        let (seal, mut place) = bytes.split_at_checked(SEAL)?;
        if seal != self.seal(place) {
            return None;
        }
        let opened = Place::decode(&mut place).ok()?;
        // One cursor, one text: capitals are not what was given.
        (place.is_empty() && hex::encode(&bytes) == cursor.0).then_some(opened)
    }

    fn seal(&self, place: &[u8]) -> [u8; SEAL] {
        let Hash(digest) = blake2_256(&[&self.genesis.0, &self.filter, place]);
        let [a, b, c, d, e, f, g, h, ..] = digest;
        [a, b, c, d, e, f, g, h]
    }
}
