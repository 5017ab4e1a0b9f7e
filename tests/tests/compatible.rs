//! The client and the runtime of this release: what the one signs is what the other reads.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use codec::{DecodeAll, Encode};
use faultline_client::{
    call::{self, Call, KEYS, PROOF},
    council::Proposal,
    runtime::{Runtime, Version, SPEC_VERSION, TRANSACTION_VERSION},
    Error,
};
use faultline_primitives::{
    attestation::{
        Body, Claim, Evidence, EvidenceKind, Kind, Method, Observation, Place, Scope, Severity, TimeQuality,
        Vantage,
    },
    incident::{Cause, ReplyStatus, Statement},
    organisation::{Admission, Roles},
    quota::Quota,
    rules::Rules,
    Account, Country, GroupId, Hash, IncidentId, OrganisationId, ServiceId, Sha256, Span, Text, UnixMillis,
};
use faultline_runtime::{Runtime as Native, RuntimeCall, VERSION};
use frame_support::dispatch::CallableCallFor;

type Members = pallet_members::Call<Native>;
type Services = pallet_services::Call<Native>;
type Incidents = pallet_incidents::Call<Native>;
type Consortium = pallet_consortium::Call<Native>;
type Council = CallableCallFor<faultline_runtime::Council, Native>;
type TxPause = CallableCallFor<faultline_runtime::TxPause, Native>;
type Session = CallableCallFor<faultline_runtime::Session, Native>;

const ORGANISATION: OrganisationId = OrganisationId(0x0102_0304);
const INCIDENT: IncidentId = IncidentId(0x0102_0304_0506);
const OTHER: IncidentId = IncidentId(0x0708);
const SERVICE: ServiceId = ServiceId(0x1112_1314);
const KEY: Account = Account([0x21; 32]);
const HASH: Hash = Hash([0x31; 32]);

/// The metadata of the runtime of this release.
fn metadata() -> Result<Vec<u8>> {
    let metadata = Native::metadata_at_version(15).context("metadata of version 15")?;
    Ok(metadata.to_vec())
}

/// A runtime as a client meets it: by its metadata and its version.
fn runtime(metadata: &[u8], spec_version: u32, transaction_version: u32) -> Result<Runtime> {
    let version = Version {
        spec_version,
        transaction_version,
    };
    Ok(Runtime::read(Hash([7; 32]), version, metadata)?)
}

fn present() -> Result<Runtime> {
    runtime(&metadata()?, VERSION.spec_version, VERSION.transaction_version)
}

fn text<const N: u32>(text: &str) -> Text<N> {
    text.try_into().expect("a short text")
}

/// With something in every place.
fn observation() -> Observation {
    let observed = Span {
        from: UnixMillis(1_733_958_960_000),
        to: UnixMillis(1_733_972_460_000),
    };
    let vantage = Vantage {
        place: Place {
            country: Country(*b"DE"),
            asn: 3_320,
        },
        samples: 12,
        failed: 11,
    };
    let evidence = Evidence {
        sha256: Sha256([0x41; 32]),
        kind: EvidenceKind::Har,
        media_type: text("application/json"),
        size: 4_711,
        uri: Some(text("https://example.org/probe.har")),
        captured_at: observed.to,
    };
    Observation {
        claim: Claim::Recovered,
        kind: Kind::Connectivity,
        severity: Severity::Critical,
        scope: Scope::Country(Country(*b"FR")),
        observed,
        intervals: vec![observed].try_into().expect("one"),
        time_quality: TimeQuality::Actual,
        method: Method::PassiveTelemetry,
        vantages: vec![vantage].try_into().expect("one"),
        evidence: vec![evidence].try_into().expect("one"),
    }
}

fn statement() -> Statement {
    Statement {
        status: ReplyStatus::Monitoring,
        claimed_start: Some(UnixMillis(3)),
        claimed_end: Some(UnixMillis(4)),
        time_quality: TimeQuality::Estimate,
        cause: Cause::Cable,
        document: Some(Sha256([0x51; 32])),
    }
}

