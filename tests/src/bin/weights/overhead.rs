//! What a block costs before any transaction, and a transaction before its gate and its call.

use anyhow::Result;
use sp_core::{sr25519, Pair};

use faultline_tests::engine::{genesis, Chain};

use crate::{crowd::SPOKEN, Sample};

/// Most that one organisation of the preset may do in a block.
const TRANSACTIONS: u32 = 10_000;

/// Executes an empty block, and one full of withdrawals from an incident that there is not: each is decoded, its
/// signature checked and its quota charged before the call fails at its first read.
pub fn measure(repeat: u32) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let chain = Chain::open(folder.path(), genesis(|| {})?)?;
    let key = sr25519::Pair::from_string("//Alice", None)?;
    let time = SPOKEN.0;

    let empty = chain.make(time, [])?;
    let call = || {
        faultline_runtime::RuntimeCall::Incidents(pallet_incidents::Call::withdraw {
            incident: faultline_primitives::IncidentId(u64::MAX),
        })
    };
    let transactions = (0..TRANSACTIONS).map(|nonce| chain.sign(call(), &key, nonce));
    let full = chain.make(time, transactions.collect::<Result<Vec<_>>>()?)?;

    let times = |made| -> Result<Sample> {
        for _ in 0..3 {
            chain.execute(made)?;
        }
        let times = (0..repeat).map(|_| chain.execute(made));
        Ok(Sample::new(times.collect::<Result<_>>()?))
    };
    let (of_empty, of_full) = (times(&empty)?, times(&full)?);
    println!("an empty block: {}", of_empty.words());
    println!(
        "a block of {} transactions: {}",
        full.transactions,
        of_full.words()
    );
    let each = of_full.mean().saturating_sub(of_empty.mean()) / full.transactions.max(1);
    println!(
        "a transaction: {:.1} µs, with the gate and a call that fails at once",
        each.as_secs_f64() * 1e6
    );
    Ok(())
}
