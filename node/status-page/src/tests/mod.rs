//! A chain made up for the tests, and what they ask of it.

mod atom;
mod components;
mod http;
mod incidents;
mod maintenances;
mod sockets;
mod updates;

use std::{
    collections::BTreeMap,
    sync::{
        atomic::{AtomicU32, Ordering},
        Arc,
    },
    time::Duration,
};

use faultline_primitives::{
    attestation::{Claim, Kind, Method, Severity, TimeQuality},
    incident::{Cause, Dispute, ReplyStatus, Status, Timeliness, Verdict},
    rules::Rules,
    Account, GroupId, Hash, IncidentId, Millis, OrganisationId, ServiceId, UnixMillis,
};
use faultline_rpc::{
    error::Failure,
    view::{
        ActionView, ActorView, At, AttestationView, BlockView, EntryView, IncidentView, IndexView, Listing,
        MaintenanceView, OpeningView, Page, ReplyView, ScopeView, ServiceView, SpanView, StatusView,
        TimeKind, TimesView, Utc, VoiceView,
    },
    Cursor, IncidentFilter, ServiceFilter,
};

use crate::{board::Board, story::Story, Source};

/// 2024-12-11T23:16:00Z: when what the tests tell of began.
const START: UnixMillis = UnixMillis(1_733_958_960_000);

fn minutes(after: u64) -> Utc {
    Utc(START.after(Millis::minutes(after)))
}

fn service(id: u32, slug: &str, name: &str) -> ServiceView {
    ServiceView {
        id: ServiceId(id),
        slug: slug.into(),
        name: name.into(),
        url: "https://openai.com".into(),
        parent: slug.rsplit_once('/').map(|(parent, _)| parent.into()),
        provider: Some(OrganisationId(4)),
        listed: true,
        retired: false,
        maintenance: Vec::new(),
        changed_at: None,
        entries: 1,
        head: Hash([1; 32]),
        incidents: 0,
        incidents_head: None,
    }
}

/// From and until are minutes after the start; announced at the start, or, if it is late, a minute after it began.
fn maintenance(from: u64, until: u64, late: bool) -> MaintenanceView {
    let announced = if late { from + 1 } else { 0 };
    MaintenanceView {
        from: minutes(from),
        until: minutes(until),
        announced_at: minutes(announced),
        late,
        entry: 3,
    }
}

/// One that two of three groups affirm too few, and that goes on.
fn incident(id: u64, of: &ServiceView) -> IncidentView {
    let times = TimesView {
        earliest: minutes(0),
        median: minutes(1),
        latest: minutes(2),
    };
    IncidentView {
        id: IncidentId(id),
        service: of.id,
        slug: of.slug.clone(),
        status: Status::Ongoing,
        verdict: Verdict::Unconfirmed,
        timeliness: None,
        kind: Some(Kind::Outage),
        severity: Some(Severity::Critical),
        scope: Some(ScopeView("Global".into())),
        started_at: Some(times),
        ended_at: None,
        first_reported_at: minutes(5),
        confirmed_at: None,
        affirming: 2,
        peak: 2,
        settles_at: None,
        settled: false,
        lapsed: false,
        dispute: Dispute::None,
        case: None,
        duplicate_of: None,
        reply: None,
        voices: vec![voice(2, "Northwatch")],
        rules: Rules::standard(),
        entries: 0,
        head: Hash([2; 32]),
    }
}

/// One that three groups affirm.
fn confirmed(id: u64, of: &ServiceView) -> IncidentView {
    IncidentView {
        verdict: Verdict::Confirmed,
        timeliness: Some(Timeliness::Live),
        confirmed_at: Some(minutes(7)),
        affirming: 3,
        peak: 3,
        ..incident(id, of)
    }
}

fn ended(incident: IncidentView) -> IncidentView {
    IncidentView {
        status: Status::Recovered,
        ended_at: Some(TimesView {
            earliest: minutes(250),
            median: minutes(262),
            latest: minutes(270),
        }),
        settles_at: Some(minutes(10_000)),
        ..incident
    }
}

fn voice(organisation: u32, name: &str) -> VoiceView {
    VoiceView {
        organisation: OrganisationId(organisation),
        name: name.into(),
        group: GroupId(organisation),
        counts: true,
        affiliated: false,
        claim: Claim::Down,
        kind: Kind::Outage,
        severity: Severity::Critical,
        scope: ScopeView("Global".into()),
        time_kind: TimeKind::Observed,
        span: span(),
        live: true,
        recorded_at: minutes(5),
        entry: 0,
    }
}

