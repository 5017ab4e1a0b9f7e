//! `faultline proof verify`

use std::path::PathBuf;

use clap::Args;
use faultline_client::proof::{
    fault::{BadBlock, BadOrigin},
    verify::verify_step_by_step,
    Anchor, Fault, Proven, Step,
};
use faultline_rpc::view::BlockView;
use serde::Serialize;

use super::{
    anchor::{self, Trust},
    documents::{self, CitedFile},
    file::BundleFile,
    finding::{Failed, Found},
    view, words,
};
use crate::{
    options::{example, Options},
    output::{self, for_stdout},
    trouble::{Result, Trouble},
};

/// Verify an evidence bundle, from what is trusted alone. Wants no node and no network.
///
/// Each step is shown as it passes, or the first that fails and why. Then what is proven, and apart from it what is
/// assumed and what is not proven. The exit code is 0 only when all of it holds.
#[derive(Args)]
#[command(after_help = example("proof verify incident-0.json --genesis\n\
    0x91b171bb158e2d3848fa23a9f1c25182fb8e20313b2c1eb49219da7a70ce90c3"))]
pub struct Verify {
    /// The file; - is stdin.
    file: PathBuf,
    #[command(flatten)]
    trust: Trust,
    /// Files that the entries should cite: the SHA-256 of each is looked for among those that they do.
    #[arg(long, value_name = "FILE", num_args = 1..)]
    evidence: Vec<PathBuf>,
}

/// What verifying comes to.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Finding<'a> {
    file: &'a str,
    trusted: String,
    /// Whether every step passed and every document is cited.
    holds: bool,
    /// The steps that passed, in order.
    passed: Vec<&'static str>,
    failed: Option<Failed>,
    proven: Option<Found>,
    assumed: Vec<String>,
    not_proven: Vec<String>,
    documents: Vec<CitedFile>,
}

impl Verify {
    pub fn run(self, options: &Options) -> Result<()> {
        let anchor = self.trust.said(options.genesis)?;
        let digests = documents::digests(&self.evidence)?;
        let file = BundleFile::read(&self.file)?;
        if !options.json {
            output::print(&for_stdout(&words::title(&file.name, &anchor)))?;
        }
        let mut passed = Vec::new();
        let verified = verify_step_by_step(&file.bundle, anchor, |which| {
            passed.push(which.name());
            if !options.json {
                // One who has seen enough, as after `head`, is no failure; the steps go on.
                let _ = output::print(&for_stdout(&words::passed(which, &anchor)));
            }
        });
        let logs: Vec<_> = file.bundle.claim.incidents().iter().collect();
        let documents = documents::cited(digests, &logs);
        let cited = documents::ensure_cited(&documents);
        if options.json {
            let finding = finding(&file, &anchor, passed, &verified, documents, cited.is_ok());
            let at = verified.as_ref().ok().map(|proven| view::block(&proven.block));
            print_json(at, &finding)?;
        } else {
            print(&file, &verified, &documents)?;
        }
        let proven = verified.as_ref().map(|_| ());
        proven.map_err(|fault| unproven(&file.name, fault)).and(cited)
    }
}

fn finding<'a>(
    file: &'a BundleFile,
    anchor: &Anchor,
    passed: Vec<&'static str>,
    verified: &std::result::Result<Proven, Fault>,
    documents: Vec<CitedFile>,
    cited: bool,
) -> Finding<'a> {
    let proven = verified.as_ref().ok();
    Finding {
        file: &file.name,
        trusted: anchor::words(anchor),
        holds: proven.is_some() && cited,
        passed,
        failed: verified.as_ref().err().map(Failed::from),
        proven: proven.map(|proven| Found::new(&file.bundle, proven)),
        assumed: proven.map(words::assumed).unwrap_or_default(),
        not_proven: proven.map(words::not_proven).unwrap_or_default(),
        // Of a bundle that does not hold nobody cites anything.
        documents: proven.map(|_| documents).unwrap_or_default(),
    }
}

fn print_json(at: Option<BlockView>, finding: &Finding<'_>) -> Result<()> {
    output::done(true, at, finding, "")
}

fn print(
    file: &BundleFile,
    verified: &std::result::Result<Proven, Fault>,
    documents: &[CitedFile],
) -> Result<()> {
    let text = match verified {
        Err(fault) => words::failed(fault.step(), &fault.to_string()),
        Ok(proven) => told(file, proven, documents, output::width()),
    };
    output::print(for_stdout(&text).trim_end())
}

/// What is proven, and what is not.
fn told(file: &BundleFile, proven: &Proven, documents: &[CitedFile], room: Option<usize>) -> String {
    let mut parts = vec![
        String::new(),
        words::proven(&Found::new(&file.bundle, proven), room),
    ];
    if !documents.is_empty() {
        let lines: Vec<_> = documents.iter().map(CitedFile::words).collect();
        parts.push(words::points("DOCUMENTS", &lines, room));
    }
    parts.push(words::points("ASSUMED", &words::assumed(proven), room));
    parts.push(words::points("NOT PROVEN", &words::not_proven(proven), room));
    parts.join("\n")
}

