//! What is done at random: mostly what makes sense by those who may, sometimes not.

use faultline_primitives::{
    attestation::{Body, Claim, Method, Observation, Scope, Severity},
    incident::Statement,
    organisation::Roles,
    quota::Quota,
    rules::Rules,
    Account, Country, GroupId, IncidentId, Millis, OrganisationId, ServiceId, Span, Text, UnixMillis,
};
use pallet_incidents::{Call as Incidents, Report};
use pallet_members::Call as Members;
use pallet_services::Call as Services;

use super::{
    incidents::Happening,
    world::{By, World},
};
use crate::{tests::chain, RuntimeCall};

/// A millisecond more than claims may lie ahead.
const AHEAD: u64 = 60_001;

/// What somebody does, so long after the deed before it: in the same block, where no time has passed.
#[derive(Clone, Debug)]
pub struct Step {
    pub wait: Millis,
    pub by: By,
    pub deed: Deed,
}

#[derive(Clone, Debug)]
pub enum Deed {
    Report(u32, Seen, Body),
    ReportMany(Vec<(u32, Seen, Body)>),
    Attest(u64, Seen, Body, Option<u64>),
    Withdraw(u64),
    Close(u64),
    /// With claimed times, so many milliseconds from now.
    Reply(u64, Option<i64>, Option<i64>, Body),
    Dispute(u64, Body),
    Vote(u64, bool, Body),
    Link(u64, u64),
    Unlink(u64),
    Register(&'static str, Text<64>, Option<u32>),
    Describe(u32, Text<64>),
    /// From so many milliseconds from now, for so many.
    Announce(u32, i64, i64, Body),
    AddReporter(Account, Text<32>),
    RevokeReporter(Account),
    RotateAdmin(Account),
    Admit(Account, Text<64>, Roles, Option<u32>),
    Suspend(u32),
    Reinstate(u32),
    SetRoles(u32, Roles),
    SetGroup(u32, u32),
    SetQuota(u32, Quota),
    ResetAdmin(u32, Account),
    List(u32, bool),
    AssignProvider(u32, Option<u32>),
    Retire(u32),
    SetRules(Rules),
    Redact(u64, u32),
}

/// What somebody saw.
#[derive(Clone, Debug)]
pub struct Seen {
    pub claim: Claim,
    pub method: Method,
    pub severity: Severity,
    /// How long before now it began, and how long it lasted.
    pub back: u64,
    pub length: u64,
    /// Whether it was seen beside what others saw, where it is said of an incident.
    pub is_aimed: bool,
    pub flaw: Option<Flaw>,
}

/// What makes no sense in what somebody saw.
#[derive(Clone, Copy, Debug)]
pub enum Flaw {
    Reversed,
    InFuture,
    IntervalReversed,
    IntervalOutside,
    MoreFailed,
    NoCountry,
    NoEvidence,
    EvidenceInFuture,
    RegionNotUtf8,
}

impl Flaw {
    pub const ALL: &'static [Self] = &[
        Self::Reversed,
        Self::InFuture,
        Self::IntervalReversed,
        Self::IntervalOutside,
        Self::MoreFailed,
        Self::NoCountry,
        Self::NoEvidence,
        Self::EvidenceInFuture,
        Self::RegionNotUtf8,
    ];
}

fn from_now(now: UnixMillis, millis: i64) -> UnixMillis {
    UnixMillis(now.0.saturating_add_signed(millis))
}

impl Seen {
    fn at(&self, now: UnixMillis) -> Observation {
        self.from(UnixMillis(now.0 - self.back), now)
    }

    /// Seen beside what others saw of the same, most of the time.
    fn of(&self, happening: Option<&Happening>, now: UnixMillis) -> Observation {
        match happening.filter(|_| self.is_aimed) {
            Some(happening) => {
                let from = UnixMillis(happening.hull.from.0 + self.back / 8);
                self.from(from.min(now), now)
            }
            None => self.at(now),
        }
    }