fn span() -> SpanView {
    SpanView {
        from: minutes(1),
        to: minutes(4),
    }
}

fn attestation(claim: Claim) -> AttestationView {
    AttestationView {
        claim,
        kind: Kind::Outage,
        severity: Severity::Critical,
        scope: ScopeView("Global".into()),
        time_kind: TimeKind::Observed,
        span: span(),
        intervals: Vec::new(),
        time_quality: TimeQuality::Actual,
        method: Method::ActiveProbe,
        vantages: Vec::new(),
        evidence: Vec::new(),
        text_sha256: None,
    }
}

fn opened(of: &ServiceView) -> ActionView {
    ActionView::Opened {
        opening: OpeningView {
            fold: 1,
            service: of.id,
            slug: of.slug.clone(),
            name: of.name.clone(),
            rules: Rules::standard(),
        },
        attestation: attestation(Claim::Down),
    }
}

fn attested(claim: Claim) -> ActionView {
    ActionView::Attested {
        attestation: attestation(claim),
        moves_from: None,
    }
}

fn reply(status: ReplyStatus) -> ReplyView {
    ReplyView {
        status,
        claimed_start: None,
        claimed_end: None,
        time_quality: TimeQuality::Estimate,
        cause: Cause::Unknown,
        text_sha256: None,
        document_sha256: None,
    }
}

fn replied(status: ReplyStatus) -> ActionView {
    ActionView::Replied { reply: reply(status) }
}

/// By organisation 2, five minutes after the start and as many minutes more as its number says.
fn entry(number: u32, action: ActionView) -> EntryView {
    let by = match action {
        ActionView::Replied { .. } => 4,
        _ => 2,
    };
    EntryView {
        number,
        block: 100 + number,
        recorded_at: minutes(5 + u64::from(number)),
        by: ActorView {
            organisation: OrganisationId(by),
            group: GroupId(by),
            affiliated: by == 4,
            key: Account([3; 32]),
        },
        action,
        text: None,
        redacted_at: None,
    }
}

/// An incident with as many entries as are given.
fn story(incident: IncidentView, actions: impl IntoIterator<Item = ActionView>) -> Story {
    let entries: Vec<_> = (0..)
        .zip(actions)
        .map(|(number, action)| entry(number, action))
        .collect();
    Story {
        incident: IncidentView {
            entries: u32::try_from(entries.len()).unwrap(),
            ..incident
        },
        entries,
    }
}

/// An hour after the start.
fn board(services: &[ServiceView], outages: &[IncidentView]) -> Board {
    Board {
        prefix: "openai".into(),
        now: minutes(60).0,
        services: services.to_vec(),
        outages: outages.to_vec(),
    }
}

/// A node.
#[derive(Default)]
struct Fake {
    services: Vec<ServiceView>,
    stories: Vec<Story>,
    /// What it fails with, if it does.
    failure: Option<Failure>,
    /// Whether it keeps an index.
    without_index: bool,
    /// So many times, a block becomes final between two questions.
    hurry: AtomicU32,
    /// How long it takes for each list.
    delay: Duration,
    /// How many lists it was asked for.
    asked: Arc<AtomicU32>,
}

fn block(number: u32) -> BlockView {
    let mut hash = [0; 32];
    hash[31] = u8::try_from(number % 256).unwrap();
    BlockView {
        number,
        hash: Hash(hash),
    }
}

/// The page's index stands at this block, and one is final after it.
const INDEX: u32 = 200;

impl Fake {
    async fn list<T: Clone>(
        &self,
        all: Vec<T>,
        cursor: Option<Cursor>,
        limit: u32,
    ) -> Result<At<Listing<T>>, Failure> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        tokio::time::sleep(self.delay).await;
        if let Some(failure) = &self.failure {
            return Err(failure.clone());
        }
        let is_in_a_hurry = |left: u32| left.checked_sub(1);
        let hurried = self
            .hurry
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, is_in_a_hurry)
            .is_ok();
        let start: usize = cursor.map_or(0, |cursor| cursor.0.parse().unwrap());
        let end = all.len().min(start + usize::try_from(limit).unwrap());
        Ok(At {
            at: block(if hurried { INDEX + 1 } else { INDEX }),
            data: Listing {
                items: all[start..end].to_vec(),
                next: (end < all.len()).then(|| Cursor(end.to_string())),
                index_lag: 1,
            },
        })
    }
}

