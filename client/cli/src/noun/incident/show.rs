//! `faultline incident show`

use clap::Args;
use faultline_client::Error;
use faultline_primitives::IncidentId;
use faultline_rpc::{
    view::{At, BlockView, EntryView, IncidentView},
    FaultlineRpcClient,
};
use serde::Serialize;
use serde_json::json;

use super::{
    names::Names,
    story::{Event, Story, Told},
    timeline,
};
use crate::{
    noun::{
        incident_words,
        proof::view,
        verified::{self, Standing, Word},
    },
    options::example,
    output::{self, Paper},
    session::Session,
    trouble::{Result, Trouble},
    why::Why,
};

/// Show an incident: what is recorded and why, who said what and when, and what else overlaps it.
///
/// The record and its log are verified, from the genesis hash of the chain; what overlaps it is the node's word. Times are
/// UTC. Observed is what was measured, claimed is what was only said, recorded is the time of the
/// block.
#[derive(Args)]
#[command(after_help = example("incident show 0 --entries"))]
pub struct Show {
    /// Its number.
    incident: u64,
    /// Also show every entry of its log, with all that it holds.
    #[arg(long)]
    entries: bool,
    #[command(flatten)]
    word: Word,
}

/// An incident, with its log where that was asked for.
#[derive(Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    incident: &'a IncidentView,
    /// What the record comes of.
    why: Why,
    #[serde(skip_serializing_if = "Option::is_none")]
    log: Option<&'a [EntryView]>,
}

impl Show {
    pub async fn run(self, session: &Session) -> Result<()> {
        let id = IncidentId(self.incident);
        let (At { at, data: told }, standing) = match self.word.unverified {
            true => (read(session, id).await?, Standing::UNVERIFIED),
            false => read_verified(session, id).await?,
        };
        let log = self.entries.then_some(told.log.as_slice());
        let data = Shown {
            incident: &told.incident,
            why: Why::of(&told.incident),
            log,
        };
        let mut paper = Paper::paged(session.paging);
        if session.json {
            // The event around it is true at a block of its own: the record is the same whoever is asked and when.
            let document = json!({
                "schemaVersion": output::SCHEMA_VERSION,
                "at": at,
                "data": data,
                "proof": standing,
                "related": told.event,
            });
            return output::write_json(&mut paper, &document);
        }
        let story = timeline::tell(&Story::new(&told), output::width());
        let words = story + &log.map(incident_words::log).unwrap_or_default();
        output::write_words(&mut paper, &words, standing.known(), &at)
    }
}

/// All that is told of an incident, as it is proven, at the block of the proof; but for the event, which is the node's word.
async fn read_verified(session: &Session, id: IncidentId) -> Result<(At<Told>, Standing)> {
    let client = &session.client;
    let evidence = client.incident_evidence(id, verified::anchor(session)).await;
    let proven = evidence.map_err(verified::trouble)?.proven;
    let event = read_event(session, id).await?;
    let standing = verified::say(session, &proven.block, proven.now, &proven.history);
    let incident = proven
        .incidents
        .first()
        .ok_or_else(|| Trouble::failed("incompatible", format!("the evidence holds no incident {id}")))?;
    let told = Told {
        incident: view::incident(&proven, incident),
        log: view::log(incident),
        names: Names::given(view::names(&proven)),
        event,
    };
    let at = view::block(&proven.block);
    Ok((At { at, data: told }, standing))
}

/// All that is told of an incident, at the block of its record: the node's word.
pub async fn read(session: &Session, id: IncidentId) -> Result<At<Told>> {
    let client = &session.client;
    let At { at, data: incident } = client.answer(client.rpc().incident(id.0)).await?;
    let log = read_log(session, &incident, &at).await?;
    let mut names = Names::of(&incident);
    names.learn(session, &log).await?;
    let event = read_event(session, id).await?;
    Ok(At {
        at,
        data: Told {
            incident,
            log,
            names,
            event,
        },
    })
}

/// The event that an incident is part of.
async fn read_event(session: &Session, id: IncidentId) -> Result<Event> {
    let client = &session.client;
    match client.answer(client.rpc().related(id.0)).await {
        Ok(known) => Ok(Event::Known(known)),
        // Of what the index has not, and a node of an earlier release does not know, the rest is none the less.
        Err(error @ (Error::Failure(_) | Error::Node { .. })) => Ok(Event::Unknown { error: error.into() }),
        Err(error) => Err(error.into()),
    }
}

/// The entries that the record counts: later ones came after its block.
async fn read_log(session: &Session, incident: &IncidentView, at: &BlockView) -> Result<Vec<EntryView>> {
    let client = &session.client;
    let mut log: Vec<EntryView> = Vec::new();
    let mut from = Some(0);
    while let Some(first) = from {
        let page = client
            .answer(client.rpc().entries(incident.id.0, Some(first), None))
            .await?
            .data;
        from = page.next.filter(|next| *next < incident.entries);
        log.extend(
            page.items
                .into_iter()
                .filter(|entry| entry.number < incident.entries),
        );
    }
    let whole = log.iter().map(|entry| entry.number).eq(0..incident.entries);
    if !whole {
        return Err(Trouble::failed(
            "incompatible",
            format!(
                "the node's log of incident {} lacks entries at block {}",
                incident.id, at.number
            ),
        )
        .with_advice("Ask another node with --node."));
    }
    Ok(log)
}
