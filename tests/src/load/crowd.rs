//! Who speaks: organisations of a test's own, with keys that follow from their numbers, and the services that they watch.

use anyhow::{anyhow, Context, Result};
use faultline_primitives::quota::Quota;
use serde_json::{json, Value};
use sp_core::{hexdisplay::HexDisplay, sr25519, Pair};

use crate::Spec;

/// An organisation of the crowd, which reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// How many reporter keys it has.
    pub keys: u32,
    /// How much it may do.
    pub quota: Quota,
}

/// Organisations, each a group of its own, and services. Both are numbered after those that the chain has besides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crowd {
    /// The organisations.
    pub members: Vec<Member>,
    /// How many services.
    pub services: u32,
}

impl Crowd {
    /// So many organisations of one key each.
    pub fn of(organisations: u32, services: u32, quota: Quota) -> Self {
        let member = Member { keys: 1, quota };
        let members = (0..organisations).map(|_| member).collect();
        Self { members, services }
    }

    /// The chain, with the crowd and its services besides all that it has.
    ///
    /// # Errors
    ///
    /// The specification is none of ours.
    pub fn join(&self, spec: Spec) -> Result<Spec> {
        let mut organisations = list(&spec, "/members/organisations")?;
        let first = organisations.first().cloned().context("no organisations")?;
        for (number, member) in (0u32..).zip(&self.members) {
            let mut new = first.clone();
            new["name"] = format!("Crowd {number}").into();
            new["url"] = format!("https://crowd-{number}.example").into();
            new["admin"] = account(&admin(number)?).into();
            new["quota"] = serde_json::to_value(member.quota)?;
            let keys = (0..member.keys).map(|place| {
                let label = format!("probe-{place}");
                Ok(json!({ "key": account(&reporter(number, place)?), "label": label }))
            });
            new["reporters"] = keys.collect::<Result<Vec<_>>>()?.into();
            organisations.push(new);
        }
        let mut services = list(&spec, "/services/services")?;
        let first = services.first().cloned().context("no services")?;
        for number in 0..self.services {
            let mut new = first.clone();
            new["slug"] = format!("crowd/{number}").into();
            new["name"] = format!("Service {number}").into();
            services.push(new);
        }
        let spec = spec.with("/members/organisations", organisations)?;
        spec.with("/services/services", services)
    }
}

/// A list of the genesis configuration.
pub(crate) fn list(spec: &Spec, place: &str) -> Result<Vec<Value>> {
    let list = spec.at(place).and_then(Value::as_array);
    list.cloned().with_context(|| format!("no list at {place}"))
}

/// A reporter key of an organisation of the crowd.
///
/// # Errors
///
/// Never: what names it is well-formed.
pub fn reporter(organisation: u32, place: u32) -> Result<sr25519::Pair> {
    match place {
        0 => key(organisation, "reporter"),
        place => key(organisation, &format!("reporter-{place}")),
    }
}

fn admin(organisation: u32) -> Result<sr25519::Pair> {
    key(organisation, "admin")
}

fn key(organisation: u32, what: &str) -> Result<sr25519::Pair> {
    sr25519::Pair::from_string(&format!("//crowd-{organisation}//{what}"), None)
        .map_err(|error| anyhow!("{error:?}"))
}

fn account(key: &sr25519::Pair) -> String {
    format!("0x{}", HexDisplay::from(&key.public().0))
}
