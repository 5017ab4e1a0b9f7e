//! Texts, hashes, countries, spans, names of choices, and rules.

use proptest::prelude::*;

use super::fixtures::*;
use crate::{
    attestation::{Claim, EvidenceKind, Kind},
    rules::Rules,
    Country, Hash, Millis, Sha256, Text, UnixMillis,
};

#[test]
fn a_text_holds_its_bound_and_not_a_byte_more() {
    assert!(Text::<4>::try_from("abcd").is_ok());
    assert_eq!(
        Text::<4>::try_from("abcde").unwrap_err(),
        "5 bytes of text where at most 4 are taken"
    );
    assert_eq!(Text::<4>::from_bytes(&[0; 5]), None);
    assert!(Text::<2>::try_from("ä").is_ok(), "bytes are counted, not letters");
    assert!(Text::<1>::try_from("ä").is_err());
}

#[test]
fn bytes_that_are_not_utf8_are_held_and_known_as_such() {
    let text = Text::<4>::from_bytes(&[b'a', 0xff]).unwrap();
    assert!(!text.is_utf8());
    assert_eq!(text.as_str(), None);
    assert_eq!(text.as_bytes(), [b'a', 0xff]);
    assert_eq!(text.to_string(), "a\u{fffd}");
}

#[test]
fn a_hash_is_read_as_it_is_written_and_nothing_else_is() {
    let hash = Hash([0xab; 32]);
    let written = hash.to_string();
    assert_eq!(written, format!("0x{}", "ab".repeat(32)));
    assert_eq!(written.parse(), Ok(hash));
    assert_eq!(Sha256::from_hex(&"AB".repeat(32)), Some(Sha256([0xab; 32])));
    for wrong in [
        "",
        "0x",
        &"ab".repeat(31),
        &"ab".repeat(33),
        &"ag".repeat(32),
        &"+a".repeat(32),
    ] {
        assert_eq!(Hash::from_hex(wrong), None, "{wrong}");
    }
    assert_eq!(Hash::from_hex(&"ä".repeat(32)), None);
}

#[test]
fn a_country_is_read_as_two_capital_letters_alone() {
    assert_eq!("DE".parse(), Ok(Country(*b"DE")));
    for wrong in ["", "D", "de", "DEU", "D1", "Ä"] {
        assert!(wrong.parse::<Country>().is_err(), "{wrong}");
    }
}

#[test]
fn a_name_is_read_in_any_case_with_or_without_hyphens() {
    for name in ["DataLoss", "dataloss", "data-loss", "DATA_LOSS"] {
        assert_eq!(name.parse(), Ok(Kind::DataLoss));
    }
    for kind in Kind::ALL {
        assert_eq!(kind.name().parse(), Ok(*kind));
    }
    for kind in EvidenceKind::ALL {
        assert_eq!(kind.to_string().parse(), Ok(*kind));
    }
    assert_eq!(
        "broken".parse::<Claim>().unwrap_err(),
        "`broken` is none of Down, Degraded, Recovered, Up"
    );
}

#[test]
fn only_an_up_does_not_affirm() {
    let affirming: Vec<_> = Claim::ALL.iter().filter(|claim| claim.affirms()).collect();
    assert_eq!(affirming, [&Claim::Down, &Claim::Degraded, &Claim::Recovered]);
}

#[test]
fn times_stop_at_the_ends_of_time() {
    assert_eq!(UnixMillis(u64::MAX).after(Millis(1)), UnixMillis(u64::MAX));
    assert_eq!(min(0).since(min(1)), Millis(0));
    assert_eq!(min(1).since(min(0)), Millis(60_000));
    assert_eq!(Millis::days(u64::MAX), Millis(u64::MAX));
    assert_eq!(Millis::days(1), Millis(86_400_000));
}

#[test]
fn the_rules_that_networks_begin_with_are_sound_and_as_the_design_has_them() {
    let standard = Rules::standard();
    assert_eq!((standard.quorum, standard.min_measured), (3, 2));
    assert_eq!((Rules::local().quorum, Rules::local().min_measured), (3, 2));
    assert_eq!((Rules::dev().quorum, Rules::dev().min_measured), (2, 1));
    for rules in [standard, Rules::local(), Rules::dev()] {
        assert!(rules.are_sound());
    }
    assert_eq!(standard.late_after, Millis(3_600_000));
    assert_eq!(standard.join_within, Millis(7_200_000));
    assert_eq!(standard.renew_after, Millis(600_000));
    assert_eq!(standard.stale_after, Millis(86_400_000));
    assert_eq!(standard.dispute_window, Millis(7 * 86_400_000));
    assert_eq!(standard.dispute_window_max, Millis(30 * 86_400_000));
    assert_eq!(standard.rule_within, Millis(14 * 86_400_000));
    assert_eq!(standard.lapse_after, Millis(48 * 3_600_000));
    assert_eq!(standard.max_clock_skew, Millis(60_000));
}

#[test]
fn rules_that_do_not_make_sense_together_are_not_sound() {
    let standard = Rules::standard();
    let unsound = [
        Rules {
            quorum: 0,
            min_measured: 0,
            ..standard
        },
        Rules {
            min_measured: 4,
            ..standard
        },
        Rules {
            dispute_window: Millis(0),
            ..standard
        },
        Rules {
            dispute_window_max: Millis(standard.dispute_window.0 - 1),
            ..standard
        },
        Rules {
            lapse_after: Millis(0),
            ..standard
        },
    ];
    for rules in unsound {
        assert!(!rules.are_sound(), "{rules:?}");
    }
}

proptest! {
    #![proptest_config(super::random::config())]

    #[test]
    fn the_distance_of_spans_is_the_same_from_both_sides(a: u64, b: u64, c: u64, d: u64) {
        let one = span(UnixMillis(a.min(b)), UnixMillis(a.max(b)));
        let other = span(UnixMillis(c.min(d)), UnixMillis(c.max(d)));
        prop_assert_eq!(one.distance(&other), other.distance(&one));
        let share_a_point = one.from.max(other.from) <= one.to.min(other.to);
        prop_assert_eq!(one.overlaps(&other), share_a_point);
        prop_assert_eq!(
            one.contains(&other),
            one.overlaps(&other) && one.from <= other.from && other.to <= one.to
        );
    }
}
