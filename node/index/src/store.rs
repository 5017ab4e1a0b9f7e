//! The database: opening it, what it stands at, and one batch a step.

use std::{
    path::{Path, PathBuf},
    sync::{
        atomic::{AtomicBool, Ordering},
        Mutex, PoisonError, RwLock, RwLockReadGuard,
    },
};

use codec::{Decode, Encode};
use faultline_primitives::{
    incident::Incident, service::Service, BlockNumber, Hash, IncidentId, OrganisationId, Record, Roll,
    ServiceId, Text, UnixMillis,
};
use rocksdb::{IteratorMode, WriteBatch, DB};
use tokio::sync::watch;

use crate::{
    column::{self, Column},
    row::{self, Row},
    Error, Reading,
};

/// The version of what is stored. Whoever changes a key or a value raises it: an index of another version is built anew.
pub const FORMAT: u32 = 1;

/// What the index is of: the version of its format and the genesis hash of its chain.
const IDENTITY: &[u8] = b"identity";
/// What it stands at: [`State`].
pub(crate) const STATE: &[u8] = b"state";

/// A finalized block and its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Head {
    /// Its number.
    pub number: BlockNumber,
    /// Its hash.
    pub hash: Hash,
    /// Its time.
    pub time: UnixMillis,
}

/// What the index stands at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct State {
    /// The finalized block that all of it is true at; none before it was built for the first time.
    pub head: Option<Head>,
    /// How far it is with being built; none where it is whole.
    pub building: Option<Building>,
}

/// How far the index is with being built from the state at one block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Building {
    /// The block.
    pub at: Head,
    /// Incidents that were taken over.
    pub done: u64,
    /// Incidents that there are at that block.
    pub of: u64,
}

/// A service as the index keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct ServiceEntry {
    /// Its number.
    pub id: ServiceId,
    /// Its record.
    pub record: Record<Service>,
    /// The roll of its incidents; none where there is none.
    pub incidents: Option<Roll>,
}

/// What one batch brings.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// Organisations, by name.
    pub organisations: Vec<(OrganisationId, Text<64>)>,
    /// Services.
    pub services: Vec<ServiceEntry>,
    /// Incidents. The service of each is among these services or was brought before.
    pub incidents: Vec<(IncidentId, Record<Incident>)>,
}

/// Where two indexes differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The column.
    pub column: &'static str,
    /// The first key, or the key whose value differs.
    pub key: Vec<u8>,
}

/// The history index.
pub struct Index {
    path: PathBuf,
    genesis: Hash,
    // None where it was to be emptied, and could not be.
    db: RwLock<Option<DB>>,
    // One batch at a time: it is made of what is stored.
    writing: Mutex<()>,
    state: watch::Sender<State>,
    damaged: AtomicBool,
}

impl Index {
    /// Opens the index of a chain, or makes it. One of another chain or format, or one that is damaged, is thrown away;
    /// `true` says that there was one.
    ///
    /// # Errors
    ///
    /// The folder cannot be used, or the database is open elsewhere.
    pub fn open(path: &Path, genesis: Hash) -> Result<(Self, bool), Error> {
        let existed = path.join("CURRENT").exists();
        let (db, state, anew) = match opened(path, genesis) {
            Ok((db, Some(state))) => (db, state, false),
            Ok((db, None)) => {
                drop(db);
                (made(path, genesis)?, State::default(), existed)
            }
            Err(error) if is_lost(&error) => (made(path, genesis)?, State::default(), existed),
            Err(error) => return Err(error),
        };
        let index = Self {
            path: path.to_owned(),
            genesis,
            db: RwLock::new(Some(db)),
            writing: Mutex::new(()),
            state: watch::Sender::new(state),
            damaged: AtomicBool::new(false),
        };
        Ok((index, anew))
    }

    /// The genesis hash of the chain.
    pub fn genesis(&self) -> Hash {
        self.genesis
    }

    /// What it stands at.
    pub fn state(&self) -> State {
        *self.state.borrow()
    }

    /// What it stands at, whenever that changes.
    pub fn watch(&self) -> watch::Receiver<State> {
        self.state.subscribe()
    }

