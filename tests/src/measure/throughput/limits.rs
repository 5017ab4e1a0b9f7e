//! What bounds a block, as the chain that is measured has it.

use anyhow::{anyhow, Context, Result};
use codec::{Compact, Decode, DecodeAll, Encode};
use frame_support::dispatch::DispatchClass;
use frame_system::limits::{BlockLength, BlockWeights};
use sp_core::bytes::from_hex;

use crate::nemesis::ask::Node;

/// What bounds a block, of what members' transactions may fill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Weight, in picoseconds of execution.
    pub weight: u64,
    /// Bytes.
    pub length: u64,
}

impl Limits {
    /// Those of the runtime that a node executes, which need not be the one that this program is built with.
    ///
    /// # Errors
    ///
    /// The node does not answer, or its runtime does not say.
    pub async fn of(node: &mut Node) -> Result<Self> {
        let metadata = node.ask("state_getMetadata", []).await?;
        let metadata =
            from_hex(metadata.as_str().unwrap_or_default()).map_err(|error| anyhow!("{error:?}"))?;
        let weights: BlockWeights = constant(&metadata, "BlockWeights")?;
        let length: BlockLength = constant(&metadata, "BlockLength")?;
        let normal = weights.get(DispatchClass::Normal).max_total;
        Ok(Self {
            weight: normal.unwrap_or(weights.max_block).ref_time(),
            length: u64::from(*length.max.get(DispatchClass::Normal)),
        })
    }
}

/// A constant by its name: in metadata stands the name, the number of its type and its value, each encoded. What only reads
/// the same is of another length.
fn constant<T: Decode>(metadata: &[u8], name: &str) -> Result<T> {
    let name_encoded = name.encode();
    let places = metadata.windows(name_encoded.len()).enumerate();
    let mut behind = places
        .filter(|(_, bytes)| *bytes == name_encoded)
        .filter_map(|(place, bytes)| metadata.get(place + bytes.len()..));
    let found = behind.find_map(|mut rest| {
        Compact::<u32>::decode(&mut rest).ok()?;
        let value = Vec::<u8>::decode(&mut rest).ok()?;
        T::decode_all(&mut value.as_slice()).ok()
    });
    found.with_context(|| format!("the runtime's metadata has no {name}"))
}

#[cfg(test)]
mod tests {
    use faultline_runtime::Runtime;

    use super::*;

    #[test]
    fn a_constant_is_found_where_its_name_also_stands_elsewhere() {
        let weights = <Runtime as frame_system::Config>::BlockWeights::get();
        let mut metadata = ("BlockWeights", "is a type too").encode();
        ("BlockWeights", Compact(7u32), weights.encode(), "words").encode_to(&mut metadata);
        let read: BlockWeights = constant(&metadata, "BlockWeights").unwrap();
        assert_eq!(read.encode(), weights.encode());
        assert!(constant::<BlockLength>(&metadata, "BlockLength").is_err());
    }
}
