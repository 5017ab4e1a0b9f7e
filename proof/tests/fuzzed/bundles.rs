//! Bundles: bytes that may be one, and good ones that somebody rewrites who holds a few keys.

use std::collections::BTreeMap;

use arbitrary::Unstructured;
use faultline_forge::{
    authority, organisation, service, service_bundle, state, vote, Chain, State, Story, START,
};
use faultline_primitives::{log::blake2_256, Hash, IncidentId, Millis, ServiceId, Span, UnixMillis};
use faultline_proof::{
    bundle::{Claim, IncidentLog, Opened, Start},
    finality::{Authority, AuthoritySet, Finalized, Vote},
    header::{Change, DigestItem, GrandpaLog, Header, GRANDPA},
    verify, Anchor, Bundle, Proven,
};

use super::{below, one_in};

/// Keys from this number on are nobody's on the chain.
const STRANGERS: u32 = 1_000;

/// Checks that bytes are read in one way only, and that what is taken of them is true of the chain that is trusted.
pub fn bytes(bytes: &[u8]) {
    let Ok(bundle) = Bundle::from_bytes(bytes) else {
        return;
    };
    assert_eq!(bundle.to_bytes(), bytes);
    World::with(|world| {
        for anchor in world.anchors() {
            world.ensure_true(&bundle, anchor);
        }
    });
    // Whoever trusts what the bundle itself shows learns whatever it says, and it may not harm him.
    if let Start::Genesis(genesis) = &bundle.start {
        let _ = verify(&bundle, Anchor::Genesis(genesis.header.hash()));
    }
}

/// Checks that a bundle which was rewritten is refused, or says what is true.
pub fn forged(bytes: &[u8]) {
    let bytes = &mut Unstructured::new(bytes);
    World::with(|world| {
        let mut bundle = world.bundles[below(bytes, world.bundles.len())].clone();
        let anchors = world.anchors();
        let anchor = anchors[below(bytes, anchors.len())];
        let changes = below(bytes, 5);
        for _ in 0..changes {
            world.rewrite(bytes, &mut bundle);
        }
        let taken = world.ensure_true(&bundle, anchor);
        if changes == 0 {
            assert!(taken, "a good bundle is refused");
        }
        if let Ok(read) = Bundle::from_bytes(&bundle.to_bytes()) {
            assert_eq!(read, bundle);
        }
    });
}

/// Bundles to begin with, as bytes.
pub fn seeds() -> Vec<Vec<u8>> {
    World::with(|world| world.bundles.iter().map(Bundle::to_bytes).collect())
}

/// A chain, all that it says, and good bundles of it.
struct World {
    chain: Chain,
    state: State,
    stories: BTreeMap<IncidentId, Story>,
    block: Hash,
    bundles: Vec<Bundle>,
}

impl World {
    fn with<T>(use_it: impl FnOnce(&Self) -> T) -> T {
        thread_local! {
            static WORLD: World = World::new();
        }
        WORLD.with(use_it)
    }

    fn new() -> Self {
        let mut chain = Chain::new(4);
        chain.change(3);
        let at = |hours| START.after(Millis::hours(hours));
        let stories = [
            Story::told_from(7, 1, at(0)),
            Story::told_from(8, 4, at(1)),
            Story::told_from(9, 3, at(2)).redacted(),
        ];
        let of = |story: &Story| chain.bundle(&state(&stories), Claim::Incident(story.log().clone()));
        let mut bundles: Vec<Bundle> = stories.iter().map(of).collect();
        for (from, to) in [(0, 3), (1, 1), (5, 6)] {
            let span = Span {
                from: at(from),
                to: at(to),
            };
            bundles.push(service_bundle(&chain, &stories, span));
        }
        Self {
            state: state(&stories),
            stories: stories.into_iter().map(|story| (story.log().id, story)).collect(),
            block: bundles[0].block.header.hash(),
            bundles,
            chain,
        }
    }

    /// What is trusted of the chain: where it began, and the authorities of its last block.
    fn anchors(&self) -> [Anchor; 2] {
        [
            Anchor::Genesis(self.chain.genesis()),
            Anchor::Checkpoint(self.chain.checkpoint()),
        ]
    }

    /// Checks that what is proven, if anything, is true; whether anything is.
    fn ensure_true(&self, bundle: &Bundle, anchor: Anchor) -> bool {
        match verify(bundle, anchor) {
            Ok(proven) => {
                self.check(&proven, anchor);
                true
            }
            Err(_) => false,
        }
    }

