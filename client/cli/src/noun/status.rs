//! `faultline status`

use faultline_rpc::{view::IndexView, FaultlineRpcClient};

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
            ("index", index(data.index.as_ref())),
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

/// Where an index stands, in words.
fn index(index: Option<&IndexView>) -> String {
    match index.and_then(|index| index.at) {
        Some(at) => format!("block {}, {}", at.number, pace(index)),
        None => pace(index),
    }
}

/// How far an index is with the chain, in words.
pub fn pace(index: Option<&IndexView>) -> String {
    match index {
        None => "none: this node keeps no index, and lists nothing".into(),
        Some(IndexView {
            building: Some(building),
            ..
        }) => format!(
            "being built: it holds {} of {} incidents",
            building.done, building.of
        ),
        Some(IndexView { at: None, .. }) => "not built yet".into(),
        Some(IndexView { lag: 0, .. }) => "in step with the chain".into(),
        Some(IndexView { lag: 1, .. }) => "1 block behind the chain".into(),
        Some(IndexView { lag, .. }) => format!("{lag} blocks behind the chain"),
    }
}

#[cfg(test)]
mod tests {
    use faultline_primitives::Hash;
    use faultline_rpc::view::{BlockView, BuildingView};

    use super::*;

    #[test]
    fn it_is_said_how_far_the_index_is() {
        let block = BlockView {
            number: 7,
            hash: Hash([0; 32]),
        };
        let at = |lag| IndexView {
            at: Some(block),
            lag,
            building: None,
        };
        assert_eq!(index(Some(&at(0))), "block 7, in step with the chain");
        assert_eq!(index(Some(&at(1))), "block 7, 1 block behind the chain");
        let building = IndexView {
            building: Some(BuildingView { done: 3, of: 10 }),
            ..at(0)
        };
        assert_eq!(
            index(Some(&building)),
            "block 7, being built: it holds 3 of 10 incidents"
        );
        assert_eq!(pace(Some(&at(0))), "in step with the chain");
        assert!(index(None).starts_with("none"));
    }
}
