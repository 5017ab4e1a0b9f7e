//! Over a made-up chain: what is made verifies, and what cannot be made is refused by name.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use base64::{prelude::BASE64_STANDARD, Engine};
use codec::{DecodeAll, Encode};
use faultline_forge::{state, Chain, State as Forged, Story, START};
use faultline_primitives::{BlockNumber, Hash, IncidentId, Millis, ServiceId};
use faultline_proof::{
    bundle::Genesis, finality::SignedVote, keys::StorageKey, verify, Anchor, Bundle, Checkpoint, Finalized,
    Start,
};

use super::{history::History, source::Source, source::State, warp, Prover};
use crate::{
    error::Failure,
    limits::READS,
    view::{At, Utc, WarpView},
    Envelope,
};

/// A node that keeps a made-up chain.
struct Kept {
    chain: Chain,
    genesis: Genesis,
    state: Forged,
    blocks: BTreeMap<BlockNumber, Finalized>,
}

impl Kept {
    /// Of a chain of four validators after so many changes of them, with a block after the last.
    fn new(changes: usize, stories: &[Story]) -> Self {
        let mut kept = Self::at_a_change(changes, stories);
        let last = kept.chain.checkpoint().number;
        let header = kept.chain.header(last + 7, kept.state.root(), vec![]);
        kept.blocks.insert(last + 7, kept.chain.finalize(header));
        kept
    }

    /// The same, where finality stopped last at the last change.
    fn at_a_change(changes: usize, stories: &[Story]) -> Self {
        let mut chain = Chain::new(4);
        (0..changes).for_each(|_| chain.change(4));
        let Start::Genesis(genesis) = chain.start() else {
            panic!("a made-up chain shows its genesis");
        };
        Self {
            genesis: *genesis,
            state: state(stories),
            blocks: chain
                .changes()
                .iter()
                .map(|change| (change.header.number, change.clone()))
                .collect(),
            chain,
        }
    }

    fn numbers(&self) -> Vec<BlockNumber> {
        self.chain
            .changes()
            .iter()
            .map(|change| change.header.number)
            .collect()
    }

    fn trusted(&self) -> Anchor {
        Anchor::Genesis(self.chain.genesis())
    }

    fn incident(&self, since: Option<u32>) -> Result<Bundle, Failure> {
        Prover::new(self, since)?
            .incident(IncidentId(7))
            .map(|answer| opened(&answer))
    }
}

fn opened(answer: &At<Envelope>) -> Bundle {
    let bundle = answer.data.open().unwrap();
    assert_eq!(answer.at.number, bundle.block.header.number);
    assert_eq!(answer.at.hash, bundle.block.header.hash());
    bundle
}

impl Source for Kept {
    fn genesis(&self) -> &Genesis {
        &self.genesis
    }

    fn latest(&self) -> Result<BlockNumber, Failure> {
        Ok(*self.blocks.keys().last().unwrap())
    }

    fn changes(&self, until: BlockNumber) -> Result<Arc<[BlockNumber]>, Failure> {
        Ok(self
            .numbers()
            .into_iter()
            .filter(|number| *number <= until)
            .collect())
    }

    fn finalized(&self, number: BlockNumber) -> Result<Option<Finalized>, Failure> {
        Ok(self.blocks.get(&number).cloned())
    }

    fn state(&self, _: Hash) -> Result<Box<dyn State + '_>, Failure> {
        Ok(Box::new(&self.state))
    }
}

impl State for &Forged {
    fn value(&self, key: &StorageKey) -> Result<Option<Vec<u8>>, Failure> {
        Ok(self.0.get(key).cloned())
    }

    fn prove(&self, keys: &BTreeSet<StorageKey>) -> Result<Vec<Vec<u8>>, Failure> {
        Ok(self.proof(keys.iter().cloned()))
    }
}

fn read<T: DecodeAll>(text: &str) -> T {
    let bytes = BASE64_STANDARD.decode(text).unwrap();
    T::decode_all(&mut bytes.as_slice()).unwrap()
}

fn parameter<T: std::fmt::Debug>(answer: Result<T, Failure>) -> (String, String) {
    match answer.unwrap_err() {
        Failure::BadParameter { parameter, why } => (parameter, why),
        other => panic!("another failure: {other:?}"),
    }
}

