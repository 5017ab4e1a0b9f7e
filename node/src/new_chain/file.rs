//! The file that a chain is made from: what may stand in it. Whether it makes sense, `check` says.

use serde::Deserialize;
use toml::Spanned;

use super::length::Length;

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct File {
    /// What people call the chain.
    pub name: Spanned<String>,
    /// What its data folders are called.
    pub id: Spanned<String>,
    /// What its network protocols are called; the id, where it is not given.
    pub protocol_id: Option<Spanned<String>>,
    /// Nodes from which a new one learns of the others.
    #[serde(default)]
    pub boot_nodes: Vec<Spanned<String>>,
    /// The organisations that have a seat, by handle.
    #[serde(default)]
    pub council: Vec<Spanned<String>>,
    /// Fewest validators that the chain is ever left with.
    pub floor: Option<Spanned<u32>>,
    /// For how many blocks a session lasts.
    pub session_length: Option<u32>,
    /// How long a runtime waits in the open before it can be put in place.
    pub upgrade_delay: Option<Length>,
    /// Where the rules differ from the standard.
    #[serde(default)]
    pub rules: Rules,
    /// Who is there.
    #[serde(default, rename = "organisation")]
    pub organisations: Vec<Spanned<Organisation>>,
    /// Who makes blocks.
    #[serde(default, rename = "validator")]
    pub validators: Vec<Spanned<Validator>>,
    /// What is watched.
    #[serde(default, rename = "service")]
    pub services: Vec<Spanned<Service>>,
}

/// An organisation.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Organisation {
    /// What it is called in this file.
    pub handle: Spanned<String>,
    /// What it is called on the chain.
    pub name: Spanned<String>,
    /// Its address on the web.
    pub url: Option<Spanned<String>>,
    /// What it may do.
    #[serde(default)]
    pub roles: Vec<Role>,
    /// Organisations that name the same group count once together.
    pub group: Option<String>,
    /// The public key that manages the others, votes, and sets a validator's keys.
    pub admin: Spanned<String>,
    /// The public keys that speak for it.
    #[serde(default)]
    pub reporters: Vec<Reporter>,
    /// How much it may do.
    #[serde(default)]
    pub quota: Quota,
}

/// What an organisation may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Attest.
    Reporter,
    /// Reply for its services.
    Provider,
    /// Rule on disputes.
    Arbiter,
}

/// A key that speaks for an organisation.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reporter {
    /// The public key.
    pub key: Spanned<String>,
    /// What its holder calls it.
    pub label: Spanned<String>,
}

/// How much an organisation may do; as much as `council propose admit` grants where nothing is said.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Quota {
    /// Most actions at once.
    pub burst: u32,
    /// Actions that come back with each block.
    pub per_block: u32,
}

impl Default for Quota {
    fn default() -> Self {
        Self {
            burst: 600,
            per_block: 20,
        }
    }
}

/// A validator.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Validator {
    /// Whose it is, by handle.
    pub organisation: Spanned<String>,
    /// The public key by which it makes blocks.
    pub aura: Option<Spanned<String>>,
    /// The public key by which it makes them final.
    pub grandpa: Option<Spanned<String>>,
}

/// A service.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// What names it.
    pub slug: Spanned<String>,
    /// What people call it.
    pub name: Spanned<String>,
    /// Its address on the web.
    pub url: Option<Spanned<String>>,
    /// The service that it is a component of.
    pub parent: Option<Spanned<String>>,
    /// Who runs it, by handle.
    pub provider: Option<Spanned<String>>,
}

/// Quorums and windows, where they differ from the standard.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Rules {
    /// How many groups that count must affirm an outage.
    pub quorum: Option<Spanned<u16>>,
    /// How many of those must have measured it.
    pub min_measured: Option<u16>,
    /// A voice first recorded later than this after what it saw is late.
    pub late_after: Option<Length>,
    /// How near in time a report must lie to an open incident to be of it.
    pub join_within: Option<Length>,
    /// How long the same voice waits before it repeats the same claim.
    pub renew_after: Option<Length>,
    /// After how long a Down that nobody renews no longer stands for the present.
    pub stale_after: Option<Length>,
    /// How long after its last change an incident settles.
    pub dispute_window: Option<Length>,
    /// The most by which changes put that off.
    pub dispute_window_max: Option<Length>,
    /// How long arbiters have to rule on a dispute.
    pub rule_within: Option<Length>,
    /// After how long an unconfirmed incident that nobody else affirms lapses.
    pub lapse_after: Option<Length>,
    /// How far ahead of the block's time a claim may lie.
    pub max_clock_skew: Option<Length>,
}
