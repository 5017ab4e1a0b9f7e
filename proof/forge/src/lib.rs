//! Made-up chains whose keys everybody has: what the tests, the fuzzers and the measurements of evidence bundles are about.
//!
//! A [`Chain`] makes blocks final with keys of its own, whatever is in their [`State`]; a [`Story`] is an incident as its
//! reporters tell it. Nothing here is random: the same calls make the same bytes.

mod chain;
mod state;
mod story;

pub use chain::{authority, signing_key, vote, Chain};
pub use state::State;
pub use story::{organisation, service, Story, START};

use faultline_primitives::{
    log::{Roll, What},
    Span,
};
use faultline_proof::{
    bundle::{Opened, ServiceLog},
    keys, Bundle, Claim,
};

/// A state with these incidents, all of one service, the organisations that speak in them, and the rolls.
pub fn state(stories: &[Story]) -> State {
    let mut state = State::default();
    let now = stories.iter().map(|story| story.record().at).max();
    state.put(keys::now(), &now.unwrap_or(story::START));
    for story in stories {
        story.store(&mut state);
    }
    for id in stories.iter().map(Story::service_id) {
        let roll = roll(stories.iter().filter(|story| story.service_id() == id));
        let empty = Roll::empty(What::IncidentsOnService, id);
        let sealed = roll.iter().fold(empty, |sealed, opened| {
            sealed.with(opened.id, opened.block, opened.at)
        });
        state.put(keys::roll_of_service(id), &sealed);
        for (place, opened) in (0u64..).zip(&roll) {
            state.put(keys::on_service(id, place), &opened.id);
        }
    }
    state
}

fn roll<'a>(stories: impl Iterator<Item = &'a Story>) -> Vec<Opened> {
    let opened = |story: &Story| {
        let first = &story.log().entries[0].entry;
        Opened {
            id: story.log().id,
            block: first.block,
            at: first.at,
        }
    };
    stories.map(opened).collect()
}

/// A bundle of one incident on a chain of so many validators after so many changes of them, good in every respect. The
/// incident has this many entries.
pub fn incident_bundle(validators: usize, changes: usize, entries: usize) -> (Chain, Bundle) {
    let mut chain = Chain::new(validators);
    for _ in 0..changes {
        chain.change(validators);
    }
    let story = Story::told(7, entries);
    let claim = Claim::Incident(story.log().clone());
    let bundle = chain.bundle(&state(&[story]), claim);
    (chain, bundle)
}

/// A bundle of a service and those of its incidents that were opened in a span; `stories` are all of the service's.
pub fn service_bundle(chain: &Chain, stories: &[Story], span: Span) -> Bundle {
    let roll = roll(stories.iter());
    let in_span = |story: &&Story| {
        let at = story.log().entries[0].entry.at;
        span.from <= at && at <= span.to
    };
    let claim = Claim::Service(ServiceLog {
        id: stories[0].service_id(),
        span,
        roll,
        incidents: stories
            .iter()
            .filter(in_span)
            .map(|story| story.log().clone())
            .collect(),
    });
    chain.bundle(&state(stories), claim)
}
