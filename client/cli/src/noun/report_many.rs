//! `faultline report-many`

use std::{collections::BTreeMap, path::PathBuf};

use clap::Args;
use faultline_client::{
    call::{self, MAX_REPORTS},
    Call, Error, Recorded,
};
use faultline_primitives::ServiceId;
use faultline_rpc::{error::Failure, FaultlineRpcClient};
use serde::{Deserialize, Serialize};

use super::record::Fate;
use crate::{
    options::{example, Options},
    output,
    session::Session,
    trouble::{Result, Trouble},
    written::{self, Report},
};

const FORMAT: &str = r#"A file of one report:
  {
    "schemaVersion": 1,
    "attestations": [
      {
        "service": "openai/chatgpt",
        "claim": "Recovered",
        "kind": "Outage",
        "severity": "Major",
        "scope": "Global",
        "from": "2024-12-11T23:16:00Z",
        "to": "2024-12-12T03:00:00Z",
        "timeQuality": "Estimate",
        "method": "Manual"
      }
    ]
  }

It may also have vantages, intervals, evidence and a text, as those in examples/."#;

const EXAMPLE: &str = "report-many reports.json --key dev:alice";

/// Report from a file: many services, or the same one at several times.
///
/// All reports are signed by one key and go in transactions of 64 at most, one after the other; in smaller ones where
/// that is more than the key's quota has left. Each stands or falls alone, and what became of it is printed once that is
/// final. The exit code is 1 if any was refused.
#[derive(Args)]
#[command(after_long_help = format!("{FORMAT}\n\n{}", example(EXAMPLE)), after_help = example(EXAMPLE))]
pub struct ReportMany {
    /// The file; --help shows one.
    file: PathBuf,
    /// Leave out so many of its first reports: those that are final, where an earlier run broke off.
    #[arg(long, value_name = "N", default_value_t = 0)]
    skip: usize,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct File {
    /// The version of the format: 1.
    schema_version: u32,
    /// What it is about, for whoever reads it.
    #[serde(rename = "about")]
    _about: Option<String>,
    /// Where its facts are from.
    #[serde(rename = "source")]
    _source: Option<String>,
    attestations: Vec<Report>,
}

/// What became of a report.
#[derive(Serialize)]
struct Told<'a> {
    /// Its place in the file, from 1.
    report: usize,
    slug: &'a str,
    #[serde(flatten)]
    fate: Fate,
}

/// Reports of which it is said in their order what became of them: at once to people, at the end to programs.
struct Telling<'a> {
    json: bool,
    /// How many reports of the file are before the next.
    before: usize,
    /// How wide numbers and slugs are.
    width: (usize, usize),
    told: Vec<Told<'a>>,
}

impl ReportMany {
    pub async fn run(self, options: &Options) -> Result<()> {
        let file: File = written::read(&self.file)?;
        file.check().map_err(|why| written::wrong(&self.file, why))?;
        let (skip, total) = (self.skip, file.attestations.len());
        let reports = file.attestations.get(skip..).unwrap_or_default();
        if reports.is_empty() {
            return Err(Trouble::usage(format!(
                "--skip {skip} leaves none of {total} reports"
            )));
        }
        let session = Session::open(options).await?;
        // Before anything is said of single reports.
        session.key()?;
        let services = services(&session, reports).await?;

        let longest = reports.iter().map(|report| report.service.len()).max();
        let mut telling = Telling {
            json: session.json,
            before: skip,
            width: (total.to_string().len(), longest.unwrap_or_default()),
            told: Vec::new(),
        };
        let (mut last, mut got_through) = (None, Ok(()));
        let (mut rest, mut most) = (reports, MAX_REPORTS);
        while !rest.is_empty() {
            let (chunk, others) = rest.split_at(most.min(rest.len()));
            match submit(&session, chunk, &services).await {
                Ok((recorded, fates)) => {
                    rest = others;
                    telling.tell(chunk, fates)?;
                    if let Some(recorded) = recorded {
                        telling.tell_where(&recorded)?;
                        last = Some(recorded.block);
                    }
                }
                // Half of them may fit into a block, or into what is left of the quota.
                Err(why) if chunk.len() > 1 && matches!(why.kind(), "Pool.TooLarge" | "Gate.QuotaSpent") => {
                    most = chunk.len() / 2;
                }
                Err(why) => {
                    got_through = Err(broken_off(&why, telling.before, chunk.len(), total));
                    telling.give_up(rest, chunk.len(), &why)?;
                    break;
                }
            }
        }
        if session.json {
            output::done(true, last, &telling.told, "")?;
        }
        got_through?;
        telling.end()
    }
}

impl<'a> Telling<'a> {
    fn tell(
        &mut self,
        reports: impl IntoIterator<Item = &'a Report>,
        fates: impl IntoIterator<Item = Fate>,
    ) -> Result<()> {
        for (report, fate) in reports.into_iter().zip(fates) {
            self.before += 1;
            let one = Told {
                report: self.before,
                slug: &report.service,
                fate,
            };
            if !self.json {
                output::print(&one.line(self.width))?;
            }
            self.told.push(one);
        }
        Ok(())
    }

