//! What a program may want to know of while it waits: nothing that it must act on.

use faultline_primitives::Hash;

/// Something that a client did by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Notice {
    /// A node that was named is not talked to.
    PassedOver {
        /// Its address.
        url: String,
        /// Why.
        why: String,
    },
    /// A node is talked to although something speaks against it: none better answers.
    Doubtful {
        /// Its address.
        url: String,
        /// What.
        why: String,
    },
    /// Another node is talked to from here on.
    GoesOn {
        /// The one that was before.
        from: String,
        /// Why not that one any more.
        why: String,
        /// The one that is now.
        to: String,
    },
    /// What is followed is not heard of now; it is waited for, and taken up where it was left.
    Waits {
        /// The address of the node that was asked.
        url: String,
        /// Why.
        why: String,
    },
    /// What is followed is heard of again, from where it was left.
    Resumes {
        /// The address of the node that tells it.
        url: String,
    },
    /// The chain was upgraded under a transaction, which never can be recorded now: another was signed in its place.
    SignedAnew {
        /// The one that never will be recorded.
        old: Hash,
        /// The one in its place.
        new: Hash,
    },
}

impl Notice {
    /// What programs tell it by.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::PassedOver { .. } => "passedOver",
            Self::Doubtful { .. } => "doubtful",
            Self::GoesOn { .. } => "goesOn",
            Self::Waits { .. } => "waits",
            Self::Resumes { .. } => "resumes",
            Self::SignedAnew { .. } => "signedAnew",
        }
    }
}

impl std::fmt::Display for Notice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::PassedOver { url, why } => write!(f, "Passing over {url}: {why}."),
            Self::Doubtful { url, why } => write!(f, "Talking to {url} for want of a better one: {why}."),
            Self::GoesOn { from, why, to } => write!(f, "{from} is left: {why}. Going on with {to}."),
            Self::Waits { url, why } => write!(f, "Waiting for {url}: {why}."),
            Self::Resumes { url } => write!(f, "Heard of again from {url}, from where it was left."),
            Self::SignedAnew { old, new } => write!(
                f,
                "The chain was upgraded before it recorded transaction {old}, and never will: signed anew as {new}."
            ),
        }
    }
}
