//! `faultline key`

use std::path::PathBuf;

use clap::Subcommand;
use faultline_client::Key as Pair;
use serde_json::json;

use crate::{options::example, output, trouble::Result};

#[derive(Subcommand)]
pub enum Key {
    /// Make a key and write it to a new file that only you can read.
    #[command(after_help = example("key new probe.key"))]
    New {
        /// The file; it must not be there yet.
        file: PathBuf,
    },
    /// Show the public key of a key.
    #[command(after_help = example("key show dev:alice"))]
    Show {
        /// A file, or dev:NAME.
        which: String,
    },
}

impl Key {
    pub fn run(self, json: bool) -> Result<()> {
        match self {
            Self::New { file } => {
                let public = Pair::new_file(&file)?.account();
                let data = json!({ "publicKey": public, "file": file });
                if !json {
                    output::talk(format_args!(
                        "Wrote {}. Nobody can make it again: keep it safe. Your organisation's admin adds it with\n  \
                         faultline reporter add {public} --label NAME",
                        file.display()
                    ));
                }
                output::done(json, None, &data, &public.to_string())
            }
            Self::Show { which } => {
                let public = Pair::named(&which)?.account();
                output::done(json, None, &json!({ "publicKey": public }), &public.to_string())
            }
        }
    }
}