    /// Bytes on disk, and in memory on the way there.
    ///
    /// # Errors
    ///
    /// See [`Error`].
    pub fn size(&self) -> Result<u64, Error> {
        let db = self.db();
        let db = open(&db)?;
        let mut size = 0u64;
        for column in Column::ALL {
            let column = column.of(db)?;
            for property in ["rocksdb.total-sst-files-size", "rocksdb.cur-size-all-mem-tables"] {
                size = size.saturating_add(db.property_int_value_cf(column, property)?.unwrap_or_default());
            }
        }
        Ok(size)
    }

    /// Reads everything at one block.
    ///
    /// # Errors
    ///
    /// It is being built, or see [`Error`]; and whatever `read` gives.
    pub fn read<T, E: From<Error>>(&self, read: impl FnOnce(&Reading<'_>) -> Result<T, E>) -> Result<T, E> {
        let db = self.db();
        let reading = Reading::new(open(&db)?)?;
        read(&reading)
    }

    /// Takes note of an error that somebody met: the next step empties an index that is damaged.
    pub fn note(&self, error: &Error) {
        if error.is_damage() {
            self.damaged.store(true, Ordering::Relaxed);
        }
    }

    /// Takes changes over in one batch, with what the index stands at afterwards. What is the same as before is not
    /// written.
    ///
    /// # Errors
    ///
    /// See [`Error`]: then nothing was written.
    pub fn apply(&self, changes: &Changes, state: State) -> Result<(), Error> {
        let _one = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let db = self.db();
        let db = open(&db)?;
        let mut batch = WriteBatch::default();
        for (id, name) in &changes.organisations {
            batch.put_cf(Column::Organisations.of(db)?, id.0.to_be_bytes(), name.as_bytes());
        }
        for service in &changes.services {
            put_service(db, &mut batch, service)?;
        }
        for (id, record) in &changes.incidents {
            put_incident(db, &mut batch, *id, record, &changes.services)?;
        }
        batch.put_cf(Column::Meta.of(db)?, STATE, state.encode());
        db.write(batch)?;
        self.state.send_replace(state);
        Ok(())
    }

    /// Whether somebody met damage since it was opened or emptied.
    pub fn is_damaged(&self) -> bool {
        self.damaged.load(Ordering::Relaxed)
    }

    /// Throws everything away, so that it is built anew.
    ///
    /// # Errors
    ///
    /// The folder cannot be emptied.
    pub fn empty(&self) -> Result<(), Error> {
        let _one = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut db = self.db.write().unwrap_or_else(PoisonError::into_inner);
        // Until that has come about, it holds nothing.
        self.damaged.store(true, Ordering::Relaxed);
        self.state.send_replace(State::default());
        // RocksDB lets go of a folder only when it is closed, and there is no closing but dropping.
        *db = None;
        *db = Some(made(&self.path, self.genesis)?);
        self.damaged.store(false, Ordering::Relaxed);
        Ok(())
    }

    fn db(&self) -> RwLockReadGuard<'_, Option<DB>> {
        self.db.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The first place at which another index differs; none where both hold the same.
    ///
    /// # Errors
    ///
    /// See [`Error`].
    pub fn difference(&self, other: &Self) -> Result<Option<Difference>, Error> {
        let (ours, theirs) = (self.db(), other.db());
        let (ours, theirs) = (open(&ours)?, open(&theirs)?);
        for column in Column::ALL {
            let mut ours = ours.iterator_cf(column.of(ours)?, IteratorMode::Start);
            let mut theirs = theirs.iterator_cf(column.of(theirs)?, IteratorMode::Start);
            loop {
                let (one, another) = (ours.next().transpose()?, theirs.next().transpose()?);
                if one == another {
                    if one.is_none() {
                        break;
                    }
                    continue;
                }
                let keys = [one, another]
                    .into_iter()
                    .flatten()
                    .map(|(key, _)| key.into_vec());
                return Ok(keys.min().map(|key| Difference {
                    column: column.name(),
                    key,
                }));
            }
        }
        Ok(None)
    }
}

/// The database. It is gone only until it is built anew.
fn open(db: &Option<DB>) -> Result<&DB, Error> {
    db.as_ref().ok_or(Error::Building { done: 0, of: 0 })
}

/// Opens what is there; no state of one that is of another chain or format, or new.
fn opened(path: &Path, genesis: Hash) -> Result<(DB, Option<State>), Error> {
    make_folder(path)?;
    let db = column::open(path)?;
    let meta = Column::Meta.of(&db)?;
    let identity = db.get_cf(meta, IDENTITY)?;
    if identity != Some((FORMAT, genesis).encode()) {
        return Ok((db, None));
    }
    let state = stored_state(db.get_cf(meta, STATE)?)?;
    Ok((db, Some(state)))
}

/// What the index stands at, as it is stored.
pub(crate) fn stored_state(bytes: Option<Vec<u8>>) -> Result<State, Error> {
    let state = bytes
        .map(|bytes| State::decode(&mut bytes.as_slice()))
        .transpose()?;
    Ok(state.unwrap_or_default())
}

/// An empty index, whatever was there.
fn made(path: &Path, genesis: Hash) -> Result<DB, Error> {
    remove(path)?;
    make_folder(path)?;
    let db = column::open(path)?;
    db.put_cf(Column::Meta.of(&db)?, IDENTITY, (FORMAT, genesis).encode())?;
    Ok(db)
}

/// Whether a database that cannot be opened will never be: damaged, without some of its files, or with the columns of
/// another format. Not where another process has it open, or where it may not be read.
fn is_lost(error: &Error) -> bool {
    use rocksdb::ErrorKind::{IOError, InvalidArgument};
    let is_lost = |error: &rocksdb::Error| match error.kind() {
        InvalidArgument => true,
        IOError => error.as_ref().contains("No such file"),
        _ => false,
    };
    error.is_damage() || matches!(error, Error::Database(error) if is_lost(error))
}

fn make_folder(path: &Path) -> Result<(), Error> {
    std::fs::create_dir_all(path).map_err(|source| folder(path, source))
}

fn remove(path: &Path) -> Result<(), Error> {
    match std::fs::remove_dir_all(path) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => Err(folder(path, source)),
        _ => Ok(()),
    }
}

