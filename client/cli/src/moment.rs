//! Times as people write them.

use std::{
    str::FromStr,
    time::{SystemTime, UNIX_EPOCH},
};

use faultline_primitives::{Millis, Span, UnixMillis};
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
fn millis(time: SystemTime) -> UnixMillis {
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

/// A moment, or a day (`2024-12-11`), which is where it begins.
pub fn day_or_moment(text: &str) -> Result<Moment, String> {
    let day: Result<Moment, _> = format!("{}T00:00:00Z", text.trim()).parse();
    day.or_else(|_| text.parse())
        .map_err(|why| format!("{why}, nor a day such as 2024-12-11"))
}

/// A time to the second, as people read it. UTC.
pub fn clock(time: Utc) -> String {
    cut(time, 19)
}

/// A time to the minute. UTC.
pub fn minute(time: Utc) -> String {
    cut(time, 16)
}

fn cut(time: Utc, length: usize) -> String {
    let text = time.to_string();
    match text.get(..length).filter(|_| text.ends_with('Z')) {
        Some(text) => text.replace('T', " "),
        // It lies past the year 9999, and is written otherwise.
        None => text,
    }
}

/// From when to when, to the second; of one day, that day once.
pub fn stretch(from: Utc, to: Utc) -> String {
    let (from, to) = (clock(from), clock(to));
    if from == to {
        return from;
    }
    match (from.split_once(' '), to.split_once(' ')) {
        (Some((day, _)), Some((same, time))) if day == same => format!("{from} to {time}"),
        _ => format!("{from} to {to}"),
    }
}

/// A length of time as people say it, in its two largest units: `2d 3h`, `3h 44m`, `44m 10s`, `10s`.
pub fn lasted(length: Millis) -> String {
    const UNITS: [(&str, u64); 4] = [
        ("d", Millis::days(1).0),
        ("h", Millis::hours(1).0),
        ("m", Millis::minutes(1).0),
        ("s", Millis::seconds(1).0),
    ];
    let mut rest = length.0;
    let parts: Vec<_> = UNITS
        .into_iter()
        .map(|(name, unit)| {
            let count = rest / unit;
            rest %= unit;
            (count, name)
        })
        .skip_while(|(count, _)| *count == 0)
        .take(2)
        .filter(|(count, _)| *count > 0)
        .map(|(count, name)| format!("{count}{name}"))
        .collect();
    if parts.is_empty() {
        return format!("{}ms", length.0);
    }
    parts.join(" ")
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

    #[test]
    fn a_day_is_where_it_begins() {
        assert_eq!(
            day_or_moment("2024-12-11"),
            Ok(Moment(UnixMillis(1_733_875_200_000)))
        );
        assert_eq!(
            day_or_moment("2024-12-11T23:16:00Z"),
            "2024-12-11T23:16:00Z".parse()
        );
        assert!(day_or_moment("2h ago").is_ok());
        for wrong in ["", "2024-13-01", "yesterday", "11.12.2024"] {
            assert!(
                day_or_moment(wrong).is_err_and(|why| why.contains("2024-12-11")),
                "{wrong}"
            );
        }
    }

    #[test]
    fn times_are_shown_to_the_second_or_the_minute() {
        let time = |millis| Utc(UnixMillis(millis));
        let start = time(1_733_958_960_999);
        assert_eq!(clock(start), "2024-12-11 23:16:00");
        assert_eq!(minute(start), "2024-12-11 23:16");
        assert_eq!(stretch(start, start), "2024-12-11 23:16:00");
        assert_eq!(
            stretch(start, time(1_733_959_020_000)),
            "2024-12-11 23:16:00 to 23:17:00"
        );
        assert_eq!(
            stretch(start, time(1_733_972_400_000)),
            "2024-12-11 23:16:00 to 2024-12-12 03:00:00"
        );
        assert_eq!(clock(time(u64::MAX)), format!("{} ms after 1970", u64::MAX));
    }

    #[test]
    fn a_length_is_said_in_its_two_largest_units() {
        for (millis, words) in [
            (0, "0ms"),
            (999, "999ms"),
            (10_400, "10s"),
            (60_000, "1m"),
            (2_650_000, "44m 10s"),
            (13_440_000, "3h 44m"),
            (3_600_000, "1h"),
            (3_610_000, "1h"),
            (183_600_000, "2d 3h"),
            (4_000_000_000, "46d 7h"),
        ] {
            assert_eq!(lasted(Millis(millis)), words);
        }
    }
}
