//! What steps and faults are called where programs tell them apart: names that stay.
//!
//! A fault's name says the step, then what is wrong, then what is wrong with that: `finality.notFinal.tooFew`. Numbers
//! and hashes are in its text alone.

use alloc::{
    borrow::ToOwned,
    format,
    string::{String, ToString},
};

use faultline_primitives::log::Unfit;

use crate::{
    bundle::Unreadable,
    envelope::BadEnvelope,
    fault::{BadBlock, BadChange, BadEntries, BadFold, BadOrigin, BadState, Fault, Subject},
    finality::{BadSet, NotFinal},
    header::BadNote,
    trie::BadProof,
    verify::Step,
};

/// The names of an enumeration's variants, and all of them: the compiler asks for the name of a new one.
macro_rules! names {
    ($($type:ty { $($pattern:pat => $name:literal,)* })*) => {
        $(impl $type {
            /// The names that there are.
            pub const NAMES: &[&str] = &[$($name),*];

            /// What it is called, without what is said of it further.
            pub const fn name(&self) -> &'static str {
                match self { $($pattern => $name,)* }
            }
        })*
    };
}

names! {
    Step {
        Self::Origin => "origin",
        Self::Authorities => "authorities",
        Self::Finality => "finality",
        Self::State => "state",
        Self::Entries => "entries",
        Self::Fold => "fold",
    }
    BadOrigin {
        Self::OtherGenesis { .. } => "otherGenesis",
        Self::Numbered(_) => "numbered",
        Self::Proof(_) => "proof",
        Self::NoAuthorities => "noAuthorities",
        Self::Set(_) => "set",
        Self::BeginsLate(_) => "beginsLate",
        Self::SetNotShown(_) => "setNotShown",
        Self::OtherSet { .. } => "otherSet",
    }
    BadChange {
        Self::Backwards => "backwards",
        Self::Note(_) => "note",
        Self::None => "none",
        Self::Set(_) => "set",
        Self::NotFinal(_) => "notFinal",
        Self::TooMany => "tooMany",
    }
    BadBlock {
        Self::NotAfter { .. } => "notAfter",
        Self::Note(_) => "note",
        Self::NotFinal(_) => "notFinal",
    }
    BadState {
        Self::Proof(_) => "proof",
        Self::Absent(_) => "absent",
        Self::Malformed(_) => "malformed",
    }
    Subject {
        Self::Now => "now",
        Self::Incident(_) => "incident",
        Self::Service(_) => "service",
        Self::Organisation(_) => "organisation",
        Self::Roll(_) => "roll",
        Self::Redaction(..) => "redaction",
    }
    BadEntries {
        Self::Count { .. } => "count",
        Self::Head { .. } => "head",
        Self::OtherText { .. } => "otherText",
        Self::RollCount { .. } => "rollCount",
        Self::RollHead => "rollHead",
        Self::Span => "span",
        Self::OtherOpening { .. } => "otherOpening",
    }
    BadFold {
        Self::Unfit(Unfit::Refused(_)) => "refused",
        Self::Unfit(Unfit::Backwards) => "backwards",
        Self::Unfit(Unfit::Full) => "full",
        Self::OtherRecord => "otherRecord",
    }
    BadNote {
        Self::Malformed => "malformed",
        Self::Forced => "forced",
        Self::Delayed => "delayed",
        Self::Several => "several",
    }
    BadSet {
        Self::Empty => "empty",
        Self::Twice(_) => "twice",
        Self::Weightless(_) => "weightless",
        Self::TooHeavy => "tooHeavy",
    }
    NotFinal {
        Self::Set(_) => "set",
        Self::OtherBlock => "otherBlock",
        Self::Stranger(_) => "stranger",
        Self::VotedTwice(_) => "votedTwice",
        Self::NoDescendant(_) => "noDescendant",
        Self::Superfluous(_) => "superfluous",
        Self::TooFew { .. } => "tooFew",
        Self::LaterBlock(_) => "laterBlock",
        Self::Signature(_) => "signature",
    }
    BadProof {
        Self::OutOfOrder => "outOfOrder",
        Self::Missing(_) => "missing",
        Self::Superfluous(_) => "superfluous",
        Self::Malformed(_) => "malformed",
        Self::NotCanonical(_) => "notCanonical",
    }
    BadEnvelope {
        Self::TooLong => "tooLong",
        Self::Json(_) => "json",
        Self::OtherFormat(_) => "otherFormat",
        Self::Version(_) => "version",
        Self::Base64 => "base64",
        Self::Bundle(_) => "bundle",
        Self::About => "about",
    }
    Unreadable {
        Self::TooLong => "tooLong",
        Self::Version(_) => "version",
        Self::Malformed => "malformed",
        Self::NotCanonical => "notCanonical",
    }
}

fn within(outer: &str, inner: impl AsRef<str>) -> String {
    format!("{outer}.{}", inner.as_ref())
}

impl Fault {
    /// What it is called: `finality.notFinal.tooFew`, say.
    pub fn name(&self) -> String {
        let why = match self {
            Self::Origin(why) => match why {
                BadOrigin::Proof(inner) => within(why.name(), inner.name()),
                BadOrigin::Set(inner) => within(why.name(), inner.name()),
                _ => why.name().to_owned(),
            },
            Self::Authorities { why, .. } => match why {
                BadChange::Note(inner) => within(why.name(), inner.name()),
                BadChange::Set(inner) => within(why.name(), inner.name()),
                BadChange::NotFinal(inner) => within(why.name(), inner.full_name()),
                _ => why.name().to_owned(),
            },
            Self::Finality { why, .. } => match why {
                BadBlock::Note(inner) => within(why.name(), inner.name()),
                BadBlock::NotFinal(inner) => within(why.name(), inner.full_name()),
                BadBlock::NotAfter { .. } => why.name().to_owned(),
            },
            Self::State(why) => match why {
                BadState::Proof(inner) => within(why.name(), inner.name()),
                BadState::Absent(what) | BadState::Malformed(what) => within(why.name(), what.name()),
            },
            Self::Entries(why) => why.name().to_owned(),
            Self::Fold { why, .. } => why.name().to_owned(),
        };
        within(self.step().name(), why)
    }
}

impl NotFinal {
    fn full_name(&self) -> String {
        match self {
            Self::Set(why) => within(self.name(), why.name()),
            _ => self.name().to_string(),
        }
    }
}

impl BadEnvelope {
    /// What it is called, with what is wrong with the bundle in it: `bundle.malformed`, say.
    pub fn full_name(&self) -> String {
        match self {
            Self::Bundle(why) => within(self.name(), why.name()),
            _ => self.name().to_string(),
        }
    }
}
