//! What was said of an incident, as updates.

use faultline_primitives::incident::{Dispute, Timeliness, Verdict};

use super::*;
use crate::shape::{Speaker, Stage, Update};

fn chatgpt() -> ServiceView {
    service(2, "openai/chatgpt", "ChatGPT")
}

/// The update of one entry.
fn update(entry: EntryView) -> Update {
    let incident = confirmed(1, &chatgpt());
    let story = Story {
        incident,
        entries: vec![entry],
    };
    story.updates().remove(1)
}

fn body(action: ActionView) -> String {
    update(entry(3, action)).body
}

#[test]
fn the_newest_comes_first_and_before_all_the_record_itself() {
    let actions = [
        opened(&chatgpt()),
        attested(Claim::Down),
        replied(ReplyStatus::Identified),
    ];
    let updates = story(confirmed(1, &chatgpt()), actions).updates();
    let ids: Vec<_> = updates.iter().map(|update| update.id.as_str()).collect();
    assert_eq!(ids, ["1-confirmed-ongoing", "1-2", "1-1", "1-0"]);
    assert_eq!(updates[0].faultline.by, Speaker::Record);
    assert_eq!(updates[0].created_at, updates[1].created_at);
}

#[test]
fn the_first_update_is_as_far_as_the_incident_is() {
    let denied = IncidentView {
        reply: Some(reply(ReplyStatus::Resolved)),
        ..confirmed(1, &chatgpt())
    };
    let updates = story(denied, [opened(&chatgpt()), replied(ReplyStatus::Resolved)]).updates();
    assert_eq!(updates[0].status, Stage::Monitoring);
    assert_eq!(
        updates[1].status,
        Stage::Resolved,
        "the provider's word stays its word"
    );
    let over = story(ended(confirmed(1, &chatgpt())), [opened(&chatgpt())]).updates();
    assert_eq!(over[0].status, Stage::Resolved);
    assert_eq!(
        over[0].id, "1-confirmed-recovered",
        "another id, which readers announce"
    );
}

#[test]
fn the_record_tells_verdict_quorum_and_times_with_how_far_they_lie_apart() {
    let updates = story(ended(confirmed(1, &chatgpt())), [opened(&chatgpt())]).updates();
    assert_eq!(
        updates[0].body,
        "The record: Confirmed. 3 groups that count affirm it; 3 must, 2 of them by measuring. \
         Began at 2024-12-11T23:17:00.000Z, the median of times from 2024-12-11T23:16:00.000Z to 2024-12-11T23:18:00.000Z. \
         Ended at 2024-12-12T03:38:00.000Z, the median of times from 2024-12-12T03:26:00.000Z to 2024-12-12T03:46:00.000Z."
    );
}

#[test]
fn the_record_tells_what_stands_beside_the_verdict() {
    let incident = IncidentView {
        verdict: Verdict::Contested,
        timeliness: Some(Timeliness::Late),
        dispute: Dispute::Sustained,
        duplicate_of: Some(IncidentId(7)),
        ..confirmed(1, &chatgpt())
    };
    let body = story(incident, []).updates().remove(0).body;
    for told in [
        "as many or more say that the service was well",
        "It was recorded afterwards.",
        "Arbiters upheld a dispute.",
        "a duplicate of incident 7",
    ] {
        assert!(body.contains(told), "{told}: {body}");
    }
}

#[test]
fn an_attestation_tells_who_saw_what_when_and_how() {
    assert_eq!(
        body(attested(Claim::Down)),
        "Northwatch (organisation 2) says that the service is down (Outage, Critical, Global). \
         Observed from 2024-12-11T23:17:00.000Z to 2024-12-11T23:20:00.000Z, by its own probes."
    );
    assert_eq!(
        body(attested(Claim::Up)),
        "Northwatch (organisation 2) says that the service is well. \
         Observed from 2024-12-11T23:17:00.000Z to 2024-12-11T23:20:00.000Z, by its own probes."
    );
}

