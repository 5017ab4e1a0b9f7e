//! `faultline proof export`

use std::{io::Write, path::PathBuf};

use clap::Args;
use faultline_client::{
    proof::{Anchor, Envelope},
    Between, Evidence,
};
use faultline_primitives::IncidentId;
use serde::Serialize;

use super::{
    anchor::{self, Trust},
    view,
};
use crate::{
    moment::{self, Moment},
    noun::verified,
    options::example,
    output::{self, NewFile},
    session::{spinner, Session},
    trouble::{Result, Trouble},
};

/// Export an evidence bundle: a file by which anybody can check, offline, what the chain says of an incident or a service.
///
/// What the node gives is verified before it is written, from the genesis hash of the chain or from a checkpoint. A
/// service's bundle holds all incidents that were opened on it in a span, and proves that there are no others.
#[derive(Args)]
#[command(after_help = example("proof export 0 --output incident-0.json --force"))]
pub struct Export {
    /// An incident's number, or a service's slug.
    #[arg(value_name = "INCIDENT|SLUG")]
    of: String,
    /// Take it for a slug, though it is a number.
    #[arg(long)]
    service: bool,
    /// Of a service: incidents opened at this time or after it: 2024-12-11, 2024-12-11T23:16:00Z, "2h ago", now.
    #[arg(long, value_name = "TIME", value_parser = moment::day_or_moment)]
    from: Option<Moment>,
    /// Of a service: incidents opened at this time or before it.
    #[arg(long, value_name = "TIME", value_parser = moment::day_or_moment)]
    to: Option<Moment>,
    /// The file to write; where not given, stdout.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Put it in the place of a file that is there.
    #[arg(long, requires = "output")]
    force: bool,
    #[command(flatten)]
    trust: Trust,
}

/// What a bundle is asked of.
#[derive(Debug, PartialEq, Eq)]
enum Of {
    Incident(IncidentId),
    Service(String, Between),
}

/// An export whose file may be written.
pub struct Begun {
    of: Of,
    trust: Trust,
    file: Option<(PathBuf, NewFile)>,
}

/// What was exported.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Exported {
    file: String,
    bytes: usize,
    incidents: Vec<IncidentId>,
    entries: usize,
    /// By what it was verified, as `faultline proof verify` takes it.
    verified_by: String,
}

impl Export {
    /// Begins the file.
    pub fn begin(self) -> Result<Begun> {
        let of = self.of()?;
        let file = match self.output {
            Some(path) => {
                let file = NewFile::begin(&path, self.force)?;
                Some((path, file))
            }
            None => None,
        };
        Ok(Begun {
            of,
            trust: self.trust,
            file,
        })
    }

    fn of(&self) -> Result<Of> {
        let span = Between {
            from: self.from.map(|time| time.0),
            to: self.to.map(|time| time.0),
        };
        match self.of.parse() {
            Ok(id) if !self.service && span == Between::default() => Ok(Of::Incident(IncidentId(id))),
            Ok(_) if !self.service => Err(Trouble::usage("--from and --to are of a service's incidents")
                .with_advice(
                    "Leave them out, or name a service; with --service a number is taken for a slug.",
                )),
            _ => Ok(Of::Service(self.of.clone(), span)),
        }
    }
}

impl Begun {
    pub async fn run(self, session: &Session) -> Result<()> {
        let client = &session.client;
        let anchor = self.trust.or(client.genesis());
        let waiting = spinner("Asking for the evidence".into());
        session.turns(&waiting);
        let evidence = match &self.of {
            Of::Incident(id) => client.incident_evidence(*id, anchor).await,
            Of::Service(slug, span) => client.service_evidence(slug, *span, anchor).await,
        };
        waiting.finish_and_clear();
        let evidence = evidence?;
        let envelope = Envelope::of(&evidence.bundle);
        let text = serde_json::to_string_pretty(&envelope)
            .map_err(|error| Trouble::failed("output", format!("cannot write JSON: {error}")))?
            + "\n";
        let name = match self.file {
            None => {
                output::print(text.trim_end())?;
                "stdout".to_owned()
            }
            Some((path, mut file)) => {
                file.write_all(text.as_bytes())
                    .map_err(|error| Trouble::failed("output", format!("{}: {error}", path.display())))?;
                file.finish()?;
                path.display().to_string()
            }
        };
        tell(session, name, text.len(), &evidence, anchor)
    }
}

/// Says what was exported: on stderr, where stdout is the bundle or somebody reads it.
fn tell(session: &Session, file: String, bytes: usize, evidence: &Evidence, anchor: Anchor) -> Result<()> {
    let logs = evidence.proven.incidents.iter().map(|incident| &incident.log);
    let exported = Exported {
        bytes,
        incidents: logs.clone().map(|log| log.id).collect(),
        entries: logs.map(|log| log.entries.len()).sum(),
        verified_by: anchor::option(&anchor),
        file,
    };
    let to_stdout = exported.file == "stdout";
    if session.json {
        if to_stdout {
            return Ok(());
        }
        let at = Some(view::block(&evidence.proven.block));
        return output::done(true, at, &exported, "");
    }
    verified::say(
        session,
        &evidence.proven.block,
        evidence.proven.now,
        &evidence.proven.history,
    );
    if !to_stdout {
        output::talk(words(&exported));
    }
    Ok(())
}

fn words(exported: &Exported) -> String {
    let Exported {
        file,
        bytes,
        incidents,
        entries,
        verified_by,
    } = exported;
    let incidents = match incidents.as_slice() {
        [one] => format!("incident {one}"),
        several => format!("{} incidents", several.len()),
    };
    format!(
        "Wrote {file}: {incidents}, {entries} entries, {bytes} bytes. Whoever has it checks it by\n  faultline proof \
         verify {file} {verified_by}"
    )
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use faultline_primitives::UnixMillis;

    use super::*;
    use crate::{noun::Noun, options::Program};

    fn of(line: &str) -> std::result::Result<Of, String> {
        let words = ["faultline", "proof", "export"]
            .into_iter()
            .chain(line.split(' '));
        match Program::try_parse_from(words).map(|program| program.noun) {
            Ok(Noun::Proof(crate::noun::proof::Proof::Export(export))) => {
                export.of().map_err(|trouble| trouble.what().into())
            }
            _ => panic!("{line} is no export"),
        }
    }

    #[test]
    fn a_number_is_an_incident_and_all_else_a_service() {
        assert_eq!(of("7"), Ok(Of::Incident(IncidentId(7))));
        let all = |slug: &str| Ok(Of::Service(slug.into(), Between::default()));
        assert_eq!(of("openai/chatgpt"), all("openai/chatgpt"));
        assert_eq!(of("7 --service"), all("7"));
        let day = Between {
            from: Some(UnixMillis(1_733_875_200_000)),
            to: None,
        };
        assert_eq!(
            of("openai --from 2024-12-11"),
            Ok(Of::Service("openai".into(), day))
        );
        assert!(of("7 --from 2024-12-11").is_err_and(|why| why.contains("--from")));
    }
}
