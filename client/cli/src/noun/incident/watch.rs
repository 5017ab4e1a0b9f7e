//! `faultline incident watch`

use std::{future::ready, slice, time::Duration};

use clap::Args;
use faultline_client::Error;
use faultline_primitives::IncidentId;
use faultline_rpc::{
    error::Failure,
    view::{At, EntryView, IncidentView, StatusView},
    Cursor, FaultlineRpcClient, IncidentFilter,
};
use futures::{
    stream::{self, LocalBoxStream},
    StreamExt, TryStreamExt,
};
use serde::Serialize;
use serde_json::json;

use super::{
    acts,
    filter::{self, Which},
    live::Live,
    names::Names,
    rows::verdict,
    story::attestation,
};
use crate::{
    interrupt::Interrupt,
    moment::clock,
    noun::incident_words,
    options::example,
    output::{self, SCHEMA_VERSION},
    session::Session,
    trouble::{Result, Trouble},
};

/// How often a live view asks how far the node is.
const PULSE: Duration = Duration::from_secs(3);

/// Follow incidents as they change, or the entries of one, as they become final.
///
/// On a terminal the newest changes are shown in place. Elsewhere each is a line, written at once; with --json a line of
/// JSON, which holds the cursor to go on from. Nothing is left out and nothing comes twice, whatever connection or node
/// is lost meanwhile; an incident that changed several times since the cursor is given once. Ctrl-C ends it, and says
/// how to go on.
#[derive(Args)]
#[command(after_help = example("incident watch --under openai"))]
pub struct Watch {
    /// Follow the entries of this incident alone.
    #[arg(conflicts_with = "Which")]
    incident: Option<u64>,
    /// Go on from here: the cursor that an earlier watch of the same filter ended with, or of one incident the number
    /// of an entry. Where not given, from now on.
    #[arg(long, value_name = "CURSOR")]
    from: Option<String>,
    #[command(flatten)]
    which: Which,
}

/// A change, and from where to go on once it was taken.
#[derive(Serialize)]
pub struct Change {
    /// What changed.
    #[serde(flatten)]
    pub what: Changed,
    /// From where to go on.
    pub cursor: String,
    /// How many blocks of the index, or entries of the log, lie after it.
    pub behind: u32,
}

/// What changed.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Changed {
    /// An incident, as its last entry made it.
    Incident(Box<IncidentView>),
    /// An entry that became final.
    Entry(Box<EntryView>),
}

/// What is followed.
pub enum Subject {
    /// Incidents.
    Incidents(Box<IncidentFilter>),
    /// The entries of one.
    Entries(IncidentId),
}

/// What happens while one watches.
enum Happening {
    Change(Result<At<Change>>),
    Pulse(Result<At<StatusView>>),
    End,
}

impl Watch {
    pub async fn run(self, session: &Session) -> Result<()> {
        let client = &session.client;
        let (subject, now, mut names) = match self.incident {
            None => {
                let filter = self.which.filter();
                let now = now(session, &filter).await?;
                (Subject::Incidents(Box::new(filter)), now, Names::default())
            }
            Some(id) => {
                // Of one that is not there nothing will ever come.
                let incident = client.answer(client.rpc().incident(id)).await?.data;
                let now = Some(incident.entries.to_string());
                (Subject::Entries(IncidentId(id)), now, Names::of(&incident))
            }
        };
        let from = self.from.or(now);
        let changes = changes(session, &subject, from.as_deref())?;
        follow(session, &subject, changes, from, &mut names).await
    }
}

