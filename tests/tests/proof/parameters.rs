//! Questions that cannot be meant, and what is answered.

use anyhow::{bail, Result};
use faultline_primitives::UnixMillis;
use faultline_rpc::{error::Failure, view::Utc, FaultlineRpcClient};
use faultline_tests::failure;
use jsonrpsee::core::ClientError;

use crate::{asked::connect, world::World};

/// Checks that an answer refuses a parameter, in these words.
fn is_refused<T: std::fmt::Debug>(answer: Result<T, ClientError>, name: &str, words: &str) -> Result<()> {
    match failure(answer)? {
        Failure::BadParameter { parameter, why } if parameter == name && why.contains(words) => Ok(()),
        other => bail!("not `{words}` of {name}: {other:?}"),
    }
}

/// Checks that whatever is wrong is named.
pub async fn are_refused(world: &World) -> Result<()> {
    let client = connect(&world.network.nodes[0]).await?;
    let far = u32::MAX;
    is_refused(client.proof(0, Some(far)).await, "since", "earlier")?;
    is_refused(client.warp_proof(Some(far), None).await, "since", "earlier")?;
    is_refused(client.warp_proof(None, Some(far)).await, "until", "not final")?;
    is_refused(
        client.warp_proof(None, Some(0)).await,
        "until",
        "finality did not stop",
    )?;
    is_refused(
        client.warp_proof(Some(3), Some(0)).await,
        "until",
        "finality did not stop",
    )?;
    is_refused(
        client.service_proof("OpenAI".into(), None, None, None).await,
        "slug",
        "no slug",
    )?;
    let (early, late) = (Some(Utc(UnixMillis(1))), Some(Utc(UnixMillis(2))));
    is_refused(
        client.service_proof("openai/api".into(), late, early, None).await,
        "from",
        "after",
    )?;
    let to_come = Some(Utc(UnixMillis(u64::MAX / 2)));
    is_refused(
        client
            .service_proof("openai/api".into(), to_come, None, None)
            .await,
        "from",
        "after",
    )?;
    for unknown in [
        failure(client.proof(1_000, None).await)?,
        failure(client.service_proof("openai/none".into(), None, None, None).await)?,
    ] {
        assert!(matches!(unknown, Failure::NotFound { .. }), "{unknown:?}");
    }
    Ok(())
}