    /// In which block and by which transaction those just told of are recorded.
    fn tell_where(&self, recorded: &Recorded) -> Result<()> {
        if self.json {
            return Ok(());
        }
        let block = output::block(&recorded.block);
        output::print(&format!(
            "Final in block {block} by transaction {}.",
            recorded.transaction
        ))
    }

    /// A transaction of the first so many of these did not get through. To people that is said once, of all of them.
    fn give_up(&mut self, rest: &'a [Report], length: usize, why: &Trouble) -> Result<()> {
        if !self.json {
            return Ok(());
        }
        let not_submitted = Trouble::failed(
            "notSubmitted",
            "not submitted: those before it did not get through",
        );
        let errors = std::iter::repeat_n(why, length).chain(std::iter::repeat(&not_submitted));
        self.tell(rest, errors.map(|error| Fate::Refused { error: error.clone() }))
    }

    fn end(&self) -> Result<()> {
        let all = self.told.len();
        let is_refused = |one: &&Told| matches!(one.fate, Fate::Refused { .. });
        let refused = self.told.iter().filter(is_refused).count();
        if refused > 0 {
            let rest = match all - refused {
                0 => "Nothing was recorded.",
                _ => "The others are recorded.",
            };
            let why = format!("{refused} of {all} reports are refused");
            return Err(Trouble::failed("reportsRefused", why).with_advice(rest));
        }
        if !self.json {
            output::talk(match all {
                1 => "The report is recorded.".into(),
                all => format!("All {all} reports are recorded."),
            });
        }
        Ok(())
    }
}

impl Told<'_> {
    fn line(&self, (number, slug): (usize, usize)) -> String {
        let (words, advice) = self.fate.words();
        let line = format!("{:>number$}  {:slug$}  {words}", self.report, self.slug);
        match advice {
            None => line,
            Some(advice) => format!("{line}\n{:number$}  {:slug$}  {advice}", "", ""),
        }
    }
}

fn broken_off(why: &Trouble, before: usize, length: usize, total: usize) -> Trouble {
    let behind = before + length;
    let go_on = match (why.kind(), before) {
        ("unfinished", _) => Some(format!("Once it is final, --skip {behind} goes on behind it.")),
        (_, 0) => None,
        _ => Some(format!(
            "The {before} before them are done with: --skip {before} leaves them out."
        )),
    };
    let advice: Vec<_> = why.advice().into_iter().chain(go_on.as_deref()).collect();
    let place = format!("reports {} to {behind} of {total}", before + 1);
    why.clone().at(place).with_advice(advice.join(" "))
}

impl File {
    fn check(&self) -> std::result::Result<(), String> {
        if self.schema_version != output::SCHEMA_VERSION {
            let version = self.schema_version;
            return Err(format!(
                "its schemaVersion is {version}, and this program reads 1"
            ));
        }
        if self.attestations.is_empty() {
            return Err("it holds no attestations".into());
        }
        Ok(())
    }
}

/// The services that the reports name, or why there is no such.
type Services = BTreeMap<String, Result<ServiceId>>;

async fn services(session: &Session, reports: &[Report]) -> Result<Services> {
    let client = &session.client;
    let mut services = Services::new();
    for Report { service: slug, .. } in reports {
        if services.contains_key(slug) {
            continue;
        }
        let found = match client.answer(client.rpc().service(slug.clone())).await {
            Ok(answer) => Ok(answer.data.service.id),
            Err(error @ Error::Failure(Failure::NotFound { .. })) => Err(error.into()),
            Err(error) => return Err(error.into()),
        };
        services.insert(slug.clone(), found);
    }
    Ok(services)
}

/// Submits the reports in one transaction and says what became of each. Of a service that is not there none is
/// submitted.
async fn submit(
    session: &Session,
    reports: &[Report],
    services: &Services,
) -> Result<(Option<Recorded>, Vec<Fate>)> {
    let service = |report: &Report| services.get(&report.service);
    let calls: Vec<_> = reports
        .iter()
        .filter_map(|report| {
            Some(call::Report {
                service: *service(report)?.as_ref().ok()?,
                observation: (*report.observation).clone(),
                text: report.text.clone(),
            })
        })
        .collect();
    let recorded = match calls.as_slice() {
        [] => None,
        calls => Some(session.execute(&Call::report_many(calls)).await?),
    };
    let decided = recorded.as_ref().map(Fate::all).unwrap_or_default();
    if decided.len() != calls.len() {
        let (sent, told) = (calls.len(), decided.len());
        let why = format!("of {sent} reports it says what became of {told}");
        return Err(Error::Incompatible(why).into());
    }
    let mut decided = decided.into_iter();
    let fates = reports.iter().filter_map(|report| match service(report)? {
        Ok(_) => decided.next(),
        Err(why) => Some(Fate::Refused { error: why.clone() }),
    });
    let fates = fates.collect();
    Ok((recorded, fates))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_format_that_the_help_shows_is_read() {
        let (start, end) = (FORMAT.find('{').unwrap(), FORMAT.rfind('}').unwrap());
        let file: File = serde_json::from_str(&FORMAT[start..=end]).unwrap();
        assert_eq!(file.check(), Ok(()));
        let other = FORMAT[start..=end].replace("\"schemaVersion\": 1", "\"schemaVersion\": 2");
        let file: File = serde_json::from_str(&other).unwrap();
        assert!(file.check().is_err_and(|why| why.contains("schemaVersion is 2")));
    }
}
