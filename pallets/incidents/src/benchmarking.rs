//! What each call costs at its worst, by how large the incident is: by and about organisations and a service as large as
//! may be, with as much said as may be.

mod crowd;
#[cfg(test)]
mod tests;

use alloc::{boxed::Box, vec};

use faultline_primitives::{
    attestation::{
        Body, Claim, Evidence, EvidenceKind, Kind, Method, Observation, Severity, TimeQuality, MAX_EVIDENCE,
        MAX_INTERVALS, MAX_VANTAGES,
    },
    incident::{Actor, Candidate},
    rules::Rules,
    GroupId, IncidentId, Millis, ServiceId, Sha256, Span, Text, UnixMillis,
};
use frame_benchmarking::v2::*;
use frame_support::{traits::EnsureOrigin, BoundedVec};
use frame_system::RawOrigin;
use sp_runtime::AccountId32;

use crate::pallet::{
    Call, Candidates, Config, CurrentRules, Incidents, Pallet, RedactedTexts, Texts, MAX_OPEN,
};
use crate::weights::LARGEST;
use crowd::{sized, Cast, SPOKEN, STATEMENT, VANTAGE};

/// What the benchmarks need of the other pallets. Organisations and services are as large as may be.
pub trait BenchmarkHelper {
    /// Makes it this time.
    fn set_time(now: UnixMillis);

    /// A new organisation, of a group of its own, that may report and is no arbiter.
    fn reporter() -> Actor;

    /// A new organisation, of a group of its own, that may rule.
    fn arbiter() -> Actor;

    /// Admits arbiters, of a group each, until there are as many as may be.
    fn fill_arbiters();

    /// A new service, with its provider.
    fn service() -> (ServiceId, Actor);
}

/// Fifteen days after everybody spoke: what goes on is stale, and the dispute unruled.
const NOW: UnixMillis = SPOKEN.after(Millis::days(15));
/// One day after: arbiters still rule.
const IN_TIME: UnixMillis = SPOKEN.after(Millis::days(1));

/// A text as long as may be.
fn text<const N: u32>() -> Text<N> {
    Text::from_bytes(&vec![b'a'; N as usize]).expect("it is no longer than may be")
}

/// As much as a report may say.
fn observation() -> Observation {
    let observed = Span {
        from: UnixMillis(SPOKEN.0 - 1_000_000),
        to: UnixMillis(SPOKEN.0 - 10_000),
    };
    let evidence = Evidence {
        sha256: Sha256([1; 32]),
        kind: EvidenceKind::ProbeLog,
        media_type: text(),
        size: u64::MAX,
        uri: Some(text()),
        captured_at: SPOKEN,
    };
    Observation {
        claim: Claim::Down,
        kind: Kind::Outage,
        severity: Severity::Critical,
        scope: crowd::region(9_999),
        observed,
        intervals: BoundedVec::truncate_from(vec![observed; MAX_INTERVALS as usize]),
        time_quality: TimeQuality::Actual,
        method: Method::ActiveProbe,
        vantages: BoundedVec::truncate_from(vec![VANTAGE; MAX_VANTAGES as usize]),
        evidence: BoundedVec::truncate_from(vec![evidence; MAX_EVIDENCE as usize]),
    }
}

fn signer(by: &Actor) -> AccountId32 {
    AccountId32::new(by.key.0)
}

fn signed(by: &Actor) -> RawOrigin<AccountId32> {
    RawOrigin::Signed(signer(by))
}

/// Puts an incident of so many KiB on a new service.
fn incident_on_new_service<T: Config>(
    id: u64,
    reporter: &Actor,
    arbiter: Option<GroupId>,
    size: u32,
) -> (IncidentId, ServiceId, Cast) {
    let (service, provider) = T::BenchmarkHelper::service();
    let cast = Cast {
        reporter: *reporter,
        provider,
    };
    let id = IncidentId(id);
    put::<T>(id, service, &cast, arbiter, size);
    (id, service, cast)
}

