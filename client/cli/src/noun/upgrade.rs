//! `faultline upgrade`

use std::path::{Path, PathBuf};

use clap::Subcommand;
use faultline_client::{council::MotionEvent, Call};
use faultline_primitives::{log::blake2_256, Hash};
use faultline_rpc::{
    view::{At, UpgradeView, Utc},
    FaultlineRpcClient,
};
use serde::Serialize;

use super::council::council;
use crate::{
    options::{example, Options},
    output,
    session::Session,
    trouble::{Result, Trouble},
};

/// How WASM begins.
const WASM: &[u8] = b"\0asm";
/// How the SDK marks WASM that it compressed.
const COMPRESSED: &[u8] = &[0x52, 0xbc, 0x53, 0x76, 0x46, 0xdb, 0x8e, 0x05];

#[derive(Subcommand)]
pub enum Upgrade {
    /// Show which runtime is in place, and which may take its place and when.
    #[command(after_help = example("upgrade status"))]
    Status,
    /// Put a runtime in place that the council has authorized and that has waited. Wants the admin key of any organisation.
    #[command(after_help = example("upgrade apply next.wasm --key dev:alice-admin"))]
    Apply {
        /// The file of its code: the same bytes that were authorized.
        file: PathBuf,
    },
    /// Show the hash of a runtime's code, by which the council authorizes it. Wants no node.
    #[command(after_help = example("upgrade hash next.wasm"))]
    Hash {
        /// The file.
        file: PathBuf,
    },
}

/// The code of a runtime.
pub struct Code {
    /// Its bytes, as they are submitted.
    bytes: Vec<u8>,
    /// Their hash (blake2_256).
    pub hash: Hash,
}

impl Code {
    /// Reads a file of WASM, compressed or not.
    pub fn read(path: &Path) -> Result<Self> {
        let failed = |what: String| Trouble::failed("code", format!("{}: {what}", path.display()));
        let bytes = std::fs::read(path).map_err(|error| failed(error.to_string()))?;
        if !bytes.starts_with(WASM) && !bytes.starts_with(COMPRESSED) {
            return Err(failed("this is not the WASM of a runtime".into()).with_advice(
                "Take the file that the build of faultline-runtime writes, *.compact.compressed.wasm.",
            ));
        }
        let hash = blake2_256(&[&bytes]);
        Ok(Self { bytes, hash })
    }
}

/// What is in place, and what waits.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Standing {
    spec_version: u32,
    authorized: Option<UpgradeView>,
    /// The time of the finalized block.
    now: Utc,
}

async fn standing(session: &Session) -> Result<At<Standing>> {
    let client = &session.client;
    // The council first: what is due at its block is due at the later one of the status.
    let council = council(session).await?;
    let status = client.answer(client.rpc().status()).await?;
    Ok(At {
        at: status.at,
        data: Standing {
            spec_version: status.data.spec_version,
            authorized: council.data.upgrade,
            now: status.data.finalized_at,
        },
    })
}

/// Prints what is in place and what waits.
pub async fn status(session: &Session) -> Result<()> {
    output::answer(session.json, &standing(session).await?, |data| {
        let waits = match data.authorized {
            None => "none".into(),
            Some(UpgradeView { code, due }) if due <= data.now => {
                format!("{code}, due since {due}: `faultline upgrade apply FILE`")
            }
            Some(UpgradeView { code, due }) => format!("{code}, waits until {due}"),
        };
        output::fields([
            ("runtime", format!("version {}", data.spec_version)),
            ("authorized", waits),
            ("now", data.now.to_string()),
        ])
    })
}

/// Prints the hash of a file's code.
pub fn hash(file: &Path, json: bool) -> Result<()> {
    let code = Code::read(file)?;
    let data = serde_json::json!({ "hash": code.hash, "bytes": code.bytes.len() });
    output::done(json, None, &data, &code.hash.to_string())
}

/// What came of it.
#[derive(Serialize)]
struct Applied {
    transaction: Hash,
    code: Hash,
    entry: Option<u32>,
}

/// Puts the runtime in a file in place.
pub async fn apply(file: &Path, options: &Options) -> Result<()> {
    let code = Code::read(file)?;
    let session = Session::open(options).await?;
    let standing = standing(&session).await?.data;
    let due = may_be_applied(code.hash, &standing)?;
    if !session.json {
        output::talk(format_args!(
            "The runtime {} is the one that the council authorized, and is due since {due}; version {} is in place.",
            code.hash, standing.spec_version
        ));
    }
    let recorded = session.execute(&Call::apply_upgrade(&code.bytes)).await?;
    let entry = recorded.motion.iter().find_map(|event| match event {
        MotionEvent::Enacted { entry } => Some(*entry),
        _ => None,
    });
    let applied = Applied {
        transaction: recorded.transaction,
        code: code.hash,
        entry,
    };
    let words = format!(
        "It is in place from the next block on: entry {} of the consortium's log, final in block {}.",
        output::or_dash(entry),
        output::block(&recorded.block)
    );
    output::done(session.json, Some(recorded.block), &applied, &words)
}

/// Since when this code may be put in place; else why it may not, with what to do.
fn may_be_applied(code: Hash, standing: &Standing) -> Result<Utc> {
    let Some(authorized) = standing.authorized else {
        let what = format!("no runtime is authorized; this one is {code}");
        return Err(Trouble::failed("Consortium.NoUpgrade", what).with_advice(
            "Have the council authorize it: `faultline council propose authorize-upgrade FILE`.",
        ));
    };
    if authorized.code != code {
        let what = format!("the council authorized {}; this one is {code}", authorized.code);
        return Err(Trouble::failed("Consortium.OtherUpgrade", what)
            .with_advice("Name the file that was authorized; a build elsewhere may have other bytes."));
    }
    if authorized.due > standing.now {
        let what = format!(
            "the delay of this runtime is not over: it waits until {}, and the chain's time is {}",
            authorized.due, standing.now
        );
        return Err(Trouble::failed("Consortium.UpgradeTooEarly", what)
            .with_advice("Apply it then. `faultline council propose cancel-upgrade` takes it back before."));
    }
    Ok(authorized.due)
}

#[cfg(test)]
mod tests {
    use faultline_primitives::UnixMillis;

    use super::*;

    const CODE: Hash = Hash([1; 32]);

    fn kind(authorized: Option<(Hash, u64)>, now: u64) -> String {
        let standing = Standing {
            spec_version: 1,
            authorized: authorized.map(|(code, due)| UpgradeView {
                code,
                due: Utc(UnixMillis(due)),
            }),
            now: Utc(UnixMillis(now)),
        };
        match may_be_applied(CODE, &standing) {
            Ok(_) => "due".into(),
            Err(trouble) => trouble.kind().into(),
        }
    }

    #[test]
    fn only_the_authorized_code_is_applied_and_not_before_it_is_due() {
        assert_eq!(kind(None, 9), "Consortium.NoUpgrade");
        assert_eq!(kind(Some((Hash([2; 32]), 5)), 9), "Consortium.OtherUpgrade");
        assert_eq!(kind(Some((CODE, 10)), 9), "Consortium.UpgradeTooEarly");
        assert_eq!(kind(Some((CODE, 9)), 9), "due");
    }
}
