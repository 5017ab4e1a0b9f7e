//! A crowd that speaks all at once: its chain, what it says, and how it is handed in.
//!
//! A hundred organisations report two hundred services, each once: twenty thousand transactions, every one of which is
//! right and within the quota of whoever signs it.

pub mod flood;
pub mod heads;

use anyhow::{anyhow, Context, Result};
use codec::Encode;
use faultline_primitives::{attestation::Claim, log::blake2_256, Hash, ServiceId, Span, Text, UnixMillis};
use faultline_runtime::{Address, RuntimeCall, TxExtension, UncheckedExtrinsic};
use serde_json::{json, Value};
use sp_core::{hexdisplay::HexDisplay, sr25519, Pair, H256};
use sp_runtime::{
    generic::{Era, SignedPayload},
    AccountId32, MultiSignature,
};

use crate::{seen_by_hand, Spec};

/// Organisations of the crowd, each a group of its own: fewer than an incident counts.
pub const ORGANISATIONS: u32 = 100;
/// Services that it reports.
pub const SERVICES: u32 = 200;
/// For how many blocks a transaction of it can be recorded.
const LIFETIME: u64 = 1_024;

/// The chain `local` with the crowd and its services besides those that it has. Organisations and services of the crowd
/// are numbered after the others.
///
/// # Errors
///
/// The specification is none of ours.
pub fn crowded() -> Result<Spec> {
    let mut spec = Spec::local()?;
    let of = |spec: &Spec, place: &str| -> Result<Vec<Value>> {
        let list = spec.at(place).and_then(Value::as_array);
        list.cloned().with_context(|| format!("no list at {place}"))
    };
    let mut organisations = of(&spec, "/members/organisations")?;
    let first = organisations.first().cloned().context("no organisations")?;
    for number in 0..ORGANISATIONS {
        let mut new = first.clone();
        new["name"] = format!("Crowd {number}").into();
        new["url"] = format!("https://crowd-{number}.example").into();
        new["admin"] = account(&key(number, "admin")?).into();
        new["reporters"] = json!([{ "key": account(&key(number, "reporter")?), "label": "one" }]);
        organisations.push(new);
    }
    let mut services = of(&spec, "/services/services")?;
    let first = services.first().cloned().context("no services")?;
    for number in 0..SERVICES {
        let mut new = first.clone();
        new["slug"] = format!("crowd/{number}").into();
        new["name"] = format!("Service {number}").into();
        services.push(new);
    }
    spec = spec.with("/members/organisations", organisations)?;
    spec.with("/services/services", services)
}

/// The number of the first service of the crowd's.
const FIRST_SERVICE: u32 = 4;

/// A transaction, signed.
#[derive(Clone, Debug)]
pub struct Signed {
    /// In hexadecimal, as a node takes it.
    pub bytes: String,
    /// By which it is known.
    pub hash: Hash,
}

/// Where and when transactions are signed.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// The hash of the genesis block.
    pub genesis: H256,
    /// A block that is final.
    pub block: (u32, H256),
    /// The time.
    pub now: UnixMillis,
}

/// Everything that the crowd says, in an order in which nobody's words wait for one that comes later.
///
/// # Errors
///
/// Never: what is said fits its bounds.
pub fn words(moment: Moment) -> Result<Vec<Signed>> {
    let keys = (0..ORGANISATIONS)
        .map(|number| key(number, "reporter"))
        .collect::<Result<Vec<_>>>()?;
    let mut signed = Vec::new();
    for service in 0..SERVICES {
        for key in &keys {
            signed.push(report(moment, key, service)?);
        }
    }
    Ok(signed)
}

/// A report of a service of the crowd's, which is also its number among all that its key signs.
fn report(moment: Moment, key: &sr25519::Pair, service: u32) -> Result<Signed> {
    let observed = Span {
        from: UnixMillis(moment.now.0.saturating_sub(60_000)),
        to: moment.now,
    };
    let call = RuntimeCall::Incidents(pallet_incidents::Call::report {
        service: ServiceId(FIRST_SERVICE + service),
        observation: Box::new(seen_by_hand(Claim::Down, observed)),
        text: Text::default(),
    });
    let era = Era::mortal(LIFETIME, moment.block.0.into());
    let extension: TxExtension = (
        frame_system::CheckNonZeroSender::new(),
        frame_system::CheckSpecVersion::new(),
        frame_system::CheckTxVersion::new(),
        frame_system::CheckGenesis::new(),
        frame_system::CheckEra::from(era),
        pallet_members::CheckMember(service),
        frame_system::CheckWeight::new(),
    );
    let version = faultline_runtime::VERSION;
    let implicit = (
        (),
        version.spec_version,
        version.transaction_version,
        moment.genesis,
        moment.block.1,
        (),
        (),
    );
    let payload = SignedPayload::from_raw(call.clone(), extension.clone(), implicit);
    let signature = payload.using_encoded(|bytes| key.sign(bytes));
    let transaction = UncheckedExtrinsic::new_signed(
        call,
        Address::Id(AccountId32::from(key.public())),
        MultiSignature::Sr25519(signature),
        extension,
    );
    let bytes = transaction.encode();
    Ok(Signed {
        bytes: format!("0x{}", HexDisplay::from(&bytes)),
        hash: blake2_256(&[&bytes]),
    })
}

fn key(number: u32, what: &str) -> Result<sr25519::Pair> {
    sr25519::Pair::from_string(&format!("//crowd-{number}//{what}"), None)
        .map_err(|error| anyhow!("{error:?}"))
}

fn account(key: &sr25519::Pair) -> String {
    format!("0x{}", HexDisplay::from(&key.public().0))
}
