//! The client and the runtime of this release: what the one signs is what the other reads.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use codec::{DecodeAll, Encode};
use faultline_client::{
    call::{Call, Report, KEYS, PROOF},
    council::Proposal,
    runtime::{Runtime, Version, SPEC_VERSION, TRANSACTION_VERSION},
};
use faultline_primitives::{
    attestation::{
        Body, Claim, Country, Evidence, EvidenceKind, Kind, Method, Observation, Scope, Severity, TimeQuality,
        Vantage,
    },
    incident::{Cause, ProviderStatus, Statement},
    organisation::{Admission, Roles},
    quota::Quota,
    rules::Rules,
    service::Slug,
    Account, GroupId, Hash, IncidentId, OrganisationId, ServiceId, Sha256, Span, Text, UnixMillis,
};
use faultline_runtime::{Runtime as Native, RuntimeCall, VERSION};
use frame_support::dispatch::CallableCallFor;

type Members = pallet_members::Call<Native>;
type Services = pallet_services::Call<Native>;
type Incidents = pallet_incidents::Call<Native>;
type Consortium = pallet_consortium::Call<Native>;
type Council = CallableCallFor<faultline_runtime::Council, Native>;
type TxPause = CallableCallFor<faultline_runtime::TxPause, Native>;
type Session = CallableCallFor<faultline_runtime::Session, Native>;

/// The runtime as a client meets it: by its metadata.
fn runtime() -> Result<Runtime> {
    let metadata = Native::metadata_at_version(15).context("metadata of version 15")?;
    let version = Version {
        spec_version: VERSION.spec_version,
        transaction_version: VERSION.transaction_version,
    };
    Ok(Runtime::read(Hash([7; 32]), version, &metadata)?)
}

fn text<const N: u32>(text: &str) -> Text<N> {
    text.try_into().expect("a short text")
}
