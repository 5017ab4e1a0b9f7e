//! `faultline proof compare`

use std::path::PathBuf;

use clap::Args;
use faultline_client::proof::{
    compare::{compare, Discontinuity, Extension},
    verify, Anchor, Proven,
};
use faultline_primitives::{Hash, IncidentId};
use faultline_rpc::view::BlockView;
use serde::Serialize;

use super::{
    anchor::Trust,
    file::{is_stdin, BundleFile},
    verify::unproven,
    view,
};
use crate::{
    noun::incident::{acts, Names},
    options::{example, Options},
    output::{self, plain},
    trouble::{Result, Trouble},
};

/// Show that a newer evidence bundle continues an older one, or which entry was rewritten. Wants no node.
///
/// Both are verified first. What the older one proves must be the beginning of what the newer one proves.
#[derive(Args)]
#[command(after_help = example("proof compare incident-0.json incident-0-later.json --genesis\n\
    0x91b171bb158e2d3848fa23a9f1c25182fb8e20313b2c1eb49219da7a70ce90c3"))]
pub struct Compare {
    /// The older file; - is stdin.
    old: PathBuf,
    /// The newer file; - is stdin.
    new: PathBuf,
    #[command(flatten)]
    trust: Trust,
}

/// What comparing comes to.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Comparison {
    /// Whether the newer continues the older.
    extends: bool,
    old: BlockView,
    new: BlockView,
    /// The incidents that both hold.
    incidents: Vec<GrownView>,
    /// How many incidents of the service there were and are.
    roll: Option<Growth>,
    /// Why it does not continue it.
    broken: Option<Broken>,
}

#[derive(Debug, Serialize)]
struct GrownView {
    incident: IncidentId,
    #[serde(flatten)]
    entries: Growth,
}

#[derive(Debug, Serialize)]
struct Growth {
    before: usize,
    after: usize,
}

/// Why the newer does not continue the older.
#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
enum Broken {
    Fork { number: u32, old: Hash, new: Hash },
    Rewritten { incident: IncidentId, entry: u32 },
    RollRewritten { place: u64 },
    OtherChain,
    Reversed,
    NothingShared,
}

impl Compare {
    pub fn run(self, options: &Options) -> Result<()> {
        let anchor = self.trust.said(options.genesis)?;
        if is_stdin(&self.old) && is_stdin(&self.new) {
            return Err(Trouble::usage("stdin can be one of the two files, and not both")
                .with_advice("Name the other."));
        }
        let (old, new) = (
            proven(&BundleFile::read(&self.old)?, anchor)?,
            proven(&BundleFile::read(&self.new)?, anchor)?,
        );
        let compared = compare(&old, &new);
        let comparison = Comparison::new(&old, &new, &compared);
        let trouble = compared.as_ref().err().map(|why| trouble(why, &old, &new));
        let words = match compared {
            Ok(extension) => words(&extension, &comparison),
            // It is said on stderr.
            Err(_) => String::new(),
        };
        if options.json || trouble.is_none() {
            output::done(options.json, Some(comparison.new), &comparison, &words)?;
        }
        trouble.map_or(Ok(()), Err)
    }
}

fn proven(file: &BundleFile, anchor: Anchor) -> Result<Proven> {
    verify(&file.bundle, anchor).map_err(|fault| unproven(&file.name, &fault))
}

impl Comparison {
    fn new(old: &Proven, new: &Proven, compared: &std::result::Result<Extension, Discontinuity>) -> Self {
        let extension = compared.as_ref().ok();
        let grown = extension.map_or(&[][..], |extension| extension.incidents.as_slice());
        let growth = |(before, after)| Growth { before, after };
        Self {
            extends: extension.is_some(),
            old: view::block(&old.block),
            new: view::block(&new.block),
            incidents: grown
                .iter()
                .map(|grown| GrownView {
                    incident: grown.incident,
                    entries: growth((grown.before, grown.after)),
                })
                .collect(),
            roll: extension.and_then(|extension| extension.roll).map(growth),
            broken: compared.as_ref().err().copied().map(Broken::from),
        }
    }
}

impl From<Discontinuity> for Broken {
    fn from(why: Discontinuity) -> Self {
        match why {
            Discontinuity::Fork { number, old, new } => Self::Fork { number, old, new },
            Discontinuity::Rewritten { incident, entry } => Self::Rewritten { incident, entry },
            Discontinuity::RollRewritten { place } => Self::RollRewritten { place },
            Discontinuity::OtherChain => Self::OtherChain,
            Discontinuity::Reversed => Self::Reversed,
            Discontinuity::NothingShared => Self::NothingShared,
        }
    }
}

fn words(extension: &Extension, comparison: &Comparison) -> String {
    let mut text = format!(
        "The newer bundle (block {}) continues the older one (block {}): nothing was rewritten.",
        comparison.new.number, comparison.old.number
    );
    if let Some((before, after)) = extension.roll {
        text += &format!("\nservice: {}", grown("incidents", before, after));
    }
    for incident in &extension.incidents {
        let grown = grown("entries", incident.before, incident.after);
        text += &format!("\nincident {}: {grown}", incident.incident);
    }
    text
}

