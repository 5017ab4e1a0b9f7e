//! Bounded text.

use alloc::string::String;
use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::fmt;
use scale_info::TypeInfo;

/// A text of at most `N` bytes, meant to be UTF-8.
///
/// What comes in a transaction may be any bytes: whoever takes a text in asks [`Text::is_utf8`] first and refuses
/// what is not, so that every text in a log is UTF-8.
#[derive(
    Clone,
    Default,
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
pub struct Text<const N: u32>(BoundedVec<u8, ConstU32<N>>);

impl<const N: u32> Text<N> {
    /// Takes any bytes; `None` where there are more than `N`.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        BoundedVec::try_from(bytes.to_vec()).ok().map(Self)
    }

    /// The bytes as they were given.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The text; `None` where the bytes are not UTF-8.
    pub fn as_str(&self) -> Option<&str> {
        core::str::from_utf8(&self.0).ok()
    }

    /// Whether the bytes are UTF-8.
    pub fn is_utf8(&self) -> bool {
        self.as_str().is_some()
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Says how long the text may be.
impl<const N: u32> TryFrom<&str> for Text<N> {
    type Error = String;

    fn try_from(text: &str) -> Result<Self, Self::Error> {
        Self::from_bytes(text.as_bytes())
            .ok_or_else(|| alloc::format!("{} bytes of text where at most {N} are taken", text.len()))
    }
}

impl<const N: u32> core::str::FromStr for Text<N> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.try_into()
    }
}

impl<const N: u32> fmt::Display for Text<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.0))
    }
}

impl<const N: u32> fmt::Debug for Text<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", String::from_utf8_lossy(&self.0))
    }
}

crate::units::as_text!([const N: u32] Text<N>);
