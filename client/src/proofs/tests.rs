//! Evidence as nodes give it: good, damaged, and of something else.

use faultline_forge::{incident_bundle, service_bundle, Chain as Forged, Story};
use faultline_primitives::{Hash, Millis, Span};
use faultline_proof::Step;

use super::*;
use crate::fake::{Chain, Fake};

const SLUG: &str = "openai/chatgpt";

/// A node that gives this as evidence, and a client of it.
async fn node(bundle: &Bundle) -> (Fake, Client) {
    let node = Fake::start(&Chain::new()).await;
    node.mood().evidence = Some(Envelope::of(bundle));
    let client = Client::connect(&node.url()).await.unwrap();
    (node, client)
}

/// Why it is no evidence.
fn why<T: std::fmt::Debug>(given: Result<T>) -> BadEvidence {
    match given {
        Err(Error::Unproven { why, .. }) => why,
        other => panic!("{other:?}"),
    }
}

/// All incidents that were opened from a time on.
fn from(minutes: u64) -> Between {
    Between {
        from: Some(faultline_forge::START.after(Millis::minutes(minutes))),
        to: None,
    }
}

#[tokio::test]
async fn what_holds_and_is_of_what_was_asked_for_is_given_with_what_it_proves() {
    let (chain, bundle) = incident_bundle(4, 2, 5);
    let (node, client) = node(&bundle).await;
    let genesis = Anchor::Genesis(chain.genesis());
    let evidence = client.incident_evidence(IncidentId(7), genesis).await.unwrap();
    assert_eq!(evidence.bundle, bundle);
    assert_eq!(evidence.proven.incidents[0].log.entries.len(), 5);
    assert_eq!(node.mood().since, serde_json::Value::Null);
    // What comes before a checkpoint needs not be shown.
    let checkpoint = chain.checkpoint();
    let anchor = Anchor::Checkpoint(checkpoint);
    client.incident_evidence(IncidentId(7), anchor).await.unwrap();
    assert_eq!(node.mood().since, checkpoint.number);
}

#[tokio::test]
async fn what_does_not_hold_is_an_error_that_names_the_step() {
    let (chain, mut bundle) = incident_bundle(4, 1, 3);
    bundle.block.justification.commit.votes.pop();
    let (_node, client) = node(&bundle).await;
    let given = client
        .incident_evidence(IncidentId(7), Anchor::Genesis(chain.genesis()))
        .await;
    assert!(matches!(why(given), BadEvidence::Fault(fault) if fault.step() == Step::Finality));
    let given = client
        .incident_evidence(IncidentId(7), Anchor::Genesis(Hash([9; 32])))
        .await;
    assert!(matches!(why(given), BadEvidence::Fault(fault) if fault.step() == Step::Origin));
}

#[tokio::test]
async fn what_is_no_bundle_is_an_error() {
    let (chain, bundle) = incident_bundle(4, 0, 1);
    let (node, client) = node(&bundle).await;
    node.mood().evidence.as_mut().unwrap().bundle.clear();
    let given = client
        .incident_evidence(IncidentId(7), Anchor::Genesis(chain.genesis()))
        .await;
    assert!(matches!(why(given), BadEvidence::Envelope(_)));
    node.mood().evidence = None;
    let given = client
        .incident_evidence(IncidentId(7), Anchor::Genesis(chain.genesis()))
        .await;
    assert!(
        matches!(given, Err(Error::Node { code: -32_601, .. })),
        "{given:?}"
    );
}

#[tokio::test]
async fn good_evidence_of_something_else_is_none() {
    let (chain, bundle) = incident_bundle(4, 0, 3);
    let genesis = Anchor::Genesis(chain.genesis());
    let (incident, client) = node(&bundle).await;
    let given = client.incident_evidence(IncidentId(8), genesis).await;
    assert!(matches!(why(given), BadEvidence::Other(what) if what == "incident 8"));
    let given = client.service_evidence(SLUG, Between::default(), genesis).await;
    assert!(matches!(why(given), BadEvidence::Other(_)));

    let chain = Forged::new(4);
    let genesis = Anchor::Genesis(chain.genesis());
    let stories = [0, 60, 120].map(|minutes| {
        let opened = faultline_forge::START.after(Millis::minutes(minutes));
        Story::told_from(7 + minutes, 2, opened)
    });
    let span = Span {
        from: from(60).from.unwrap(),
        to: UnixMillis(u64::MAX),
    };
    let bundle = service_bundle(&chain, &stories, span);
    incident.mood().evidence = Some(Envelope::of(&bundle));
    let given = client.service_evidence(SLUG, from(60), genesis).await.unwrap();
    assert_eq!(given.proven.incidents.len(), 2);
    for (slug, span) in [
        ("openai/api", from(60)),
        (SLUG, Between::default()),
        (SLUG, from(0)),
        (SLUG, from(61)),
    ] {
        let given = client.service_evidence(slug, span, genesis).await;
        assert!(matches!(why(given), BadEvidence::Other(_)), "{slug} {span:?}");
    }
    let given = client.incident_evidence(IncidentId(7), genesis).await;
    assert!(matches!(why(given), BadEvidence::Other(_)));
}