    fn check(&self, proven: &Proven, anchor: Anchor) {
        assert_eq!(proven.anchor, anchor);
        assert_eq!(proven.block.hash, self.block);
        assert_eq!(proven.history.set(), &self.chain.set);
        assert!(self.stories.values().all(|story| story.record().at <= proven.now));
        for incident in &proven.incidents {
            let story = &self.stories[&incident.log.id];
            assert_eq!(&incident.log, story.log());
            assert_eq!(&incident.record, story.record());
            assert_eq!(
                incident.redacted.keys().copied().collect::<Vec<_>>(),
                story.log().redacted().collect::<Vec<_>>()
            );
        }
        for (id, record) in &proven.services {
            assert_eq!(record, &service(id.0));
        }
        for (id, record) in &proven.organisations {
            assert_eq!(record, &organisation(id.0));
        }
        if let Some(roll) = &proven.roll {
            let all: Vec<Opened> = match roll.service == ServiceId(3) {
                true => self.stories.values().map(opened).collect(),
                false => vec![],
            };
            assert_eq!(roll.roll, all);
            let in_span = all
                .iter()
                .filter(|opened| roll.span.from <= opened.at && opened.at <= roll.span.to);
            let shown = proven.incidents.iter().map(|incident| incident.log.id);
            assert!(shown.eq(in_span.map(|opened| opened.id)));
        }
    }

    /// Changes something, as somebody might who knows how all of it is made.
    fn rewrite(&self, bytes: &mut Unstructured, bundle: &mut Bundle) {
        match below(bytes, 8) {
            0 => self.rewrite_start(bytes, bundle),
            1 => self.rewrite_changes(bytes, bundle),
            2 => {
                let set = self.chain.set.id;
                self.rewrite_block(bytes, &mut bundle.block, set);
            }
            3 => rewrite_nodes(bytes, &mut bundle.nodes),
            // The proof that fits what is claimed, as a node would make it.
            4 => bundle.nodes = self.state.proof(bundle.keys()),
            5 => self.take_over(bytes, bundle),
            _ => self.rewrite_claim(bytes, &mut bundle.claim),
        }
    }

    fn rewrite_start(&self, bytes: &mut Unstructured, bundle: &mut Bundle) {
        match (below(bytes, 5), &mut bundle.start) {
            (0, start) => *start = Start::Set(self.chain.set.clone()),
            (1, start) => *start = Start::Set(self.chain.first().clone()),
            (2, start) => {
                *start = Start::Set(AuthoritySet {
                    id: below(bytes, 3) as u64,
                    authorities: strangers(),
                });
            }
            (3, Start::Genesis(genesis)) => rewrite_nodes(bytes, &mut genesis.nodes),
            (_, Start::Genesis(genesis)) => rewrite_header(bytes, &mut genesis.header),
            (_, Start::Set(set)) => set.id ^= 1,
        }
    }

    fn rewrite_changes(&self, bytes: &mut Unstructured, bundle: &mut Bundle) {
        let place = below(bytes, bundle.changes.len());
        match below(bytes, 5) {
            0 => bundle.changes.push(bundle.block.clone()),
            1 => bundle.changes = self.chain.changes().to_vec(),
            _ if bundle.changes.is_empty() => {}
            2 => drop(bundle.changes.remove(place)),
            3 => bundle.changes.insert(place, bundle.changes[place].clone()),
            _ => self.rewrite_block(bytes, &mut bundle.changes[place], 0),
        }
    }

    /// Rewrites a block or the votes for it. One of the authorities helps, and so does everybody who is none.
    fn rewrite_block(&self, bytes: &mut Unstructured, block: &mut Finalized, set: u64) {
        if one_in(bytes, 2) {
            rewrite_header(bytes, &mut block.header);
        }
        let target = Vote {
            hash: block.header.hash(),
            number: block.header.number,
        };
        let commit = &mut block.justification.commit;
        if one_in(bytes, 2) {
            (commit.target_hash, commit.target_number) = (target.hash, target.number);
        }
        let place = below(bytes, commit.votes.len());
        let round = block.justification.round;
        let helper = match set {
            0 => 0,
            _ => self.chain.key_of(0),
        };
        match below(bytes, 8) {
            0 => commit.votes.push(vote(helper, target, round, set)),
            1 => commit.votes.push(vote(STRANGERS, target, round, set)),
            2 => commit.votes = (0..4).map(|n| vote(STRANGERS + n, target, round, set)).collect(),
            3 => block.justification.round ^= 1,
            4 => block
                .justification
                .ancestries
                .push(self.chain.child(&block.header, 0)),
            _ if commit.votes.is_empty() => {}
            5 => drop(commit.votes.remove(place)),
            6 => commit.votes.insert(place, commit.votes[place]),
            _ => commit.votes[place].vote = target,
        }
    }