fn is_under(slug: &str, prefix: &Option<String>) -> bool {
    let Some(prefix) = prefix else { return true };
    let rest = slug.strip_prefix(prefix.as_str());
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl Source for Fake {
    async fn status(&self) -> Result<At<StatusView>, Failure> {
        let index = IndexView {
            at: Some(block(INDEX)),
            lag: 1,
            building: None,
        };
        Ok(At {
            at: block(INDEX + 1),
            data: StatusView {
                genesis: Hash([7; 32]),
                spec_version: 1,
                finalized_at: minutes(60),
                best: INDEX + 2,
                validators: Vec::new(),
                approved: 1,
                organisations: 5,
                services: 5,
                incidents: 9,
                index: (!self.without_index).then_some(index),
            },
        })
    }

    async fn services(
        &self,
        filter: ServiceFilter,
        cursor: Option<Cursor>,
        limit: u32,
    ) -> Result<At<Listing<ServiceView>>, Failure> {
        let mut slugs = self.services.iter().map(|service| &service.slug);
        if !slugs.any(|slug| is_under(slug, &filter.under)) {
            return Err(Failure::NotFound {
                what: "service".into(),
                which: filter.under.unwrap_or_default(),
            });
        }
        let fits = |service: &&ServiceView| {
            is_under(&service.slug, &filter.under)
                && filter.retired.is_none_or(|retired| retired == service.retired)
        };
        let all = self.services.iter().filter(fits).cloned().collect();
        self.list(all, cursor, limit).await
    }

    async fn incidents(
        &self,
        filter: IncidentFilter,
        cursor: Option<Cursor>,
        limit: u32,
    ) -> Result<At<Listing<IncidentView>>, Failure> {
        let fits = |incident: &&IncidentView| {
            is_under(&incident.slug, &filter.under)
                && (filter.status.is_empty() || filter.status.contains(&incident.status))
                && (filter.verdict.is_empty() || filter.verdict.contains(&incident.verdict))
        };
        let all = self.stories.iter().map(|story| &story.incident);
        let all = all.filter(fits).cloned().collect();
        self.list(all, cursor, limit).await
    }

    async fn entries(&self, id: IncidentId, from: u32, limit: u32) -> Result<At<Page<EntryView>>, Failure> {
        let by_id: BTreeMap<_, _> = self
            .stories
            .iter()
            .map(|story| (story.incident.id, story))
            .collect();
        let entries = by_id[&id].entries.iter().filter(|entry| entry.number >= from);
        Ok(At {
            at: block(INDEX + 1),
            data: Page {
                items: entries.take(usize::try_from(limit).unwrap()).cloned().collect(),
                next: None,
            },
        })
    }
}

/// OpenAI an hour after the start: its API down, ChatGPT said to be and under maintenance, Sora well.
fn openai() -> Fake {
    let [all, api, chatgpt, mut sora] = [
        service(0, "openai", "OpenAI"),
        service(1, "openai/api", "API"),
        service(2, "openai/chatgpt", "ChatGPT"),
        service(3, "openai/sora", "Sora"),
    ];
    sora.listed = false;
    sora.changed_at = Some(minutes(0));
    sora.maintenance = vec![maintenance(600, 660, false)];
    let chatgpt = ServiceView {
        maintenance: vec![maintenance(30, 90, true)],
        incidents: 2,
        ..chatgpt
    };
    let down = IncidentView {
        reply: Some(reply(ReplyStatus::Identified)),
        ..confirmed(7, &api)
    };
    let mut down = story(
        down,
        [
            opened(&api),
            attested(Claim::Down),
            attested(Claim::Up),
            replied(ReplyStatus::Identified),
        ],
    );
    down.entries[0].text = Some("Every request is answered with 500.".into());
    down.entries[2].redacted_at = Some(minutes(50));
    down.entries[3].text = Some("We have found a bad deployment.".into());
    let said_to_be = story(incident(8, &chatgpt), [opened(&chatgpt)]);
    let over = story(
        ended(confirmed(3, &chatgpt)),
        [opened(&chatgpt), attested(Claim::Recovered)],
    );
    let elsewhere = service(9, "openai2", "Not OpenAI");
    let foreign = story(confirmed(9, &elsewhere), [opened(&elsewhere)]);
    Fake {
        services: vec![all, api, chatgpt, sora, elsewhere],
        stories: vec![said_to_be, down, over, foreign],
        ..Fake::default()
    }
}
