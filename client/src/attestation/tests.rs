//! Each thing that the chain would refuse as ill-formed is refused before anything is signed, and what is taken it takes.

use faultline_primitives::{attestation::EvidenceKind, incident::Refusal, Sha256, Text};
use proptest::{collection::vec, option, prelude::*, sample::select};

use super::*;

const NOW: UnixMillis = UnixMillis(1_733_958_960_000);

fn ago(minutes: u64) -> UnixMillis {
    UnixMillis(NOW.0 - Millis::minutes(minutes).0)
}

fn ahead(millis: u64) -> UnixMillis {
    NOW.after(Millis(millis))
}

fn down() -> AttestationBuilder {
    AttestationBuilder::new(Claim::Down).span(ago(10), NOW)
}

fn log() -> Document {
    Document::of_bytes(b"abc", EvidenceKind::ProbeLog, "text/plain", NOW)
}

/// With the same said so often.
fn repeated(count: usize, once: impl Fn(AttestationBuilder) -> AttestationBuilder) -> AttestationBuilder {
    (0..count).fold(down(), |builder, _| once(builder))
}

/// Why it is refused, in the words and as the chain would call it.
fn refused(builder: AttestationBuilder) -> (String, Option<Refusal>) {
    let error = builder.build(NOW).unwrap_err();
    (error.to_string(), error.refusal())
}

fn assert_refused(builder: AttestationBuilder, refusal: impl Into<Option<Refusal>>, words: &[&str]) {
    let (why, found) = refused(builder);
    assert_eq!(found, refusal.into(), "{why}");
    for word in words {
        assert!(why.contains(word), "`{word}`: {why}");
    }
}

#[test]
fn what_is_not_set_is_as_the_docs_say() {
    let by_hand = down().build(NOW).unwrap();
    let seen = &by_hand.observation;
    assert_eq!((seen.kind, seen.severity), (Kind::Outage, Severity::Major));
    assert_eq!((&seen.scope, seen.method), (&Scope::Unknown, Method::Manual));
    assert_eq!(seen.time_quality, TimeQuality::Estimate);
    assert!(by_hand.text.is_empty());
    let measured = down().method(Method::ActiveProbe).evidence(log());
    let quality = |builder: AttestationBuilder| builder.build(NOW).unwrap().observation.time_quality;
    assert_eq!(quality(measured.clone()), TimeQuality::Actual);
    assert_eq!(
        quality(measured.time_quality(TimeQuality::Estimate)),
        TimeQuality::Estimate
    );
}

#[test]
fn a_checked_attestation_is_said_as_it_was_built() {
    let seen = down().text("No request is answered.").build(NOW).unwrap();
    let (observation, text) = (&seen.observation, &seen.text);
    let (service, incident, other) = (ServiceId(3), IncidentId(7), Some(IncidentId(5)));
    assert_eq!(seen.report(service), Call::report(service, observation, text));
    assert_eq!(
        seen.attest(incident, other),
        Call::attest(incident, observation, text, other)
    );
}

#[test]
fn the_span_must_be_given() {
    assert_refused(AttestationBuilder::new(Claim::Up), None, &["from when to when"]);
}

#[test]
fn a_span_does_not_end_before_it_begins() {
    let words = ["2024-12-11T23:16:00Z", "2024-12-11T23:06:00Z", "turn the two"];
    assert_refused(down().span(NOW, ago(10)), Refusal::ObservedSpanReversed, &words);
}

#[test]
fn a_span_ends_in_the_future_by_the_clock_skew_at_most() {
    assert!(down().span(NOW, ahead(60_000)).build(NOW).is_ok());
    let words = [
        "2024-12-11T23:17:00.001Z",
        "2024-12-11T23:17:00Z at the latest",
        "clock",
    ];
    assert_refused(down().span(NOW, ahead(60_001)), Refusal::ObservedInFuture, &words);
    let wider = down().span(NOW, ahead(60_001)).max_clock_skew(Millis::minutes(2));
    assert!(wider.build(NOW).is_ok());
}