#[test]
fn a_bundle_of_an_incident_verifies_from_genesis() {
    for changes in [0, 1, 3] {
        let kept = Kept::new(changes, &[Story::told(7, 10)]);
        let proven = verify(&kept.incident(None).unwrap(), kept.trusted()).unwrap();
        assert_eq!(proven.incidents[0].log, *Story::told(7, 10).log());
        assert_eq!(proven.history.changes.len(), changes);
    }
}

#[test]
fn a_text_that_was_redacted_is_proven_to_be() {
    let kept = Kept::new(0, &[Story::told(7, 4).redacted()]);
    let proven = verify(&kept.incident(None).unwrap(), kept.trusted()).unwrap();
    assert_eq!(proven.incidents[0].redacted.len(), 1);
}

#[test]
fn with_since_a_bundle_verifies_from_the_checkpoint_of_that_block_and_of_every_later_one() {
    let kept = Kept::new(3, &[Story::told(7, 3)]);
    let numbers = kept.numbers();
    let latest = kept.latest().unwrap();
    let set = |place: usize| match place.checked_sub(1) {
        None => kept.chain.first().hash(),
        Some(before) => {
            let authorities = kept.chain.changes()[before]
                .header
                .next_authorities()
                .unwrap()
                .unwrap();
            faultline_proof::AuthoritySet {
                id: u64::try_from(place).unwrap(),
                authorities,
            }
            .hash()
        }
    };
    let around = numbers.iter().flat_map(|change| change - 1..=change + 1);
    let blocks: BTreeSet<_> = around.chain([0, 1, latest]).collect();
    for since in blocks.iter().copied() {
        let bundle = kept.incident(Some(since)).unwrap();
        for number in blocks.range(since..).copied() {
            // Of another block of this number nothing would be known: its hash is not looked at before the last.
            let place = numbers.partition_point(|change| *change <= number);
            let hash = match kept.blocks.get(&number) {
                Some(block) => block.header.hash(),
                None => Hash([7; 32]),
            };
            let checkpoint = Checkpoint {
                number,
                hash,
                set_id: u64::try_from(place).unwrap(),
                set: set(place),
            };
            verify(&bundle, Anchor::Checkpoint(checkpoint)).unwrap();
        }
    }
}

#[test]
fn a_bundle_of_a_service_holds_what_was_opened_on_it_in_the_span() {
    let at = |minutes| START.after(Millis::minutes(minutes));
    let stories: Vec<_> = (0..4)
        .map(|number| Story::told_from(number, 2, at(number * 60)))
        .collect();
    let kept = Kept::new(1, &stories);
    let prover = Prover::new(&kept, None).unwrap();
    let ids = |from: Option<Utc>, to: Option<Utc>| {
        let bundle = opened(&prover.service(ServiceId(3), from, to).unwrap());
        let proven = verify(&bundle, kept.trusted()).unwrap();
        assert_eq!(proven.roll.unwrap().roll.len(), 4);
        proven
            .incidents
            .iter()
            .map(|incident| incident.log.id.0)
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(None, None), [0, 1, 2, 3]);
    assert_eq!(ids(Some(Utc(at(60))), Some(Utc(at(120)))), [1, 2]);
    assert_eq!(ids(Some(Utc(at(61))), Some(Utc(at(119)))), [0u64; 0]);
    assert_eq!(ids(None, Some(Utc(at(1_000_000)))), [0, 1, 2, 3]);

    let reversed = prover.service(ServiceId(3), Some(Utc(at(60))), Some(Utc(at(59))));
    assert_eq!(parameter(reversed).0, "from");
    let to_come = prover.service(ServiceId(3), Some(Utc(at(1_000_000))), None);
    assert_eq!(parameter(to_come).0, "from");
}

#[test]
fn finality_may_stop_last_where_authorities_change() {
    let mut kept = Kept::at_a_change(2, &[Story::told(7, 2)]);
    // A change at a block of this state: the made-up chain's changes have none.
    let last = *kept.numbers().last().unwrap();
    let state = kept.state.root();
    let mut header = kept.blocks[&last].header.clone();
    header.state_root = state;
    let mut before = Chain::new(4);
    before.change(4);
    kept.blocks.insert(last, before.finalize(header));

    let bundle = kept.incident(None).unwrap();
    assert_eq!(bundle.changes.len(), 1);
    verify(&bundle, kept.trusted()).unwrap();
    let (name, why) = parameter(kept.incident(Some(last)));
    assert_eq!(name, "since");
    assert!(why.contains("earlier"), "{why}");
}

