//! `faultline replay`

mod file;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use clap::Args;
use faultline_client::{Call, Client, Error, Event, Key, Recorded};
use faultline_primitives::{IncidentId, ServiceId};
use faultline_rpc::{
    error::Failure,
    view::{At, BlockView, IncidentView},
    FaultlineRpcClient,
};
use serde::Serialize;

use self::file::File;
use super::{incident_words, record::Outcome};
use crate::{
    options::{example, Options},
    output,
    session::Session,
    signer::Passwords,
    trouble::{Result, Trouble},
    why::Why,
};

/// Record attestations from a file, in order, each signed by the key that it names, and show what became of each
/// incident and why.
///
/// All of the file is checked before anything is submitted. Services that it names and that are not there yet are
/// registered first. Attestations of one key that follow each other go together; the next key's go once these are
/// final, so that the order is the file's. Replies of providers go last.
#[derive(Args)]
#[command(after_help = example("replay examples/2024-12-11-openai.json"))]
pub struct Replay {
    /// The file, such as examples/2024-12-11-openai.json.
    file: PathBuf,
}

/// What a replay did, and what became of it.
#[derive(Serialize)]
struct Replayed {
    services: Vec<Outcome>,
    attestations: Vec<Outcome>,
    replies: Vec<Outcome>,
    incidents: Vec<At<Judged>>,
}

/// An incident, and why it is as it is.
#[derive(Serialize)]
struct Judged {
    #[serde(flatten)]
    incident: IncidentView,
    why: Why,
}

/// A call that a file asks for.
struct Step<'a> {
    by: &'a str,
    service: &'a str,
    call: Call,
}

impl Replay {
    pub async fn run(self, options: &Options) -> Result<()> {
        let file = file::read(&self.file)?;
        let keys = keys(&self.file, &file, &Passwords::new(options))?;
        let session = Session::open(options).await?;
        let known = known(&session.client, &file).await?;
        let mut replay = Running {
            session: &session,
            keys,
            done: 0,
            last: None,
        };
        if !session.json {
            output::talk(&file.about);
        }
        let (known, services) = replay.register(&file, known).await?;
        let (incidents, attestations) = replay.attest(&file, &known).await?;
        let replies = replay.reply(&file, &incidents).await?;

        let touched: BTreeSet<_> = attestations.iter().filter_map(incident).collect();
        let mut became = Vec::new();
        for incident in touched {
            became.push(judged(&session.client, incident).await?);
        }
        let outcomes = |all: &[Recorded]| all.iter().map(Outcome::of).collect();
        let replayed = Replayed {
            services: outcomes(&services),
            attestations: outcomes(&attestations),
            replies: outcomes(&replies),
            incidents: became,
        };
        if session.json {
            return output::done(true, replay.last, &replayed, "");
        }
        output::talk(summary(&replayed));
        for At { at, data } in &replayed.incidents {
            output::print(&format!(
                "\n{}\nAs the node says at finalized block {}.",
                incident_words::outcome(&data.incident),
                output::block(at)
            ))?;
        }
        Ok(())
    }
}

/// How much is recorded, in words.
fn summary(replayed: &Replayed) -> String {
    let counted = |count: usize, one: &str, more: &str| match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        n => Some(format!("{n} {more}")),
    };
    let parts: Vec<_> = [
        counted(replayed.services.len(), "service", "services"),
        counted(replayed.attestations.len(), "attestation", "attestations"),
        counted(replayed.replies.len(), "reply", "replies"),
    ]
    .into_iter()
    .flatten()
    .collect();
    format!("Recorded and final: {}. What became of it:", parts.join(", "))
}

/// The incident that a transaction spoke of.
fn incident(recorded: &Recorded) -> Option<IncidentId> {
    recorded.events.iter().find_map(|event| match event {
        Event::Incident { incident, .. } => Some(*incident),
        _ => None,
    })
}

async fn judged(client: &Client, incident: IncidentId) -> Result<At<Judged>> {
    let answer = client.answer(client.rpc().incident(incident.0)).await?;
    let why = Why::of(&answer.data);
    Ok(At {
        at: answer.at,
        data: Judged {
            incident: answer.data,
            why,
        },
    })
}

/// A replay under way.
struct Running<'a> {
    session: &'a Session,
    keys: BTreeMap<String, Key>,
    /// How many transactions are final.
    done: usize,
    /// The block of the last of them.
    last: Option<BlockView>,
}