#[test]
fn an_interval_does_not_end_before_it_begins() {
    let builder = down().interval(ago(9), ago(8)).interval(ago(4), ago(5));
    assert_refused(builder, Refusal::IntervalReversed, &["23:12:00Z", "23:11:00Z"]);
}

#[test]
fn an_interval_lies_within_the_span() {
    let builder = down().interval(ago(9), ago(8)).interval(ago(11), ago(9));
    assert_refused(
        builder,
        Refusal::IntervalOutsideSpan,
        &["23:05:00Z", "reach around"],
    );
}

#[test]
fn there_are_eight_intervals_at_most() {
    let flapping = |count| repeated(count, |builder| builder.interval(ago(9), ago(8)));
    assert!(flapping(8).build(NOW).is_ok());
    assert_refused(flapping(9), None, &["9 failing intervals", "at most 8"]);
}

#[test]
fn no_more_samples_failed_than_were_taken() {
    let germany = Country(*b"DE");
    let builder = down().vantage(germany, 3320, 3, 3).vantage(germany, 3320, 3, 4);
    assert_refused(
        builder,
        Refusal::MoreFailedThanSamples,
        &["4 failed samples of 3"],
    );
}

#[test]
fn there_are_eight_vantages_at_most() {
    let country = Country(*b"DE");
    let from = |count| repeated(count, |builder| builder.vantage(country, 1, 1, 1));
    assert!(from(8).build(NOW).is_ok());
    assert_refused(from(9), None, &["9 vantages", "at most 8"]);
}

#[test]
fn a_country_of_a_vantage_or_of_the_scope_is_two_capital_letters() {
    let small = Country(*b"de");
    for builder in [
        down().vantage(small, 1, 1, 1),
        down().scope(Scope::Country(small)),
    ] {
        assert_refused(builder, Refusal::CountryMalformed, &["`de`", "such as DE"]);
    }
}

#[test]
fn the_name_of_a_region_is_text() {
    let name = Text::from_bytes(&[0xff]).unwrap();
    assert_refused(
        down().scope(Scope::Region(name)),
        Refusal::TextNotUtf8,
        &["region"],
    );
}

#[test]
fn a_method_that_measures_wants_evidence() {
    for method in [Method::ActiveProbe, Method::PassiveTelemetry] {
        let words = [method.name(), "log"];
        assert_refused(down().method(method), Refusal::EvidenceMissing, &words);
        assert!(down().method(method).evidence(log()).build(NOW).is_ok());
    }
}

#[test]
fn there_are_eight_documents_at_most() {
    let cited = |count| repeated(count, |builder| builder.evidence(log()));
    assert!(cited(8).build(NOW).is_ok());
    assert_refused(cited(9), None, &["9 pieces of evidence", "at most 8"]);
}

#[test]
fn evidence_is_of_the_past() {
    let made = |at| down().evidence(Document::of_bytes(b"", EvidenceKind::Other, "text/plain", at));
    assert!(made(ahead(60_000)).build(NOW).is_ok());
    assert_refused(made(ahead(60_001)), Refusal::EvidenceInFuture, &["23:17:00.001Z"]);
}

#[test]
fn a_media_type_has_64_bytes_and_an_address_256_at_most() {
    let of_type = |length| {
        let media_type = "x".repeat(length);
        down().evidence(Document::of_bytes(b"", EvidenceKind::Other, media_type, NOW))
    };
    assert!(of_type(64).build(NOW).is_ok());
    assert_refused(of_type(65), None, &["media type", "65 bytes", "at most 64"]);
    let at = |length| down().evidence(log().with_uri("x".repeat(length)));
    assert!(at(256).build(NOW).is_ok());
    assert_refused(at(257), None, &["address", "257 bytes", "at most 256"]);
}

#[test]
fn a_text_has_512_bytes_at_most() {
    // Bytes, not letters.
    assert!(down().text("ü".repeat(256)).build(NOW).is_ok());
    assert_refused(down().text("ü".repeat(257)), None, &["514 bytes", "at most 512"]);
}

#[test]
fn evidence_that_cannot_be_read_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("no.log");
    let error = Document::of_file(&path).unwrap_err();
    assert!(error.to_string().contains(&path.display().to_string()), "{error}");
    assert!(std::error::Error::source(&error).is_some());
}

