//! What went wrong, for people and for programs.

use std::process::ExitCode;

use faultline_client::{key::KeyError, Error};
use serde_json::json;

use crate::output::SCHEMA_VERSION;

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub struct Trouble {
    code: u8,
    kind: String,
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
            let error = json!({ "kind": self.kind, "message": self.what, "advice": self.advice });
            eprintln!("{}", json!({ "schemaVersion": SCHEMA_VERSION, "error": error }));
        } else {
            eprintln!("faultline: {}", self.what);
            if let Some(advice) = &self.advice {
                eprintln!("  {advice}");
            }
        }
        ExitCode::from(self.code)
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        let (code, kind) = match &error {
            Error::Unreachable { .. } => (3, "unreachable".into()),
            Error::OtherChain { .. } => (1, "otherChain".into()),
            Error::Failure(_) => (1, "failure".into()),
            Error::Node { .. } => (1, "node".into()),
            Error::Incompatible(_) => (1, "incompatible".into()),
            Error::Refused(refusal) => (1, refusal.name.clone()),
            Error::Unfinished { .. } => (1, "unfinished".into()),
            Error::Expired { .. } => (1, "expired".into()),
            Error::Key(KeyError::None | KeyError::NoSuchName(_)) => (2, "usage".into()),
            Error::Key(_) => (1, "key".into()),
            Error::Known(_) => (1, "known".into()),
        };
        let what = match &error {
            Error::Unfinished {
                refusal: Some(refusal),
                ..
            }
            | Error::Expired {
                refusal: Some(refusal),
                ..
            } => {
                format!("{error}. When submitted again it was {refusal}")
            }
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
