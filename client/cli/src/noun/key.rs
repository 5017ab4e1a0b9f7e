//! `faultline key`

use std::path::PathBuf;

use clap::Subcommand;
use faultline_client::Key as Pair;
use serde_json::json;

use crate::{
    options::{example, Options},
    output,
    signer::Passwords,
    trouble::Result,
};

#[derive(Subcommand)]
pub enum Key {
    /// Make a key and write it, encrypted by a password, to a new file that only you can read.
    ///
    /// The password is asked for on the terminal, or read from the file that --password-file names. The file is one
    /// that the wallet of polkadot-js imports.
    #[command(after_help = example("key new probe.key"))]
    New {
        /// The file; it must not be there yet.
        file: PathBuf,
    },
    /// Show the public key of a key. It wants no password.
    #[command(after_help = example("key show dev:alice"))]
    Show {
        /// A file, or dev:NAME.
        which: String,
    },
}

impl Key {
    pub fn run(self, options: &Options) -> Result<()> {
        let json = options.json;
        match self {
            Self::New { file } => {
                let password = Passwords::new(options).of_new(&file)?;
                let public = Pair::new_file(&file, &password)?.account();
                let data = json!({ "publicKey": public, "file": file });
                if !json {
                    output::talk(format_args!(
                        "Wrote {}. Nobody can make it again, or open it without its password: keep both safe, apart. \
                         Your organisation's admin adds it with\n  faultline reporter add {public} --label NAME",
                        file.display()
                    ));
                }
                output::done(json, None, &data, &public.to_string())
            }
            Self::Show { which } => {
                let public = Pair::public(&which)?;
                output::done(json, None, &json!({ "publicKey": public }), &public.to_string())
            }
        }
    }
}
