//! A client that was connected before the chain was upgraded.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use anyhow::{Context, Result};
use faultline_client::{runtime::SPEC_VERSION, transaction::Loss, Call, Client, Error, Key, Notice};
use faultline_primitives::{attestation::Claim, ServiceId, Span, Text, UnixMillis};
use faultline_tests::{seen_by_hand, wait_for, Chain};

#[test]
fn a_client_that_is_connected_while_the_chain_is_upgraded_goes_on_and_signs_anew_what_was_overtaken(
) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let code = folder.path().join("next.wasm").display().to_string();
    let next = faultline_next_runtime::WASM_BINARY.context("built without its WASM")?;
    std::fs::write(&code, next)?;
    let chain = Chain::new()?;
    chain.enacted(&["authorize-upgrade", &code])?;
    let key = Key::named("dev:alice")?;
    let (one, other) = (
        Call::report(
            ServiceId(0),
            &seen_by_hand(Claim::Down, since()),
            &Text::default(),
        ),
        Call::report(
            ServiceId(1),
            &seen_by_hand(Claim::Down, since()),
            &Text::default(),
        ),
    );
    let waiting = tokio::runtime::Runtime::new()?;
    let notices = Arc::new(Mutex::new(Vec::new()));
    let heard = notices.clone();
    let urls = [chain.node.endpoint()];
    let client = waiting.block_on(Client::connect_any(&urls, None, move |notice| {
        heard.lock().expect("no panic").push(notice.clone());
    }))?;
    // Signed for the runtime before; nobody hands it in until the next is in place.
    let overtaken = wait_for("the end of the delay", Duration::from_secs(120), || {
        let signed = waiting.block_on(client.sign(&one, &key))?;
        let applied = chain.by("eve-admin").run(&["upgrade", "apply", &code])?;
        Ok((applied.code == 0).then_some(signed))
    })?;
    let patience = Duration::from_secs(90);
    let lost = waiting.block_on(client.wait(&overtaken, patience));
    let upgraded = matches!(
        lost,
        Err(Error::Superseded { loss: Loss::Upgraded(version), .. }) if version == SPEC_VERSION + 1
    );
    assert!(upgraded, "{lost:?}");

    let anew = client.see_through(&one, &key, overtaken.clone(), patience);
    let recorded = waiting.block_on(anew)?;
    assert_ne!(recorded.transaction, overtaken.hash());
    assert_eq!(waiting.block_on(client.find(overtaken.hash(), 64))?, None);
    let notice = Notice::SignedAnew {
        old: overtaken.hash(),
        new: recorded.transaction,
    };
    assert_eq!(*notices.lock().expect("no panic"), [notice]);
    waiting.block_on(client.execute(&other, &key, patience))?;
    for (incident, slug) in [("0", "openai"), ("1", "openai/chatgpt")] {
        let shown = chain.data(&["incident", "show", incident])?;
        assert_eq!(
            (&shown["slug"], &shown["entries"]),
            (&slug.into(), &1.into()),
            "{shown}"
        );
    }
    assert_eq!(chain.data(&["status"])?["specVersion"], SPEC_VERSION + 1);
    Ok(())
}

fn since() -> Span {
    Span {
        from: UnixMillis(1_733_958_960_000),
        to: UnixMillis(1_733_958_960_000),
    }
}
