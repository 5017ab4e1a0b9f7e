//! The JSON file in which people keep a bundle: the bundle in base64, and beside it what it is of, so that a reader sees
//! it without a program.
//!
//! What stands beside the bundle is checked against it: [`Envelope::open`] refuses a file that says of its bundle what the
//! bundle does not.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;

use base64::{prelude::BASE64_STANDARD, Engine};
use faultline_primitives::{BlockNumber, IncidentId, ServiceId};
use serde::{Deserialize, Serialize};

use crate::bundle::{Bundle, Claim, Start, Unreadable, MAX_BYTES, VERSION};

/// What every such file says that it is.
pub const FORMAT: &str = "faultline-evidence";
/// Most bytes of such a file: a bundle's in base64, and what stands beside it, of which a service's incidents are most.
pub const MAX_JSON: usize = MAX_BYTES / 3 * 4 + 1024 * 1024;

/// A bundle with what it is of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Envelope {
    /// `faultline-evidence`.
    pub format: String,
    /// The version of the bundle, which its first byte says too.
    pub version: u8,
    /// What it is of.
    pub about: About,
    /// The bundle's bytes, in base64 with padding (RFC 4648, section 4).
    pub bundle: String,
}

/// What a bundle is of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct About {
    /// Hash of the genesis block that it shows, 0x-hex; none where it begins with a later set of authorities.
    pub genesis: Option<String>,
    /// The block that everything in it is proven at.
    pub block: BlockNumber,
    /// That block's hash, 0x-hex.
    pub block_hash: String,
    /// The incidents whose logs it holds.
    pub incidents: Vec<IncidentId>,
    /// The service whose incidents it holds, where it is of a service.
    pub service: Option<ServiceId>,
}

/// Why a text is no envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadEnvelope {
    /// It is more than [`MAX_JSON`] bytes.
    TooLong,
    /// It is not JSON of this form.
    Json(String),
    /// It says that it is something else.
    OtherFormat(String),
    /// It is of another version.
    Version(u8),
    /// The bundle is not base64.
    Base64,
    /// The bundle cannot be read.
    Bundle(Unreadable),
    /// What stands beside the bundle is not what the bundle is of.
    About,
}

impl Envelope {
    /// Puts a bundle in an envelope.
    pub fn of(bundle: &Bundle) -> Self {
        Self {
            format: FORMAT.to_string(),
            version: VERSION,
            about: About::of(bundle),
            bundle: BASE64_STANDARD.encode(bundle.to_bytes()),
        }
    }

    /// The envelope in a JSON text.
    ///
    /// # Errors
    ///
    /// See [`BadEnvelope`].
    pub fn from_json(json: &[u8]) -> Result<Self, BadEnvelope> {
        if json.len() > MAX_JSON {
            return Err(BadEnvelope::TooLong);
        }
        serde_json::from_slice(json).map_err(|error| BadEnvelope::Json(error.to_string()))
    }

    /// The bundle in it.
    ///
    /// # Errors
    ///
    /// See [`BadEnvelope`].
    pub fn open(&self) -> Result<Bundle, BadEnvelope> {
        if self.format != FORMAT {
            return Err(BadEnvelope::OtherFormat(self.format.clone()));
        }
        if self.version != VERSION {
            return Err(BadEnvelope::Version(self.version));
        }
        let bytes = BASE64_STANDARD
            .decode(&self.bundle)
            .map_err(|_| BadEnvelope::Base64)?;
        let bundle = Bundle::from_bytes(&bytes).map_err(BadEnvelope::Bundle)?;
        match About::of(&bundle) == self.about {
            true => Ok(bundle),
            false => Err(BadEnvelope::About),
        }
    }
}

impl About {
    /// What a bundle is of, as it says itself.
    pub fn of(bundle: &Bundle) -> Self {
        Self {
            genesis: match &bundle.start {
                Start::Genesis(genesis) => Some(genesis.header.hash().to_string()),
                Start::Set(_) => None,
            },
            block: bundle.block.header.number,
            block_hash: bundle.block.header.hash().to_string(),
            incidents: bundle.claim.incidents().iter().map(|log| log.id).collect(),
            service: match &bundle.claim {
                Claim::Incident(_) => None,
                Claim::Service(service) => Some(service.id),
            },
        }
    }
}

impl fmt::Display for BadEnvelope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => write!(f, "the file is longer than {MAX_JSON} bytes, which no bundle is"),
            Self::Json(why) => write!(f, "the file is no evidence bundle: {why}"),
            Self::OtherFormat(format) => write!(f, "the file is `{format}`, not `{FORMAT}`"),
            Self::Version(version) => unknown_version(f, *version),
            Self::Base64 => f.write_str("the bundle in the file is damaged: it is not base64"),
            Self::Bundle(why) => why.fmt(f),
            Self::About => {
                f.write_str("what the file says that its bundle is of is not what the bundle is of")
            }
        }
    }
}

impl core::error::Error for BadEnvelope {}

fn unknown_version(f: &mut fmt::Formatter<'_>, version: u8) -> fmt::Result {
    write!(
        f,
        "the bundle is of version {version}, this program reads version {VERSION}"
    )
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => write!(f, "the bundle is longer than {MAX_BYTES} bytes"),
            Self::Version(version) => unknown_version(f, *version),
            Self::Malformed => f.write_str("the bundle is damaged: it cannot be read to its end"),
            Self::NotCanonical => {
                f.write_str("the bundle is not written in the one way in which a bundle is")
            }
        }
    }
}

impl core::error::Error for Unreadable {}
