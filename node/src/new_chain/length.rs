//! Lengths of time in words: `7d`, `90s`, `1h 30min`.

use std::{fmt, time::Duration};

use serde::de::{self, Deserializer, Visitor};

/// A length of time, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Length(pub u64);

const WANTED: &str = "a length of time in words, such as \"7d\", \"2h\", \"10min\", \"90s\" or \"1h 30min\"";

fn parse(text: &str) -> Option<Length> {
    let mut millis = 0u64;
    let mut rest = text.trim();
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let (number, unit) = rest.split_at(digits);
        let unit = unit.trim_start();
        let (unit, after) = unit.split_at(
            unit.find(|c: char| !c.is_ascii_alphabetic())
                .unwrap_or(unit.len()),
        );
        let seconds = match unit {
            "s" | "sec" | "second" | "seconds" => 1,
            "min" | "minute" | "minutes" => 60,
            "h" | "hour" | "hours" => 60 * 60,
            "d" | "day" | "days" => 24 * 60 * 60,
            _ => return None,
        };
        let length = Duration::from_secs(number.parse::<u64>().ok()?.checked_mul(seconds)?);
        millis = millis.checked_add(u64::try_from(length.as_millis()).ok()?)?;
        rest = after.trim_start();
    }
    (!text.trim().is_empty()).then_some(Length(millis))
}

impl<'de> de::Deserialize<'de> for Length {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Words;

        impl Visitor<'_> for Words {
            type Value = Length;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(WANTED)
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Length, E> {
                parse(text).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
            }
        }

        deserializer.deserialize_str(Words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_are_read_in_words() {
        for (text, seconds) in [
            ("90s", 90),
            ("10min", 600),
            ("1h 30min", 5_400),
            ("1h30min", 5_400),
            ("7d", 604_800),
            ("2 days", 172_800),
            ("0s", 0),
        ] {
            assert_eq!(parse(text), Some(Length(seconds * 1_000)), "{text}");
        }
    }

    #[test]
    fn what_is_no_length_of_time_is_refused() {
        for text in [
            "",
            " ",
            "7",
            "d",
            "7w",
            "1.5h",
            "-1h",
            "99999999999999999999s",
            "9999999999999999d",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
