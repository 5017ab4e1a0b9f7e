//! Who keeps the chain: its authorities, the code that runs, the session.

use codec::{Compact, Encode};
use faultline_primitives::{consortium::Action, log::blake2_256, BlockNumber, Hash, OrganisationId};
use faultline_proof::{finality::Authority, keys, AuthoritySet};
use serde::Serialize;

use super::{
    finding::{Findings, Kind, Place},
    reading::{Found, Reading},
    society::{single, Society},
    AuditError,
};
use crate::trust::{Head, Source};

/// A set of authorities.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SetView {
    /// Its number.
    pub id: u64,
    /// What checkpoints name it by.
    pub hash: Hash,
    /// Its keys (ed25519), with what each weighs.
    pub authorities: Vec<AuthorityView>,
}

/// One whose votes make blocks final.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AuthorityView {
    /// Its key.
    pub key: Hash,
    /// What its vote weighs.
    pub weight: u64,
}

/// The block after which other authorities make blocks final.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChangeView {
    /// Its number.
    pub block: BlockNumber,
    /// Its hash.
    pub hash: Hash,
    /// The authorities from then on.
    pub set: SetView,
}

impl From<&AuthoritySet> for SetView {
    fn from(set: &AuthoritySet) -> Self {
        let view = |authority: &Authority| AuthorityView {
            key: Hash(authority.key),
            weight: authority.weight,
        };
        Self {
            id: set.id,
            hash: set.hash(),
            authorities: set.authorities.iter().map(view).collect(),
        }
    }
}

/// What runs, and who makes blocks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Keeping {
    /// BLAKE2b-256 of the runtime's code.
    pub code: Option<Hash>,
    /// What the runtime that made the block calls itself.
    pub runtime: Option<String>,
    /// Its version.
    pub spec_version: Option<u32>,
    /// The number of the session.
    pub session: u32,
    /// The organisations that are validators in it.
    pub validators: Vec<OrganisationId>,
    /// Those of them that make no blocks in it, as they voted twice.
    pub disabled: Vec<OrganisationId>,
}

impl Keeping {
    /// Reads it, and checks it against what the logs and the history of finality say.
    pub(super) async fn read<S: Source>(
        reading: &Reading<'_, S>,
        society: &Society,
        findings: &mut Findings,
    ) -> Result<Self, AuditError> {
        check_authorities(reading, findings).await?;
        check_checkpoints(reading.head, society, findings);
        let code = code(reading, findings).await?;
        let last: Option<(Compact<u32>, String)> = single(
            reading,
            &keys::last_runtime(),
            "the version of the runtime",
            findings,
        )
        .await?;
        let (spec_version, runtime) = last.map(|(Compact(version), name)| (version, name)).unzip();
        if let Some((entry, upgraded, version)) = society.last_upgrade() {
            if code.is_some_and(|code| code != upgraded) {
                let what = format!("the code in the state is not {upgraded}, which was put in place last");
                findings.of(Place::Chain, Kind::Keeping, what);
            }
            // The code of a block runs from the next on.
            if entry.block < reading.head.block.number && spec_version.is_some_and(|now| now != version) {
                let what = format!("the runtime is not of version {version}, which was put in place last");
                findings.of(Place::Chain, Kind::Keeping, what);
            }
        }
        let session = single(reading, &keys::session(), "the session's number", findings).await?;
        let validators: Option<Vec<OrganisationId>> = single(
            reading,
            &keys::session_validators(),
            "the session's validators",
            findings,
        )
        .await?;
        let disabled: Option<Vec<(u32, u32)>> = single(
            reading,
            &keys::disabled_validators(),
            "the disabled validators",
            findings,
        )
        .await?;
        let validators = validators.unwrap_or_default();
        let of_place = |(place, _): (u32, u32)| validators.get(usize::try_from(place).ok()?).copied();
        let disabled: Vec<_> = disabled
            .unwrap_or_default()
            .into_iter()
            .filter_map(of_place)
            .collect();
        for validator in &disabled {
            if !has_equivocated(society, *validator) {
                let what =
                    format!("the validator of organisation {validator} is disabled, and no log says why");
                findings.of(Place::Chain, Kind::Keeping, what);
            }
        }
        Ok(Self {
            code,
            runtime,
            spec_version,
            session: session.unwrap_or_default(),
            validators,
            disabled,
        })
    }
}

fn has_equivocated(society: &Society, of: OrganisationId) -> bool {
    let is_of = |action: &Action| matches!(action, Action::Equivocated { validator, .. } if *validator == of);
    society.consortium.iter().any(|entry| is_of(&entry.action))
}

/// The code is no SCALE: it is what it is.
async fn code<S: Source>(
    reading: &Reading<'_, S>,
    findings: &mut Findings,
) -> Result<Option<Hash>, AuditError> {
    let key = keys::code();
    let found = reading.proven(std::slice::from_ref(&key)).await?;
    let code = found
        .get(&key)
        .and_then(Found::value)
        .map(|code| blake2_256(&[code]));
    if code.is_none() {
        findings.of(Place::Chain, Kind::Unproven, "no node proves the runtime's code");
    }
    Ok(code)
}

/// The state has the authorities to which the history of finality leads.
async fn check_authorities<S: Source>(
    reading: &Reading<'_, S>,
    findings: &mut Findings,
) -> Result<(), AuditError> {
    let Head { history, header, .. } = reading.head;
    let set = history.set();
    // A block after which authorities change has the next in its state already.
    let (id, authorities) = match header.next_authorities() {
        Ok(Some(next)) => (set.id.checked_add(1), next),
        _ => (Some(set.id), set.authorities.clone()),
    };
    let kept: Option<Vec<Authority>> =
        single(reading, &keys::authorities(), "the authorities", findings).await?;
    let kept_id: Option<u64> = single(
        reading,
        &keys::authority_set_id(),
        "the authorities' number",
        findings,
    )
    .await?;
    if kept.is_some_and(|kept| kept.encode() != authorities.encode())
        || kept_id.unwrap_or(0) != id.unwrap_or(u64::MAX)
    {
        let what = "the authorities in the state are not those to which the votes lead";
        findings.of(Place::Chain, Kind::Keeping, what);
    }
    Ok(())
}

/// The checkpoints name the sets that made blocks final after them.
fn check_checkpoints(head: &Head, society: &Society, findings: &mut Findings) {
    let changes = head.history.changes.iter().map(|change| &change.set);
    let sets: Vec<_> = std::iter::once(&head.history.trusted).chain(changes).collect();
    for (number, entry) in (0u32..).zip(&society.consortium) {
        let Action::Checkpointed(checkpoint) = &entry.action else {
            continue;
        };
        let named = sets.iter().find(|set| set.id == checkpoint.set_id);
        let is_known = head.history.trusted.id <= checkpoint.set_id;
        if is_known && named.is_none_or(|set| set.hash() != checkpoint.set) {
            let what = "the checkpoint names a set of authorities that is none of this chain's";
            findings.at(Place::Consortium, number, entry.block, Kind::Keeping, what);
        }
    }
}