#[test]
fn votes_that_are_kept_twice_are_given_once() {
    let mut kept = Kept::new(1, &[Story::told(7, 2)]);
    for block in kept.blocks.values_mut() {
        let votes: &mut Vec<SignedVote> = &mut block.justification.commit.votes;
        votes.extend(votes.clone());
    }
    verify(&kept.incident(None).unwrap(), kept.trusted()).unwrap();
}

#[test]
fn a_warp_proof_in_parts_is_the_whole_one() {
    let kept = Kept::new(5, &[]);
    let whole = warp(&kept, None, None).unwrap().data;
    let WarpView {
        start: Some(start),
        changes,
        block: Some(block),
        next: None,
    } = &whole
    else {
        panic!("it is in one part: {whole:?}");
    };
    assert_eq!(read::<Start>(start), kept.chain.start());
    assert_eq!(read::<Finalized>(block).header.number, kept.latest().unwrap());
    let changes: Vec<Finalized> = read(changes);
    assert_eq!(changes.len(), 5);

    let two = changes[..2].iter().map(Encode::encoded_size).sum();
    let (mut parts, mut since) = (Vec::new(), None);
    loop {
        let history = History::new(&kept, since, None).unwrap();
        let (part, next) = history.part(two).unwrap();
        parts.extend(part);
        since = next;
        if next.is_none() {
            break;
        }
    }
    assert_eq!(parts, changes);
    // What alone is more than there is room for is given all the same.
    assert_eq!(
        History::new(&kept, None, None).unwrap().part(1).unwrap().0,
        changes[..1]
    );
}

#[test]
fn a_warp_proof_ends_where_it_is_asked_to_and_finality_stopped() {
    let kept = Kept::new(2, &[]);
    let numbers = kept.numbers();
    let answer = warp(&kept, Some(3), Some(numbers[1])).unwrap();
    assert_eq!(answer.at.number, numbers[1]);
    assert_eq!(answer.data.start, None);
    assert_eq!(read::<Vec<Finalized>>(&answer.data.changes).len(), 1);

    let (name, why) = parameter(warp(&kept, None, Some(numbers[0] - 1)));
    assert_eq!(name, "until");
    assert!(why.contains(&format!("at block {}", numbers[0])), "{why}");
    let latest = kept.latest().unwrap();
    assert_eq!(parameter(warp(&kept, None, Some(latest + 1))).0, "until");
    assert_eq!(parameter(warp(&kept, Some(latest + 1), None)).0, "since");
    assert_eq!(parameter(warp(&kept, Some(5), Some(0))).0, "until");
}

#[test]
fn what_is_more_than_a_bundle_holds_is_refused_with_what_to_ask_for() {
    let kept = Kept::new(3, &[]);
    let history = History::new(&kept, None, None).unwrap();
    let Err(Failure::TooLarge { why }) = history.changes(1_000) else {
        panic!("three changes have no room");
    };
    assert!(why.contains("`since`"), "{why}");

    let story = Story::told(7, 200);
    let forged = &state(std::slice::from_ref(&story));
    let mut reader = super::Reader::new(&forged, 10_000, "give less");
    let Err(Failure::TooLarge { why }) = reader.incident(IncidentId(7)) else {
        panic!("200 entries have no room");
    };
    assert!(why.contains("give less"), "{why}");
}

#[test]
fn a_roll_that_is_too_long_is_not_even_begun_to_be_read() {
    let mut kept = Kept::new(0, &[Story::told(7, 2)]);
    let roll = faultline_primitives::Roll {
        count: u64::from(READS),
        head: Hash([0; 32]),
    };
    kept.state
        .put(faultline_proof::keys::roll_of_service(ServiceId(3)), &roll);
    let answer = Prover::new(&kept, None)
        .unwrap()
        .service(ServiceId(3), None, None);
    assert!(matches!(answer, Err(Failure::TooLarge { .. })), "{answer:?}");
}

#[test]
fn what_is_not_there_is_not_proven() {
    let kept = Kept::new(0, &[Story::told(7, 2)]);
    let answer = Prover::new(&kept, None).unwrap().incident(IncidentId(8));
    assert!(matches!(answer, Err(Failure::NotFound { .. })), "{answer:?}");
    let mut torn = Kept::new(0, &[Story::told(7, 2)]);
    torn.state
        .0
        .remove(&faultline_proof::keys::incident_entry(IncidentId(7), 1));
    assert!(matches!(torn.incident(None), Err(Failure::Unavailable { .. })));
}