fn put<T: Config>(id: IncidentId, service: ServiceId, cast: &Cast, arbiter: Option<GroupId>, size: u32) {
    let record = sized(id, service, cast, arbiter, size);
    add_candidate::<T>(service, id, record.state.candidate());
    Incidents::<T>::insert(id, record);
}

fn add_candidate<T: Config>(service: ServiceId, id: IncidentId, candidate: Candidate) {
    Candidates::<T>::mutate(service, |candidates| {
        let added = candidates.try_push((id, candidate));
        assert!(added.is_ok(), "there are no more than may be");
    });
}

/// Puts more candidates on a service: others' incidents, confirmed, and open for ever.
fn put_candidates<T: Config>(service: ServiceId, ids: core::ops::Range<u32>) {
    let long_ago = UnixMillis(SPOKEN.0 - Millis::days(900).0);
    let rules = Rules::standard();
    let candidate = Candidate {
        opener: crowd::stranger(0, 0).organisation,
        confirmed: true,
        span: Span {
            from: long_ago,
            to: long_ago,
        },
        current_until: Some(long_ago),
        settles_at: None,
        lapses_at: long_ago,
        join_within: rules.join_within,
    };
    for id in ids {
        add_candidate::<T>(service, IncidentId((1 << 32) + u64::from(id)), candidate);
    }
}

fn council<T: Config>() -> Result<T::RuntimeOrigin, BenchmarkError> {
    T::CouncilOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)
}