/// The trouble that it is that a bundle does not hold.
pub fn unproven(file: &str, fault: &Fault) -> Trouble {
    let place = Step::ALL.iter().position(|which| *which == fault.step());
    let advice = match fault {
        Fault::Origin(BadOrigin::BeginsLate(_) | BadOrigin::SetNotShown(_)) => {
            "It shows too little history for that: trust a checkpoint that it was made for, or export it anew."
        }
        Fault::Origin(_) => "Is it a bundle of the chain that you trust, and is what you trust written right?",
        Fault::Finality {
            why: BadBlock::NotAfter { .. },
            ..
        } => "It is older than what you trust: give an earlier checkpoint, or the genesis hash.",
        _ => "Nothing that it says is proven. Get it anew, or have another node make one: `faultline proof export`.",
    };
    Trouble::failed(
        "unproven",
        format!(
            "{file} proves nothing: step {} of {}, {}: {}",
            place.unwrap_or_default() + 1,
            Step::ALL.len(),
            fault.step().name(),
            output::plain(&fault.to_string())
        ),
    )
    .with_advice(advice)
}

#[cfg(test)]
mod tests {
    use anstream::adapter::strip_str;
    use faultline_client::proof::{verify, Bundle, Envelope};
    use faultline_forge::{incident_bundle, service_bundle, Chain, Story};
    use faultline_primitives::{Span, UnixMillis};

    use super::*;

    fn file(bundle: Bundle) -> BundleFile {
        BundleFile {
            name: "incident-7.json".into(),
            bytes: 0,
            envelope: Envelope::of(&bundle),
            bundle,
        }
    }

    fn words(file: &BundleFile, anchor: Anchor) -> String {
        let proven = verify(&file.bundle, anchor).unwrap();
        let steps = Step::ALL.map(|which| words::passed(which, &anchor)).join("\n");
        let text = format!("{steps}\n{}", told(file, &proven, &[], Some(100)));
        strip_str(&text).to_string()
    }

    #[test]
    fn what_is_proven_of_an_incident_is_told_apart_from_what_is_not() {
        let (chain, bundle) = incident_bundle(4, 2, 5);
        insta::assert_snapshot!(words(&file(bundle), Anchor::Genesis(chain.genesis())));
    }

    #[test]
    fn what_is_proven_of_a_service_is_that_no_incident_is_left_out() {
        let chain = Chain::new(4);
        let stories = [Story::told(7, 2), Story::told(8, 1).redacted()];
        let span = Span {
            from: UnixMillis(0),
            to: UnixMillis(u64::MAX),
        };
        let bundle = service_bundle(&chain, &stories, span);
        insta::assert_snapshot!(words(&file(bundle), Anchor::Genesis(chain.genesis())));
    }

    #[test]
    fn a_checkpoint_is_trusted_in_place_of_all_before_it() {
        let (chain, bundle) = incident_bundle(4, 3, 2);
        let text = words(&file(bundle), Anchor::Checkpoint(chain.checkpoint()));
        assert!(text.contains("the same since the checkpoint"), "{text}");
        assert!(text.contains("the checkpoint's set of validators"), "{text}");
    }

    #[test]
    fn the_first_step_that_fails_is_named_with_what_to_do() {
        let (chain, good) = incident_bundle(4, 1, 5);
        let (genesis, stranger) = (Anchor::Genesis(chain.genesis()), Chain::new(5).genesis());
        let mut unsigned = good.clone();
        unsigned.block.justification.commit.votes.pop();
        let mut shortened = good.clone();
        if let faultline_client::proof::Claim::Incident(log) = &mut shortened.claim {
            log.entries.pop();
        }
        for (bundle, anchor, word) in [
            (&good, Anchor::Genesis(stranger), "step 1 of 6, origin"),
            (&unsigned, genesis, "step 3 of 6, finality"),
            (&shortened, genesis, "step 5 of 6, entries"),
        ] {
            let fault = verify(bundle, anchor).unwrap_err();
            let trouble = unproven("a.json", &fault);
            assert_eq!(trouble.kind(), "unproven");
            assert!(trouble.what().contains(word), "{}", trouble.what());
            assert!(trouble.advice().is_some());
        }
    }

    #[test]
    fn for_programs_it_is_one_document_that_says_whether_all_holds() {
        let (chain, bundle) = incident_bundle(4, 1, 3);
        let anchor = Anchor::Genesis(chain.genesis());
        let file = file(bundle);
        let json = |verified, cited| {
            let finding = finding(&file, &anchor, vec!["origin"], &verified, vec![], cited);
            serde_json::to_value(finding).unwrap()
        };
        let good = json(verify(&file.bundle, anchor), true);
        assert_eq!((&good["holds"], &good["failed"]), (&true.into(), &().into()));
        assert_eq!(good["proven"]["incidents"][0]["id"], 7);
        assert_eq!(
            good["proven"]["madeFinalBy"]["validators"]
                .as_array()
                .unwrap()
                .len(),
            4
        );
        assert_eq!(json(verify(&file.bundle, anchor), false)["holds"], false);
        let other = verify(&file.bundle, Anchor::Genesis(Chain::new(1).genesis()));
        let bad = json(other, true);
        assert_eq!((&bad["holds"], &bad["proven"]), (&false.into(), &().into()));
        assert_eq!(bad["failed"]["step"], "origin");
    }
}
