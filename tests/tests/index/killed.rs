//! Killed as `kill -9` does, while it is opened, walked, built and emptied.

use std::{
    env,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{ensure, Context, Result};
use faultline_index::{Error, Index};
use faultline_primitives::BlockNumber;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::{
    chain::{finish, opened, FakeChain, Kept, Past, BLOCKS},
    random::effort,
};

/// Names the folder of the index to the process that is killed.
const FOLDER: &str = "FAULTLINE_INDEX_FOLDER";
/// And what decides there by chance.
const CHANCE: &str = "FAULTLINE_INDEX_CHANCE";
/// What it says before it opens the index, or throws all of it away.
const READY: &str = "it may be there or not";
/// What it says once it holds one, and once it has found that there was none to be used.
const STANDS: &str = "from here on it stands";
const LOST: &str = "it was thrown away";
/// How often it is killed, and after how many kills the index is looked at.
const KILLS: u64 = 72;
const LOOK: u64 = 6;
/// The history.
const SEED: u64 = 11;

#[test]
fn killed_at_any_moment_it_is_what_is_built_at_once() -> Result<()> {
    if let Some(folder) = env::var_os(FOLDER) {
        return live(Path::new(&folder));
    }
    let folder = tempfile::tempdir()?;
    let past = Past::of(SEED)?;
    let mut chance = ChaCha8Rng::seed_from_u64(SEED);
    let (mut building, mut stood) = (0, false);
    let kills = KILLS * effort();
    for kill in 1..=kills {
        let mut child = Command::new(env::current_exe()?)
            .args([
                "killed::killed_at_any_moment_it_is_what_is_built_at_once",
                "--exact",
                "--nocapture",
            ])
            .env(FOLDER, folder.path())
            .env(CHANCE, kill.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?;
        let said = child.stdout.take().context("it is piped")?;
        let mut said = BufReader::new(said).lines().map_while(Result::ok);
        ensure!(said.any(|line| line.contains(READY)), "it ended before it began");
        // Opening takes some of that.
        thread::sleep(Duration::from_millis(chance.random_range(0..250)));
        child.kill()?;
        let status = child.wait()?;
        ensure!(status.code().is_none(), "it ended by itself: {status}");
        for line in said {
            ensure!(
                !(stood && line.contains(LOST)),
                "kill {} cost all of it",
                kill - 1
            );
            stood = match () {
                _ if line.contains(STANDS) => true,
                _ if line.contains(READY) => false,
                _ => stood,
            };
        }
        if !kill.is_multiple_of(LOOK) {
            continue;
        }
        let chain = FakeChain::new(&past, 0);
        let (follower, lost) = opened(folder.path(), &chain)?;
        ensure!(!(stood && lost), "kill {kill} cost all of it");
        building += u32::from(follower.index().state().building.is_some());
        chain.reset(reached(follower.index()));
        finish(&follower)?;
        let difference = follower.index().difference(Kept::built(&chain)?.index())?;
        ensure!(
            difference.is_none(),
            "after kill {kill} it differs: {difference:?}"
        );
        stood = true;
    }
    println!("killed {kills} times; of those looked at {building} were being built");
    Ok(())
}

/// How far the chain must have been final at least.
fn reached(index: &Index) -> BlockNumber {
    let state = index.state();
    let blocks = [state.head, state.building.map(|building| building.at)];
    blocks
        .into_iter()
        .flatten()
        .map(|head| head.number)
        .max()
        .unwrap_or(0)
}

/// Goes on for as long as nobody kills it.
fn live(folder: &Path) -> Result<()> {
    let mut chance = ChaCha8Rng::seed_from_u64(env::var(CHANCE)?.parse()?);
    let chain = FakeChain::new(&Past::of(SEED)?, 0);
    println!("{READY}");
    let (follower, lost) = opened(folder, &chain)?;
    if lost {
        println!("{LOST}");
    }
    println!("{STANDS}");
    chain.reset(reached(follower.index()));
    // Nobody does where the test itself was killed.
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(60) {
        match chance.random_range(0..40) {
            0 => chain.grow(300),
            1 => chain.prune(5),
            2 => follower.index().note(&Error::Damaged("the test says so".into())),
            _ => chain.grow(chance.random_range(1..=6)),
        }
        for _ in 0..chance.random_range(1..4) {
            let is_lost = follower.index().is_damaged() || reached(follower.index()) > chain.number();
            if is_lost {
                println!("{READY}");
            }
            follower.step()?;
            if is_lost {
                println!("{STANDS}");
            }
        }
        if chain.number() == BLOCKS {
            chain.reset(chance.random_range(100..2_000));
        }
    }
    Ok(())
}
