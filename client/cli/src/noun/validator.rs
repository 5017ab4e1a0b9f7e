//! `faultline validator`

use std::path::PathBuf;

use clap::{Args, Subcommand};
use faultline_client::{
    call::{KEYS, PROOF},
    Call,
};
use faultline_primitives::{Account, Hash};
use faultline_rpc::{
    view::{ValidatorView, ValidatorsView},
    FaultlineRpcClient,
};
use serde::{Deserialize, Serialize};

use crate::{
    options::{example, Options},
    output,
    session::Session,
    trouble::{Result, Trouble},
};

/// Where keys and proof come from.
const MADE_BY: &str =
    "Make them with `faultline-node session-keys new --owner PUBLIC_KEY`, of your admin key.";

#[derive(Subcommand)]
pub enum Validator {
    /// List the validators, and the organisations that have set keys to become one.
    #[command(after_help = example("validator list"))]
    List,
    SetKeys(Box<SetKeys>),
}

/// Set the keys of your organisation's validator, or others in their place. Wants its admin key.
///
/// The keys are made where the node is, by `faultline-node session-keys new --owner PUBLIC_KEY` with the public key of
/// your organisation's admin. What it prints is taken as a file, or by --keys and --proof. The new keys act from the turn
/// of sessions after the next: the node must have them by then, and keep the old ones until then.
#[derive(Args)]
#[command(after_help = example("validator set-keys keys.json --key dev:alice-admin"))]
pub struct SetKeys {
    /// A file of what `faultline-node session-keys new --owner` prints.
    #[arg(conflicts_with_all = ["keys", "proof"], required_unless_present = "keys")]
    file: Option<PathBuf>,
    /// The two public keys, 0x and 128 hexadecimal digits.
    #[arg(long, value_name = "HEX", requires = "proof")]
    keys: Option<Hex<KEYS>>,
    /// The proof that whoever holds the keys means them for your admin key, 0x and 256 hexadecimal digits.
    #[arg(long, value_name = "HEX", requires = "keys")]
    proof: Option<Hex<PROOF>>,
}

/// So many bytes in hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Hex<const N: usize>([u8; N]);

impl<const N: usize> std::str::FromStr for Hex<N> {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let digits = text
            .strip_prefix("0x")
            .ok_or_else(|| format!("it does not begin with 0x. {MADE_BY}"))?;
        let bytes = digits.as_bytes();
        if bytes.len() != 2 * N {
            let count = bytes.len();
            return Err(format!(
                "it has {count} hexadecimal digits where {} are wanted. {MADE_BY}",
                2 * N
            ));
        }
        let mut all = [0; N];
        for (byte, pair) in all.iter_mut().zip(bytes.chunks(2)) {
            let pair = std::str::from_utf8(pair).ok().filter(|pair| !pair.contains('+'));
            *byte = pair
                .and_then(|pair| u8::from_str_radix(pair, 16).ok())
                .ok_or_else(|| format!("it has other characters than hexadecimal digits. {MADE_BY}"))?;
        }
        Ok(Self(all))
    }
}

/// What the node prints of keys that it made.
#[derive(Deserialize)]
struct Made {
    keys: String,
    proof: Option<String>,
}

impl SetKeys {
    fn read(self) -> Result<(Hex<KEYS>, Hex<PROOF>)> {
        let path = match (self.file, self.keys, self.proof) {
            (_, Some(keys), Some(proof)) => return Ok((keys, proof)),
            (Some(path), ..) => path,
            _ => return Err(Trouble::usage("no keys are named").with_advice(MADE_BY)),
        };
        let failed = |what: String| {
            Trouble::failed("sessionKeys", format!("{}: {what}", path.display())).with_advice(MADE_BY)
        };
        let text = std::fs::read_to_string(&path).map_err(|error| failed(error.to_string()))?;
        let made: Made = serde_json::from_str(&text)
            .map_err(|error| failed(format!("this is not what the node prints: {error}")))?;
        let proof = made
            .proof
            .ok_or_else(|| failed("it holds no proof: the keys were made without --owner".into()))?;
        let keys = made.keys.parse().map_err(|why| failed(format!("keys: {why}")))?;
        let proof = proof.parse().map_err(|why| failed(format!("proof: {why}")))?;
        Ok((keys, proof))
    }

    /// Sets them.
    pub async fn run(self, options: &Options) -> Result<()> {
        let (Hex(keys), Hex(proof)) = self.read()?;
        let session = Session::open(options).await?;
        let recorded = session.execute(&Call::set_keys(keys, &proof)).await?;
        let client = &session.client;
        let now = client.answer(client.rpc().validators()).await?.data;
        let acts_from = now.next_session.saturating_add(now.session_length);
        let data = Done {
            transaction: recorded.transaction,
            acts_from,
        };
        let words = format!(
            "The keys are set, final in block {}. Where the council has your organisation as a validator they act from \
             block {acts_from} on; until then those before them do.",
            output::block(&recorded.block)
        );
        output::done(session.json, Some(recorded.block), &data, &words)
    }
}

/// What came of it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Done {
    transaction: Hash,
    /// The first block of the session in which the keys act.
    acts_from: u32,
}

/// Prints who keeps the chain.
pub async fn list(session: &Session) -> Result<()> {
    let client = &session.client;
    let answer = client.answer(client.rpc().validators()).await?;
    output::answer(session.json, &answer, show)
}

fn show(data: &ValidatorsView) -> String {
    let rows = data.validators.iter().map(|validator| {
        let key = |key: Option<Account>| output::or_dash(key);
        vec![
            validator.organisation.to_string(),
            validator.name.clone(),
            standing(validator),
            key(validator.aura),
            key(validator.grandpa),
        ]
    });
    let table = output::table(
        &[
            "NUMBER",
            "NAME",
            "STANDING",
            "MAKES BLOCKS BY",
            "MAKES THEM FINAL BY",
        ],
        rows,
    );
    let about = output::fields([
        ("session", data.session.to_string()),
        ("ends before block", data.next_session.to_string()),
        ("blocks of a session", data.session_length.to_string()),
        ("fewest validators", data.floor.to_string()),
    ]);
    format!("{table}\n{about}")
}

/// What a validator is now, and what it is about to be.
fn standing(validator: &ValidatorView) -> String {
    let now = match (validator.active, validator.queued, validator.approved) {
        (true, true, true) => "active",
        (true, _, false) => "active, and removed",
        (true, false, true) => "active, not in the next session",
        (false, true, _) => "from the next session on",
        (false, false, true) => "approved, from the session after the next on",
        (false, false, false) => "has keys, is not approved",
    };
    let mut words = vec![now];
    words.extend(validator.disabled.then_some("makes no blocks in this session"));
    words.extend(validator.accused.then_some("voted twice"));
    words.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_another_length_are_refused_with_what_to_do() {
        let digits = |count: usize| format!("0x{}", "ab".repeat(count));
        assert_eq!(digits(64).parse(), Ok(Hex::<64>([0xab; 64])));
        for wrong in [
            digits(63),
            digits(65),
            digits(32),
            "ab".repeat(64),
            digits(63) + "xy",
            digits(63) + "+1",
        ] {
            let why = wrong.parse::<Hex<64>>().unwrap_err();
            assert!(why.contains("session-keys new --owner"), "{wrong}: {why}");
        }
    }
}
