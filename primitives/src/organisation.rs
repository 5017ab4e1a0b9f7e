//! Who may speak: an organisation, its roles and its keys.

use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

use crate::{
    log::{Fold, What},
    quota::Quota,
    Account, Entry, GroupId, OrganisationId, Text, UnixMillis,
};

/// Most reporter keys of an organisation at a time. Revoked ones do not count: they are in the log.
pub const MAX_KEYS: u32 = 16;

/// What an organisation may do. It may have several roles.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    serde::Serialize,
    serde::Deserialize,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Roles {
    /// May attest.
    pub reporter: bool,
    /// May reply for the services assigned to it.
    pub provider: bool,
    /// May rule on disputes.
    pub arbiter: bool,
}

/// Whether an organisation may speak.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    serde::Serialize,
    serde::Deserialize,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "OrganisationStatus"))]
pub enum Status {
    /// It may.
    #[codec(index = 0)]
    Active,
    /// It may not; what it said stands.
    #[codec(index = 1)]
    Suspended,
}

/// How an organisation is admitted: the first entry of its log.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Admission {
    /// Its name.
    pub name: Text<64>,
    /// Its address on the web.
    pub url: Text<128>,
    /// What it may do.
    pub roles: Roles,
    /// With whom it counts together.
    pub group: GroupId,
    /// The key that manages its reporter keys.
    pub admin: Account,
    /// How much it may do.
    pub quota: Quota,
}

/// What an entry of an organisation's log says.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Action {
    /// The council admitted it.
    #[codec(index = 0)]
    Admitted(Admission),
    /// The council suspended it.
    #[codec(index = 1)]
    Suspended,
    /// The council took the suspension back.
    #[codec(index = 2)]
    Reinstated,
    /// The council set its roles.
    #[codec(index = 3)]
    RolesSet(Roles),
    /// The council set its group.
    #[codec(index = 4)]
    GroupSet(GroupId),
    /// The council set its quota.
    #[codec(index = 5)]
    QuotaSet(Quota),
    /// Its own admin key, or the council for it, put another admin key in place.
    #[codec(index = 6)]
    AdminSet(Account),
    /// Its admin added a reporter key.
    #[codec(index = 7)]
    ReporterAdded {
        /// The key.
        key: Account,
        /// What its holder calls it.
        label: Text<32>,
    },
    /// Its admin revoked a reporter key, for ever.
    #[codec(index = 8)]
    ReporterRevoked {
        /// The key.
        key: Account,
    },
}

/// A reporter key in force.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct ReporterKey {
    /// The key.
    pub key: Account,
    /// What its holder calls it.
    pub label: Text<32>,
    /// When it was added.
    pub added: UnixMillis,
}

/// An organisation as its log makes it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Organisation {
    /// Its name.
    pub name: Text<64>,
    /// Its address on the web.
    pub url: Text<128>,
    /// What it may do.
    pub roles: Roles,
    /// With whom it counts together.
    pub group: GroupId,
    /// The key that manages its reporter keys.
    pub admin: Account,
    /// Whether it may speak.
    pub status: Status,
    /// How much it may do.
    pub quota: Quota,
    /// Its reporter keys in force, in order of addition.
    pub keys: BoundedVec<ReporterKey, ConstU32<MAX_KEYS>>,
}

/// Why an entry is no entry of an organisation's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// A log begins with an admission, and has no other.
    OutOfPlace,
    /// A name, an address or a label is not UTF-8.
    TextNotUtf8,
    /// The name is empty.
    NameEmpty,
    /// It is suspended already.
    AlreadySuspended,
    /// It is not suspended.
    NotSuspended,
    /// The key is one of its own already.
    KeyInUse,
    /// It has no such reporter key in force.
    NoSuchKey,
    /// It has as many reporter keys as it may.
    TooManyKeys,
}

impl Fold for Organisation {
    const WHAT: What = What::Organisation;
    type Id = OrganisationId;
    type Action = Action;
    type Refusal = Refusal;

    fn open(_: OrganisationId, entry: &Entry<Action>) -> Result<Self, Refusal> {
        let Action::Admitted(Admission {
            name,
            url,
            roles,
            group,
            admin,
            quota,
        }) = &entry.action
        else {
            return Err(Refusal::OutOfPlace);
        };
        if !name.is_utf8() || !url.is_utf8() {
            return Err(Refusal::TextNotUtf8);
        }
        if name.is_empty() {
            return Err(Refusal::NameEmpty);
        }
        Ok(Self {
            name: name.clone(),
            url: url.clone(),
            roles: *roles,
            group: *group,
            admin: *admin,
            status: Status::Active,
            quota: *quota,
            keys: BoundedVec::new(),
        })
    }

    fn apply(mut self, _: u32, entry: &Entry<Action>) -> Result<Self, Refusal> {
        match &entry.action {
            Action::Admitted(_) => return Err(Refusal::OutOfPlace),
            Action::Suspended => match self.status {
                Status::Active => self.status = Status::Suspended,
                Status::Suspended => return Err(Refusal::AlreadySuspended),
            },
            Action::Reinstated => match self.status {
                Status::Suspended => self.status = Status::Active,
                Status::Active => return Err(Refusal::NotSuspended),
            },
            Action::RolesSet(roles) => self.roles = *roles,
            Action::GroupSet(group) => self.group = *group,
            Action::QuotaSet(quota) => self.quota = *quota,
            Action::AdminSet(admin) => {
                if self.holds(admin) {
                    return Err(Refusal::KeyInUse);
                }
                self.admin = *admin;
            }
            Action::ReporterAdded { key, label } => {
                if !label.is_utf8() {
                    return Err(Refusal::TextNotUtf8);
                }
                if self.holds(key) {
                    return Err(Refusal::KeyInUse);
                }
                let key = ReporterKey {
                    key: *key,
                    label: label.clone(),
                    added: entry.at,
                };
                self.keys.try_push(key).map_err(|_| Refusal::TooManyKeys)?;
            }
            Action::ReporterRevoked { key } => {
                let before = self.keys.len();
                self.keys.retain(|held| held.key != *key);
                if self.keys.len() == before {
                    return Err(Refusal::NoSuchKey);
                }
            }
        }
        Ok(self)
    }
}

impl Organisation {
    /// Whether the key is in force for it, as admin or as reporter.
    pub fn holds(&self, key: &Account) -> bool {
        self.admin == *key || self.keys.iter().any(|held| held.key == *key)
    }

    /// What one of its reporter keys may do.
    pub fn key_quota(&self) -> Quota {
        self.quota
            .share(u32::try_from(self.keys.len()).unwrap_or(u32::MAX))
    }
}
