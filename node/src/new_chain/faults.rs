//! What is wrong with a file, each with its line and its field.

use std::{fmt, path::PathBuf};

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The line of the file, from 1.
    pub line: usize,
    /// The field, with what it is of.
    pub field: String,
    /// What is wrong, and what to do.
    pub what: String,
}

/// Everything that is wrong, in order of lines.
#[derive(Debug)]
pub struct Faults {
    /// The file.
    pub path: PathBuf,
    /// At least one.
    pub all: Vec<Fault>,
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no chain can be made from {}:", self.path.display())?;
        for Fault { line, field, what } in &self.all {
            write!(f, "\n  line {line}, {field}: {what}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}

/// Collects what is wrong with a text.
pub struct Collector<'a> {
    text: &'a str,
    all: Vec<Fault>,
}

impl<'a> Collector<'a> {
    /// Nothing is wrong yet.
    pub fn new(text: &'a str) -> Self {
        Self {
            text,
            all: Vec::new(),
        }
    }

    /// Something is wrong at this place, in bytes from the beginning.
    pub fn add(&mut self, at: usize, field: impl Into<String>, what: impl Into<String>) {
        self.all.push(Fault {
            line: self.line(at),
            field: field.into(),
            what: what.into(),
        });
    }

    /// The line of a place.
    pub fn line(&self, at: usize) -> usize {
        let before = self.text.as_bytes().iter().take(at);
        before.filter(|byte| **byte == b'\n').count().saturating_add(1)
    }

    /// What was found, in order of lines.
    pub fn finish(mut self) -> Vec<Fault> {
        self.all.sort_by_key(|fault| fault.line);
        self.all
    }
}
