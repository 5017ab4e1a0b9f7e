//! A network with its crowd ready to speak, and whoever watches what comes of it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use anyhow::{ensure, Context, Result};
use faultline_primitives::Hash;

use super::{
    blocks::{prepared, Prepared},
    ground::Ground,
    process::Usage,
};
use crate::load::{
    self,
    book::Book,
    follow::Follower,
    room::Room,
    sign::{sign_all, Script, Speaker, Speech},
    submit::{hand_in, Lines, Pace},
    words::Topics,
};

/// When nothing more has become final for so long, nothing will.
const QUIET: Duration = Duration::from_secs(60);
/// How long all of it has.
const PATIENCE: Duration = Duration::from_secs(300);

/// A network with its crowd.
pub struct Stage {
    /// The network.
    pub ground: Ground,
    /// Who speaks of what.
    pub topics: Topics,
    /// What became of all that was handed in.
    pub book: Arc<Book>,
    /// The blocks, as the first node sees them.
    pub follower: Follower,
    /// Who speaks.
    pub speakers: Vec<Speaker>,
    /// Over which it is handed in.
    pub lines: Lines,
    room: Arc<Mutex<Option<Arc<Room>>>>,
}

impl Stage {
    /// The crowd speaks on this network.
    ///
    /// # Errors
    ///
    /// A node does not answer.
    pub async fn new(ground: Ground, topics: Topics, speakers: Vec<Speaker>) -> Result<Self> {
        let book = Arc::<Book>::default();
        let endpoints = ground.endpoints();
        let first = endpoints.first().context("no nodes")?;
        let (follower, room) = Follower::start(first, Arc::clone(&book)).await?;
        Ok(Self {
            lines: Lines::open(&endpoints).await?,
            ground,
            topics,
            book,
            follower,
            speakers,
            room,
        })
    }

    /// How it is said now, so many words in a transaction; 0 is a single report.
    ///
    /// # Errors
    ///
    /// The node does not answer.
    pub async fn script(&self, words: u32) -> Result<Script<'_>> {
        Ok(Script {
            topics: &self.topics,
            first_service: self.ground.first_service,
            words,
            moment: load::moment(&mut self.ground.ask(0)?).await?,
        })
    }

    /// Signs so many transactions of each speaker's, on all cores.
    ///
    /// # Errors
    ///
    /// Somebody has no more to say.
    pub fn signed(&self, script: &Script, each: usize) -> Result<Vec<Vec<Speech>>> {
        sign_all(&self.speakers, script, each)
    }

    /// Hands in, and remembers how far each speaker came.
    ///
    /// # Errors
    ///
    /// A connection broke, or the blocks could not be followed.
    pub async fn speak(
        &mut self,
        words: u32,
        queues: Vec<Vec<Speech>>,
        pace: Pace,
        patience: Duration,
    ) -> Result<()> {
        let room = match &pace {
            Pace::Closed(room, _) => Some(Arc::clone(room)),
            Pace::Open(_) => None,
        };
        self.put(room);
        let taken = hand_in(&self.lines, queues, pace, patience, &self.book).await?;
        self.follower.check()?;
        for (speaker, count) in self.speakers.iter_mut().zip(taken) {
            speaker.took(words, count);
        }
        Ok(())
    }

    /// Waits until all that was taken is final, or nothing more becomes so: how many are not.
    ///
    /// # Errors
    ///
    /// The blocks can no longer be followed.
    pub async fn settled(&self) -> Result<usize> {
        let began = Instant::now();
        let mut last = (self.book.open(), Instant::now());
        while last.0 > 0 && last.1.elapsed() < QUIET && began.elapsed() < PATIENCE {
            tokio::time::sleep(Duration::from_millis(250)).await;
            self.follower.check()?;
            let open = self.book.open();
            if open < last.0 {
                last = (open, Instant::now());
            }
        }
        self.put(None);
        Ok(last.0)
    }

    fn put(&self, room: Option<Arc<Room>>) {
        *self.room.lock().unwrap_or_else(PoisonError::into_inner) = room;
    }

    /// What the authors say of their blocks.
    ///
    /// # Errors
    ///
    /// A log cannot be read.
    pub fn prepared(&self) -> Result<HashMap<Hash, Prepared>> {
        let mut all = HashMap::new();
        for node in &self.ground.nodes {
            all.extend(prepared(&node.said()?));
        }
        ensure!(!all.is_empty(), "no node says what it made its blocks of");
        Ok(all)
    }

    /// What the nodes have needed up to now, and at the end this program.
    ///
    /// # Errors
    ///
    /// One does not run.
    pub fn usage(&self) -> Result<Vec<Usage>> {
        let nodes = self.ground.nodes.iter().map(|node| Usage::of(node.process_id()?));
        let mut all = nodes.collect::<Result<Vec<_>>>()?;
        all.push(Usage::of(std::process::id())?);
        Ok(all)
    }
}
