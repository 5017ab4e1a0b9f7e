//! What went wrong, for people and for programs.

use std::process::ExitCode;

use faultline_client::{key::KeyError, Error};
use faultline_rpc::error::Failure;
use serde::Serialize;
use serde_json::json;

use crate::output::{talk, SCHEMA_VERSION};

/// Why a command did not do what it was asked.
#[derive(Clone, Debug, Serialize)]
pub struct Trouble {
    #[serde(skip)]
    code: u8,
    kind: String,
    #[serde(rename = "message")]
    what: String,
    advice: Option<String>,
}

/// What a command gives.
pub type Result<T> = std::result::Result<T, Trouble>;

impl Trouble {
    /// It was done, or answered, with a no.
    pub fn failed(kind: &str, what: impl Into<String>) -> Self {
        Self {
            code: 1,
            kind: kind.into(),
            what: what.into(),
            advice: None,
        }
    }

    /// It cannot be meant so.
    pub fn usage(what: impl Into<String>) -> Self {
        Self {
            code: 2,
            kind: "usage".into(),
            what: what.into(),
            advice: None,
        }
    }

    /// No node can be asked.
    pub fn unreachable(what: impl Into<String>) -> Self {
        Self {
            code: 3,
            kind: "unreachable".into(),
            what: what.into(),
            advice: None,
        }
    }

    /// With what to do next.
    #[must_use]
    pub fn with_advice(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }

    /// With where it happened put before it.
    #[must_use]
    pub fn at(mut self, place: impl std::fmt::Display) -> Self {
        self.what = format!("{place}: {}", self.what);
        self
    }

    /// Says it on stderr, and with which code to end.
    pub fn report(&self, json: bool) -> ExitCode {
        if json {
            talk(json!({ "schemaVersion": SCHEMA_VERSION, "error": self }));
        } else {
            talk(format_args!("faultline: {}", self.what));
            if let Some(advice) = &self.advice {
                talk(format_args!("  {advice}"));
            }
        }
        ExitCode::from(self.code)
    }

    /// What programs tell it by.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// What is wrong.
    pub fn what(&self) -> &str {
        &self.what
    }

    /// What to do next, where there is something to do.
    pub fn advice(&self) -> Option<&str> {
        self.advice.as_deref()
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        let (code, kind) = match &error {
            Error::Unreachable { .. } => (3, "unreachable".into()),
            Error::OtherChain { .. } => (1, "otherChain".into()),
            Error::ChainsDiffer { .. } => (1, "chainsDiffer".into()),
            Error::Lacking { .. } => (1, "lacking".into()),
            Error::TooOld { .. } => (1, "tooOld".into()),
            Error::Failure(Failure::NotFound { .. }) => (1, "notFound".into()),
            Error::Failure(Failure::BadParameter { .. }) => (1, "badParameter".into()),
            Error::Failure(Failure::Unavailable { .. }) => (1, "unavailable".into()),
            Error::Failure(Failure::BadCursor { .. }) => (1, "badCursor".into()),
            Error::Failure(Failure::IndexBuilding { .. }) => (1, "indexBuilding".into()),
            Error::Failure(Failure::NoIndex) => (1, "noIndex".into()),
            Error::Failure(Failure::Busy) => (1, "busy".into()),
            Error::Failure(Failure::TooSlow { .. }) => (1, "tooSlow".into()),
            Error::Failure(Failure::TooLarge { .. }) => (1, "tooLarge".into()),
            Error::Failure(Failure::NoHistory { .. }) => (1, "noHistory".into()),
            Error::Node { .. } => (1, "node".into()),
            Error::Incompatible(_) => (1, "incompatible".into()),
            Error::Unproven { .. } => (1, "unproven".into()),
            Error::Refused(refusal) => (1, refusal.name.clone()),
            Error::Unfinished { cut_off: Some(_), .. } => (3, "unfinished".into()),
            Error::Unfinished { .. } => (1, "unfinished".into()),
            Error::Superseded { .. } => (1, "superseded".into()),
            Error::Expired { .. } => (1, "expired".into()),
            Error::Key(KeyError::None | KeyError::NoSuchName(_)) => (2, "usage".into()),
            Error::Key(KeyError::WrongPassword { .. }) => (1, "wrongPassword".into()),
            Error::Key(_) => (1, "key".into()),
            Error::Known(_) => (1, "known".into()),
            Error::Attestation(_) => (1, "attestation".into()),
            _ => (1, "failed".into()),
        };
        let what = match &error {
            Error::Unfinished {
                refusal: Some(refusal),
                cut_off: None,
                ..
            }
            | Error::Expired {
                refusal: Some(refusal),
                ..
            } => {
                format!("{error}. When submitted again it was {refusal}")
            }
            Error::Unfinished {
                cut_off: Some(why), ..
            } => format!("{error}. At the end, no node could be asked: {why}"),
            _ => error.to_string(),
        };
        Self {
            code,
            kind,
            what,
            advice: error.advice(),
        }
    }
}

impl From<KeyError> for Trouble {
    fn from(error: KeyError) -> Self {
        Error::from(error).into()
    }
}
