//! What was said of an incident, and what that comes to, in plain sentences.

use faultline_primitives::{
    attestation::{Claim, Method},
    incident::{Cause, Dispute, ReplyStatus, Status, Timeliness, Verdict},
    OrganisationId,
};
use faultline_rpc::view::{
    ActionView, AttestationView, EntryView, IncidentView, ReplyView, TimeKind, TimesView,
};

use crate::{
    shape::{Speaker, Stage},
    stamp::Stamp,
};

/// How far an incident is by one entry alone. Nobody but the provider can say there that it is resolved.
pub fn stage(action: &ActionView) -> Stage {
    match action {
        ActionView::Replied { reply } => match reply.status {
            ReplyStatus::Investigating | ReplyStatus::NotUs => Stage::Investigating,
            ReplyStatus::Identified => Stage::Identified,
            ReplyStatus::Monitoring => Stage::Monitoring,
            ReplyStatus::Resolved => Stage::Resolved,
        },
        ActionView::Opened { attestation, .. } | ActionView::Attested { attestation, .. }
            if attestation.claim == Claim::Recovered =>
        {
            Stage::Monitoring
        }
        ActionView::Closed => Stage::Monitoring,
        _ => Stage::Investigating,
    }
}

/// Whose word an entry is.
pub fn speaker(action: &ActionView) -> Speaker {
    match action {
        ActionView::Replied { .. } => Speaker::Provider,
        ActionView::Voted { .. } | ActionView::Linked { .. } | ActionView::Unlinked => Speaker::Arbiter,
        _ => Speaker::Reporter,
    }
}

/// What an entry says, with its text.
pub fn said(entry: &EntryView, incident: &IncidentView) -> String {
    let who = name(entry.by.organisation, incident);
    let told = match &entry.action {
        ActionView::Opened { attestation, .. } => attested(&who, attestation, entry.by.affiliated),
        ActionView::Attested {
            attestation,
            moves_from,
        } => {
            let attested = attested(&who, attestation, entry.by.affiliated);
            match moves_from {
                Some(other) => format!("{attested} Its word on incident {other} is withdrawn."),
                None => attested,
            }
        }
        ActionView::Withdrawn { moved_to: None } => format!("{who} takes its word back."),
        ActionView::Withdrawn {
            moved_to: Some(other),
        } => format!("{who} takes its word back, and attests incident {other} instead."),
        ActionView::Closed => format!("{who} closes it: nobody saw its end."),
        ActionView::Replied { reply } => replied(entry.by.organisation, reply),
        ActionView::Disputed { .. } => format!("{who} disputes the record."),
        ActionView::Voted { sustain: true, .. } => format!("{who}, an arbiter, upholds the dispute."),
        ActionView::Voted { sustain: false, .. } => format!("{who}, an arbiter, rejects the dispute."),
        ActionView::Linked { to } => {
            format!("{who}, an arbiter, holds it to be a duplicate of incident {to}.")
        }
        ActionView::Unlinked => format!("{who}, an arbiter, holds it to be no duplicate any more."),
    };
    match (&entry.text, entry.redacted_at) {
        (_, Some(at)) => format!("{told} [The council redacted its text at {}.]", Stamp::from(at)),
        (Some(text), None) if !text.is_empty() => format!("{told} “{text}”"),
        _ => told,
    }
}

/// An organisation by its name, as far as it stands by a word, and its number.
fn name(organisation: OrganisationId, incident: &IncidentView) -> String {
    let mut voices = incident.voices.iter();
    match voices.find(|voice| voice.organisation == organisation) {
        Some(voice) => format!("{} (organisation {organisation})", voice.name),
        None => format!("Organisation {organisation}"),
    }
}

fn attested(who: &str, attestation: &AttestationView, affiliated: bool) -> String {
    let claim = match attestation.claim {
        Claim::Down => "down",
        Claim::Degraded => "degraded",
        Claim::Recovered => "well again",
        Claim::Up => "well",
    };
    // Of what is well there is no kind or severity to tell.
    let what = if attestation.claim == Claim::Up {
        String::new()
    } else {
        let AttestationView {
            kind,
            severity,
            scope,
            ..
        } = attestation;
        format!(" ({kind}, {severity}, {})", scope.0)
    };
    let time = match attestation.time_kind {
        TimeKind::Observed => "Observed",
        TimeKind::Claimed => "Claimed",
    };
    let how = match attestation.method {
        Method::ActiveProbe => "its own probes",
        Method::PassiveTelemetry => "its own traffic or logs",
        Method::OfficialFeed => "an official feed",
        Method::UserReports => "reports of users",
        Method::Manual => "a person's observation",
    };
    let counts = if affiliated {
        " It is the provider or of its group, and does not count."
    } else {
        ""
    };
    format!(
        "{who} says that the service is {claim}{what}. {time} from {} to {}, by {how}.{counts}",
        Stamp::from(attestation.span.from),
        Stamp::from(attestation.span.to),
    )
}

fn replied(provider: OrganisationId, reply: &ReplyView) -> String {
    let status = match reply.status {
        ReplyStatus::NotUs => "the fault is not its own",
        ReplyStatus::Investigating => "investigating",
        ReplyStatus::Identified => "identified",
        ReplyStatus::Monitoring => "monitoring",
        ReplyStatus::Resolved => "resolved",
    };
    let mut told = format!("The provider (organisation {provider}) says: {status}.");
    if reply.cause != Cause::Unknown {
        told += &format!(" Cause: {}.", reply.cause);
    }
    if let Some(start) = reply.claimed_start {
        told += &format!(" Claimed start: {}.", Stamp::from(start));
    }
    if let Some(end) = reply.claimed_end {
        told += &format!(" Claimed end: {}.", Stamp::from(end));
    }
    told
}

/// What all entries come to.
pub fn standing(incident: &IncidentView) -> String {
    let groups = match incident.affirming {
        1 => "1 group that counts affirms it".into(),
        n => format!("{n} groups that count affirm it"),
    };
    let contested = match incident.verdict {
        Verdict::Contested => ", and as many or more say that the service was well",
        Verdict::Unconfirmed | Verdict::Confirmed => "",
    };
    let mut told = format!(
        "The record: {}. {groups}{contested}; {} must, {} of them by measuring.",
        incident.verdict, incident.rules.quorum, incident.rules.min_measured,
    );
    if let Some(times) = &incident.started_at {
        told += &format!(" Began at {}.", median(times));
    }
    match (&incident.ended_at, incident.status) {
        (Some(times), _) => told += &format!(" Ended at {}.", median(times)),
        (None, Status::EndUnknown) => told += " Nobody saw its end.",
        (None, _) if incident.lapsed => {
            told += " It lapsed: it was not confirmed in time, and no end is recorded."
        }
        (None, _) => told += " No end is recorded.",
    }
    if incident.timeliness == Some(Timeliness::Late) {
        told += " It was recorded afterwards.";
    }
    told += match incident.dispute {
        Dispute::None => "",
        Dispute::Open => " A dispute is open.",
        Dispute::Sustained => " Arbiters upheld a dispute.",
        Dispute::Dismissed => " Arbiters rejected a dispute.",
        Dispute::Unruled => " Arbiters did not rule on a dispute in time.",
    };
    if let Some(other) = incident.duplicate_of {
        told += &format!(" Arbiters hold it to be a duplicate of incident {other}.");
    }
    told
}

fn median(times: &TimesView) -> String {
    let TimesView {
        earliest,
        median,
        latest,
    } = *times;
    format!(
        "{}, the median of times from {} to {}",
        Stamp::from(median),
        Stamp::from(earliest),
        Stamp::from(latest),
    )
}
