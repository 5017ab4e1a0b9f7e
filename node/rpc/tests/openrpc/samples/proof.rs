//! Evidence bundles and warp proofs. Their bytes are cut short here.

use faultline_primitives::{Hash, IncidentId, ServiceId};
use faultline_proof::envelope::{About, FORMAT};
use faultline_rpc::{view::WarpView, Envelope};

use super::block;

fn envelope(about: About) -> Envelope {
    Envelope {
        format: FORMAT.into(),
        version: 1,
        about,
        bundle: "AQDJsoGk".into(),
    }
}

/// Of an incident, from genesis on.
pub fn incident() -> Envelope {
    envelope(About {
        genesis: Some(Hash([0x81; 32]).to_string()),
        block: block().number,
        block_hash: block().hash.to_string(),
        incidents: vec![IncidentId(7)],
        service: None,
    })
}

/// Of a service, from a checkpoint on.
pub fn service() -> Envelope {
    envelope(About {
        genesis: None,
        block: block().number,
        block_hash: block().hash.to_string(),
        incidents: vec![IncidentId(3), IncidentId(7)],
        service: Some(ServiceId(1)),
    })
}

/// All of a history.
pub fn warp() -> WarpView {
    WarpView {
        start: Some("AMmygaQ=".into()),
        changes: "AA==".into(),
        block: Some("GkKEAA==".into()),
        next: None,
    }
}

/// A part of a longer one.
pub fn more() -> WarpView {
    WarpView {
        start: None,
        changes: "BGkKEAA=".into(),
        block: None,
        next: Some(3_600),
    }
}
