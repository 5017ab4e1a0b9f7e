//! What the watch asks of the chain: of the runtime itself what it asks at every final block.

use faultline_primitives::OrganisationId;
use faultline_runtime::opaque::Block;
use faultline_runtime_api::{FaultlineApi, ValidatorAnswer, ValidatorsAnswer};
use sc_client_api::{CallExecutor, ExecutorProvider, StorageProvider};
use sp_api::ProvideRuntimeApi;
use sp_blockchain::HeaderBackend;
use sp_core::{ed25519, sr25519, storage::StorageKey, traits::CallContext};
use sp_io::hashing::twox_128;
use sp_runtime::codec::{self, Decode};

use crate::service::parts::{FullBackend, FullClient, Hash};

/// Why the chain did not answer, such as a state that is not there or a runtime that has no such question.
#[derive(Debug, thiserror::Error)]
pub enum Unanswered {
    /// The client did not get an answer.
    #[error("{0}")]
    Client(#[from] sp_blockchain::Error),
    /// The answer is not what this program expects.
    #[error("the runtime's answer is not understood: {0}; a newer faultline-node may understand it")]
    Form(#[from] codec::Error),
}

/// A validator, or an organisation that is about to be one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Validator {
    /// The organisation's number.
    pub organisation: u32,
    /// Whether the council has approved it.
    pub approved: bool,
    /// Whether it is a validator of the present session.
    pub active: bool,
    /// Whether it is one of the next session.
    pub queued: bool,
    /// Whether it makes no blocks, as it voted twice.
    pub disabled: bool,
    /// The key by which it makes blocks now; by which it will, where it is not active.
    pub aura: Option<sr25519::Public>,
    /// The key by which it votes now; by which it will, where it is not active.
    pub grandpa: Option<ed25519::Public>,
}

/// The validators, and when their set changes next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validators {
    /// The first block of the next session.
    pub next_session: u32,
    /// By number.
    pub list: Vec<Validator>,
}

/// How many incidents there are.
///
/// # Errors
///
/// See [`Unanswered`].
pub fn incidents(client: &FullClient) -> Result<u64, Unanswered> {
    call(
        client,
        client.info().finalized_hash,
        "FaultlineApi_incident_count",
    )
}

/// The version of the runtime.
///
/// # Errors
///
/// See [`Unanswered`].
pub fn spec_version(client: &FullClient, at: Hash) -> Result<u32, Unanswered> {
    let version = client.executor().runtime_version(at, CallContext::Offchain)?;
    Ok(version.spec_version)
}

/// The events of a block, encoded; nothing where the block has none.
///
/// # Errors
///
/// See [`Unanswered`].
pub fn events(client: &FullClient, at: Hash) -> Result<Vec<u8>, Unanswered> {
    let key = [twox_128(b"System"), twox_128(b"Events")].concat();
    let found = StorageProvider::<Block, FullBackend>::storage(client, at, &StorageKey(key))?;
    Ok(found.map(|data| data.0).unwrap_or_default())
}

/// The keys by which blocks after this one are made, in the order of their slots.
///
/// # Errors
///
/// See [`Unanswered`].
pub fn authors(client: &FullClient, at: Hash) -> Result<Vec<sr25519::Public>, Unanswered> {
    call(client, at, "AuraApi_authorities")
}

/// The validators, with the keys that are in force.
///
/// # Errors
///
/// See [`Unanswered`].
pub fn validators(client: &FullClient) -> Result<Validators, Unanswered> {
    let at = client.info().finalized_hash;
    let answer: ValidatorsAnswer = call(client, at, "FaultlineApi_validators")?;
    let authors = authors(client, at)?;
    let voters: Vec<(ed25519::Public, u64)> = call(client, at, "GrandpaApi_grandpa_authorities")?;

    let list = answer.validators.into_iter().map(Validator::from).collect();
    Ok(Validators {
        next_session: answer.next_session,
        list: with_keys_in_force(list, &authors, &voters),
    })
}

/// What people call an organisation; its number where that cannot be read.
pub fn name(client: &FullClient, organisation: u32) -> String {
    let at = client.info().finalized_hash;
    let answer = client
        .runtime_api()
        .organisation(at, OrganisationId(organisation));
    match answer {
        Ok(Some(record)) => record.state.name.to_string(),
        _ => format!("organisation {organisation}"),
    }
}

/// An organisation that has set other keys signs with its earlier ones until they act. Those in force are in the order
/// of the session's validators.
fn with_keys_in_force(
    mut list: Vec<Validator>,
    authors: &[sr25519::Public],
    voters: &[(ed25519::Public, u64)],
) -> Vec<Validator> {
    let active = list.iter().filter(|validator| validator.active).count();
    let in_force = list.iter_mut().filter(|validator| validator.active);
    if active == authors.len() && active == voters.len() {
        for (validator, (author, (voter, _))) in in_force.zip(authors.iter().zip(voters)) {
            validator.aura = Some(*author);
            validator.grandpa = Some(*voter);
        }
    }
    list
}

impl From<ValidatorAnswer> for Validator {
    fn from(answer: ValidatorAnswer) -> Self {
        Self {
            organisation: answer.organisation.0,
            approved: answer.approved,
            active: answer.active,
            queued: answer.queued,
            disabled: answer.disabled,
            aura: answer.aura.map(|key| sr25519::Public::from_raw(key.0)),
            grandpa: answer.grandpa.map(|key| ed25519::Public::from_raw(key.0)),
        }
    }
}

fn call<T: Decode>(client: &FullClient, at: Hash, question: &str) -> Result<T, Unanswered> {
    let answer = client.executor().call(at, question, &[], CallContext::Offchain)?;
    Ok(T::decode(&mut answer.as_slice())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn validator(organisation: u32, active: bool, key: u8) -> Validator {
        Validator {
            organisation,
            approved: true,
            active,
            queued: active,
            disabled: false,
            aura: Some(sr25519::Public::from_raw([key; 32])),
            grandpa: Some(ed25519::Public::from_raw([key; 32])),
        }
    }

    #[test]
    fn the_keys_of_a_validator_are_those_in_force_and_not_those_it_set_last() {
        let authors = [1, 3].map(|key| sr25519::Public::from_raw([key; 32]));
        let voters = [1, 3].map(|key| (ed25519::Public::from_raw([key; 32]), 1));
        let set = vec![
            validator(0, true, 1),
            validator(1, false, 2),
            validator(2, true, 9),
        ];
        let found = with_keys_in_force(set, &authors, &voters);
        assert_eq!(
            found,
            [
                validator(0, true, 1),
                validator(1, false, 2),
                validator(2, true, 3)
            ]
        );
    }
}