/// Every call of a member's that the client can make, beside the runtime's own.
fn calls() -> Vec<(Call, RuntimeCall)> {
    let body: Body = text("Seen from two places.");
    let (service, incident, label) = (SERVICE, INCIDENT, text("probe-7"));
    let (name, url) = (text("ChatGPT"), text("https://chatgpt.com"));
    let slug: Text<64> = text("openai/chatgpt");
    let span = Span {
        from: UnixMillis(5),
        to: UnixMillis(6),
    };
    let report = call::Report {
        service,
        observation: observation(),
        text: body.clone(),
    };
    let native = pallet_incidents::Report {
        service,
        observation: observation(),
        text: body.clone(),
    };
    let (keys, proof) = ([0x61; KEYS], [0x71; PROOF]);
    vec![
        (
            Call::report(service, &observation(), &body),
            Incidents::report {
                service,
                observation: Box::new(observation()),
                text: body.clone(),
            }
            .into(),
        ),
        (
            Call::report_many(&[report.clone(), report]),
            Incidents::report_many {
                reports: vec![native.clone(), native].try_into().expect("two"),
            }
            .into(),
        ),
        (
            Call::attest(incident, &observation(), &body, Some(OTHER)),
            Incidents::attest {
                incident,
                observation: Box::new(observation()),
                text: body.clone(),
                moves_from: Some(OTHER),
            }
            .into(),
        ),
        (Call::withdraw(incident), Incidents::withdraw { incident }.into()),
        (Call::close(incident), Incidents::close { incident }.into()),
        (
            Call::reply(incident, &statement(), &body),
            Incidents::reply {
                incident,
                statement: statement(),
                text: body.clone(),
            }
            .into(),
        ),
        (
            Call::dispute(incident, &body),
            Incidents::dispute {
                incident,
                text: body.clone(),
            }
            .into(),
        ),
        (
            Call::vote(incident, true, &body),
            Incidents::vote {
                incident,
                sustain: true,
                text: body.clone(),
            }
            .into(),
        ),
        (
            Call::link(incident, OTHER),
            Incidents::link { incident, to: OTHER }.into(),
        ),
        (Call::unlink(incident), Incidents::unlink { incident }.into()),
        (
            Call::describe(service, &name, &url),
            Services::describe {
                service,
                name: name.clone(),
                url: url.clone(),
            }
            .into(),
        ),
        (
            Call::announce_maintenance(service, span, &body),
            Services::announce_maintenance {
                service,
                from: span.from,
                until: span.to,
                text: body,
            }
            .into(),
        ),
        (
            Call::register(&slug, &name, &url, Some(service)),
            Services::register {
                slug,
                name,
                url,
                parent: Some(service),
            }
            .into(),
        ),
        (
            Call::add_reporter(KEY, &label),
            Members::add_reporter { key: KEY, label }.into(),
        ),
        (
            Call::revoke_reporter(KEY),
            Members::revoke_reporter { key: KEY }.into(),
        ),
        (
            Call::rotate_admin(KEY),
            Members::rotate_admin { admin: KEY }.into(),
        ),
        (
            Call::set_keys(keys, &proof),
            Session::set_keys {
                keys: DecodeAll::decode_all(&mut &keys[..]).expect("keys of this length"),
                proof: proof.to_vec(),
            }
            .into(),
        ),
        (
            Call::apply_upgrade(b"\0asm and more"),
            Consortium::apply_upgrade {
                code: b"\0asm and more".to_vec(),
            }
            .into(),
        ),
        (
            Call::vote_on_motion(HASH, 300, true),
            Council::vote {
                proposal: HASH.0.into(),
                index: 300,
                approve: true,
            }
            .into(),
        ),
        (
            Call::close_motion(HASH, 300, (1_000_000, 70_000), 4_000),
            Council::close {
                proposal_hash: HASH.0.into(),
                index: 300,
                proposal_weight_bound: frame_support::weights::Weight::from_parts(1_000_000, 70_000),
                length_bound: 4_000,
            }
            .into(),
        ),
    ]
}

