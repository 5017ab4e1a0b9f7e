//! What a shell wants of the program: completions and manual pages.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use clap::{Args, Command, CommandFactory};
use clap_complete::{Generator, Shell};

use crate::{
    options::{example, Program},
    output,
    trouble::{Result, Trouble},
};

/// Print what completes commands and options in your shell.
///
/// Wants no node. bash reads it from ~/.local/share/bash-completion/completions/faultline, fish from
/// ~/.config/fish/completions/faultline.fish, zsh from _faultline in a folder of its fpath.
#[derive(Args)]
#[command(after_help = example("completions bash"))]
pub struct Completions {
    /// The shell.
    shell: Shell,
}

/// Print the manual page, or write one for each command to a folder.
///
/// Wants no node. man finds them in ~/.local/share/man/man1.
#[derive(Args)]
#[command(after_help = example("man man1"))]
pub struct Man {
    /// The folder; it is made where it is not there.
    folder: Option<PathBuf>,
}

fn failed(error: io::Error) -> Trouble {
    Trouble::failed("output", error.to_string())
}

impl Completions {
    pub fn run(self) -> Result<()> {
        let mut program = Program::command().bin_name("faultline");
        program.build();
        let mut text = Vec::new();
        self.shell.try_generate(&program, &mut text).map_err(failed)?;
        output::print(String::from_utf8_lossy(&text).trim_end())
    }
}

impl Man {
    pub fn run(self) -> Result<()> {
        let mut program = Program::command().disable_help_subcommand(true);
        program.build();
        match self.folder {
            None => output::print(page(&program).map_err(failed)?.1.trim_end()),
            Some(folder) => {
                let written = fs::create_dir_all(&folder).and_then(|()| write(&program, &folder));
                let written = written.map_err(|error| failed(error).at(folder.display()))?;
                output::talk(format_args!("Wrote {written} pages to {}.", folder.display()));
                Ok(())
            }
        }
    }
}

/// Writes the page of a command, and those of all below it, and says how many.
fn write(command: &Command, folder: &Path) -> io::Result<usize> {
    let (name, text) = page(command)?;
    fs::write(folder.join(name), text)?;
    let below = command.get_subcommands().map(|below| write(below, folder));
    below.sum::<io::Result<usize>>().map(|written| written + 1)
}

/// The page of a command, and what its file is called.
fn page(command: &Command) -> io::Result<(String, String)> {
    let man = clap_mangen::Man::new(command.clone())
        .source(concat!("faultline ", env!("CARGO_PKG_VERSION")))
        .manual("Faultline");
    let mut text = Vec::new();
    man.render(&mut text)?;
    // What follows the options is an example, and mostly nothing else.
    let text = String::from_utf8_lossy(&text)
        .replace(".SH EXTRA\n", ".SH EXAMPLE\n")
        .replace(".SH EXAMPLE\nExample:\n", ".SH EXAMPLE\n");
    Ok((man.get_filename(), text))
}
