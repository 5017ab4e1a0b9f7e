//! Single records, verified: what is asked of one incident, service or organisation by its number or name.

mod records;

use clap::Args;
use faultline_client::{
    primitives::Millis,
    proof::{verify::Block, Anchor, History},
    rpc::error::Failure,
    trust::Doubt,
    Error,
};
use faultline_primitives::{Hash, UnixMillis};
use faultline_rpc::view::At;
use serde::Serialize;
use serde_json::json;

use crate::{
    moment::{lasted, Moment},
    noun::proof::view,
    output::{self, Paper},
    session::Session,
    trouble::{Result, Trouble},
};

pub use records::{organisation, service};

/// How old a block may be at which something is proven, before it is said that there may be newer.
const FRESH: Millis = Millis::minutes(1);

/// Whose word is taken.
#[derive(Args, Clone, Copy, Debug)]
pub struct Word {
    /// Take the node's word for it. Else what it says is verified, from the chain's genesis hash.
    #[arg(long)]
    pub unverified: bool,
}

/// Whether an answer was verified, and at which block.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Standing {
    /// Whether it was.
    verified: bool,
    /// At which block.
    #[serde(flatten)]
    at: Option<ProvenAt>,
}

/// A block at which something was proven.
#[derive(Clone, Copy, Debug, Serialize)]
struct ProvenAt {
    /// Its number.
    block: u32,
    /// Its hash.
    hash: Hash,
    /// How many seconds ago it was, by this machine's clock.
    age: u64,
}

impl Standing {
    /// The node's word.
    pub const UNVERIFIED: Self = Self {
        verified: false,
        at: None,
    };

    /// How something is known, in words.
    pub fn known(&self) -> &'static str {
        match self.verified {
            true => "Proven",
            false => "As the node says",
        }
    }
}

/// What is trusted: the genesis hash that the chain is known by.
pub fn anchor(session: &Session) -> Anchor {
    Anchor::Genesis(session.client.genesis())
}

/// Says at which block it is proven, and by whom; warns where that was long ago.
pub fn say(session: &Session, block: &Block, now: UnixMillis, history: &History) -> Standing {
    let clock = Moment::now().0;
    if !session.json {
        let validators = history.set().authorities.len();
        output::talk(line(block, validators, clock.since(now)));
        if session.on_its_word {
            output::talk(format_args!(
                "  from genesis hash {}, which this node told at first contact: give --genesis HASH to be sure.",
                session.client.genesis()
            ));
        }
        if let Some(warning) = warning(now, clock) {
            output::talk(warning);
        }
    }
    Standing {
        verified: true,
        at: Some(ProvenAt {
            block: block.number,
            hash: block.hash,
            age: clock.since(now).0 / 1_000,
        }),
    }
}

fn line(block: &Block, validators: usize, age: Millis) -> String {
    let by = match validators {
        1 => "1 validator".into(),
        n => format!("{n} validators"),
    };
    let ago = match age.0 / 1_000 {
        0 => "just now".into(),
        seconds => format!("{} ago", lasted(Millis::seconds(seconds))),
    };
    let block = output::block(&view::block(block));
    format!("verified: final at block {block}, {ago}, by {by}")
}

/// What is to be said of the age of a block.
fn warning(now: UnixMillis, clock: UnixMillis) -> Option<String> {
    let (age, ahead) = (clock.since(now), now.since(clock));
    if age > FRESH {
        return Some(format!(
            "warning: this is as of {} ago, and there may be more since. Does the chain still make blocks final? Another \
             node may know more: --node.",
            lasted(age)
        ));
    }
    (ahead > FRESH).then(|| {
        format!(
            "warning: the block's time lies {} ahead of this machine's clock, so that its age is not known.",
            lasted(ahead)
        )
    })
}

