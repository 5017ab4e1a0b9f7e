//! Evidence bundles and warp proofs of real nodes: whatever the node and whatever became of it, what it gives verifies
//! from the genesis hash alone.

mod asked;
mod parameters;
mod world;

use std::time::{Duration, Instant};

use anyhow::{ensure, Context, Result};
use faultline_primitives::IncidentId;
use faultline_proof::{compare, verify, Anchor, AuthoritySet, Bundle, Checkpoint, Claim, Proven, Start};
use faultline_rpc::{FaultlineRpcClient, IncidentFilter};
use faultline_tests::{Rpc, TestNode};

use self::{
    asked::{connect, incident, warp_proof},
    world::World,
};

/// How long something may take that needs a few blocks.
const SOON: Duration = Duration::from_secs(90);

/// What a node's bundle of incident 0 proves to someone who knows the genesis hash.
async fn proven(world: &World, node: &TestNode) -> Result<(Bundle, Proven)> {
    let bundle = incident(&connect(node).await?, 0, None).await?;
    let proven =
        verify(&bundle, Anchor::Genesis(world.genesis)).map_err(|fault| anyhow::anyhow!("{fault:?}"))?;
    Ok((bundle, proven))
}

/// The same as soon as it shows so many changes of authorities.
async fn proven_after(world: &World, node: &TestNode, changes: usize) -> Result<(Bundle, Proven)> {
    let deadline = Instant::now() + SOON;
    loop {
        let last = proven(world, node).await;
        match last {
            Ok((bundle, proven)) if proven.history.changes.len() >= changes => return Ok((bundle, proven)),
            other if Instant::now() > deadline => {
                let (_, proven) = other?;
                anyhow::bail!(
                    "after {SOON:?} still {} changes of {changes}",
                    proven.history.changes.len()
                );
            }
            _ => tokio::time::sleep(Duration::from_millis(500)).await,
        }
    }
}

