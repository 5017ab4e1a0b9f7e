//! A made-up history of realistic shape and any length: services, organisations, and incidents with all that is said of
//! each.
//!
//! Nothing is made by hand: every record is what the folds of `faultline-primitives` make of its entries. What is said of an
//! incident follows from the seed and its number alone, so any of a million can be told at any time, and none need be held.
//!
//! | file | holds |
//! | --- | --- |
//! | `cast.rs` | the services, a tree of slugs, and the organisations, a few of which speak most |
//! | `story.rs` | what is said and done of one incident, folded |
//! | `state.rs` | all of it as a chain's state holds it |
//! | `plot.rs` | how an incident goes: seen and over, quarrelled about, never ended, told years later |

mod cast;
mod plot;
pub mod state;
mod story;

pub use cast::{Member, Watched};
pub use story::Story;

use anyhow::{ensure, Result};
use faultline_primitives::{
    log::blake2_256, BlockNumber, Hash, IncidentId, Millis, OrganisationId, UnixMillis,
};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// When the chain began: 1 January 2023, 00:00 UTC.
const BEGIN: UnixMillis = UnixMillis(1_672_531_200_000);

/// How long a history is and how much is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// What chance makes of it.
    pub seed: u64,
    /// Incidents, opened one after another over all of the time.
    pub incidents: u64,
    /// Services; one in five is registered later.
    pub services: u32,
    /// Organisations; three in ten are admitted later.
    pub organisations: u32,
    /// Blocks after the first.
    pub blocks: BlockNumber,
    /// From one block to the next.
    pub slot: Millis,
}

impl Shape {
    /// Three years of a chain with a block in three seconds.
    pub fn of_years(incidents: u64, seed: u64) -> Self {
        let some = |of: u64, least, most| u32::try_from(incidents / of).unwrap_or(most).clamp(least, most);
        Self {
            seed,
            incidents,
            services: some(200, 40, 5_000),
            organisations: some(1_000, 50, 1_000),
            blocks: 3 * 365 * 24 * 60 * 20,
            slot: Millis::seconds(3),
        }
    }
}

/// A history.
pub struct Dataset {
    shape: Shape,
    cast: cast::Cast,
}

impl Dataset {
    /// Of this shape.
    ///
    /// # Errors
    ///
    /// It holds nothing, or no blocks for what it holds.
    pub fn new(shape: Shape) -> Result<Self> {
        ensure!(
            shape.services > 0 && shape.organisations >= 10 && shape.blocks > 1,
            "a history has at least a service, ten organisations and two blocks"
        );
        let cast = cast::Cast::of(&shape)?;
        Ok(Self { shape, cast })
    }

    /// Its shape.
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// The hash of its first block, by which it is known.
    pub fn genesis(&self) -> Hash {
        blake2_256(&[b"made up", &self.shape.seed.to_be_bytes()])
    }

    /// The time of a block. The first has none.
    pub fn time(&self, block: BlockNumber) -> UnixMillis {
        self.shape.time(block)
    }

    /// The services, by number.
    pub fn services(&self) -> &[Watched] {
        &self.cast.services
    }

    /// The organisations, by number.
    pub fn organisations(&self) -> &[Member] {
        &self.cast.organisations
    }

    /// What is said of an incident, up to the last block.
    ///
    /// # Errors
    ///
    /// The rules refuse how it begins.
    pub fn story(&self, id: IncidentId) -> Result<Story> {
        story::tell(self, id)
    }

    /// The block that records an incident's first entry: of one with a higher number it is no earlier.
    pub fn opening(&self, id: IncidentId) -> BlockNumber {
        let Shape {
            incidents, blocks, ..
        } = self.shape;
        // One block is left at either end: the first has no time, and in the last nothing can follow.
        let span = u128::from(blocks.saturating_sub(2));
        let part = u128::from(id.0).saturating_mul(span) / u128::from(incidents.max(1));
        u32::try_from(part).unwrap_or(blocks).saturating_add(1)
    }

    /// The service of an incident.
    pub fn service_of(&self, id: IncidentId) -> &Watched {
        self.cast.drawn_service(&mut self.chance(id.0), self.opening(id))
    }

