//! The chain's runtime as its metadata describes it: how calls are encoded, what events and errors are called.

use std::{collections::BTreeMap, sync::Arc};

use codec::{Compact, Decode, Encode};
use faultline_primitives::Hash;
use serde::Deserialize;
use subxt::{
    client::{OfflineClient, OfflineClientAtBlock},
    config::{substrate::SpecVersionForRange, SubstrateConfig},
    transactions::DynamicPayload,
    utils::H256,
    Metadata,
};

use crate::{
    call::{Arguments, Call},
    shape, Error, Result,
};

/// The version of the runtime that this program was made for. On a later one it does whatever that takes as before.
pub const SPEC_VERSION: u32 = 1;
/// The version of transactions that this program was made for. It signs none of a later one.
pub const TRANSACTION_VERSION: u32 = 1;

/// What the calls and events that this program knows look like, one a line: what is no longer so it neither signs nor
/// reads. A test compares it to the runtime of the same release.
const SHAPES: &str = include_str!("shapes.txt");

/// The pallets of which no call is signed that is not among them.
const OWN: [&str; 7] = [
    "Members",
    "Services",
    "Incidents",
    "Council",
    "Consortium",
    "TxPause",
    "Session",
];

/// The version of the metadata that is asked for: the newest that the SDK calls stable.
pub(crate) const METADATA_VERSION: &str = "0x0f000000";

/// Which runtime it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Version {
    /// Of all that it does: each upgrade raises it.
    pub spec_version: u32,
    /// Of how a transaction is encoded.
    pub transaction_version: u32,
}

/// One version of the chain's runtime.
pub struct Runtime {
    version: Version,
    metadata: Arc<Metadata>,
    at: OfflineClientAtBlock<SubstrateConfig>,
}

/// The runtimes of a chain that were met, by version: while it is upgraded a block is of the one and the next of the
/// other.
#[derive(Default)]
pub(crate) struct Runtimes(tokio::sync::Mutex<BTreeMap<u32, Arc<Runtime>>>);

impl Runtimes {
    /// The runtime of this version, read by `read` where it was not met before.
    pub(crate) async fn of(
        &self,
        version: Version,
        read: impl std::future::Future<Output = Result<Runtime>>,
    ) -> Result<Arc<Runtime>> {
        let mut met = self.0.lock().await;
        if let Some(runtime) = met.get(&version.spec_version) {
            return Ok(runtime.clone());
        }
        let runtime = Arc::new(read.await?);
        met.insert(version.spec_version, runtime.clone());
        Ok(runtime)
    }
}