/// What two nodes' bundles must agree on, whatever their blocks.
fn agree(one: &Proven, other: &Proven) -> Result<()> {
    let (older, newer) = match one.block.number <= other.block.number {
        true => (one, other),
        false => (other, one),
    };
    compare(older, newer).map_err(|why| anyhow::anyhow!("{why:?}"))?;
    let common = older.history.changes.len();
    ensure!(
        newer.history.changes.get(..common) == Some(&older.history.changes[..]),
        "other authorities"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn bundles_of_every_kind_of_node_verify_from_genesis_and_prove_the_same() -> Result<()> {
    let mut world = World::start()?;
    world.say_ten_entries()?;
    let pruned = world.join(&["--state-pruning=16", "--blocks-pruning=16", "--no-index"])?;

    // Before any change of authorities.
    let (first, before) = proven_after(&world, &world.network.nodes[0], 0).await?;
    assert_eq!(first.changes.len(), 0);
    assert_eq!(before.incidents[0].log.entries.len(), 10);
    assert_eq!(
        before.incidents[0].log.entries[0]
            .text
            .as_ref()
            .map(ToString::to_string)
            .as_deref(),
        Some("Ask Jane Doe.")
    );

    // Other keys of one validator, then other keys again: two changes of authorities.
    world.change_keys()?;
    let (second, after) = proven_after(&world, &world.network.nodes[0], 1).await?;
    let bytes = second.to_bytes().len();
    println!(
        "a bundle of 10 entries after {} changes of 4 validators: {bytes} bytes, {} before any; one change {} bytes, \
         nodes {} bytes",
        second.changes.len(),
        first.to_bytes().len(),
        codec::Encode::encoded_size(&second.changes[0]),
        codec::Encode::encoded_size(&second.nodes),
    );
    agree(&before, &after)?;
    world.change_keys()?;
    let (_, after) = proven_after(&world, &world.network.nodes[0], 2).await?;

    // The council takes a text away.
    world.cli().enacted(&["redact", "0", "0"])?;
    let (_, redacted) = proven_after(&world, &world.network.nodes[0], 2).await?;
    assert!(
        redacted.incidents[0].redacted.contains_key(&0),
        "{:?}",
        redacted.incidents[0].redacted
    );
    agree(&after, &redacted)?;

    // Another validator, a node that prunes and has no genesis state any more, one that comes later, and one that syncs from
    // proofs.
    let (_, other) = proven_after(&world, &world.network.nodes[1], 2).await?;
    agree(&redacted, &other)?;
    let rpc = pruned.endpoint();
    let genesis = format!("{}", world.genesis);
    let gone = tokio::task::spawn_blocking(move || {
        Rpc::new(&rpc)?.ask("state_getStorage", &["0x3a636f6465".into(), genesis.into()])
    });
    ensure!(gone.await?.is_err(), "the genesis state is still there");
    let (_, of_pruned) = proven_after(&world, &pruned, 2).await?;
    agree(&redacted, &of_pruned)?;
    let late = world.join(&[])?;
    let (_, of_late) = proven_after(&world, &late, 2).await?;
    agree(&redacted, &of_late)?;
    let synced = world.join(&["--sync=warp"])?;
    let (_, of_synced) = proven_after(&world, &synced, 2).await?;
    agree(&redacted, &of_synced)?;

    // After a kill.
    world.network.nodes[1].kill()?;
    world.network.nodes[1].start_again()?;
    let (_, again) = proven_after(&world, &world.network.nodes[1], 2).await?;
    agree(&other, &again)?;

    histories(&world).await?;
    services(&world).await?;
    parameters::are_refused(&world).await
}

/// Warp proofs, from genesis and from each change on, and bundles from checkpoints.
async fn histories(world: &World) -> Result<()> {
    let client = connect(&world.network.nodes[2]).await?;
    let (at, whole) = warp_proof(&client, None, None).await?;
    let start = whole.start.context("from genesis on it shows how it begins")?;
    let Start::Genesis(genesis) = &start else {
        anyhow::bail!("it begins late: {start:?}");
    };
    assert_eq!(genesis.header.hash(), world.genesis);
    let block = whole.block.context("it is in one part")?;
    let mut set = start.set().map_err(|why| anyhow::anyhow!("{why:?}"))?;
    for (place, change) in whole.changes.iter().enumerate() {
        change.check(&set).map_err(|why| anyhow::anyhow!("{why:?}"))?;
        let next = change
            .header
            .next_authorities()
            .map_err(|why| anyhow::anyhow!("{why:?}"))?;
        set = AuthoritySet {
            id: set.id + 1,
            authorities: next.context("a change")?,
        };

        // From here on, to the same end.
        let number = change.header.number;
        let (same, rest) = warp_proof(&client, Some(number), Some(at)).await?;
        assert_eq!((same, rest.start), (at, None));
        assert_eq!(rest.changes, whole.changes[place + 1..]);
        assert_eq!(rest.block.as_ref(), Some(&block));

        let checkpoint = Checkpoint {
            number,
            hash: change.header.hash(),
            set_id: set.id,
            set: set.hash(),
        };
        let bundle = incident(&client, 0, Some(number)).await?;
        assert!(matches!(&bundle.start, Start::Set(first) if *first == set));
        verify(&bundle, Anchor::Checkpoint(checkpoint)).map_err(|fault| anyhow::anyhow!("{fault:?}"))?;
        ensure!(
            verify(&bundle, Anchor::Genesis(world.genesis)).is_err(),
            "it does not show the genesis block"
        );
    }
    block.check(&set).map_err(|why| anyhow::anyhow!("{why:?}"))
}

/// A service's bundle has what the list of its incidents has.
async fn services(world: &World) -> Result<()> {
    let client = connect(&world.network.nodes[0]).await?;
    let slug = "openai/api";
    let bundle = client
        .service_proof(slug.into(), None, None, None)
        .await?
        .data
        .open()?;
    let proven =
        verify(&bundle, Anchor::Genesis(world.genesis)).map_err(|fault| anyhow::anyhow!("{fault:?}"))?;
    let of_service = IncidentFilter {
        service: Some(slug.into()),
        ..Default::default()
    };
    let listed = client.incidents(Some(of_service), None, None).await?.data.items;
    let mut listed: Vec<IncidentId> = listed.into_iter().map(|incident| incident.id).collect();
    listed.sort_unstable();
    let roll = proven.roll.context("it is of a service")?;
    assert_eq!(
        roll.roll.iter().map(|opened| opened.id).collect::<Vec<_>>(),
        listed
    );
    assert_eq!(
        proven
            .incidents
            .iter()
            .map(|incident| incident.log.id)
            .collect::<Vec<_>>(),
        listed
    );

    // Of a span before the first was opened: none, and proven to be none.
    let first = roll.roll.first().context("an incident")?.at;
    let before = faultline_rpc::view::Utc(faultline_primitives::UnixMillis(first.0 - 1));
    let bundle = client
        .service_proof(slug.into(), None, Some(before), None)
        .await?
        .data
        .open()?;
    assert!(matches!(&bundle.claim, Claim::Service(service) if service.incidents.is_empty()));
    verify(&bundle, Anchor::Genesis(world.genesis)).map_err(|fault| anyhow::anyhow!("{fault:?}"))?;
    Ok(())
}