/// The cursor of now, so that it can be said how to go on before anything changed; none where the node cannot say it yet.
async fn now(session: &Session, filter: &IncidentFilter) -> Result<Option<String>> {
    match session.client.incidents_now(filter).await {
        Ok(now) => Ok(Some(now.data.0)),
        // The watch waits for these.
        Err(Error::Failure(Failure::IndexBuilding { .. } | Failure::Unavailable { .. } | Failure::Busy)) => {
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// The changes of a subject, from a cursor on.
fn changes<'a>(
    session: &'a Session,
    subject: &Subject,
    from: Option<&str>,
) -> Result<LocalBoxStream<'a, Result<At<Change>>>> {
    let client = &session.client;
    Ok(match subject {
        Subject::Incidents(filter) => {
            let cursor = from.map(|cursor| Cursor(cursor.into()));
            let changes = client
                .watch_incidents((**filter).clone(), cursor)
                .map_err(Trouble::from);
            let change = |At { at, data }: At<faultline_rpc::view::IncidentChange>| At {
                at,
                data: Change {
                    what: Changed::Incident(Box::new(data.incident)),
                    cursor: data.cursor.0,
                    behind: data.behind,
                },
            };
            changes.map_ok(change).boxed_local()
        }
        Subject::Entries(id) => {
            let entry = from.map(str::parse).transpose().map_err(|_| {
                Trouble::usage("--from is no number of an entry")
                    .with_advice("Of one incident --from takes the number of the entry to begin with.")
            })?;
            let changes = client.watch_entries(*id, entry).map_err(Trouble::from);
            let change = |At { at, data }: At<faultline_rpc::view::EntryChange>| At {
                at,
                data: Change {
                    cursor: data.entry.number.saturating_add(1).to_string(),
                    behind: data.behind,
                    what: Changed::Entry(Box::new(data.entry)),
                },
            };
            changes.map_ok(change).boxed_local()
        }
    })
}

async fn follow(
    session: &Session,
    subject: &Subject,
    changes: LocalBoxStream<'_, Result<At<Change>>>,
    mut cursor: Option<String>,
    names: &mut Names,
) -> Result<()> {
    let mut interrupt = Interrupt::heed();
    let mut live = if session.json {
        None
    } else {
        Live::begin(session, subject)
    };
    if live.is_none() && !session.json {
        output::talk(format_args!("Watching {}. Ctrl-C ends it.", subject.words()));
    }
    let changes = changes
        .map(Happening::Change)
        .chain(stream::once(ready(Happening::End)));
    let pulses = if live.is_some() {
        pulses(session)
    } else {
        stream::pending().boxed_local()
    };
    let mut happenings = stream::select(changes, pulses);
    loop {
        let happening = tokio::select! {
            () = interrupt.pressed() => break,
            happening = happenings.next() => happening.unwrap_or(Happening::End),
        };
        let change = match happening {
            Happening::Pulse(status) => {
                if let Some(live) = &mut live {
                    live.pulse(&status);
                }
                continue;
            }
            Happening::Change(Ok(change)) => change,
            Happening::Change(Err(why)) => return Err(broken_off(why, subject, cursor.as_deref())),
            Happening::End => {
                let why = Trouble::failed("ended", "the node has nothing more to tell");
                return Err(broken_off(why, subject, cursor.as_deref()));
            }
        };
        if let Changed::Entry(entry) = &change.data.what {
            names.learn(session, slice::from_ref(entry.as_ref())).await?;
        }
        cursor = Some(change.data.cursor.clone());
        if let Some(live) = &mut live {
            live.change(change, names);
            continue;
        }
        let line = match session.json {
            true => output::compact(
                &json!({ "schemaVersion": SCHEMA_VERSION, "at": change.at, "data": change.data }),
            )?,
            false => line(&change, names),
        };
        if output::print_line(&line)?.is_break() {
            return Ok(());
        }
    }
    drop(live);
    stopped(session.json, subject, cursor.as_deref());
    Ok(())
}

/// How far the node is, every now and then.
fn pulses(session: &Session) -> LocalBoxStream<'_, Happening> {
    let client = &session.client;
    stream::unfold(Duration::ZERO, move |wait| async move {
        tokio::time::sleep(wait).await;
        let status = client.answer(client.rpc().status()).await;
        Some((Happening::Pulse(status.map_err(Trouble::from)), PULSE))
    })
    .boxed_local()
}

impl Subject {
    /// What is followed, in words.
    pub fn words(&self) -> String {
        match self {
            Self::Incidents(filter) => match filter::words(filter) {
                Some(filter) => format!("incidents: {filter}"),
                None => "all incidents".into(),
            },
            Self::Entries(id) => format!("the entries of incident {id}"),
        }
    }

