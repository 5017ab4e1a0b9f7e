//! Points in time as Statuspage writes them: UTC, always with three digits of milliseconds.

use std::num::NonZeroU8;

use faultline_primitives::UnixMillis;
use faultline_rpc::view::Utc;
use time::{
    format_description::well_known::{
        iso8601::{Config, EncodedConfig, TimePrecision},
        Iso8601,
    },
    OffsetDateTime,
};

const FORMAT: EncodedConfig = Config::DEFAULT
    .set_time_precision(TimePrecision::Second {
        decimal_digits: NonZeroU8::new(3),
    })
    .encode();

/// The last point in time whose year has four digits. A later one is written as this one: readers parse no other.
const LAST: (u64, &str) = (253_402_300_799_999, "9999-12-31T23:59:59.999Z");

/// A point in time: `2024-12-11T23:16:00.000Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stamp(pub UnixMillis);

impl From<Utc> for Stamp {
    fn from(time: Utc) -> Self {
        Self(time.0)
    }
}

impl std::fmt::Display for Stamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let nanos = i128::from(self.0 .0.min(LAST.0)) * 1_000_000;
        let text = OffsetDateTime::from_unix_timestamp_nanos(nanos)
            .ok()
            .and_then(|moment| moment.format(&Iso8601::<FORMAT>).ok());
        f.pad(text.as_deref().unwrap_or(LAST.1))
    }
}

impl serde::Serialize for Stamp {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_three_digits_of_milliseconds_even_where_they_are_zero() {
        assert_eq!(Stamp(UnixMillis(0)).to_string(), "1970-01-01T00:00:00.000Z");
        assert_eq!(
            Stamp(UnixMillis(1_733_958_960_050)).to_string(),
            "2024-12-11T23:16:00.050Z"
        );
    }

    #[test]
    fn a_time_past_the_year_9999_is_written_as_its_end() {
        assert_eq!(Stamp(UnixMillis(LAST.0)).to_string(), LAST.1);
        assert_eq!(Stamp(UnixMillis(u64::MAX)).to_string(), LAST.1);
    }
}