    /// Another block with a state that says something else, by authorities whose keys somebody has: those who never
    /// were any, or the first ones when it is no longer on them.
    fn take_over(&self, bytes: &mut Unstructured, bundle: &mut Bundle) {
        let mut lies = self.state.clone();
        let story = Story::told_from(
            8,
            1 + below(bytes, 6),
            START.after(Millis::minutes(below(bytes, 300) as u64)),
        );
        story.store(&mut lies);
        if one_in(bytes, 2) {
            bundle.claim = Claim::Incident(story.log().clone());
        }
        let number = bundle.block.header.number;
        let header = self.chain.header(number, lies.root(), vec![]);
        let target = Vote {
            hash: header.hash(),
            number,
        };
        let voters = match one_in(bytes, 2) {
            true => STRANGERS..STRANGERS + 4,
            false => self.chain.key_of(0)..self.chain.key_of(0) + 1,
        };
        let votes: Vec<(u32, Vote)> = voters.map(|voter| (voter, target)).collect();
        bundle.block = self.chain.finalize_by(header, &votes, vec![]);
        bundle.nodes = lies.proof(bundle.keys());
    }

    fn rewrite_claim(&self, bytes: &mut Unstructured, claim: &mut Claim) {
        match claim {
            Claim::Incident(log) => self.rewrite_log(bytes, log),
            Claim::Service(service) => {
                let place = below(bytes, service.incidents.len());
                match below(bytes, 7) {
                    0 => service.id.0 ^= 1 << below(bytes, 32),
                    1 => service.span.from = some_time(bytes),
                    2 => service.span.to = some_time(bytes),
                    3 => {
                        let story = self.stories.values().nth(below(bytes, self.stories.len()));
                        service.incidents.extend(story.map(|story| story.log().clone()));
                    }
                    4 => rewrite_roll(bytes, &mut service.roll),
                    _ if service.incidents.is_empty() => {}
                    5 => drop(service.incidents.remove(place)),
                    _ => self.rewrite_log(bytes, &mut service.incidents[place]),
                }
            }
        }
    }

    fn rewrite_log(&self, bytes: &mut Unstructured, log: &mut IncidentLog) {
        let (place, other) = (below(bytes, log.entries.len()), below(bytes, log.entries.len()));
        match below(bytes, 8) {
            0 => log.id = IncidentId(7 + below(bytes, 4) as u64),
            1 => {
                let story = self.stories.values().nth(below(bytes, self.stories.len()));
                log.clone_from(story.expect("there are some").log());
            }
            _ if log.entries.is_empty() => {}
            2 => drop(log.entries.remove(place)),
            3 => log.entries.swap(place, other),
            4 => log.entries.insert(other, log.entries[place].clone()),
            5 => log.entries[place].text = log.entries[other].text.clone(),
            6 => log.entries[place].entry.at.0 ^= 1 << below(bytes, 64),
            _ => log.entries[place].text = None,
        }
    }
}

fn opened(story: &Story) -> Opened {
    let first = &story.log().entries[0].entry;
    Opened {
        id: story.log().id,
        block: first.block,
        at: first.at,
    }
}

fn strangers() -> Vec<Authority> {
    (STRANGERS..STRANGERS + 4).map(authority).collect()
}

fn some_time(bytes: &mut Unstructured) -> UnixMillis {
    let hour = START.after(Millis::hours(below(bytes, 5) as u64));
    UnixMillis(hour.0 + below(bytes, 3) as u64 - 1)
}

fn rewrite_roll(bytes: &mut Unstructured, roll: &mut Vec<Opened>) {
    let (place, other) = (below(bytes, roll.len()), below(bytes, roll.len()));
    match below(bytes, 5) {
        _ if roll.is_empty() => {}
        0 => drop(roll.remove(place)),
        1 => roll.swap(place, other),
        2 => roll.insert(other, roll[place]),
        3 => roll[place].at = some_time(bytes),
        _ => roll[place].block ^= 1,
    }
}

fn rewrite_header(bytes: &mut Unstructured, header: &mut Header) {
    let change = Change {
        next: strangers(),
        delay: below(bytes, 2) as u32,
    };
    let note = match below(bytes, 4) {
        0 => GrandpaLog::ForcedChange(0, change),
        _ => GrandpaLog::ScheduledChange(change),
    };
    match below(bytes, 6) {
        0 => header.number ^= 1 << below(bytes, 12),
        1 => header.parent_hash = blake2_256(&[b"another"]),
        2 => header.state_root = blake2_256(&[b"another"]),
        3 => header.digest.clear(),
        _ => header
            .digest
            .push(DigestItem::Consensus(GRANDPA, codec::Encode::encode(&note))),
    }
}

fn rewrite_nodes(bytes: &mut Unstructured, nodes: &mut Vec<Vec<u8>>) {
    let place = below(bytes, nodes.len());
    match below(bytes, 5) {
        0 => {
            nodes.push(vec![0x41; 40]);
            nodes.sort();
        }
        _ if nodes.is_empty() => {}
        1 => drop(nodes.remove(place)),
        2 => nodes.insert(place, nodes[place].clone()),
        3 => nodes.reverse(),
        _ => {
            let at = below(bytes, nodes[place].len());
            if let Some(byte) = nodes[place].get_mut(at) {
                *byte ^= 1 << below(bytes, 8);
            }
            nodes.sort();
        }
    }
}
