//! What the transaction pool turns away, before any block is touched.

use anyhow::Result;
use faultline_client::{key::Key, Call, Client, Error};
use faultline_primitives::{
    attestation::{Claim, Observation},
    IncidentId, ServiceId, Span, Text, UnixMillis,
};
use faultline_tests::{seen_by_hand, wait_for, TestNode};

const DOWN_SINCE: UnixMillis = UnixMillis(1_733_958_960_000);

fn down() -> Observation {
    let observed = Span {
        from: DOWN_SINCE,
        to: DOWN_SINCE,
    };
    seen_by_hand(Claim::Down, observed)
}

/// The name of the refusal with which the pool answers.
async fn refusal(client: &Client, call: &Call, key: &Key) -> Result<String> {
    let signed = client.sign(call, key).await?;
    let answer = client.submit(&signed).await;
    assert!(
        !client.is_pending(signed.hash()).await?,
        "what is refused does not wait in the pool"
    );
    match answer {
        Err(Error::Refused(refusal)) => Ok(refusal.name),
        other => anyhow::bail!("{call:?} was answered with {other:?}"),
    }
}

#[tokio::test]
async fn the_pool_refuses_strangers_and_whatever_is_not_a_members_to_call() -> Result<()> {
    let node = TestNode::dev()?;
    node.wait_for_first_block()?;
    let client = Client::connect(&node.endpoint()).await?;
    let stranger = Key::generate()?;
    let (member, admin) = (Key::named("dev:alice")?, Key::named("dev:alice-admin")?);
    let report = Call::report(ServiceId(0), &down(), &Text::default());
    let remark = Call::new("System", "remark", &b"free block space".to_vec());
    let suspend = Call::new("Members", "suspend", &1u32);
    let admit_key = Call::add_reporter(stranger.account(), &Text::default());
    let not_utf8 = Text::from_bytes(&[0xff]).unwrap_or_default();

    for (call, key, expected) in [
        (&report, &stranger, "Gate.UnknownSigner"),
        (&remark, &stranger, "Gate.UnknownSigner"),
        (&remark, &member, "Gate.CallNotOpen"),
        (&remark, &admin, "Gate.CallNotOpen"),
        (&suspend, &admin, "Gate.CallNotOpen"),
        (&admit_key, &member, "Gate.AdminKeyNeeded"),
        (&report, &admin, "Gate.ReporterKeyNeeded"),
        (
            &Call::report(ServiceId(99), &down(), &Text::default()),
            &member,
            "Incidents.NoSuchService",
        ),
        (
            &Call::report(ServiceId(0), &down(), &not_utf8),
            &member,
            "Incidents.TextNotUtf8",
        ),
        (
            &Call::attest(IncidentId(7), &down(), &Text::default(), None),
            &member,
            "Incidents.NoSuchIncident",
        ),
    ] {
        assert_eq!(refusal(&client, call, key).await?, expected);
    }

    let status = node.cli().json(&["status"])?;
    assert_eq!(status["data"]["incidents"], 0, "{status}");
    Ok(())
}

#[tokio::test]
async fn the_same_bytes_are_recorded_once_however_often_they_are_submitted() -> Result<()> {
    // Submitted before the first block, when the chain has no time yet.
    let node = TestNode::dev()?;
    let client = Client::connect(&node.endpoint()).await?;
    let key = Key::named("dev:alice")?;
    let signed = client
        .sign(&Call::report(ServiceId(0), &down(), &Text::default()), &key)
        .await?;
    client.submit(&signed).await?;
    let twice = client.submit(&signed).await;
    assert!(twice.is_err(), "the pool has it already");
    let recorded = client.wait(&signed, std::time::Duration::from_secs(60)).await?;
    assert!(
        matches!(client.submit(&signed).await, Err(Error::Refused(_))),
        "it is recorded already"
    );
    assert_eq!(client.find(signed.hash(), 64).await?, Some(recorded));
    let incident = node.cli().json(&["incident", "show", "0"])?;
    assert_eq!(incident["data"]["entries"], 1, "{incident}");
    Ok(())
}

#[tokio::test]
async fn what_a_killed_node_lost_with_its_pool_is_submitted_again_and_recorded_once() -> Result<()> {
    let mut node = TestNode::dev()?;
    node.wait_for_first_block()?;
    let client = Client::connect(&node.endpoint()).await?;
    let key = Key::named("dev:alice")?;
    let signed = client
        .send(&Call::report(ServiceId(0), &down(), &Text::default()), &key)
        .await?;
    node.kill()?;
    let waiting = tokio::spawn(async move {
        let recorded = client.wait(&signed, std::time::Duration::from_secs(90)).await;
        (recorded, client.find(signed.hash(), 64).await)
    });
    node.start_again()?;
    let (recorded, found) = waiting.await?;
    assert_eq!(found?, Some(recorded?));
    let incident = node.cli().json(&["incident", "show", "0"])?;
    assert_eq!(incident["data"]["entries"], 1, "{incident}");
    Ok(())
}

#[tokio::test]
async fn a_transaction_that_is_not_final_in_time_says_how_to_ask_for_it() -> Result<()> {
    let node = TestNode::dev()?;
    let hasty =
        node.cli()
            .signing("dev:alice")
            .run(&["report", "openai", "--claim", "down", "--timeout", "1ms"])?;
    assert_eq!(hasty.code, 1, "{hasty:?}");
    let hash = hasty
        .err
        .split_whitespace()
        .find(|word| word.starts_with("0x"))
        .unwrap_or_default();
    assert!(
        hasty.err.contains(&format!("faultline transaction show {hash}")),
        "{hasty:?}"
    );
    wait_for("the transaction", std::time::Duration::from_secs(30), || {
        let asked = node.cli().run(&["transaction", "show", hash, "--json"])?;
        Ok((asked.code == 0 && asked.out.contains(hash)).then_some(()))
    })
}

#[tokio::test]
async fn a_call_that_the_runtime_would_read_otherwise_is_not_signed() -> Result<()> {
    let node = TestNode::dev()?;
    let client = Client::connect(&node.endpoint()).await?;
    let key = Key::named("dev:alice")?;
    for call in [
        Call::new("Incidents", "attest", &(7u64, down())),
        Call::new("Incidents", "withdraw", &(7u64, 8u64)),
        Call::new("Incidents", "retract", &7u64),
        Call::new("Rumours", "spread", &()),
    ] {
        let signed = client.sign(&call, &key).await;
        assert!(
            matches!(signed, Err(Error::Incompatible(_))),
            "{call:?}: {signed:?}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn the_program_has_words_for_every_error_of_the_chain() -> Result<()> {
    let node = TestNode::dev()?;
    let client = Client::connect(&node.endpoint()).await?;
    assert_eq!(client.errors_without_words().await?, Vec::<String>::new());
    Ok(())
}
