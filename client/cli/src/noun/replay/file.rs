//! What a replay file holds, read and checked.

use std::path::Path;

use faultline_client::Refusal;
use faultline_primitives::{
    attestation::{Body, TimeQuality},
    incident::{Cause, ReplyStatus, Statement},
    rules::Rules,
    service::{is_slug, Slug},
    Sha256, Text,
};
use faultline_rpc::view::Utc;
use serde::{de::Error as _, Deserialize, Deserializer};

use crate::{
    moment::Moment,
    output,
    trouble::Result,
    written::{self, Item},
};

/// A replay file.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct File {
    /// The version of the format: 1.
    schema_version: u32,
    /// What it is about.
    pub about: String,
    /// Where its facts are from.
    #[serde(rename = "source")]
    _source: Option<String>,
    /// Services to register where they are not there yet, a parent before its components.
    #[serde(default)]
    pub services: Vec<NewService>,
    pub attestations: Vec<Item>,
    #[serde(default)]
    pub replies: Vec<ProviderReply>,
}

/// A service to register.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewService {
    /// Who registers it; where not given, whoever attests first.
    pub by: Option<String>,
    #[serde(deserialize_with = "slug")]
    pub slug: Slug,
    pub name: Text<64>,
    #[serde(default)]
    pub url: Text<128>,
    /// The slug of the service that it is a component of.
    pub parent: Option<String>,
}

/// A provider's reply, to the incident that the file's last attestation of the service is of.
#[derive(Deserialize)]
#[serde(try_from = "WrittenReply")]
pub struct ProviderReply {
    pub by: String,
    pub service: String,
    pub statement: Statement,
    pub text: Body,
}

impl File {
    /// Who registers a service.
    pub fn registrant<'a>(&'a self, service: &'a NewService) -> &'a str {
        let first = self.attestations.first().map(|item| item.by.as_str());
        service.by.as_deref().or(first).unwrap_or_default()
    }

    /// The keys that sign, and where each is named.
    pub fn signers(&self) -> impl Iterator<Item = (String, &str)> {
        let services = self.services.iter().map(|service| self.registrant(service));
        let attestations = self.attestations.iter().map(|item| item.by.as_str());
        let replies = self.replies.iter().map(|reply| reply.by.as_str());
        places("service", services)
            .chain(places("attestation", attestations))
            .chain(places("reply", replies))
    }

    /// The services that are named, where each is, and whether the file registers it there.
    pub fn slugs(&self) -> impl Iterator<Item = (String, &str, bool)> {
        let services = (1..).zip(&self.services).flat_map(|(number, service)| {
            let place = || format!("service {number}");
            let parent = service.parent.as_deref();
            let slug = service.slug.as_str().unwrap_or_default();
            let parent = parent.map(|parent| (place(), parent, false));
            parent.into_iter().chain([(place(), slug, true)])
        });
        let attestations = self.attestations.iter().map(|item| item.service.as_str());
        services.chain(places("attestation", attestations).map(|(place, slug)| (place, slug, false)))
    }
}

/// What is named where, counted from 1.
fn places<'a>(
    what: &'static str,
    named: impl Iterator<Item = &'a str>,
) -> impl Iterator<Item = (String, &'a str)> {
    (1..)
        .zip(named)
        .map(move |(number, name): (u32, _)| (format!("{what} {number}"), name))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct WrittenReply {
    by: String,
    service: String,
    status: ReplyStatus,
    start: Option<Utc>,
    end: Option<Utc>,
    time_quality: TimeQuality,
    cause: Cause,
    document: Option<Sha256>,
    #[serde(default)]
    text: Body,
}

fn slug<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Slug, D::Error> {
    let slug = Slug::deserialize(deserializer)?;
    if !is_slug(slug.as_bytes()) {
        let why = format!("`{slug}` is no slug: parts of a-z, 0-9 and - joined by /");
        return Err(D::Error::custom(why));
    }
    Ok(slug)
}

impl TryFrom<WrittenReply> for ProviderReply {
    type Error = String;

    fn try_from(written: WrittenReply) -> std::result::Result<Self, String> {
        let statement = Statement {
            status: written.status,
            claimed_start: written.start.map(|time| time.0),
            claimed_end: written.end.map(|time| time.0),
            time_quality: written.time_quality,
            cause: written.cause,
            document: written.document,
        };
        let skew = Rules::standard().max_clock_skew;
        statement
            .check(Moment::now().0, skew)
            .map_err(|refusal| Refusal::of_observation(refusal).why)?;
        Ok(Self {
            by: written.by,
            service: written.service,
            statement,
            text: written.text,
        })
    }
}

/// Reads a file and checks all of it that can be checked without a chain.
pub fn read(path: &Path) -> Result<File> {
    let file: File = written::read(path)?;
    let wrong = |why: String| Err(written::wrong(path, why));
    if file.schema_version != output::SCHEMA_VERSION {
        return wrong(format!(
            "its schemaVersion is {}, and this program reads {}",
            file.schema_version,
            output::SCHEMA_VERSION
        ));
    }
    if file.attestations.is_empty() {
        return wrong("it holds no attestations".into());
    }
    let attested = |slug: &str| file.attestations.iter().any(|item| item.service == slug);
    for (number, reply) in (1..).zip(&file.replies) {
        if !attested(&reply.service) {
            return wrong(format!(
                "reply {number} is about {}, of which nobody attests anything",
                reply.service
            ));
        }
    }
    Ok(file)
}
