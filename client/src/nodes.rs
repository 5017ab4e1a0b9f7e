//! Finding, among the nodes that were named, one to talk to.

use std::{sync::Arc, time::Duration};

use faultline_primitives::Hash;
use jsonrpsee::core::ClientError;
use tokio::{task::JoinSet, time::Instant};

use crate::{
    choice::{choose, Doubt, NoChoice, Standing},
    node::{Met, Node},
    runtime::Runtimes,
    Error, Notice, Result,
};

/// How long the others have to answer once one has that will do. One that was stopped never does.
const GRACE: Duration = Duration::from_millis(700);
/// Longer than any node takes to answer, or not to.
const LONG: Duration = Duration::from_secs(60);
/// How long it is waited for a node that has made final what another was seen to have.
const CATCHING_UP: Duration = Duration::from_secs(15);
/// How long to wait before nodes are asked again.
const AGAIN: Duration = Duration::from_secs(1);

/// What a node must be.
#[derive(Clone, Copy)]
pub(crate) struct Wanted {
    /// Of this chain; none where any will do that all are of.
    pub genesis: Option<Hash>,
    /// So far, at least.
    pub seen: u32,
}

/// A node that was found.
pub(crate) struct Found {
    /// The node.
    pub met: Met,
    /// The newest block that any node of the chain has made final.
    pub newest: u32,
    /// Why others were not taken.
    pub notices: Vec<Notice>,
    /// Whether it is behind what was wanted.
    behind: bool,
}

/// Finds a node; where none has made final what was seen yet, it waits a little for one to do so.
pub(crate) async fn find_caught_up(
    urls: &[String],
    wanted: Wanted,
    runtimes: &Arc<Runtimes>,
) -> Result<Found> {
    let until = Instant::now() + CATCHING_UP;
    loop {
        let found = find(urls, wanted, runtimes).await?;
        if !found.behind || Instant::now() > until {
            return Ok(found);
        }
        tokio::time::sleep(AGAIN).await;
    }
}

/// Finds the first node in this order that will do.
pub(crate) async fn find(urls: &[String], wanted: Wanted, runtimes: &Arc<Runtimes>) -> Result<Found> {
    let mut met = meet_all(urls, wanted, runtimes).await;
    let standings: Vec<_> = met.iter().map(standing).collect();
    let url = |place: usize| urls.get(place).cloned().unwrap_or_default();
    let genesis = |place: usize| {
        let standing = standings.get(place).copied().flatten();
        standing.map_or(Hash([0; 32]), |standing| standing.genesis)
    };
    let choice = choose(&standings, wanted.genesis, wanted.seen).map_err(|why| match why {
        NoChoice::Nobody => nobody(urls, &mut met),
        NoChoice::Differ(one, other) => Error::ChainsDiffer {
            one: url(one),
            genesis: genesis(one),
            other: url(other),
            found: genesis(other),
        },
        NoChoice::OtherChain(one) => Error::OtherChain {
            url: url(one),
            expected: wanted.genesis.unwrap_or(Hash([0; 32])),
            found: genesis(one),
        },
    })?;
    let silent = met.iter().enumerate().take(choice.node);
    let mut notices: Vec<_> = silent
        .filter_map(|(place, met)| match met {
            Some(Ok(_)) => None,
            Some(Err(error)) => Some((place, reason(error))),
            None => Some((place, "it does not answer".into())),
        })
        .chain(
            choice
                .passed_over
                .iter()
                .map(|(place, doubt)| (*place, words(*doubt))),
        )
        .map(|(place, why)| Notice::PassedOver { url: url(place), why })
        .collect();
    if urls.len() > 1 {
        notices.extend(choice.doubt.map(|doubt| Notice::Doubtful {
            url: url(choice.node),
            why: words(doubt),
        }));
    }
    let of_chain = standings
        .iter()
        .flatten()
        .filter(|standing| standing.genesis == genesis(choice.node));
    let newest = of_chain.map(|standing| standing.finalized).max().unwrap_or(0);
    match met.swap_remove(choice.node) {
        Some(Ok(met)) => Ok(Found {
            behind: met.standing.finalized < wanted.seen,
            met,
            newest,
            notices,
        }),
        // One that answered was chosen.
        _ => Err(nobody(urls, &mut met)),
    }
}

/// Asks all nodes at once. Once one has answered that will do, the others have a moment left.
async fn meet_all(urls: &[String], wanted: Wanted, runtimes: &Arc<Runtimes>) -> Vec<Option<Result<Met>>> {
    let mut met: Vec<_> = urls.iter().map(|_| None).collect();
    let mut asked = JoinSet::new();
    for (place, url) in urls.iter().enumerate() {
        let (url, runtimes) = (url.clone(), runtimes.clone());
        asked.spawn(async move { (place, Node::meet(url, runtimes).await) });
    }
    let mut until = Instant::now() + LONG;
    while let Ok(Some(answer)) = tokio::time::timeout_at(until, asked.join_next()).await {
        let Ok((place, answer)) = answer else { continue };
        let standing = answer.as_ref().ok().map(|met| met.standing);
        if choose(&[standing], wanted.genesis, wanted.seen).is_ok_and(|choice| choice.doubt.is_none()) {
            until = until.min(Instant::now() + GRACE);
        }
        if let Some(of_place) = met.get_mut(place) {
            *of_place = Some(answer);
        }
    }
    met
}

fn standing(met: &Option<Result<Met>>) -> Option<Standing> {
    let met = met.as_ref()?.as_ref().ok()?;
    Some(met.standing)
}

/// The error that it is that no node answers: where a single one was named, why that one does not.
fn nobody(urls: &[String], met: &mut Vec<Option<Result<Met>>>) -> Error {
    let first = met.drain(..).flatten().find_map(Result::err);
    match first {
        Some(Error::Unreachable { source, .. }) => Error::Unreachable {
            url: urls.join(", "),
            source,
        },
        Some(error) => error,
        None => Error::Unreachable {
            url: urls.join(", "),
            source: Box::new(ClientError::Custom("it is not asked at all".into())),
        },
    }
}

/// What speaks against a node, in words.
fn words(doubt: Doubt) -> String {
    match doubt {
        Doubt::OtherChain(genesis) => format!("it is of another chain, of genesis {genesis}"),
        Doubt::Syncing => "it is still catching up with the chain".into(),
        Doubt::Behind(newest) => format!("it is far behind: another node has block {newest} final already"),
        Doubt::Before(seen) => format!("it has not made block {seen} final yet, as another has"),
    }
}

/// Why a node is left, in words.
pub(crate) fn reason(error: &Error) -> String {
    match error {
        Error::Unreachable { source, .. } => match source.as_ref() {
            ClientError::RequestTimeout => "it does not answer".into(),
            ClientError::RestartNeeded(source) => format!("it cannot be reached ({source})"),
            source => format!("it cannot be reached ({source})"),
        },
        Error::Lacking { what, .. } => format!("it {what}"),
        error => error.to_string(),
    }
}