#[test]
fn a_file_says_by_its_name_and_content_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("session.har");
    std::fs::write(&path, "abc").unwrap();
    let document = Document::of_file(&path)
        .unwrap()
        .with_uri("https://example.org/session.har");
    let seen = down().evidence(document).build(now()).unwrap();
    let evidence = &seen.observation.evidence[0];
    assert_eq!((evidence.size, evidence.kind), (3, EvidenceKind::Har));
    // As `sha256sum` prints it.
    let digest = "0xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(evidence.sha256.to_string(), digest);
    assert!(now().since(evidence.captured_at) < Millis::minutes(1));
    assert_eq!(
        evidence.uri.as_ref().map(ToString::to_string),
        Some("https://example.org/session.har".into())
    );
}

/// A time around now, near the edges more often than not.
fn time() -> impl Strategy<Value = UnixMillis> {
    (-400_000i64..62_000).prop_map(|away| UnixMillis(NOW.0.saturating_add_signed(away)))
}

fn sorted((one, other): (UnixMillis, UnixMillis)) -> (UnixMillis, UnixMillis) {
    (one.min(other), one.max(other))
}

fn country() -> impl Strategy<Value = Country> {
    prop_oneof![30 => Just(Country(*b"DE")), 1 => Just(Country(*b"u1"))]
}

fn scope() -> impl Strategy<Value = Scope> {
    prop_oneof![
        Just(Scope::Global),
        country().prop_map(Scope::Country),
        any::<u32>().prop_map(Scope::Asn),
        vec(any::<u8>(), 0..6).prop_map(|name| Scope::Region(Text::from_bytes(&name).unwrap())),
        Just(Scope::Subset),
    ]
}

fn document() -> impl Strategy<Value = Document> {
    let address = option::of("[a-z/:]{0,8}|x{255,258}");
    (select(EvidenceKind::ALL), "[a-z/]{0,8}|x{63,66}", time(), address).prop_map(
        |(kind, media_type, captured_at, uri)| {
            let document = Document::of_digest(Sha256([7; 32]), 1, kind, media_type, captured_at);
            match uri {
                Some(uri) => document.with_uri(uri),
                None => document,
            }
        },
    )
}

fn builder() -> impl Strategy<Value = AttestationBuilder> {
    let words = (
        select(Claim::ALL),
        select(Kind::ALL),
        select(Severity::ALL),
        prop_oneof![select(Method::ALL), Just(Method::Manual)],
        scope(),
        "\\PC{0,8}|x{511,514}",
    );
    let lists = (
        option::weighted(
            0.95,
            prop_oneof![3 => (time(), time()).prop_map(sorted), 1 => (time(), time())],
        ),
        vec((time(), time()), 0..2),
        vec((country(), any::<u32>(), 4..9u32, 0..6u32), 0..9),
        vec(document(), 0..3),
        0..100_000u64,
    );
    (words, lists).prop_map(|(words, (span, intervals, vantages, documents, skew))| {
        let (claim, kind, severity, method, scope, text) = words;
        let mut builder = AttestationBuilder::new(claim)
            .kind(kind)
            .severity(severity)
            .method(method)
            .scope(scope)
            .text(text)
            .max_clock_skew(Millis(skew));
        if let Some((from, to)) = span {
            builder = builder.span(from, to);
        }
        for (from, to) in intervals {
            builder = builder.interval(from, to);
        }
        for (country, asn, samples, failed) in vantages {
            builder = builder.vantage(country, asn, samples, failed);
        }
        documents.into_iter().fold(builder, AttestationBuilder::evidence)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn what_is_built_the_chain_takes_and_what_it_would_not_take_has_a_name(builder in builder()) {
        let skew = builder.max_clock_skew;
        match builder.build(NOW) {
            Ok(seen) => {
                prop_assert_eq!(seen.observation.check(NOW, skew), Ok(()));
                prop_assert!(seen.text.is_utf8());
            }
            Err(AttestationError::IllFormed(refusal)) => prop_assert!(false, "{:?} has no words", refusal),
            Err(error) => prop_assert!(!error.to_string().is_empty()),
        }
    }
}