impl Running<'_> {
    /// Registers the services that are not there yet, one by one, as a component names its parent's number.
    async fn register(
        &mut self,
        file: &File,
        mut known: BTreeMap<String, ServiceId>,
    ) -> Result<(BTreeMap<String, ServiceId>, Vec<Recorded>)> {
        let mut all = Vec::new();
        for service in &file.services {
            let slug = service.slug.to_string();
            if known.contains_key(&slug) {
                continue;
            }
            let parent = service.parent.as_ref().and_then(|parent| known.get(parent));
            let step = Step {
                by: file.registrant(service),
                service: &slug,
                call: Call::register(&service.slug, &service.name, &service.url, parent.copied()),
            };
            for recorded in self.record("service", &[step]).await? {
                let id = recorded.events.iter().find_map(|event| match event {
                    Event::Service { service, .. } => Some(*service),
                    _ => None,
                });
                known.extend(id.map(|id| (slug.clone(), id)));
                all.push(recorded);
            }
        }
        Ok((known, all))
    }

    /// Records the attestations. Also gives the incident that the last of each service is of.
    async fn attest<'f>(
        &mut self,
        file: &'f File,
        known: &BTreeMap<String, ServiceId>,
    ) -> Result<(BTreeMap<&'f str, IncidentId>, Vec<Recorded>)> {
        let mut steps = Vec::new();
        for item in &file.attestations {
            let service = known
                .get(&item.service)
                .ok_or_else(|| Trouble::failed("failure", format!("{} was not registered", item.service)))?;
            steps.push(Step {
                by: &item.by,
                service: &item.service,
                call: Call::report(*service, &item.observation, &item.text),
            });
        }
        let all = self.record("attestation", &steps).await?;
        let of_service = file.attestations.iter().zip(&all);
        let incidents = of_service
            .filter_map(|(item, recorded)| Some((item.service.as_str(), incident(recorded)?)))
            .collect();
        Ok((incidents, all))
    }

    async fn reply(&mut self, file: &File, incidents: &BTreeMap<&str, IncidentId>) -> Result<Vec<Recorded>> {
        let steps: Vec<_> = file
            .replies
            .iter()
            .filter_map(|reply| {
                let incident = incidents.get(reply.service.as_str())?;
                Some(Step {
                    by: &reply.by,
                    service: &reply.service,
                    call: Call::reply(*incident, &reply.statement, &reply.text),
                })
            })
            .collect();
        self.record("reply", &steps).await
    }

    /// Submits the steps: those of one key that follow each other together.
    async fn record(&mut self, what: &str, steps: &[Step<'_>]) -> Result<Vec<Recorded>> {
        let mut all = Vec::new();
        for run in steps.chunk_by(|one, other| one.by == other.by) {
            let place = |number: usize| format!("{what} {number} of {}", steps.len());
            let by = run.first().and_then(|step| self.keys.get(step.by));
            let key = by.ok_or_else(|| Trouble::failed("key", "lost a key"))?;
            let mut sent = Vec::new();
            for step in run {
                let signed = self.session.client.send(&step.call, key).await;
                sent.push(signed.map_err(|error| {
                    let place = place(all.len() + sent.len() + 1);
                    broken_off(error.into(), place, self.done + sent.len())
                })?);
            }
            for (step, signed) in run.iter().zip(sent) {
                let recorded = self.session.see_through(&step.call, key, signed).await;
                let recorded = recorded.map_err(|why| broken_off(why, place(all.len() + 1), self.done))?;
                if !self.session.json {
                    // Without the block's hash: these are many lines.
                    let words = Outcome::of(&recorded).words();
                    let block = recorded.block.number;
                    let line = format!(
                        "{:14} {:26} {words}, final in block {block}.",
                        step.by, step.service
                    );
                    output::print(&line)?;
                }
                self.done += 1;
                self.last = Some(recorded.block);
                all.push(recorded);
            }
        }
        Ok(all)
    }
}

fn broken_off(why: Trouble, place: String, before: usize) -> Trouble {
    let before = match before {
        0 => "nothing was recorded before it".into(),
        1 => "the one transaction before it was submitted and stands if it became final".into(),
        n => format!("the {n} transactions before it were submitted and stand as far as they became final"),
    };
    why.at(format!("{place} ({before})"))
}

/// Every key that the file names, by that name.
fn keys(path: &Path, file: &File, passwords: &Passwords) -> Result<BTreeMap<String, Key>> {
    let beside = path.parent().unwrap_or(Path::new(""));
    let mut keys = BTreeMap::new();
    for (place, by) in file.signers() {
        if keys.contains_key(by) {
            continue;
        }
        let key = match by.strip_prefix("dev:") {
            Some(_) => passwords.open(by),
            None => passwords.open(&beside.join(by).to_string_lossy()),
        };
        let key = key.map_err(|error| Trouble::from(error).at(place))?;
        keys.insert(by.to_owned(), key);
    }
    Ok(keys)
}

/// The services that the file names and that are there already. Every other must be one that the file registers.
async fn known(client: &Client, file: &File) -> Result<BTreeMap<String, ServiceId>> {
    let mut known = BTreeMap::new();
    // Those that are there or will be when the file's next line is recorded.
    let mut there = BTreeSet::new();
    for (place, slug, registers) in file.slugs() {
        if there.contains(slug) {
            continue;
        }
        match client.answer(client.rpc().service(slug.into())).await {
            Ok(answer) => {
                known.insert(slug.to_owned(), answer.data.service.id);
            }
            Err(Error::Failure(Failure::NotFound { .. })) if registers => {}
            Err(error) => return Err(Trouble::from(error).at(place)),
        }
        there.insert(slug);
    }
    Ok(known)
}
