//! Times as people write them.

use std::{
    str::FromStr,
    time::{SystemTime, UNIX_EPOCH},
};

use faultline_primitives::{Span, UnixMillis};
use faultline_rpc::view::Utc;

/// A point in time: RFC 3339, `now`, how long ago, or in how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment(pub UnixMillis);

impl Moment {
    /// Now, by this machine's clock.
    pub fn now() -> Self {
        Self(millis(SystemTime::now()))
    }
}

/// A system time as the chain counts.
pub fn millis(time: SystemTime) -> UnixMillis {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    UnixMillis(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}

impl FromStr for Moment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let plain = text.trim();
        if plain == "now" {
            return Ok(Self::now());
        }
        let duration = |length: &str| {
            humantime::parse_duration(length.trim()).map_err(|error| format!("`{text}`: {error}"))
        };
        if let Some(length) = plain.strip_prefix("in ") {
            let time = SystemTime::now().checked_add(duration(length)?);
            return time
                .map(|time| Self(millis(time)))
                .ok_or_else(|| format!("`{text}` lies too far ahead"));
        }
        if let Some(length) = plain.strip_suffix("ago") {
            let length = duration(length)?;
            let time = SystemTime::now()
                .checked_sub(length)
                .filter(|time| *time >= UNIX_EPOCH);
            return time
                .map(|time| Self(millis(time)))
                .ok_or_else(|| format!("`{text}` lies before 1970"));
        }
        let Utc(time) = plain
            .parse()
            .map_err(|error| format!("{error}, nor `now`, nor such as `20min ago` or `in 2h`"))?;
        Ok(Self(time))
    }
}

/// `FROM/TO`, as ISO 8601 writes an interval.
pub fn interval(text: &str) -> Result<Span, String> {
    let (from, to) = text
        .split_once('/')
        .ok_or_else(|| format!("`{text}` is no FROM/TO"))?;
    let (from, to): (Moment, Moment) = (from.parse()?, to.parse()?);
    Ok(Span {
        from: from.0,
        to: to.0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_rfc_3339_or_now_or_how_long_ago_or_in_how_long() {
        assert_eq!(
            "2024-12-11T23:16:00Z".parse(),
            Ok(Moment(UnixMillis(1_733_958_960_000)))
        );
        assert_eq!(
            "2024-12-12T00:16:00+01:00".parse(),
            Ok(Moment(UnixMillis(1_733_958_960_000)))
        );
        let hour_ago: Result<Moment, _> = "1h ago".parse();
        assert!(hour_ago.is_ok_and(|then| Moment::now().0.since(then.0).0 >= 3_600_000));
        let in_an_hour: Result<Moment, _> = "in 1h".parse();
        assert!(in_an_hour.is_ok_and(|then| then.0.since(Moment::now().0).0 > 3_590_000));
        for wrong in [
            "",
            "in",
            "in 999999999999 years",
            "yesterday",
            "99999 years ago",
            "2024-12-11",
            "ago",
            "2024-12-11T23:16:00",
        ] {
            assert!(wrong.parse::<Moment>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_interval_is_two_moments() {
        let span = interval("2024-12-11T23:16:00Z/2024-12-11T23:17:00Z");
        assert!(span.is_ok_and(|span| span.to.since(span.from).0 == 60_000));
        assert!(interval("2024-12-11T23:16:00Z").is_err());
    }
}