fn grown(what: &str, before: usize, after: usize) -> String {
    match after.saturating_sub(before) {
        0 => format!("the same {before} {what}"),
        more => format!("the same {before} {what}, and {more} more since"),
    }
}

/// The trouble that it is that the newer does not continue the older.
fn trouble(why: &Discontinuity, old: &Proven, new: &Proven) -> Trouble {
    const KEEP: &str = "Keep both files: together they prove it. Show them to the members of the consortium.";
    match why {
        Discontinuity::Fork { number, old, new } => Trouble::failed(
            "fork",
            format!(
                "two blocks {number} were made final, {old} and {new}: a third of the validators or more voted for two \
                 histories"
            ),
        )
        .with_advice(KEEP),
        Discontinuity::Rewritten { incident, entry } => Trouble::failed(
            "rewritten",
            format!(
                "entry {entry} of incident {incident} was rewritten: it was “{}”, and now {}",
                said(old, *incident, *entry).unwrap_or_default(),
                said(new, *incident, *entry).map_or_else(|| "is gone".into(), |now| format!("is “{now}”"))
            ),
        )
        .with_advice(KEEP),
        Discontinuity::RollRewritten { place } => Trouble::failed(
            "rewritten",
            format!("the service's list of incidents was rewritten from number {place} of it on"),
        )
        .with_advice(KEEP),
        Discontinuity::OtherChain => Trouble::failed("otherChain", "they are of two chains")
            .with_advice("Compare bundles of one chain."),
        Discontinuity::Reversed => Trouble::failed(
            "reversed",
            format!(
                "the first is of block {}, later than the second's {}",
                old.block.number, new.block.number
            ),
        )
        .with_advice("Give the older one first."),
        Discontinuity::NothingShared => {
            Trouble::failed("nothingShared", "they have no incident and no service in common").with_advice(
                "Compare two bundles of one incident, or of one service. `faultline proof show FILE` says what one is of.",
            )
        }
    }
}

/// What an entry says, in words.
fn said(proven: &Proven, incident: IncidentId, entry: u32) -> Option<String> {
    let found = proven.incidents.iter().find(|found| found.log.id == incident)?;
    let names = Names::given(view::names(proven));
    let entry = view::log(found).into_iter().find(|said| said.number == entry)?;
    let headline = plain(&acts::headline(&entry, &names));
    Some(format!(
        "{headline}, recorded {} in block {}",
        entry.recorded_at, entry.block
    ))
}

#[cfg(test)]
mod tests {
    use faultline_client::proof::Claim;
    use faultline_forge::{state, Chain, Story};

    use super::*;

    /// What is proven of an incident with so many entries, `salt` of them opened later than elsewhere.
    fn told(chain: &Chain, story: &Story) -> Proven {
        let bundle = chain.bundle(
            &state(std::slice::from_ref(story)),
            Claim::Incident(story.log().clone()),
        );
        verify(&bundle, Anchor::Genesis(chain.genesis())).unwrap()
    }

    fn later(chain: &Chain) -> Chain {
        let mut later = chain.clone();
        later.change(4);
        later
    }

    #[test]
    fn a_longer_log_that_begins_alike_continues_the_older() {
        let chain = Chain::new(4);
        let old = told(&chain, &Story::told(7, 3));
        let new = told(&later(&chain), &Story::told(7, 5));
        let extension = compare(&old, &new);
        let comparison = Comparison::new(&old, &new, &extension);
        assert!(comparison.extends);
        let text = words(&extension.unwrap(), &comparison);
        assert!(
            text.contains("incident 7: the same 3 entries, and 2 more since"),
            "{text}"
        );
    }

    #[test]
    fn the_first_entry_that_was_rewritten_is_named_with_what_it_was_and_is() {
        let chain = Chain::new(4);
        let old = told(&chain, &Story::told(7, 5));
        let newer = later(&chain);
        let gone = told(&newer, &Story::told(7, 3));
        let moved = Story::told_from(7, 5, faultline_primitives::UnixMillis(1_733_958_060_000));
        let moved = told(&newer, &moved);
        for (new, words) in [
            (&gone, ["entry 3 ", "is gone"]),
            (&moved, ["entry 0 ", "is “Organisation 0"]),
        ] {
            let why = compare(&old, new).unwrap_err();
            let trouble = trouble(&why, &old, new);
            assert_eq!(trouble.kind(), "rewritten");
            for word in words {
                assert!(trouble.what().contains(word), "{}", trouble.what());
            }
        }
    }

    #[test]
    fn two_that_cannot_be_compared_say_why() {
        let chain = Chain::new(4);
        let (old, new) = (
            told(&chain, &Story::told(7, 3)),
            told(&later(&chain), &Story::told(7, 3)),
        );
        let other = told(&later(&chain), &Story::told(8, 3));
        let fork = told(&chain, &Story::told(7, 4));
        for (old, new, kind) in [
            (&new, &old, "reversed"),
            (&old, &other, "nothingShared"),
            (&old, &fork, "fork"),
        ] {
            let why = compare(old, new).unwrap_err();
            assert_eq!(trouble(&why, old, new).kind(), kind);
        }
    }
}