    /// The command that goes on from a cursor.
    fn resumed(&self, cursor: &str) -> String {
        match self {
            Self::Incidents(filter) => format!(
                "faultline incident watch{} --from {cursor}",
                filter::options(filter)
            ),
            Self::Entries(id) => format!("faultline incident watch {id} --from {cursor}"),
        }
    }
}

/// A change in a line.
fn line(change: &At<Change>, names: &Names) -> String {
    let block = change.at.number;
    match &change.data.what {
        Changed::Incident(incident) => {
            let what = incident_words::what(incident).map_or_else(String::new, |what| format!(" {what};"));
            format!(
                "block {block}: incident {} on {}: {}, {};{what} affirmed by {}, entry {}",
                incident.id,
                incident.slug,
                verdict(incident).text,
                incident.status,
                incident.affirming,
                incident.entries.saturating_sub(1)
            )
        }
        Changed::Entry(entry) => {
            let seen = attestation(entry).and_then(|said| acts::attested(said).into_iter().next());
            let seen = seen.map_or_else(String::new, |seen| format!(", {seen}"));
            format!(
                "block {block}: #{} {} {}{seen}",
                entry.number,
                clock(entry.recorded_at),
                acts::headline(entry, names)
            )
        }
    }
}

/// Says that it was ended, and how to go on.
fn stopped(json: bool, subject: &Subject, cursor: Option<&str>) {
    let words = match cursor {
        Some(cursor) => format!("Stopped. To go on: {}", subject.resumed(cursor)),
        None => "Stopped. Nothing had been told yet.".into(),
    };
    if json {
        let notice = json!({ "kind": "stopped", "message": words, "cursor": cursor });
        output::talk(json!({ "schemaVersion": SCHEMA_VERSION, "notice": notice }));
    } else {
        output::talk(words);
    }
}

/// What went wrong, with how to go on.
fn broken_off(why: Trouble, subject: &Subject, cursor: Option<&str>) -> Trouble {
    let Some(cursor) = cursor else { return why };
    // From a cursor that is refused nothing goes on.
    if matches!(why.kind(), "badCursor" | "badParameter") {
        return why;
    }
    let go_on = format!("To go on: {}", subject.resumed(cursor));
    let advice: Vec<_> = why.advice().into_iter().chain([go_on.as_str()]).collect();
    let advice = advice.join(" ");
    why.with_advice(advice)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    fn changes() -> [At<Change>; 2] {
        let told = fixture::told();
        let at = fixture::block();
        let entry = told.log.into_iter().nth(1).expect("it has several");
        let of = |what, cursor: &str| At {
            at,
            data: Change {
                what,
                cursor: cursor.into(),
                behind: 0,
            },
        };
        [
            of(Changed::Incident(Box::new(told.incident)), "0a"),
            of(Changed::Entry(Box::new(entry)), "2"),
        ]
    }

    #[test]
    fn a_change_is_one_line_for_people_and_one_for_programs() {
        let names = fixture::told().names;
        let lines: Vec<_> = changes().iter().map(|change| line(change, &names)).collect();
        insta::assert_snapshot!(lines.join("\n"));
        for change in changes() {
            let text = output::compact(&change).unwrap();
            assert!(!text.contains('\n'));
            let value: serde_json::Value = serde_json::from_str(&text).unwrap();
            let data = &value["data"];
            assert!(data["cursor"].is_string() && data["behind"] == 0, "{text}");
            assert!(
                data["incident"].is_object() != data["entry"].is_object(),
                "{text}"
            );
        }
    }

    #[test]
    fn whoever_stops_is_told_the_command_that_goes_on() {
        let filter = IncidentFilter {
            under: Some("openai".into()),
            ..IncidentFilter::default()
        };
        let subject = Subject::Incidents(Box::new(filter));
        let why = broken_off(
            Trouble::failed("busy", "no").with_advice("Ask later."),
            &subject,
            Some("0a"),
        );
        assert_eq!(
            why.advice(),
            Some("Ask later. To go on: faultline incident watch --under openai --from 0a")
        );
        let entries = Subject::Entries(IncidentId(7));
        assert_eq!(entries.resumed("4"), "faultline incident watch 7 --from 4");
        assert_eq!(subject.words(), "incidents: under openai");
    }
}
