//! What is watched: a service, by its slug.

use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

use crate::{
    log::{Fold, What},
    Entry, Millis, OrganisationId, ServiceId, Sha256, Text, UnixMillis,
};

/// Longest slug, in bytes.
pub const MAX_SLUG: u32 = 64;
/// Most services that the council has not listed, an organisation.
pub const MAX_UNLISTED: u32 = 16;

/// Most maintenances of a service that are announced and not over.
pub const MAX_MAINTENANCES: u32 = 32;
/// Longest maintenance.
pub const MAX_MAINTENANCE: Millis = Millis::hours(72);

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
    /// Its provider describes it.
    #[codec(index = 1)]
    Described {
        /// What people call it.
        name: Text<64>,
        /// Its address on the web.
        url: Text<128>,
    },
    /// The council says who runs it.
    #[codec(index = 2)]
    ProviderSet(Option<OrganisationId>),
    /// The council lists it, or no longer does.
    #[codec(index = 3)]
    ListedSet(bool),
    /// Its provider announces maintenance.
    #[codec(index = 4)]
    MaintenanceAnnounced {
        /// From when.
        from: UnixMillis,
        /// Until when.
        until: UnixMillis,
        /// SHA-256 of the notice; the body is stored beside the log.
        text: Option<Sha256>,
    },
    /// The council retires it: no incident is opened on it any more.
    #[codec(index = 5)]
    Retired,
}

/// Maintenance that was announced.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Maintenance {
    /// From when.
    pub from: UnixMillis,
    /// Until when.
    pub until: UnixMillis,
    /// When it was announced.
    pub announced_at: UnixMillis,
    /// The number of the entry that announced it.
    pub entry: u32,
}

impl Maintenance {
    /// Whether it was announced after it had begun.
    pub fn is_late(&self) -> bool {
        self.announced_at > self.from
    }
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
    /// Whether it was retired.
    pub retired: bool,
    /// Maintenance that was announced and was not over when the last one was, in order of announcement.
    pub maintenance: BoundedVec<Maintenance, ConstU32<MAX_MAINTENANCES>>,
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
    /// It was retired: nothing about it changes any more.
    Retired,
    /// Maintenance ends before it begins.
    MaintenanceReversed,
    /// Maintenance is over already when it is announced.
    MaintenancePast,
    /// Maintenance lasts longer than 72 hours.
    MaintenanceTooLong,
    /// As many maintenances are announced and not over as may be.
    TooManyMaintenances,
}

fn check_names(name: &Text<64>, url: &Text<128>) -> Result<(), Refusal> {
    if !name.is_utf8() || !url.is_utf8() {
        return Err(Refusal::TextNotUtf8);
    }
    if name.is_empty() {
        return Err(Refusal::NameEmpty);
    }
    Ok(())
}

impl Fold for Service {
    const WHAT: What = What::Service;
    type Id = ServiceId;
    type Action = Action;
    type Refusal = Refusal;

    fn open(_: ServiceId, entry: &Entry<Action>) -> Result<Self, Refusal> {
        let Action::Registered(new) = &entry.action else {
            return Err(Refusal::OutOfPlace);
        };
        if !is_slug(new.slug.as_bytes()) {
            return Err(Refusal::SlugMalformed);
        }
        check_names(&new.name, &new.url)?;
        Ok(Self {
            slug: new.slug.clone(),
            name: new.name.clone(),
            url: new.url.clone(),
            parent: new.parent,
            provider: new.provider,
            listed: new.listed,
            retired: false,
            maintenance: BoundedVec::new(),
        })
    }

    fn apply(mut self, number: u32, entry: &Entry<Action>) -> Result<Self, Refusal> {
        if self.retired {
            return Err(Refusal::Retired);
        }
        match &entry.action {
            Action::Registered(_) => return Err(Refusal::OutOfPlace),
            Action::Described { name, url } => {
                check_names(name, url)?;
                self.name = name.clone();
                self.url = url.clone();
            }
            Action::ProviderSet(provider) => self.provider = *provider,
            Action::ListedSet(listed) => self.listed = *listed,
            Action::MaintenanceAnnounced { from, until, text: _ } => {
                if from > until {
                    return Err(Refusal::MaintenanceReversed);
                }
                if *until <= entry.at {
                    return Err(Refusal::MaintenancePast);
                }
                if until.since(*from) > MAX_MAINTENANCE {
                    return Err(Refusal::MaintenanceTooLong);
                }
                self.maintenance.retain(|announced| announced.until > entry.at);
                let announced = Maintenance {
                    from: *from,
                    until: *until,
                    announced_at: entry.at,
                    entry: number,
                };
                self.maintenance
                    .try_push(announced)
                    .map_err(|_| Refusal::TooManyMaintenances)?;
            }
            Action::Retired => self.retired = true,
        }
        Ok(self)
    }
}
