//! Every call that the client can make, beside the runtime's own.

use codec::DecodeAll;
use faultline_client::{
    call::{self, Call, KEYS, PROOF},
    council::Proposal,
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
use faultline_runtime::{Runtime as Native, RuntimeCall};
use frame_support::dispatch::CallableCallFor;

pub type Members = pallet_members::Call<Native>;
pub type Services = pallet_services::Call<Native>;
pub type Incidents = pallet_incidents::Call<Native>;
pub type Consortium = pallet_consortium::Call<Native>;
pub type Council = CallableCallFor<faultline_runtime::Council, Native>;
pub type TxPause = CallableCallFor<faultline_runtime::TxPause, Native>;
pub type Session = CallableCallFor<faultline_runtime::Session, Native>;

pub const ORGANISATION: OrganisationId = OrganisationId(0x0102_0304);
pub const INCIDENT: IncidentId = IncidentId(0x0102_0304_0506);
pub const OTHER: IncidentId = IncidentId(0x0708);
pub const SERVICE: ServiceId = ServiceId(0x1112_1314);
pub const KEY: Account = Account([0x21; 32]);
pub const HASH: Hash = Hash([0x31; 32]);

pub fn text<const N: u32>(text: &str) -> Text<N> {
    text.try_into().expect("a short text")
}

/// With something in every place.
pub fn observation() -> Observation {
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
pub fn calls() -> Vec<(Call, RuntimeCall)> {
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
pub fn proposals() -> Vec<(Proposal, RuntimeCall)> {
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
        (
            Proposal::suspend(organisation),
            Members::suspend { organisation }.into(),
        ),
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
            Services::list {
                service,
                listed: true,
            }
            .into(),
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
