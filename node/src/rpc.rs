//! What the node answers by JSON-RPC beyond the SDK's standard methods.

use std::{error::Error, sync::Arc};

use faultline_rpc::{openrpc, server::Faultline, FaultlineRpcServer};
use faultline_runtime::{opaque::Block, AccountId, Hash, Nonce};
use jsonrpsee::{types::ErrorObjectOwned, RpcModule};
use substrate_frame_rpc_system::{System, SystemApiServer};

use crate::{pool::FullPool, service::FullClient};

/// The methods `system_accountNextIndex` and `system_dryRun`, and the namespace `faultline`.
///
/// # Errors
///
/// Two methods of one name.
pub fn module(
    client: Arc<FullClient>,
    pool: Arc<FullPool>,
    faultline: Faultline<Block, FullClient>,
) -> Result<RpcModule<()>, Box<dyn Error + Send + Sync>> {
    let mut module = RpcModule::new(());
    let system = System::<FullPool, FullClient, Block>::new(client.clone(), pool);
    module.merge(SystemApiServer::<Hash, AccountId, Nonce>::into_rpc(system))?;
    module.merge(faultline.into_rpc())?;
    module.register_method("rpc.discover", |_, _, _| {
        Ok::<_, ErrorObjectOwned>(openrpc::document())
    })?;
    Ok(module)
}
