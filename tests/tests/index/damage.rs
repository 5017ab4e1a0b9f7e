//! Indexes that cannot be used: of another chain or format, damaged, in use elsewhere, or in a folder that is none.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{ensure, Context, Result};
use faultline_index::{Error, Index, State};
use faultline_primitives::Hash;

use crate::chain::{finish, opened, FakeChain, Kept, Past, BLOCKS};

/// What somebody does to a file.
type Harm = fn(&Path) -> Result<()>;

fn garbage(file: &Path) -> Result<()> {
    let size = usize::try_from(fs::metadata(file)?.len())?;
    Ok(fs::write(file, vec![0xa5; size])?)
}

fn emptied(file: &Path) -> Result<()> {
    Ok(fs::write(file, [])?)
}

fn cut(file: &Path) -> Result<()> {
    let mut bytes = fs::read(file)?;
    bytes.truncate(bytes.len() / 2);
    Ok(fs::write(file, bytes)?)
}

fn flipped(file: &Path) -> Result<()> {
    let mut bytes = fs::read(file)?;
    let middle = bytes.len() / 2;
    if let Some(byte) = bytes.get_mut(middle) {
        *byte ^= 0xff;
    }
    Ok(fs::write(file, bytes)?)
}

fn gone(file: &Path) -> Result<()> {
    Ok(fs::remove_file(file)?)
}

/// The files of an index whose names fit.
fn files(folder: &Path, fits: impl Fn(&str) -> bool) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        if fits(name) {
            found.push(path);
        }
    }
    found.sort();
    ensure!(!found.is_empty(), "there is no such file in {}", folder.display());
    Ok(found)
}

fn copied(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        fs::copy(entry.path(), to.join(entry.file_name()))?;
    }
    Ok(())
}

/// Opens an index that was harmed and does with it what a node does: keeps it in step and reads it. It may say that it is
/// damaged, and must then mend; what it may not is answer wrongly.
fn used(folder: &Path, chain: &FakeChain, right: &Kept) -> Result<()> {
    let (follower, _) = opened(folder, chain)?;
    finish(&follower)?;
    for _ in 0..2 {
        // This reads everything.
        match follower.index().difference(right.index()) {
            Ok(difference) => {
                ensure!(difference.is_none(), "it is wrong: {difference:?}");
                return Ok(());
            }
            Err(error) => {
                ensure!(error.is_damage(), "not known to be damage: {error}");
                follower.index().note(&error);
                finish(&follower)?;
            }
        }
    }
    anyhow::bail!("it is damaged for ever")
}

#[test]
fn a_damaged_file_is_found_and_the_index_built_anew() -> Result<()> {
    let chain = FakeChain::new(&Past::of(100)?, BLOCKS - 50);
    let mut kept = Kept::built(&chain)?;
    // What was written before goes into tables when it is opened, and what comes now into a log.
    kept.reopen(&chain)?;
    chain.grow(50);
    kept.finish()?;
    kept.close();
    let right = Kept::built(&chain)?;
    let is_table = |name: &str| name.ends_with(".sst");
    let is_log = |name: &str| name.ends_with(".log");
    let tables = files(&kept.path(), is_table)?.len();
    let harms: [(&str, Harm); 5] = [
        ("garbage", garbage),
        ("emptied", emptied),
        ("cut", cut),
        ("flipped", flipped),
        ("gone", gone),
    ];
    let mut wrong = Vec::new();
    for (how, harm) in harms {
        let mut cases: Vec<(String, Vec<PathBuf>)> = Vec::new();
        let names = |fits: &dyn Fn(&str) -> bool| files(&kept.path(), fits);
        cases.push(("CURRENT".into(), names(&|name| name == "CURRENT")?));
        // RocksDB takes a manifest that ends early for an older one. None does unless the disk lost what it said that it
        // had written, and then only reading everything tells: `faultline-node check-index`.
        if how != "cut" {
            cases.push((
                "the manifest".into(),
                names(&|name| name.starts_with("MANIFEST"))?,
            ));
        }
        cases.push(("the log".into(), names(&is_log)?));
        cases.push(("all tables".into(), names(&is_table)?));
        for place in 0..tables {
            cases.push((format!("table {place}"), vec![names(&is_table)?[place].clone()]));
        }
        for (what, harmed) in cases {
            let folder = tempfile::tempdir()?;
            let copy = folder.path().join("index");
            copied(&kept.path(), &copy)?;
            for file in harmed {
                harm(&copy.join(file.file_name().context("a file has a name")?))?;
            }
            if let Err(error) = used(folder.path(), &chain, &right) {
                wrong.push(format!("{what} {how}: {error:#}"));
            }
        }
    }
    ensure!(wrong.is_empty(), "{wrong:#?}");
    Ok(())
}