/// Every act that the client can propose, beside the runtime's own call.
fn proposals() -> Vec<(Proposal, RuntimeCall)> {
    let (organisation, service, incident) = (ORGANISATION, SERVICE, INCIDENT);
    let roles = Roles {
        reporter: true,
        provider: false,
        arbiter: true,
    };
    let quota = Quota {
        burst: 600,
        per_block: 20,
    };
    let group = GroupId(77);
    let new = Admission {
        name: text("Wide Area Watch"),
        url: text("https://example.org"),
        roles,
        group: GroupId(0),
        admin: KEY,
        quota,
    };
    let (pallet, name) = (text("Incidents"), text("report"));
    let full_name = || {
        let bytes = |text: &[u8]| text.to_vec().try_into().expect("a short name");
        (bytes(b"Incidents"), bytes(b"report"))
    };
    vec![
        (
            Proposal::admit(new.clone(), Some(group)),
            Members::admit {
                name: new.name,
                url: new.url,
                roles,
                group: Some(group),
                admin: KEY,
                quota,
            }
            .into(),
        ),
        (Proposal::suspend(organisation), Members::suspend { organisation }.into()),
        (
            Proposal::reinstate(organisation),
            Members::reinstate { organisation }.into(),
        ),
        (
            Proposal::set_roles(organisation, roles),
            Members::set_roles { organisation, roles }.into(),
        ),
        (
            Proposal::set_group(organisation, group),
            Members::set_group { organisation, group }.into(),
        ),
        (
            Proposal::set_quota(organisation, quota),
            Members::set_quota { organisation, quota }.into(),
        ),
        (
            Proposal::reset_admin(organisation, KEY),
            Members::reset_admin {
                organisation,
                admin: KEY,
            }
            .into(),
        ),
        (
            Proposal::list(service, true),
            Services::list { service, listed: true }.into(),
        ),
        (
            Proposal::assign_provider(service, Some(organisation)),
            Services::assign_provider {
                service,
                provider: Some(organisation),
            }
            .into(),
        ),
        (Proposal::retire(service), Services::retire { service }.into()),
        (
            Proposal::set_rules(Rules::standard()),
            Incidents::set_rules {
                rules: Rules::standard(),
            }
            .into(),
        ),
        (
            Proposal::redact(incident, 9),
            Incidents::redact { incident, entry: 9 }.into(),
        ),
        (
            Proposal::give_seat(organisation),
            Consortium::give_seat { organisation }.into(),
        ),
        (
            Proposal::take_seat(organisation),
            Consortium::take_seat { organisation }.into(),
        ),
        (
            Proposal::add_validator(organisation),
            Consortium::add_validator { organisation }.into(),
        ),
        (
            Proposal::remove_validator(organisation),
            Consortium::remove_validator { organisation }.into(),
        ),
        (
            Proposal::authorize_upgrade(HASH),
            Consortium::authorize_upgrade { code: HASH }.into(),
        ),
        (Proposal::cancel_upgrade(), Consortium::cancel_upgrade {}.into()),
        (
            Proposal::publish_checkpoint(),
            Consortium::publish_checkpoint {}.into(),
        ),
        (
            Proposal::pause(pallet.clone(), name.clone()),
            TxPause::pause {
                full_name: full_name(),
            }
            .into(),
        ),
        (
            Proposal::unpause(pallet, name),
            TxPause::unpause { ident: full_name() }.into(),
        ),
    ]
}

fn read(bytes: &[u8]) -> Result<RuntimeCall> {
    RuntimeCall::decode_all(&mut &bytes[..]).context("a call of the runtime's")
}

#[test]
fn every_call_that_the_client_makes_the_runtime_reads_as_it_was_meant() -> Result<()> {
    let runtime = present()?;
    for (call, native) in calls() {
        assert_eq!(read(&runtime.encode(&call)?)?, native, "{call:?}");
    }
    for (proposal, native) in proposals() {
        assert_eq!(read(&runtime.encode(proposal.call())?)?, native, "{proposal:?}");
        // The council is asked to do just that, and with the ayes that it wants.
        let motion: RuntimeCall = Consortium::enact {
            call: Box::new(native),
        }
        .into();
        let length_bound = u32::try_from(motion.encoded_size())?;
        let asked: RuntimeCall = Council::propose {
            threshold: proposal.act().majority().ayes(7),
            proposal: Box::new(motion),
            length_bound,
        }
        .into();
        let bytes = runtime.encode(&Call::propose(&proposal, 7))?;
        assert_eq!(read(&bytes)?, asked, "{proposal:?}");
    }
    Ok(())
}

/// A call or an event, by the name that it has in the file of shapes.
fn names<'a>(shapes: &'a str, kind: &str) -> BTreeSet<&'a str> {
    let lines = shapes.lines().filter_map(|line| line.strip_prefix(kind));
    lines.filter_map(|rest| rest.split_whitespace().next()).collect()
}