    fn from(&self, from: UnixMillis, now: UnixMillis) -> Observation {
        let to = UnixMillis(now.0.min(from.0 + self.length));
        let mut seen = chain::saw(self.claim, from, to);
        seen.method = self.method;
        seen.severity = self.severity;
        let span = |from, to| Span { from, to };
        let interval = |span| vec![span].try_into().unwrap();
        let (before, after) = (UnixMillis(from.0 - 1), UnixMillis(to.0 + 1));
        match self.flaw {
            None => {}
            Some(Flaw::Reversed) => seen.observed = span(after, from),
            Some(Flaw::InFuture) => seen.observed.to = UnixMillis(now.0 + AHEAD),
            Some(Flaw::IntervalReversed) => seen.intervals = interval(span(after, from)),
            Some(Flaw::IntervalOutside) => seen.intervals = interval(span(before, to)),
            Some(Flaw::MoreFailed) => seen.vantages[0].failed = 10,
            Some(Flaw::NoCountry) => seen.vantages[0].place.country = Country(*b"de"),
            Some(Flaw::NoEvidence) => seen.evidence = Default::default(),
            Some(Flaw::EvidenceInFuture) => {
                seen.evidence[0].captured_at = UnixMillis(now.0 + AHEAD);
            }
            Some(Flaw::RegionNotUtf8) => {
                seen.scope = Scope::Region(Text::from_bytes(&[0xff]).unwrap());
            }
        }
        seen
    }
}

/// Numbers from here on are meant as they are; those below, as places among what there is.
pub const SENSELESS: u64 = 8;

/// One of those that make sense, if there are any.
fn pick(number: u64, among: impl Iterator<Item = u64>) -> u64 {
    let among: Vec<_> = among.collect();
    match among.len() as u64 {
        0 => number,
        _ if number >= SENSELESS => number,
        count => among[(number % count) as usize],
    }
}

impl World {
    /// One of the incidents that are as they should be; of all, where none is.
    fn pick(&self, number: u64, is_right: impl Fn(&Happening) -> bool) -> IncidentId {
        let numbered = || (0u64..).zip(&self.incidents);
        let none_is = !self.incidents.iter().any(&is_right);
        let right = numbered().filter(|(_, happening)| none_is || is_right(happening));
        IncidentId(pick(number, right.map(|(id, _)| id)))
    }
}