#[test]
fn what_was_not_measured_is_told_as_claimed() {
    let claimed = ActionView::Attested {
        attestation: AttestationView {
            time_kind: TimeKind::Claimed,
            method: Method::UserReports,
            ..attestation(Claim::Degraded)
        },
        moves_from: Some(IncidentId(6)),
    };
    let body = body(claimed);
    assert!(body.contains("Claimed from"), "{body}");
    assert!(
        body.ends_with("by reports of users. Its word on incident 6 is withdrawn."),
        "{body}"
    );
}

#[test]
fn an_attestation_of_the_providers_group_is_told_not_to_count() {
    let mut affiliated = entry(3, attested(Claim::Up));
    affiliated.by.affiliated = true;
    assert!(update(affiliated)
        .body
        .ends_with("It is the provider or of its group, and does not count."));
}

#[test]
fn the_providers_word_keeps_its_own_status_and_is_marked_as_its_own() {
    for (status, expected, word) in [
        (ReplyStatus::Investigating, Stage::Investigating, "investigating"),
        (ReplyStatus::Identified, Stage::Identified, "identified"),
        (ReplyStatus::Monitoring, Stage::Monitoring, "monitoring"),
        (ReplyStatus::Resolved, Stage::Resolved, "resolved"),
        (
            ReplyStatus::NotUs,
            Stage::Investigating,
            "the fault is not its own",
        ),
    ] {
        let update = update(entry(3, replied(status)));
        assert_eq!(update.status, expected);
        assert_eq!(update.faultline.by, Speaker::Provider);
        assert_eq!(
            update.body,
            format!("The provider (organisation 4) says: {word}.")
        );
    }
}

#[test]
fn the_provider_is_quoted_in_its_own_words_with_the_times_that_it_claims() {
    let mut reply = entry(
        3,
        ActionView::Replied {
            reply: ReplyView {
                cause: Cause::HumanError,
                claimed_start: Some(minutes(0)),
                claimed_end: Some(minutes(9)),
                ..reply(ReplyStatus::Resolved)
            },
        },
    );
    reply.text = Some("A change went wrong.".into());
    assert_eq!(
        update(reply).body,
        "The provider (organisation 4) says: resolved. Cause: HumanError. \
         Claimed start: 2024-12-11T23:16:00.000Z. Claimed end: 2024-12-11T23:25:00.000Z. “A change went wrong.”"
    );
}

#[test]
fn no_reporters_word_alone_is_resolved() {
    for action in [
        opened(&chatgpt()),
        attested(Claim::Down),
        attested(Claim::Degraded),
        attested(Claim::Recovered),
        attested(Claim::Up),
        ActionView::Closed,
        ActionView::Withdrawn { moved_to: None },
    ] {
        let update = update(entry(3, action.clone()));
        assert_ne!(update.status, Stage::Resolved, "{action:?}");
        assert_eq!(update.faultline.by, Speaker::Reporter);
    }
    assert_eq!(
        update(entry(3, attested(Claim::Recovered))).status,
        Stage::Monitoring
    );
}

#[test]
fn a_redacted_text_is_shown_as_redacted() {
    let mut redacted = entry(3, attested(Claim::Up));
    redacted.text = Some("what must not be read".into());
    redacted.redacted_at = Some(minutes(9));
    let body = update(redacted).body;
    assert!(
        body.ends_with("[The council redacted its text at 2024-12-11T23:25:00.000Z.]"),
        "{body}"
    );
    assert!(!body.contains("what must not be read"));
}

#[test]
fn arbiters_are_told_as_arbiters() {
    let voted = ActionView::Voted {
        sustain: true,
        text_sha256: None,
    };
    let unlinked = ActionView::Unlinked;
    for action in [voted, ActionView::Linked { to: IncidentId(7) }, unlinked] {
        let update = update(entry(3, action));
        assert_eq!(update.faultline.by, Speaker::Arbiter);
        assert!(update.body.contains("an arbiter"), "{}", update.body);
    }
}

#[test]
fn an_organisation_that_stands_by_nothing_any_more_is_told_by_its_number() {
    let mut gone = entry(3, ActionView::Withdrawn { moved_to: None });
    gone.by.organisation = OrganisationId(11);
    assert_eq!(update(gone).body, "Organisation 11 takes its word back.");
}
