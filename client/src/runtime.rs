//! The chain's runtime as its metadata describes it: how calls are encoded, what events and errors are called.

use std::sync::Arc;

use codec::Decode;
use faultline_primitives::Hash;
use serde::Deserialize;
use subxt::{
    client::{OfflineClient, OfflineClientAtBlock},
    config::{substrate::SpecVersionForRange, SubstrateConfig},
    transactions::DynamicPayload,
    utils::H256,
    Metadata,
};

use crate::{Call, Client, Error, Result};

/// The version of the metadata that is asked for: the newest that the SDK calls stable.
const METADATA_VERSION: &str = "0x0f000000";

/// One version of the chain's runtime.
pub(crate) struct Runtime {
    pub(crate) spec_version: u32,
    metadata: Arc<Metadata>,
    at: OfflineClientAtBlock<SubstrateConfig>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Version {
    spec_version: u32,
    transaction_version: u32,
}

impl Client {
    /// The runtime in force at a block, or at the best one.
    pub(crate) async fn runtime_at(&self, block: Option<Hash>) -> Result<Arc<Runtime>> {
        let at = block.map(|hash| hash.to_string());
        let version: Version = self.ask("state_getRuntimeVersion", [at.clone().into()]).await?;
        let mut kept = self.runtime.lock().await;
        if let Some(runtime) = kept
            .as_ref()
            .filter(|kept| kept.spec_version == version.spec_version)
        {
            return Ok(runtime.clone());
        }
        let method = "Metadata_metadata_at_version";
        let answer: String = self
            .ask("state_call", [method.into(), METADATA_VERSION.into(), at.into()])
            .await?;
        let runtime = Arc::new(Runtime::new(self.genesis(), &version, &answer)?);
        *kept = Some(runtime.clone());
        Ok(runtime)
    }
}

impl Runtime {
    fn new(genesis: Hash, version: &Version, answer: &str) -> Result<Self> {
        let unreadable = |what: &str| Error::Incompatible(format!("the runtime's metadata: {what}"));
        let bytes = bytes(answer).ok_or_else(|| unreadable("not hexadecimal"))?;
        let opaque = <Option<Vec<u8>>>::decode(&mut bytes.as_slice())
            .map_err(|error| unreadable(&error.to_string()))?
            .ok_or_else(|| unreadable("version 15 is not there"))?;
        let metadata =
            Metadata::decode(&mut opaque.as_slice()).map_err(|error| unreadable(&error.to_string()))?;
        let metadata = Arc::new(metadata);
        let config = SubstrateConfig::builder()
            .set_genesis_hash(H256(genesis.0))
            .set_metadata_for_spec_versions([(version.spec_version, metadata.clone())])
            .set_spec_version_for_block_ranges([SpecVersionForRange {
                block_range: 0..u64::MAX,
                spec_version: version.spec_version,
                transaction_version: version.transaction_version,
            }])
            .build();
        let at = OfflineClient::new_with_config(config)
            .at_block(0u64)
            .map_err(|error| unreadable(&error.to_string()))?;
        Ok(Self {
            spec_version: version.spec_version,
            metadata,
            at,
        })
    }

    /// The client that encodes and decodes by this runtime's metadata.
    pub(crate) fn at(&self) -> &OfflineClientAtBlock<SubstrateConfig> {
        &self.at
    }

    /// A call as this runtime takes it. Its arguments are read back by the metadata: a runtime that takes others
    /// than this program knows is noticed here, before anything is signed.
    pub(crate) fn payload(
        &self,
        call: &Call,
    ) -> Result<DynamicPayload<subxt::ext::scale_value::Composite<()>>> {
        let bytes = self.encode(call)?;
        self.at
            .transactions()
            .from_call_data_bytes(&bytes)
            .map_err(|error| self.takes_otherwise(call, &error.to_string()))
    }

    /// A call in SCALE: what its pallet and itself are numbered as here, and its arguments.
    pub(crate) fn encode(&self, call: &Call) -> Result<Vec<u8>> {
        let pallet = self.metadata.pallet_by_name(call.pallet);
        let pallet = pallet.ok_or_else(|| self.takes_otherwise(call, "no such pallet"))?;
        let variant = pallet.call_variant_by_name(call.name);
        let variant = variant.ok_or_else(|| self.takes_otherwise(call, "no such call"))?;
        let mut bytes = vec![pallet.call_index(), variant.index];
        bytes.extend_from_slice(&call.arguments);
        Ok(bytes)
    }

    fn takes_otherwise(&self, call: &Call, why: &str) -> Error {
        Error::Incompatible(format!(
            "its runtime (version {}) takes {}.{} otherwise: {why}",
            self.spec_version, call.pallet, call.name
        ))
    }

    /// What the metadata calls an error of a pallet, and says of it.
    pub(crate) fn error(&self, pallet: &str, index: u8) -> Option<(String, String)> {
        let variant = self
            .metadata
            .pallet_by_name(pallet)?
            .error_variant_by_index(index)?;
        Some((variant.name.clone(), variant.docs.join(" ").trim().into()))
    }

    /// The name of the pallet with this index.
    pub(crate) fn pallet_name(&self, index: u8) -> Option<String> {
        self.metadata
            .pallet_by_error_index(index)
            .map(|pallet| pallet.name().to_owned())
    }

    /// All errors of a pallet.
    pub(crate) fn errors(&self, pallet: &str) -> Vec<String> {
        let variants = self
            .metadata
            .pallet_by_name(pallet)
            .and_then(|pallet| pallet.error_variants());
        variants
            .unwrap_or_default()
            .iter()
            .map(|variant| variant.name.clone())
            .collect()
    }
}

/// The bytes of hexadecimal digits after `0x`.
pub(crate) fn bytes(hexadecimal: &str) -> Option<Vec<u8>> {
    hex::decode(hexadecimal.strip_prefix("0x")?).ok()
}