#[test]
fn the_shapes_that_the_client_knows_are_those_of_the_runtime_and_of_all_its_calls() -> Result<()> {
    let shapes = present()?.shapes();
    if std::env::var("GOLDEN").is_ok_and(|golden| golden == "write") {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../client/src/shapes.txt");
        return Ok(std::fs::write(path, shapes)?);
    }
    for (known, is) in Runtime::known_shapes().lines().zip(shapes.lines()) {
        assert_eq!(
            known, is,
            "the runtime takes it otherwise than client/src/shapes.txt says. If that is meant: raise the runtime's \
             transaction_version and the client's, and write the file anew with GOLDEN=write"
        );
    }
    assert_eq!(Runtime::known_shapes(), shapes);

    // No shape without a call above, and so without its comparison.
    let runtime = present()?;
    let mut made = BTreeSet::from(["Council.propose".to_owned(), "Consortium.enact".to_owned()]);
    let all = calls().into_iter().map(|(call, _)| call);
    let acts = proposals().into_iter().map(|(proposal, _)| proposal.call().clone());
    for call in all.chain(acts) {
        let call = read(&runtime.encode(&call)?)?;
        let name = frame_support::traits::GetCallMetadata::get_call_metadata(&call);
        made.insert(format!("{}.{}", name.pallet_name, name.function_name));
    }
    let made: BTreeSet<_> = made.iter().map(String::as_str).collect();
    assert_eq!(names(&shapes, "call "), made);
    assert!(!shapes.contains('?') && !shapes.contains("..."), "{shapes}");
    Ok(())
}

#[test]
fn the_client_says_for_which_runtime_it_was_made() {
    assert_eq!(
        (SPEC_VERSION, TRANSACTION_VERSION),
        (VERSION.spec_version, VERSION.transaction_version)
    );
}

/// The metadata with another word in a place of the same length.
fn with(metadata: &[u8], word: &str, other: &str) -> Vec<u8> {
    assert_eq!(word.len(), other.len());
    let find: Vec<u8> = word.encode();
    let put: Vec<u8> = other.encode();
    let mut changed = metadata.to_vec();
    let places: Vec<_> = (0..changed.len().saturating_sub(find.len()))
        .filter(|place| changed[*place..].starts_with(&find))
        .collect();
    assert!(!places.is_empty(), "{word} is in the metadata");
    for place in places {
        changed[place..place + put.len()].copy_from_slice(&put);
    }
    changed
}

#[test]
fn a_call_that_a_later_runtime_reads_otherwise_is_not_signed_and_the_others_are() -> Result<()> {
    let metadata = metadata()?;
    // What was Minor is Major now, and the other way round: the bytes are the same, and would mean another thing.
    let swapped = with(
        &with(&with(&metadata, "Minor", "Mxxor"), "Major", "Minor"),
        "Mxxor",
        "Major",
    );
    let report = Call::report(SERVICE, &observation(), &text(""));
    let withdraw = Call::withdraw(INCIDENT);
    let next = runtime(&swapped, SPEC_VERSION + 1, TRANSACTION_VERSION)?;
    match next.encode(&report) {
        Err(error @ Error::TooOld { .. }) => {
            let said = error.to_string();
            let versions = format!("(runtime {}, made for {SPEC_VERSION})", SPEC_VERSION + 1);
            assert!(said.contains("too old for the chain"), "{said}");
            assert!(said.contains(&versions), "{said}");
            assert!(
                error.advice().is_some_and(|advice| advice.contains("release")),
                "{error:?}"
            );
        }
        other => anyhow::bail!("{other:?}"),
    }
    assert_eq!(next.encode(&withdraw)?, present()?.encode(&withdraw)?);
    // A runtime that is later and takes the same is no reason to stop.
    assert!(runtime(&metadata, SPEC_VERSION + 1, TRANSACTION_VERSION)?
        .encode(&report)
        .is_ok());
    // Of the same version it is no question of age.
    let odd = runtime(&swapped, SPEC_VERSION, TRANSACTION_VERSION)?;
    assert!(matches!(odd.encode(&report), Err(Error::Incompatible(_))));
    // Transactions of another version are read otherwise as a whole.
    let changed = runtime(&metadata, SPEC_VERSION + 1, TRANSACTION_VERSION + 1)?;
    assert!(matches!(changed.encode(&withdraw), Err(Error::TooOld { .. })));
    Ok(())
}

#[test]
fn a_motion_is_not_proposed_where_what_it_asks_for_is_read_otherwise() -> Result<()> {
    let metadata = metadata()?;
    let swapped = with(&metadata, "min_measured", "max_measured");
    let next = runtime(&swapped, SPEC_VERSION + 1, TRANSACTION_VERSION)?;
    let rules = Call::propose(&Proposal::set_rules(Rules::standard()), 3);
    let seat = Call::propose(&Proposal::give_seat(ORGANISATION), 3);
    assert!(matches!(next.encode(&rules), Err(Error::TooOld { .. })));
    assert!(next.encode(&seat).is_ok());
    Ok(())
}