impl Deed {
    /// The call that it is in a world.
    pub fn call(&self, world: &World) -> RuntimeCall {
        let now = world.now;
        let organisation = |n: &u32| OrganisationId(*n);
        let any = |number: &u64| world.pick(*number, |_| true);
        match self {
            Self::Report(service, seen, text) => chain::report_in_words(*service, seen.at(now), text.clone()),
            Self::ReportMany(reports) => {
                let report = |(service, seen, text): &(u32, Seen, Body)| Report {
                    service: ServiceId(*service),
                    observation: seen.at(now),
                    text: text.clone(),
                };
                let reports: Vec<_> = reports.iter().map(report).collect();
                Incidents::report_many {
                    reports: reports.try_into().unwrap(),
                }
                .into()
            }
            Self::Attest(incident, seen, text, from) => {
                let incident = any(incident);
                let happening = world.incidents.get(incident.0 as usize);
                Incidents::attest {
                    incident,
                    observation: Box::new(seen.of(happening, now)),
                    text: text.clone(),
                    moves_from: from.as_ref().map(any),
                }
                .into()
            }
            Self::Withdraw(incident) => {
                let incident = any(incident);
                Incidents::withdraw { incident }.into()
            }
            Self::Close(incident) => {
                let incident = any(incident);
                Incidents::close { incident }.into()
            }
            Self::Reply(incident, start, end, text) => Incidents::reply {
                incident: any(incident),
                statement: Statement {
                    claimed_start: start.map(|start| from_now(now, start)),
                    claimed_end: end.map(|end| from_now(now, end)),
                    ..chain::statement()
                },
                text: text.clone(),
            }
            .into(),
            Self::Dispute(incident, text) => Incidents::dispute {
                incident: any(incident),
                text: text.clone(),
            }
            .into(),
            Self::Vote(incident, sustain, text) => Incidents::vote {
                incident: world.pick(*incident, |happening| happening.is_disputed(now)),
                sustain: *sustain,
                text: text.clone(),
            }
            .into(),
            Self::Link(incident, to) => Incidents::link {
                incident: any(incident),
                to: any(to),
            }
            .into(),
            Self::Unlink(incident) => {
                let incident = world.pick(*incident, |happening| happening.duplicate_of.is_some());
                Incidents::unlink { incident }.into()
            }
            Self::Register(slug, name, parent) => Services::register {
                slug: slug.parse().unwrap(),
                name: name.clone(),
                url: Text::default(),
                parent: parent.map(ServiceId),
            }
            .into(),
            Self::Describe(service, name) => Services::describe {
                service: ServiceId(*service),
                name: name.clone(),
                url: Text::default(),
            }
            .into(),
            Self::Announce(service, from, length, text) => {
                let from = from_now(now, *from);
                Services::announce_maintenance {
                    service: ServiceId(*service),
                    from,
                    until: from_now(from, *length),
                    text: text.clone(),
                }
                .into()
            }
            Self::AddReporter(key, label) => Members::add_reporter {
                key: *key,
                label: label.clone(),
            }
            .into(),
            Self::RevokeReporter(key) => Members::revoke_reporter { key: *key }.into(),
            Self::RotateAdmin(admin) => Members::rotate_admin { admin: *admin }.into(),
            Self::Admit(admin, name, roles, group) => Members::admit {
                name: name.clone(),
                url: Text::default(),
                roles: *roles,
                group: group.map(GroupId),
                admin: *admin,
                quota: chain::QUOTA,
            }
            .into(),
            Self::Suspend(n) => {
                let organisation = organisation(n);
                Members::suspend { organisation }.into()
            }
            Self::Reinstate(n) => {
                let suspended = (0..).zip(&world.members).filter(|(_, member)| member.suspended);
                let organisation = OrganisationId(pick((*n).into(), suspended.map(|(id, _)| id)) as u32);
                Members::reinstate { organisation }.into()
            }
            Self::SetRoles(n, roles) => Members::set_roles {
                organisation: organisation(n),
                roles: *roles,
            }
            .into(),
            Self::SetGroup(n, group) => Members::set_group {
                organisation: organisation(n),
                group: GroupId(*group),
            }
            .into(),
            Self::SetQuota(n, quota) => Members::set_quota {
                organisation: organisation(n),
                quota: *quota,
            }
            .into(),
            Self::ResetAdmin(n, admin) => Members::reset_admin {
                organisation: organisation(n),
                admin: *admin,
            }
            .into(),
            Self::List(service, listed) => {
                let registered = (0..)
                    .zip(&world.services)
                    .filter(|(_, service)| service.by.is_some());
                let service = pick((*service).into(), registered.map(|(id, _)| id)) as u32;
                Services::list {
                    service: ServiceId(service),
                    listed: *listed,
                }
                .into()
            }
            Self::AssignProvider(service, provider) => Services::assign_provider {
                service: ServiceId(*service),
                provider: provider.as_ref().map(organisation),
            }
            .into(),
            Self::Retire(service) => {
                let service = ServiceId(*service);
                Services::retire { service }.into()
            }
            Self::SetRules(rules) => Incidents::set_rules { rules: *rules }.into(),
            Self::Redact(incident, entry) => {
                let incident = world.pick(*incident, |happening| !happening.texts.is_empty());
                let happening = world.incidents.get(incident.0 as usize);
                let texts = happening.into_iter().flat_map(|happening| happening.texts.keys());
                let entry = pick((*entry).into(), texts.map(|entry| (*entry).into())) as u32;
                Incidents::redact { incident, entry }.into()
            }
        }
    }
}