/// How many entries an incident's log has.
fn entries<T: Config>(id: IncidentId) -> u32 {
    Incidents::<T>::get(id).map_or(0, |record| record.entries)
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn report_joining(c: Linear<0, { MAX_OPEN - 1 }>, s: Linear<1, LARGEST>) {
        T::BenchmarkHelper::set_time(NOW);
        let reporter = T::BenchmarkHelper::reporter();
        let (id, service, _) = incident_on_new_service::<T>(0, &reporter, None, s);
        put_candidates::<T>(service, 0..c);
        let before = entries::<T>(id);

        #[extrinsic_call]
        report(signed(&reporter), service, Box::new(observation()), text());

        assert_eq!(entries::<T>(id), before + 1);
    }

    #[benchmark]
    fn report_opening(c: Linear<0, { MAX_OPEN - 1 }>) {
        T::BenchmarkHelper::set_time(NOW);
        let reporter = T::BenchmarkHelper::reporter();
        let (service, _) = T::BenchmarkHelper::service();
        put_candidates::<T>(service, 0..c);
        let id = Pallet::<T>::next_id();

        #[extrinsic_call]
        report(signed(&reporter), service, Box::new(observation()), text());

        assert_eq!(entries::<T>(id), 1);
        assert_eq!(Candidates::<T>::get(service).len() as u32, c + 1);
    }

    #[benchmark]
    fn attest(s: Linear<1, LARGEST>) {
        T::BenchmarkHelper::set_time(NOW);
        let reporter = T::BenchmarkHelper::reporter();
        let (id, ..) = incident_on_new_service::<T>(0, &reporter, None, s);
        let before = entries::<T>(id);

        #[extrinsic_call]
        _(signed(&reporter), id, Box::new(observation()), text(), None);

        assert_eq!(entries::<T>(id), before + 1);
    }

    #[benchmark]
    fn attest_moving(s: Linear<1, LARGEST>) {
        T::BenchmarkHelper::set_time(NOW);
        let reporter = T::BenchmarkHelper::reporter();
        let (from, ..) = incident_on_new_service::<T>(0, &reporter, None, s);
        let (id, ..) = incident_on_new_service::<T>(1, &reporter, None, s);
        let before = entries::<T>(id);

        #[extrinsic_call]
        attest(signed(&reporter), id, Box::new(observation()), text(), Some(from));

        assert_eq!(entries::<T>(id), before + 1);
        assert_eq!(entries::<T>(from), before + 1);
    }

    #[benchmark]
    fn withdraw(s: Linear<1, LARGEST>) {
        T::BenchmarkHelper::set_time(NOW);
        let reporter = T::BenchmarkHelper::reporter();
        let (id, ..) = incident_on_new_service::<T>(0, &reporter, None, s);
        let before = entries::<T>(id);

        #[extrinsic_call]
        _(signed(&reporter), id);

        assert_eq!(entries::<T>(id), before + 1);
    }

    #[benchmark]
    fn close(s: Linear<1, LARGEST>) {
        T::BenchmarkHelper::set_time(NOW);
        let reporter = T::BenchmarkHelper::reporter();
        let (id, ..) = incident_on_new_service::<T>(0, &reporter, None, s);
        let before = entries::<T>(id);

        #[extrinsic_call]
        _(signed(&reporter), id);

        assert_eq!(entries::<T>(id), before + 1);
    }

    #[benchmark]
    fn reply(s: Linear<1, LARGEST>) {
        T::BenchmarkHelper::set_time(NOW);
        let reporter = T::BenchmarkHelper::reporter();
        let (id, _, cast) = incident_on_new_service::<T>(0, &reporter, None, s);
        let before = entries::<T>(id);

        #[extrinsic_call]
        _(signed(&cast.provider), id, STATEMENT, text());

        assert_eq!(entries::<T>(id), before + 1);
    }

    #[benchmark]
    fn dispute(s: Linear<1, LARGEST>) {
        T::BenchmarkHelper::set_time(NOW);
        T::BenchmarkHelper::fill_arbiters();
        let reporter = T::BenchmarkHelper::reporter();
        let (id, ..) = incident_on_new_service::<T>(0, &reporter, None, s);
        let before = entries::<T>(id);

        #[extrinsic_call]
        _(signed(&reporter), id, text());

        assert_eq!(entries::<T>(id), before + 1);
    }

    #[benchmark]
    fn vote(s: Linear<1, LARGEST>) {
        T::BenchmarkHelper::set_time(IN_TIME);
        let arbiter = T::BenchmarkHelper::arbiter();
        let reporter = T::BenchmarkHelper::reporter();
        let (id, ..) = incident_on_new_service::<T>(0, &reporter, Some(arbiter.group), s);
        let before = entries::<T>(id);

        #[extrinsic_call]
        _(signed(&arbiter), id, false, text());

        assert_eq!(entries::<T>(id), before + 1);
    }

    #[benchmark]
    fn link(s: Linear<1, LARGEST>) -> Result<(), BenchmarkError> {
        T::BenchmarkHelper::set_time(NOW);
        let arbiter = T::BenchmarkHelper::arbiter();
        let reporter = T::BenchmarkHelper::reporter();
        let (id, service, cast) = incident_on_new_service::<T>(0, &reporter, None, s);
        let to = IncidentId(1);
        put::<T>(to, service, &cast, None, s);
        for incident in [id, to] {
            Incidents::<T>::mutate(incident, |record| {
                if let Some(record) = record {
                    record.state.duplicate_of = None;
                }
            });
        }
        let before = entries::<T>(id);

        #[extrinsic_call]
        _(signed(&arbiter), id, to);

        assert_eq!(entries::<T>(id), before + 1);
        Ok(())
    }

    #[benchmark]
    fn unlink(s: Linear<1, LARGEST>) {
        T::BenchmarkHelper::set_time(NOW);
        let arbiter = T::BenchmarkHelper::arbiter();
        let reporter = T::BenchmarkHelper::reporter();
        let (id, ..) = incident_on_new_service::<T>(0, &reporter, None, s);
        let before = entries::<T>(id);

        #[extrinsic_call]
        _(signed(&arbiter), id);

        assert_eq!(entries::<T>(id), before + 1);
    }

    #[benchmark]
    fn set_rules() -> Result<(), BenchmarkError> {
        let origin = council::<T>()?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, Rules::dev());

        assert_eq!(CurrentRules::<T>::get(), Rules::dev());
        Ok(())
    }

    #[benchmark]
    fn redact() -> Result<(), BenchmarkError> {
        T::BenchmarkHelper::set_time(NOW);
        let (id, entry) = (IncidentId(0), 0);
        let body: Body = text();
        Texts::<T>::insert(id, entry, body);
        let origin = council::<T>()?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, id, entry);

        assert!(RedactedTexts::<T>::contains_key(id, entry));
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::chain(), crate::mock::Test);
}