    /// What decides by chance; each stream for itself.
    fn chance(&self, stream: u64) -> ChaCha8Rng {
        self.shape.chance(stream)
    }

    /// An organisation by its number.
    fn organisation(&self, id: OrganisationId) -> Option<&Member> {
        self.cast.organisations.get(id.0 as usize)
    }
}

impl Shape {
    fn chance(&self, stream: u64) -> ChaCha8Rng {
        let mut chance = ChaCha8Rng::seed_from_u64(self.seed);
        chance.set_stream(stream);
        chance
    }

    fn time(&self, block: BlockNumber) -> UnixMillis {
        match block {
            0 => UnixMillis(0),
            block => BEGIN.after(Millis(self.slot.0.saturating_mul(block.into()))),
        }
    }

    /// The block that records what is said at a time: the next.
    fn block(&self, time: UnixMillis) -> BlockNumber {
        let blocks = time.since(BEGIN).0.div_ceil(self.slot.0.max(1));
        u32::try_from(blocks).unwrap_or(u32::MAX).max(1)
    }
}

/// A length of time by a number that chance gave; zero of less than nothing.
fn millis(value: f64) -> Millis {
    // A cast from a float is cut off at either end.
    Millis(value as u64)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use faultline_primitives::{
        incident::{Dispute, Incident},
        Record,
    };

    use super::*;

    fn shape(seed: u64) -> Shape {
        Shape {
            seed,
            incidents: 4_000,
            services: 60,
            organisations: 60,
            blocks: 3 * 24 * 60,
            slot: Millis::minutes(1),
        }
    }

    #[test]
    fn each_record_is_what_its_entries_make_and_numbers_are_given_in_order_of_opening() {
        let data = Dataset::new(shape(1)).unwrap();
        let mut last = 0;
        for id in (0..500).map(IncidentId) {
            let story = data.story(id).unwrap();
            let replayed = Record::<Incident>::replay(id, &story.entries).unwrap().unwrap();
            assert_eq!(replayed, story.record);
            assert_eq!(story.record.state.service, data.service_of(id).id);
            let first = story.entries[0].block;
            assert_eq!(first, data.opening(id));
            assert!(first >= last && story.record.block <= data.shape().blocks);
            last = first;
        }
    }

    #[test]
    fn the_same_seed_tells_the_same_and_another_another() {
        let told = |seed, id| {
            Dataset::new(shape(seed))
                .unwrap()
                .story(IncidentId(id))
                .unwrap()
                .record
        };
        assert_eq!(told(1, 9), told(1, 9));
        assert_ne!(told(1, 9), told(2, 9));
    }

    #[test]
    fn everything_that_can_be_said_of_an_incident_is_said_of_some_and_most_have_few_attestations() {
        let data = Dataset::new(Shape::of_years(4_000, 7)).unwrap();
        let mut seen = BTreeMap::<String, u32>::new();
        let mut attestations = Vec::new();
        for id in (0..4_000).map(IncidentId) {
            let story = data.story(id).unwrap();
            let state = &story.record.state;
            let finding = state.finding.as_ref();
            for word in [
                format!("verdict {}", state.verdict),
                format!("status {}", state.status),
                format!("timeliness {:?}", state.timeliness),
                format!("kind {:?}", finding.map(|finding| finding.kind)),
                format!("severity {:?}", finding.map(|finding| finding.severity)),
                format!("disputed {}", state.dispute != Dispute::None),
                format!("replied {}", state.reply.is_some()),
                format!("linked {}", state.duplicate_of.is_some()),
                format!("withdrawn {}", finding.is_none()),
            ] {
                *seen.entry(word).or_default() += 1;
            }
            attestations.push(story.attestations());
        }
        println!("{seen:#?}");
        // 3 verdicts, 3 statuses, 2 timelinesses and none, 7 kinds and none, 3 severities and none, and 4 by 2.
        assert_eq!(seen.len(), 3 + 3 + 3 + 8 + 4 + 8, "{seen:#?}");
        attestations.sort_unstable();
        println!(
            "attestations: {:?}",
            attestations.iter().step_by(200).collect::<Vec<_>>()
        );
        assert_eq!((attestations[0], attestations[3_999]), (1, 20));
        assert!(attestations[2_000] <= 5);
    }
}
