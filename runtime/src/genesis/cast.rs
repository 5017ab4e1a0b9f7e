//! The invented organisations, with well-known keys, and the services of the presets.

use alloc::{string::String, vec, vec::Vec};

use faultline_primitives::{organisation::Roles, quota::Quota, Account, OrganisationId};
use pallet_members::{GenesisKey, GenesisOrganisation};
use pallet_services::GenesisService;
use sp_keyring::Sr25519Keyring;

/// The number of the organisation that runs the preset services.
const PROVIDER: OrganisationId = OrganisationId(4);

/// The council: two of the reporters, and the arbiter.
pub const SEATS: [OrganisationId; 3] = [OrganisationId(0), OrganisationId(1), OrganisationId(5)];

/// Four reporters, a provider and an arbiter, numbered in this order. The reporter key of each is that of a well-known name,
/// and its admin key that of the name's stash.
pub fn organisations() -> Vec<GenesisOrganisation> {
    use Sr25519Keyring::*;
    vec![
        reporter("Northwatch Monitoring", "northwatch", Alice, AliceStash),
        reporter("Harbour Telemetry", "harbour", Bob, BobStash),
        reporter("Commons Observatory", "commons", Charlie, CharlieStash),
        reporter("Delta Retail", "delta", Dave, DaveStash),
        GenesisOrganisation {
            roles: Roles {
                reporter: true,
                provider: true,
                arbiter: false,
            },
            ..reporter("OpenAI (stand-in)", "openai", Eve, EveStash)
        },
        GenesisOrganisation {
            roles: Roles {
                reporter: false,
                provider: false,
                arbiter: true,
            },
            ..reporter("Assize Institute", "assize", Ferdie, FerdieStash)
        },
    ]
}

fn reporter(name: &str, host: &str, key: Sr25519Keyring, admin: Sr25519Keyring) -> GenesisOrganisation {
    GenesisOrganisation {
        name: String::from(name),
        url: alloc::format!("https://{host}.example"),
        roles: Roles {
            reporter: true,
            provider: false,
            arbiter: false,
        },
        group: None,
        admin: Account(admin.to_raw_public()),
        // Enough for somebody who tries a burst; what a consortium grants is its own affair.
        quota: Quota {
            burst: 20_000,
            per_block: 500,
        },
        reporters: vec![GenesisKey {
            key: Account(key.to_raw_public()),
            label: alloc::format!("{host}-1"),
        }],
    }
}

/// OpenAI and three of its components.
pub fn services() -> Vec<GenesisService> {
    vec![
        service("openai", "OpenAI", "https://openai.com", None),
        service("openai/chatgpt", "ChatGPT", "https://chatgpt.com", Some("openai")),
        service(
            "openai/api",
            "OpenAI API",
            "https://platform.openai.com",
            Some("openai"),
        ),
        service("openai/sora", "Sora", "https://sora.com", Some("openai")),
    ]
}

fn service(slug: &str, name: &str, url: &str, parent: Option<&str>) -> GenesisService {
    GenesisService {
        slug: String::from(slug),
        name: String::from(name),
        url: String::from(url),
        parent: parent.map(String::from),
        provider: Some(PROVIDER),
    }
}
