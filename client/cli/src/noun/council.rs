//! `faultline council`

use clap::{Subcommand, ValueEnum};
use faultline_client::{
    council::{MotionEvent, Proposal},
    Call, Recorded,
};
use faultline_rpc::{
    view::{ActEntryView, At, CouncilView, MotionView},
    FaultlineRpcClient,
};
use serde::Serialize;

use super::{council_acts::Act, council_words};
use crate::{
    options::example,
    output,
    session::Session,
    trouble::{Result, Trouble},
};

#[derive(Subcommand)]
pub enum Council {
    /// Show who has a seat, the motions that are open, what is paused, the runtime that waits, and the latest checkpoint.
    #[command(after_help = example("council list"))]
    List,
    /// Show what the council did, the latest last.
    #[command(after_help = example("council acts"))]
    Acts,
    /// Propose that the council does something, and vote for it. Wants the admin key of an organisation with a seat.
    Propose {
        #[command(subcommand)]
        act: Act,
    },
    /// Vote on a motion. Wants the admin key of an organisation with a seat.
    #[command(after_help = example("council vote 0 aye --key dev:bob-admin"))]
    Vote {
        /// The motion's number.
        motion: u32,
        /// For it or against it.
        vote: Vote,
    },
    /// Close a motion that has its ayes, can no longer get them, or whose time is over. What carried is done.
    #[command(after_help = example("council close 0 --key dev:alice-admin"))]
    Close {
        /// The motion's number.
        motion: u32,
    },
}

/// How a seat votes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Vote {
    /// For it.
    Aye,
    /// Against it.
    Nay,
}

/// What became of a motion.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome {
    transaction: faultline_primitives::Hash,
    motion: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    threshold: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ayes: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nays: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    carried: Option<bool>,
    /// The entry of the consortium's log, of what was done.
    #[serde(skip_serializing_if = "Option::is_none")]
    entry: Option<u32>,
}

impl Council {
    pub async fn run(self, session: &Session) -> Result<()> {
        match self {
            Self::List => output::answer(session.json, &council(session).await?, council_words::show),
            Self::Acts => {
                let entries = entries(session).await?;
                output::answer(session.json, &entries, |entries| council_words::acts(entries))
            }
            Self::Propose { act } => {
                let proposal = act.proposal(session).await?;
                propose(session, &proposal).await
            }
            Self::Vote { motion, vote } => {
                let open = open(session, motion).await?;
                let call = Call::vote_on_motion(open.hash, open.number, vote == Vote::Aye);
                print(session, motion, session.execute(&call).await?)
            }
            Self::Close { motion } => {
                let open = open(session, motion).await?;
                let call = Call::close_motion(open.hash, open.number, open.weight, open.length);
                print(session, motion, session.execute(&call).await?)
            }
        }
    }
}

pub async fn council(session: &Session) -> Result<At<CouncilView>> {
    Ok(session.client.answer(session.client.rpc().council()).await?)
}

async fn open(session: &Session, number: u32) -> Result<MotionView> {
    let motions = council(session).await?.data.motions;
    let motion = motions.into_iter().find(|motion| motion.number == number);
    motion.ok_or_else(|| {
        Trouble::failed(
            "failure",
            format!("there is no open motion {number} at the finalized block"),
        )
        .with_advice(
            "`faultline council list` shows those that are open, `faultline council acts` what was done.",
        )
    })
}

/// All entries of the consortium's log, as of the block of the last page.
async fn entries(session: &Session) -> Result<At<Vec<ActEntryView>>> {
    let client = &session.client;
    let page = |from| async move { Ok(client.answer(client.rpc().acts(from, None)).await?) };
    session.pages(page).await
}

/// Proposes, and votes for it. In a council of one seat the proposal is the act.
async fn propose(session: &Session, proposal: &Proposal) -> Result<()> {
    let seats = u32::try_from(council(session).await?.data.seats.len()).unwrap_or(u32::MAX);
    let recorded = session.execute(&Call::propose(proposal, seats)).await?;
    let proposed = recorded.motion.iter().find_map(|event| match event {
        MotionEvent::Proposed { number, hash, .. } => Some((*number, *hash)),
        _ => None,
    });
    let Some((number, hash)) = proposed else {
        return print(session, 0, recorded);
    };
    let voted = session.execute(&Call::vote_on_motion(hash, number, true)).await;
    let voted =
        voted.map_err(|why| why.at(format!("motion {number} is proposed, and the vote for it failed")))?;
    let both = Recorded {
        motion: recorded.motion.into_iter().chain(voted.motion).collect(),
        ..voted
    };
    print(session, number, both)
}

fn failure(event: MotionEvent) -> Option<faultline_client::Refusal> {
    match event {
        MotionEvent::Executed(Err(refusal)) => Some(refusal),
        _ => None,
    }
}

/// Prints what became of a motion. One that carried and whose act was not done is closed, and a failure all the same.
fn print(session: &Session, motion: u32, recorded: Recorded) -> Result<()> {
    let mut outcome = Outcome {
        transaction: recorded.transaction,
        motion,
        threshold: None,
        ayes: None,
        nays: None,
        carried: None,
        entry: None,
    };
    let (mut words, mut entries) = (Vec::new(), Vec::new());
    for event in &recorded.motion {
        match event {
            MotionEvent::Proposed { threshold, .. } => {
                outcome.threshold = Some(*threshold);
                words.push(format!("Motion {motion} is proposed; it wants {threshold} ayes."));
            }
            MotionEvent::Voted { ayes, nays } => {
                (outcome.ayes, outcome.nays) = (Some(*ayes), Some(*nays));
                words.push(format!("Voted: {ayes} for it, {nays} against it."));
            }
            MotionEvent::Carried => {
                outcome.carried = Some(true);
                words.push(format!("Motion {motion} carried."));
            }
            MotionEvent::Rejected => {
                outcome.carried = Some(false);
                words.push(format!("Motion {motion} is rejected: it does not have its ayes."));
            }
            MotionEvent::Executed(Ok(())) => {}
            MotionEvent::Executed(Err(_)) => words.push("It could not be done, and nothing was.".into()),
            MotionEvent::Enacted { entry } => entries.push(*entry),
        }
    }
    // What came of an act may be an entry of its own, after that of the act.
    entries.sort_unstable();
    outcome.entry = entries.first().copied();
    match entries.as_slice() {
        [] => {}
        [entry] => words.push(format!("It is done: entry {entry} of the consortium's log.")),
        several => {
            let numbers: Vec<_> = several.iter().map(ToString::to_string).collect();
            words.push(format!(
                "It is done: entries {} of the consortium's log.",
                numbers.join(" and ")
            ));
        }
    }
    words.push(format!("Final in block {}.", output::block(&recorded.block)));
    output::done(session.json, Some(recorded.block), &outcome, &words.join(" "))?;
    match recorded.motion.into_iter().find_map(failure) {
        Some(refusal) => Err(faultline_client::Error::Refused(refusal).into()),
        None => Ok(()),
    }
}
