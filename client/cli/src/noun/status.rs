//! `faultline status`

use faultline_rpc::FaultlineRpcClient;

use crate::{output, session::Session, trouble::Result};

pub async fn run(session: &Session) -> Result<()> {
    let client = &session.client;
    let status = client.answer(client.rpc().status()).await?;
    output::answer(session.json, &status, |data| {
        output::fields([
            ("chain", format!("{} (genesis {})", client.name(), data.genesis)),
            ("node", client.url()),
            ("runtime", format!("version {}", data.spec_version)),
            (
                "finalized",
                format!("block {}, at {}", status.at.number, data.finalized_at),
            ),
            ("best", format!("block {}", data.best)),
            (
                "validators",
                format!(
                    "{} in this session, of {} that the council has",
                    data.validators.len(),
                    data.approved
                ),
            ),
            ("organisations", data.organisations.to_string()),
            ("services", data.services.to_string()),
            ("incidents", data.incidents.to_string()),
        ])
    })
}
