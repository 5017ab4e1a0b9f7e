//! What a long answer is written on: stdout, or a pager before it where somebody sits at a terminal.

use std::{
    env,
    io::{self, ErrorKind, IsTerminal, Stdout, Write},
    ops::ControlFlow,
    process::{Child, ChildStdin, Command, Stdio},
};

use super::{for_stdout, heard};
use crate::{interrupt, trouble::Result};

/// What a line has that only a shell understands: it is started through one, and any other by itself.
const FOR_A_SHELL: &[char] = &[
    '|', '&', ';', '<', '>', '(', ')', '$', '`', '\\', '"', '\'', '*', '?', '[', '#', '~', '=', '%',
];
/// How many bytes a pipe takes though nobody reads them.
const PIPE: usize = 64 * 1024;

/// What an answer is written on. Once it goes, it waits until the pager is left.
pub struct Paper(To);

enum To {
    Stdout(Stdout),
    Pager(Pager),
}

impl Paper {
    /// stdout itself.
    pub fn plain() -> Self {
        Self(To::Stdout(io::stdout()))
    }

    /// A pager, if one is wanted, stdout is a terminal, and it can be started; else stdout.
    pub fn paged(wanted: bool) -> Self {
        let pager = (wanted && io::stdout().is_terminal()).then(Pager::start);
        pager
            .flatten()
            .map_or_else(Self::plain, |pager| Self(To::Pager(pager)))
    }

    /// Writes words at once, with their colours where those are wanted, and says whether anybody reads on.
    pub fn say(&mut self, words: &str) -> Result<ControlFlow<()>> {
        self.give(&for_stdout(words))
    }

    /// Writes data at once, as it is, and says whether anybody reads on.
    pub fn give(&mut self, data: &str) -> Result<ControlFlow<()>> {
        heard(self.write_all(data.as_bytes()).and_then(|()| self.flush()))
    }
}

impl Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.0 {
            To::Stdout(stdout) => stdout.write(bytes),
            To::Pager(pager) => pager.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.0 {
            To::Stdout(stdout) => stdout.flush(),
            To::Pager(_) => Ok(()),
        }
    }
}

/// A pager that runs.
struct Pager {
    child: Child,
    /// What it reads; none once it turned out that it could not be started, and stdout took its place.
    stdin: Option<ChildStdin>,
    /// What it was given first: a shell says only afterwards that there is no such pager.
    held: Vec<u8>,
}

impl Pager {
    fn start() -> Option<Self> {
        let mut command = command(&named(|name| env::var(name).ok()))?;
        for (name, value) in [("LESS", "FRX"), ("LV", "-c")] {
            if env::var_os(name).is_none() {
                command.env(name, value);
            }
        }
        // Ctrl-C is the pager's: it stops reading or searching, and stays.
        interrupt::ignore();
        let mut child = command.stdin(Stdio::piped()).spawn().ok()?;
        let stdin = child.stdin.take();
        Some(Self {
            child,
            stdin,
            held: Vec::new(),
        })
    }

    /// Waits for its end, and says whether it never began.
    fn never_began(&mut self) -> bool {
        let ended = self.child.wait().ok().and_then(|status| status.code());
        matches!(ended, Some(126 | 127)) && self.held.len() <= PIPE
    }
}

impl Write for Pager {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some(stdin) = &mut self.stdin else {
            return io::stdout().write(bytes);
        };
        match stdin.write(bytes) {
            Ok(written) => {
                if self.held.len() <= PIPE {
                    self.held.extend(bytes.iter().take(written));
                }
                Ok(written)
            }
            Err(error) if error.kind() == ErrorKind::BrokenPipe && self.never_began() => {
                self.stdin = None;
                io::stdout().write_all(&self.held)?;
                io::stdout().write(bytes)
            }
            Err(error) => Err(error),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Pager {
    fn drop(&mut self) {
        // Closing what it reads tells it that this was all.
        let was_read = self.stdin.take().is_some();
        if self.never_began() && was_read {
            let _ = io::stdout().write_all(&self.held);
        }
        let _ = io::stdout().flush();
    }
}

/// The pager that is wanted, by what the environment says; as git, with a name of our own.
fn named(environment: impl Fn(&str) -> Option<String>) -> String {
    ["FAULTLINE_PAGER", "PAGER"]
        .into_iter()
        .find_map(environment)
        .unwrap_or_else(|| "less".into())
}

/// What starts it; none where none is wanted.
fn command(line: &str) -> Option<Command> {
    let mut words = line.split_whitespace();
    let program = words.next()?;
    if line.trim() == "cat" {
        return None;
    }
    let mut command;
    if line.contains(FOR_A_SHELL) {
        command = Command::new("sh");
        command.args(["-c", line]);
    } else {
        command = Command::new(program);
        command.args(words);
    }
    Some(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn started(line: &str) -> Option<Vec<String>> {
        let command = command(line)?;
        let words = std::iter::once(command.get_program()).chain(command.get_args());
        Some(words.map(|word| word.to_string_lossy().into_owned()).collect())
    }

    #[test]
    fn the_programs_own_pager_comes_first_and_an_empty_one_or_cat_is_none() {
        let with = |own: Option<&str>, common: Option<&str>| {
            let name = named(|name| match name {
                "FAULTLINE_PAGER" => own.map(Into::into),
                _ => common.map(Into::into),
            });
            started(&name)
        };
        assert_eq!(with(None, None), Some(vec!["less".into()]));
        assert_eq!(
            with(Some("less -S"), Some("more")),
            Some(vec!["less".into(), "-S".into()])
        );
        assert_eq!(with(None, Some("more")), Some(vec!["more".into()]));
        for none in ["", " ", "cat", " cat "] {
            assert_eq!(with(Some(none), Some("more")), None, "{none:?}");
        }
    }

    #[test]
    fn what_a_shell_must_understand_is_left_to_one() {
        let line = "LESS=R less | tee 'a b'";
        assert_eq!(started(line), Some(vec!["sh".into(), "-c".into(), line.into()]));
    }
}
