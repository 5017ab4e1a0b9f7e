//! `faultline proof`
//!
//! | file | holds |
//! | --- | --- |
//! | `anchor.rs` | what is trusted: the options, and what they say |
//! | `file.rs` | files of others: read as far as a bundle can be long, and no further |
//! | `export.rs`, `verify.rs`, `compare.rs`, `show.rs` | the commands |
//! | `finding.rs`, `words.rs` | what is proven and what is not, as JSON and in words |
//! | `documents.rs` | documents that entries cite |
//! | `view.rs` | what is proven as a node would show it |

pub mod anchor;
mod compare;
mod documents;
mod export;
mod file;
mod finding;
mod show;
mod verify;
pub mod view;
mod words;

use clap::Subcommand;

use crate::{options::Options, session::Session, trouble::Result};

#[derive(Subcommand)]
pub enum Proof {
    // Where a variant has no words of its own, those of what it holds are shown.
    Export(export::Export),
    Verify(verify::Verify),
    Compare(compare::Compare),
    Show(show::Show),
}

impl Proof {
    pub async fn run(self, options: &Options) -> Result<()> {
        match self {
            Self::Export(export) => {
                // A file that may not be written is refused before anybody is asked.
                let export = export.begin()?;
                export.run(&Session::open(options).await?).await
            }
            // These want no node.
            Self::Verify(verify) => verify.run(options),
            Self::Compare(compare) => compare.run(options),
            Self::Show(show) => show.run(options.json),
        }
    }
}