/// The trouble that it is that something cannot be verified. It is never shown unverified unasked.
pub fn trouble(error: Error) -> Trouble {
    let cannot_prove = match &error {
        Error::Failure(
            Failure::NoHistory { .. } | Failure::TooLarge { .. } | Failure::Unavailable { .. },
        ) => true,
        // A node of an earlier release knows no proofs.
        Error::Node { code, .. } => *code == METHOD_NOT_FOUND,
        _ => false,
    };
    let trouble = Trouble::from(error);
    match cannot_prove {
        true => Trouble::failed(
            "cannotProve",
            format!("the node cannot prove it: {}", trouble.what()),
        )
        .with_advice("Ask another node with --node, or take this one's word with --unverified."),
        false => trouble,
    }
}

/// The same of what is read at a proven block.
pub fn doubt(doubt: Doubt) -> Trouble {
    match doubt {
        Doubt::Node(error) => trouble(error),
        doubt => Trouble::failed("unproven", doubt.to_string()).with_advice(
            "Ask another node with --node. One that does this is damaged, of another release, or lies.",
        ),
    }
}

/// JSON-RPC's error of a method that is not there.
const METHOD_NOT_FOUND: i32 = -32_601;

/// Prints an answer, and in JSON whether it was verified.
pub fn answer<T: Serialize>(
    session: &Session,
    answer: &At<T>,
    standing: Standing,
    for_people: impl FnOnce(&T) -> String,
) -> Result<()> {
    let mut paper = Paper::plain();
    if session.json {
        let document = json!({
            "schemaVersion": output::SCHEMA_VERSION,
            "at": answer.at,
            "data": answer.data,
            "proof": standing,
        });
        return output::write_json(&mut paper, &document);
    }
    output::write_words(
        &mut paper,
        &for_people(&answer.data),
        standing.known(),
        &answer.at,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = UnixMillis(1_733_958_960_000);

    #[test]
    fn what_was_proven_is_said_in_one_line_and_what_is_old_is_warned_of() {
        let block = Block {
            number: 123,
            hash: Hash([0xab; 32]),
            state_root: Hash([0; 32]),
        };
        assert!(line(&block, 1, Millis(999)).ends_with(", just now, by 1 validator"));
        let line = line(&block, 4, Millis(12_345));
        assert!(line.starts_with("verified: final at block 123 (0xabab"), "{line}");
        assert!(line.ends_with(", 12s ago, by 4 validators"), "{line}");
        let after = |millis| NOW.after(Millis(millis));
        assert_eq!(warning(NOW, after(60_000)), None);
        assert!(warning(NOW, after(61_000)).is_some_and(|why| why.contains("1m 1s ago")));
        assert!(warning(after(90_000), NOW).is_some_and(|why| why.contains("ahead")));
    }

    #[test]
    fn a_node_that_cannot_prove_is_told_from_one_that_proves_what_is_not_so() {
        let old = Error::Node {
            code: METHOD_NOT_FOUND,
            message: "Method not found".into(),
        };
        for error in [old, Error::Failure(Failure::NoHistory { block: 1 })] {
            let trouble = trouble(error);
            assert_eq!(trouble.kind(), "cannotProve");
            assert!(trouble
                .advice()
                .is_some_and(|advice| advice.contains("--unverified")));
        }
        let lie = trouble(Error::Unproven {
            url: "ws://a:1".into(),
            why: faultline_client::BadEvidence::Other("incident 7".into()),
        });
        assert_eq!(lie.kind(), "unproven");
        assert!(lie
            .advice()
            .is_some_and(|advice| !advice.contains("--unverified")));
    }

    #[test]
    fn in_json_it_is_said_whether_it_was_verified() {
        let standing = Standing {
            verified: true,
            at: Some(ProvenAt {
                block: 7,
                hash: Hash([0; 32]),
                age: 3,
            }),
        };
        let json = |standing| serde_json::to_value::<Standing>(standing).unwrap();
        assert_eq!(json(standing)["age"], 3);
        assert_eq!(json(Standing::UNVERIFIED), json!({ "verified": false }));
    }
}
