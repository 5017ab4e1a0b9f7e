//! What is trusted.

use clap::Args;
use faultline_client::proof::{Anchor, Checkpoint};
use faultline_primitives::Hash;
use faultline_rpc::view::CheckpointView;

use crate::trouble::{Result, Trouble};

/// What is trusted besides the genesis hash, which is an option of every command.
#[derive(Args, Clone, Debug)]
pub struct Trust {
    /// Trust this block, and who makes final what follows it, in place of the genesis hash: less history must be trusted.
    /// `faultline council list` shows the latest that the council has published.
    #[arg(long, value_name = "NUMBER:HASH:SETID:SETHASH", value_parser = checkpoint)]
    checkpoint: Option<Checkpoint>,
}

impl Trust {
    /// What is trusted, where that must be said: what a node said once is not taken for it.
    pub fn said(&self, genesis: Option<Hash>) -> Result<Anchor> {
        match (genesis, self.checkpoint) {
            (Some(_), Some(_)) => Err(Trouble::usage("--genesis and --checkpoint are both given")
                .with_advice("Give the one that is trusted.")),
            (Some(genesis), None) => Ok(Anchor::Genesis(genesis)),
            (None, Some(checkpoint)) => Ok(Anchor::Checkpoint(checkpoint)),
            (None, None) => Err(Trouble::usage("it is not said what is trusted").with_advice(
                "Give --genesis HASH: who runs the chain publishes it, and `faultline status` shows that of a node which \
                 you trust. Or give --checkpoint, as a member has published it.",
            )),
        }
    }

    /// The checkpoint, else this genesis hash.
    pub fn or(&self, genesis: Hash) -> Anchor {
        self.checkpoint
            .map_or(Anchor::Genesis(genesis), Anchor::Checkpoint)
    }
}

/// A checkpoint as it is handed on.
fn checkpoint(text: &str) -> std::result::Result<Checkpoint, String> {
    let parts: Vec<_> = text.trim().split(':').collect();
    let [number, hash, set_id, set] = parts.as_slice() else {
        return Err("it is NUMBER:HASH:SETID:SETHASH, as `faultline council list` shows it".into());
    };
    let hash_of = |what: &str, text: &str| {
        text.parse()
            .map_err(|_| format!("{what} `{text}` is none of 32 bytes in hex, such as 0x91b1…"))
    };
    Ok(Checkpoint {
        number: number
            .parse()
            .map_err(|_| format!("the block's number `{number}` is no number below 2^32"))?,
        hash: hash_of("the block's hash", hash)?,
        set_id: set_id
            .parse()
            .map_err(|_| format!("the set's number `{set_id}` is no number below 2^64"))?,
        set: hash_of("the set's hash", set)?,
    })
}

/// What is trusted, in words.
pub fn words(anchor: &Anchor) -> String {
    match anchor {
        Anchor::Genesis(hash) => format!("genesis hash {hash}"),
        Anchor::Checkpoint(checkpoint) => format!("checkpoint {}", CheckpointView::from(*checkpoint)),
    }
}

/// The options that say so.
pub fn option(anchor: &Anchor) -> String {
    match anchor {
        Anchor::Genesis(hash) => format!("--genesis {hash}"),
        Anchor::Checkpoint(checkpoint) => format!("--checkpoint {}", CheckpointView::from(*checkpoint)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkpoint_is_read_as_it_is_shown() {
        let shown = CheckpointView::from(Checkpoint {
            number: 600,
            hash: Hash([1; 32]),
            set_id: 2,
            set: Hash([3; 32]),
        })
        .to_string();
        let read = checkpoint(&shown).map(|checkpoint| CheckpointView::from(checkpoint).to_string());
        assert_eq!(read, Ok(shown.clone()));
        for (wrong, word) in [
            (String::new(), "NUMBER"),
            (format!("{shown}:1"), "NUMBER"),
            (shown.replacen("600", "-1", 1), "number"),
            (shown.replace(":2:", ":x:"), "set's number"),
            (shown.replacen("0x01", "0x", 1), "block's hash"),
        ] {
            assert!(checkpoint(&wrong).is_err_and(|why| why.contains(word)), "{wrong}");
        }
    }

    #[test]
    fn one_thing_is_trusted_and_it_must_be_said_which() {
        let none = Trust { checkpoint: None };
        let kind = |trouble: Trouble| (trouble.kind().to_owned(), trouble.advice().is_some());
        assert_eq!(none.said(None).map_err(kind), Err(("usage".into(), true)));
        let genesis = Hash([7; 32]);
        assert_eq!(none.said(Some(genesis)).ok(), Some(Anchor::Genesis(genesis)));
        let both = Trust {
            checkpoint: Some(Checkpoint {
                number: 1,
                hash: genesis,
                set_id: 0,
                set: genesis,
            }),
        };
        assert!(both.said(Some(genesis)).is_err());
        assert!(both.said(None).is_ok());
    }
}