fn folder(path: &Path, source: std::io::Error) -> Error {
    Error::Folder {
        path: path.to_owned(),
        source,
    }
}

fn put_service(db: &DB, batch: &mut WriteBatch, service: &ServiceEntry) -> Result<(), Error> {
    let (column, key) = (Column::Services.of(db)?, service.id.0.to_be_bytes());
    let bytes = service.encode();
    let before = db.get_cf(column, key)?;
    if before.as_deref() == Some(bytes.as_slice()) {
        return Ok(());
    }
    let rows = |entry: &ServiceEntry| row::of_service(entry.id, &entry.record.state);
    let old = match before {
        Some(before) => rows(&ServiceEntry::decode(&mut before.as_slice())?),
        None => Default::default(),
    };
    move_rows(db, batch, &old, &rows(service))?;
    // A slug is for ever.
    let slug = row::slug_key(&service.record.state.slug);
    batch.put_cf(Column::Slugs.of(db)?, slug, key);
    batch.put_cf(column, key, bytes);
    Ok(())
}

fn put_incident(
    db: &DB,
    batch: &mut WriteBatch,
    id: IncidentId,
    record: &Record<Incident>,
    new: &[ServiceEntry],
) -> Result<(), Error> {
    let (column, key) = (Column::Incidents.of(db)?, row::incident_key(id));
    let bytes = record.encode();
    let before = db.get_cf(column, key)?;
    if before.as_deref() == Some(bytes.as_slice()) {
        return Ok(());
    }
    let service = record.state.service;
    let slug = match new.iter().find(|entry| entry.id == service) {
        Some(entry) => entry.record.state.slug.clone(),
        None => {
            let stored = db.get_cf(Column::Services.of(db)?, service.0.to_be_bytes())?;
            let stored = stored.ok_or_else(|| Error::Damaged(format!("there is no service {service}")))?;
            ServiceEntry::decode(&mut stored.as_slice())?.record.state.slug
        }
    };
    let old = match before {
        Some(before) => row::of_incident(&Record::decode(&mut before.as_slice())?, &slug),
        None => Default::default(),
    };
    move_rows(db, batch, &old, &row::of_incident(record, &slug))?;
    batch.put_cf(column, key, bytes);
    Ok(())
}

/// Removes the rows that are no longer, and adds those that are new.
fn move_rows(
    db: &DB,
    batch: &mut WriteBatch,
    old: &std::collections::BTreeSet<Row>,
    new: &std::collections::BTreeSet<Row>,
) -> Result<(), Error> {
    for (column, key) in old.difference(new) {
        batch.delete_cf(column.of(db)?, key);
    }
    for (column, key) in new.difference(old) {
        batch.put_cf(column.of(db)?, key, []);
    }
    Ok(())
}
