//! What is watched: a service, by its slug.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

use crate::{
    log::{Fold, What},
    Entry, OrganisationId, ServiceId, Text,
};

/// Longest slug, in bytes.
pub const MAX_SLUG: u32 = 64;
/// Most services that the council has not listed, an organisation.
pub const MAX_UNLISTED: u32 = 16;

/// What names a service: parts of `[a-z0-9-]` joined by `/`, such as `openai/chatgpt`.
pub type Slug = Text<MAX_SLUG>;

/// Whether a text is a slug.
pub fn is_slug(text: &[u8]) -> bool {
    let is_part = |part: &[u8]| {
        !part.is_empty()
            && part
                .iter()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'-')
    };
    text.split(|byte| *byte == b'/').all(is_part)
}

/// How a service is registered: the first entry of its log.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Registration {
    /// What names it.
    pub slug: Slug,
    /// What people call it.
    pub name: Text<64>,
    /// Its address on the web.
    pub url: Text<128>,
    /// The service that it is a component of.
    pub parent: Option<ServiceId>,
    /// The organisation that runs it. Only the council assigns one.
    pub provider: Option<OrganisationId>,
    /// Whether the council lists it.
    pub listed: bool,
    /// Who registered it; nobody in the genesis block.
    pub by: Option<OrganisationId>,
}

/// What an entry of a service's log says.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Action {
    /// It was registered.
    #[codec(index = 0)]
    Registered(Registration),
}

/// A service as its log makes it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Service {
    /// What names it.
    pub slug: Slug,
    /// What people call it.
    pub name: Text<64>,
    /// Its address on the web.
    pub url: Text<128>,
    /// The service that it is a component of.
    pub parent: Option<ServiceId>,
    /// The organisation that runs it.
    pub provider: Option<OrganisationId>,
    /// Whether the council lists it.
    pub listed: bool,
}

/// Why an entry is no entry of a service's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// A log begins with a registration, and has no other.
    OutOfPlace,
    /// The slug is not parts of `[a-z0-9-]` joined by `/`.
    SlugMalformed,
    /// A name or an address is not UTF-8.
    TextNotUtf8,
    /// The name is empty.
    NameEmpty,
}

impl Fold for Service {
    const WHAT: What = What::Service;
    type Id = ServiceId;
    type Action = Action;
    type Refusal = Refusal;

    fn open(_: ServiceId, entry: &Entry<Action>) -> Result<Self, Refusal> {
        let Action::Registered(new) = &entry.action;
        if !is_slug(new.slug.as_bytes()) {
            return Err(Refusal::SlugMalformed);
        }
        if !new.name.is_utf8() || !new.url.is_utf8() {
            return Err(Refusal::TextNotUtf8);
        }
        if new.name.is_empty() {
            return Err(Refusal::NameEmpty);
        }
        Ok(Self {
            slug: new.slug.clone(),
            name: new.name.clone(),
            url: new.url.clone(),
            parent: new.parent,
            provider: new.provider,
            listed: new.listed,
        })
    }

    fn apply(self, _: u32, entry: &Entry<Action>) -> Result<Self, Refusal> {
        match &entry.action {
            Action::Registered(_) => Err(Refusal::OutOfPlace),
        }
    }
}