impl Runtime {
    /// Reads a runtime's metadata (version 15).
    ///
    /// # Errors
    ///
    /// It cannot be read.
    pub fn read(genesis: Hash, version: Version, mut metadata: &[u8]) -> Result<Self> {
        let unreadable = |what: &str| Error::Incompatible(format!("the runtime's metadata: {what}"));
        let metadata = Metadata::decode(&mut metadata).map_err(|error| unreadable(&error.to_string()))?;
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
            version,
            metadata,
            at,
        })
    }

    /// As a node hands metadata over.
    pub(crate) fn of_answer(genesis: Hash, version: Version, answer: &str) -> Result<Self> {
        let unreadable = |what: &str| Error::Incompatible(format!("the runtime's metadata: {what}"));
        let bytes = bytes(answer).ok_or_else(|| unreadable("not hexadecimal"))?;
        let opaque = <Option<Vec<u8>>>::decode(&mut bytes.as_slice())
            .map_err(|error| unreadable(&error.to_string()))?
            .ok_or_else(|| unreadable("version 15 is not there"))?;
        Self::read(genesis, version, &opaque)
    }

    /// Which it is.
    pub fn version(&self) -> Version {
        self.version
    }

    /// The client that encodes and decodes by this runtime's metadata.
    pub(crate) fn at(&self) -> &OfflineClientAtBlock<SubstrateConfig> {
        &self.at
    }

    /// A call as this runtime takes it, ready to be signed.
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
    ///
    /// # Errors
    ///
    /// The runtime has no such call, or one of another shape than this program knows, or takes transactions of another
    /// version.
    pub fn encode(&self, call: &Call) -> Result<Vec<u8>> {
        if self.version.transaction_version > TRANSACTION_VERSION {
            return Err(self.too_old("its transactions are of another version"));
        }
        let pallet = self.metadata.pallet_by_name(call.pallet);
        let pallet = pallet.ok_or_else(|| self.takes_otherwise(call, "no such pallet"))?;
        let variant = pallet.call_variant_by_name(call.name);
        let variant = variant.ok_or_else(|| self.takes_otherwise(call, "no such call"))?;
        match known("call", call.pallet, call.name) {
            Some(known) if Some(known) != self.shape("call", call.pallet, call.name).as_deref() => {
                return Err(self.takes_otherwise(call, "with other arguments"));
            }
            // What members and the council call is known, or not called.
            None if OWN.contains(&call.pallet) => {
                return Err(self.takes_otherwise(call, "this program does not know how"));
            }
            _ => {}
        }
        let mut bytes = vec![pallet.call_index(), variant.index];
        match &call.arguments {
            Arguments::Encoded(arguments) => bytes.extend_from_slice(arguments),
            Arguments::Motion { ayes, call } => {
                let motion = self.encode(&Call {
                    pallet: "Consortium",
                    name: "enact",
                    arguments: Arguments::Call(call.clone()),
                })?;
                Compact(*ayes).encode_to(&mut bytes);
                bytes.extend_from_slice(&motion);
                // No message comes near 4 GiB.
                Compact(u32::try_from(motion.len()).unwrap_or(u32::MAX)).encode_to(&mut bytes);
            }
            Arguments::Call(call) => bytes.extend_from_slice(&self.encode(call)?),
        }
        Ok(bytes)
    }

    /// That what a transaction did can be read: the event is as this program knows it.
    pub(crate) fn check_event(&self, pallet: &str, event: &str) -> Result<()> {
        let known = known("event", pallet, event);
        if known.is_some() && known != self.shape("event", pallet, event).as_deref() {
            let what = format!("{pallet}.{event} says other things than this program knows");
            return Err(self.newer_or(&what));
        }
        Ok(())
    }

    /// The shape of a call or of an event; none where there is no such.
    fn shape(&self, kind: &str, pallet: &str, name: &str) -> Option<String> {
        let pallet = self.metadata.pallet_by_name(pallet)?;
        let fields = match kind {
            "call" => &pallet.call_variant_by_name(name)?.fields,
            _ => {
                let events = pallet.event_variants()?;
                &events.iter().find(|event| event.name == name)?.fields
            }
        };
        let fields = fields.iter().map(|field| (field.name.as_deref(), field.ty.id));
        Some(shape::of_fields(&self.metadata, fields))
    }

    /// The shapes of all calls and events that this program knows, as this runtime has them, in the form of the file
    /// that they are kept in.
    pub fn shapes(&self) -> String {
        let lines = SHAPES.lines().filter_map(name).map(|(kind, pallet, name)| {
            let shape = self.shape(kind, pallet, name);
            format!(
                "{kind} {pallet}.{name} {}\n",
                shape.unwrap_or_else(|| "none".into())
            )
        });
        lines.collect()
    }

    /// The shapes that this program knows.
    pub fn known_shapes() -> &'static str {
        SHAPES
    }

    fn takes_otherwise(&self, call: &Call, why: &str) -> Error {
        self.newer_or(&format!(
            "it takes {}.{} otherwise: {why}",
            call.pallet, call.name
        ))
    }

    fn newer_or(&self, what: &str) -> Error {
        match self.version.spec_version > SPEC_VERSION {
            true => self.too_old(what),
            false => Error::Incompatible(format!(
                "its runtime (version {}): {what}",
                self.version.spec_version
            )),
        }
    }

    fn too_old(&self, what: &str) -> Error {
        Error::TooOld {
            runtime: self.version.spec_version,
            what: what.into(),
        }
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

/// What a line of the file of shapes is about: its kind, pallet and name.
fn name(line: &'static str) -> Option<(&'static str, &'static str, &'static str)> {
    let (kind, rest) = line.split_once(' ')?;
    let name = rest.split_whitespace().next()?;
    let (pallet, name) = name.split_once('.')?;
    Some((kind, pallet, name))
}

/// The shape that this program knows; none of what it does not know.
fn known(kind: &str, pallet: &str, called: &str) -> Option<&'static str> {
    let line = SHAPES
        .lines()
        .find(|line| name(line) == Some((kind, pallet, called)))?;
    line.splitn(3, ' ').nth(2)
}

/// The bytes of hexadecimal digits after `0x`.
pub(crate) fn bytes(hexadecimal: &str) -> Option<Vec<u8>> {
    hex::decode(hexadecimal.strip_prefix("0x")?).ok()
}