#[test]
fn one_of_another_chain_is_thrown_away() -> Result<()> {
    let chain = FakeChain::new(&Past::of(101)?, 1_000);
    let mut kept = Kept::built(&chain)?;
    kept.close();
    let (index, anew) = Index::open(&kept.path(), Hash([9; 32]))?;
    assert!(anew);
    assert_eq!(index.state(), State::default());
    assert_eq!(index.genesis(), Hash([9; 32]));
    drop(index);
    assert!(kept.reopen(&chain)?, "it was of another chain meanwhile");
    kept.finish()?;
    kept.assert_as_rebuilt()
}

/// Opens the database itself, as no program of ours does.
fn database(path: &Path) -> Result<rocksdb::DB> {
    let options = rocksdb::Options::default();
    let columns = rocksdb::DB::list_cf(&options, path)?;
    Ok(rocksdb::DB::open_cf(&options, path, columns)?)
}

/// Writes something of its own into a column.
fn written(path: &Path, column: &str, key: &[u8], value: &[u8]) -> Result<()> {
    let database = database(path)?;
    let column = database.cf_handle(column).context("there is such a column")?;
    Ok(database.put_cf(column, key, value)?)
}

#[test]
fn one_of_another_format_is_thrown_away() -> Result<()> {
    let chain = FakeChain::new(&Past::of(102)?, 1_000);
    let mut kept = Kept::built(&chain)?;
    kept.close();
    let other = codec::Encode::encode(&(faultline_index::FORMAT + 1, chain.past().data.genesis()));
    written(&kept.path(), "meta", b"identity", &other)?;
    assert!(kept.reopen(&chain)?);
    kept.finish()?;
    kept.assert_as_rebuilt()?;

    // One of which a later program made a column more.
    kept.close();
    let mut more = database(&kept.path())?;
    more.create_cf("by-colour", &rocksdb::Options::default())?;
    drop(more);
    assert!(kept.reopen(&chain)?);
    kept.finish()?;
    kept.assert_as_rebuilt()
}

#[test]
fn a_value_that_is_none_is_damage_and_never_an_answer() -> Result<()> {
    let chain = FakeChain::new(&Past::of(103)?, 1_000);
    let mut kept = Kept::built(&chain)?;
    let first = 0u64.to_be_bytes();
    let cases: [(&str, &[u8], &[u8]); 3] = [
        ("incidents", &first, b"no record"),
        ("meta", b"state", &[7]),
        ("by-start", b"no place", b""),
    ];
    for (column, key, value) in cases {
        kept.close();
        written(&kept.path(), column, key, value)?;
        let anew = kept.reopen(&chain)?;
        let listed = kept.index().read(|reading| {
            reading.incident(faultline_primitives::IncidentId(0))?;
            reading.incidents(&Default::default(), None, 2_000)
        });
        match listed {
            Ok(_) => anyhow::bail!("{column}: it answers"),
            Err(error) => {
                ensure!(anew || error.is_damage(), "{column}: {error}");
                kept.index().note(&error);
            }
        }
        kept.finish()?;
        kept.assert_as_rebuilt().context(column)?;
    }
    Ok(())
}

#[test]
fn one_that_is_open_elsewhere_is_refused_and_left_alone() -> Result<()> {
    let chain = FakeChain::new(&Past::of(104)?, 1_000);
    let kept = Kept::built(&chain)?;
    let again = Index::open(&kept.path(), chain.past().data.genesis());
    assert!(matches!(again, Err(Error::Database(_))));
    chain.grow(10);
    kept.finish()?;
    kept.assert_as_rebuilt()
}

#[test]
fn a_folder_that_is_none_is_refused() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("index");
    fs::write(&path, "a file")?;
    assert!(Index::open(&path, Hash([1; 32])).is_err());
    assert_eq!(fs::read(&path)?, b"a file");
    Ok(())
}

#[test]
fn one_that_cannot_be_emptied_answers_nothing_until_it_can() -> Result<()> {
    let chain = FakeChain::new(&Past::of(105)?, 1_000);
    let kept = Kept::built(&chain)?;
    kept.index().note(&Error::Damaged("the test says so".into()));
    let aside = kept.path().with_extension("aside");
    fs::rename(kept.path(), &aside)?;
    fs::write(kept.path(), "in the way")?;
    for _ in 0..3 {
        assert!(kept.follower().step().is_err());
        let read = kept.index().read(|reading| Ok::<_, Error>(reading.head()));
        assert!(read.is_err(), "it answers as of {read:?}");
        // A chain on which nothing happens meanwhile.
        chain.grow(1);
    }
    fs::remove_file(kept.path())?;
    kept.finish()?;
    kept.assert_as_rebuilt()
}
