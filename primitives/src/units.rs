//! Ids, times and hashes: a newtype each, so that one is never taken for another.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::fmt;
use scale_info::TypeInfo;

/// Number of a block; the genesis block is 0.
pub type BlockNumber = u32;

/// The largest number that every reader of JSON takes exactly (2^53 - 1). Things that are numbered from 0 stay below it.
#[cfg(feature = "schema")]
const MAX_EXACT: u64 = (1 << 53) - 1;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        #[derive(
            Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash,
            Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
        )]
        #[derive(serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(transparent)]
        $(#[$doc])*
        pub struct $name(pub $inner);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

id! {
    /// An organisation, numbered from 0 in order of admission.
    #[cfg_attr(feature = "schema", schemars(extend("maximum" = u32::MAX)))]
    OrganisationId(u32)
}
id! {
    /// A group of affiliated organisations, which count once together. An organisation without affiliates
    /// has a group of its own.
    #[cfg_attr(feature = "schema", schemars(extend("maximum" = u32::MAX)))]
    GroupId(u32)
}
id! {
    /// A service, numbered from 0 in order of registration.
    #[cfg_attr(feature = "schema", schemars(extend("maximum" = u32::MAX)))]
    ServiceId(u32)
}
id! {
    /// An incident, numbered from 0 in order of opening, over all services.
    #[cfg_attr(feature = "schema", schemars(extend("maximum" = MAX_EXACT)))]
    IncidentId(u64)
}
id! {
    /// A point in time: milliseconds since 1970-01-01T00:00:00Z, without leap seconds.
    UnixMillis(u64)
}
id! {
    /// A length of time in milliseconds.
    Millis(u64)
}

impl UnixMillis {
    /// The point `length` after this one; the end of time where that cannot be expressed.
    pub const fn after(self, length: Millis) -> Self {
        Self(self.0.saturating_add(length.0))
    }

    /// How long before `self` the point `earlier` lies; zero where it lies after it.
    pub const fn since(self, earlier: Self) -> Millis {
        Millis(self.0.saturating_sub(earlier.0))
    }
}

impl Millis {
    /// A length of so many seconds.
    pub const fn seconds(n: u64) -> Self {
        Self(n.saturating_mul(1000))
    }

    /// A length of so many minutes.
    pub const fn minutes(n: u64) -> Self {
        Self::seconds(n.saturating_mul(60))
    }

    /// A length of so many hours.
    pub const fn hours(n: u64) -> Self {
        Self::minutes(n.saturating_mul(60))
    }

    /// A length of so many days of 24 hours.
    pub const fn days(n: u64) -> Self {
        Self::hours(n.saturating_mul(24))
    }
}

/// A closed span of time. Whether `from` lies before `to` is for whoever takes one in to check.
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
pub struct Span {
    /// First point.
    pub from: UnixMillis,
    /// Last point.
    pub to: UnixMillis,
}

impl Span {
    /// Whether the first point lies after the last.
    pub fn is_reversed(&self) -> bool {
        self.from > self.to
    }

    /// Whether all of `other` lies in this span.
    pub fn contains(&self, other: &Self) -> bool {
        self.from <= other.from && other.to <= self.to
    }

    /// Whether the spans share a point.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.distance(other) == Millis(0)
    }

    /// The length of the gap between the spans; zero where they touch or overlap.
    pub fn distance(&self, other: &Self) -> Millis {
        let gap = other.from.since(self.to);
        gap.max(self.from.since(other.to))
    }
}

/// JSON by `Display` and `FromStr`.
macro_rules! as_text {
    ([$($generics:tt)*] $name:ty) => {
        impl<$($generics)*> serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de, $($generics)*> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <alloc::string::String as serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use as_text;

macro_rules! bytes32 {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash,
            Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
        )]
        pub struct $name(pub [u8; 32]);

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        /// `0x` and 64 lower-case hexadecimal digits.
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("0x")?;
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }
        impl core::str::FromStr for $name {
            type Err = &'static str;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::from_hex(text).ok_or("expected 0x and 64 hexadecimal digits")
            }
        }

        as_text!([] $name);

        impl $name {
            /// Reads what `Display` writes; either case, with or without `0x`. `None` where it is anything else.
            pub fn from_hex(text: &str) -> Option<Self> {
                from_hex(text).map(Self)
            }
        }
    };
}

fn from_hex(text: &str) -> Option<[u8; 32]> {
    let digits = text.strip_prefix("0x").unwrap_or(text).as_bytes();
    if digits.len() != 64 {
        return None;
    }
    let value = |digit: &u8| char::from(*digit).to_digit(16).and_then(|v| u8::try_from(v).ok());
    let mut bytes = [0u8; 32];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let [high, low] = pair else { return None };
        *byte = value(high)? << 4 | value(low)?;
    }
    Some(bytes)
}

bytes32! {
    /// A BLAKE2b-256 digest: the head of a log or a roll.
    Hash
}
bytes32! {
    /// A SHA-256 digest: what `sha256sum` prints of a document or a text.
    Sha256
}
bytes32! {
    /// The public key (sr25519) by which a member signs.
    Account
}

/// A country by its ISO 3166-1 alpha-2 code.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Country(pub [u8; 2]);

impl Country {
    /// Whether the code is two capital letters. Whether the country exists is not for the chain to know.
    pub fn is_well_formed(&self) -> bool {
        self.0.iter().all(u8::is_ascii_uppercase)
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|byte| write!(f, "{}", char::from(*byte)))
    }
}

impl core::str::FromStr for Country {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        <[u8; 2]>::try_from(text.as_bytes())
            .ok()
            .map(Self)
            .filter(Self::is_well_formed)
            .ok_or("a country is two capital letters (ISO 3166-1 alpha-2), such as DE")
    }
}

as_text!([] Country);
