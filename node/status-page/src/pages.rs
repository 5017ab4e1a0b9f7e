//! Documents: which are kept, and how many are made at once.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use axum::body::Bytes;
use faultline_rpc::error::Failure;
use tokio::sync::Semaphore;

use crate::{
    feed, maintenance,
    reading::{Moment, Reading, Unread},
    route::Document,
    shape::{Answer, Incident, Page, PageExtra, Stage},
    stamp::Stamp,
    trouble::Trouble,
    Settings, Source, MAX_INCIDENTS,
};

/// Most documents that are made at once: what strangers ask for costs the node no more than that many threads.
const MAKERS: usize = 2;
/// Most bytes of documents that are kept.
const MAX_KEPT: usize = 32 << 20;
/// For how long the node is not asked again where it stands.
const FRESH: Duration = Duration::from_millis(500);
/// How often a document is begun anew when the index goes on meanwhile.
const ATTEMPTS: usize = 5;

/// A page and a document of it.
type Key = (String, Document);

/// A document as it is sent.
#[derive(Debug)]
pub struct Made {
    pub body: Bytes,
    pub media_type: &'static str,
    /// What names it: it is the same as long as the node and its index stand where they do.
    pub etag: String,
}

/// Where documents come from.
pub struct Pages<S> {
    source: S,
    settings: Settings,
    kept: Mutex<Kept>,
    makers: Arc<Semaphore>,
}

/// The documents of one moment.
#[derive(Default)]
struct Kept {
    moment: Option<(Moment, Instant)>,
    documents: HashMap<Key, Arc<Made>>,
    bytes: usize,
}

impl<S: Source> Pages<S> {
    /// None made yet.
    pub fn new(source: S, settings: Settings) -> Self {
        Self {
            source,
            settings,
            kept: Mutex::default(),
            makers: Arc::new(Semaphore::new(MAKERS)),
        }
    }

    /// The document of a page.
    ///
    /// # Errors
    ///
    /// Where there is no such page, or the node does not answer, or not in time.
    pub async fn get(self: Arc<Self>, prefix: String, document: Document) -> Result<Arc<Made>, Trouble> {
        let time = self.settings.answer_time;
        let answer = self.kept_or_made((prefix, document));
        tokio::time::timeout(time, answer)
            .await
            .unwrap_or(Err(Trouble::TooLong))
    }

    async fn kept_or_made(self: Arc<Self>, key: Key) -> Result<Arc<Made>, Trouble> {
        let moment = self.moment().await?;
        if let Some(made) = self.kept_at(moment, &key) {
            return Ok(made);
        }
        let permit = self.makers.clone().acquire_owned().await;
        // In a task of its own: whoever asked may go, but the permit is held until the node has answered.
        let making = tokio::spawn(async move {
            let made = self.make(&key).await;
            drop(permit);
            made
        });
        making.await.unwrap_or_else(|error| {
            Err(Trouble::Failed(Failure::Unavailable {
                why: error.to_string(),
            }))
        })
    }

    async fn make(&self, key: &Key) -> Result<Arc<Made>, Trouble> {
        for _ in 0..ATTEMPTS {
            let moment = self.moment().await?;
            // Another reader may have had it made meanwhile.
            if let Some(made) = self.kept_at(moment, key) {
                return Ok(made);
            }
            match self.read(moment, key).await {
                Ok(made) => return Ok(self.keep(moment, key, made)),
                Err(Unread::Moved) => self.lock().moment = None,
                Err(Unread::NoPage) => return Err(Trouble::NoPage(key.0.clone())),
                Err(Unread::Failed(failure)) => return Err(failure.into()),
            }
        }
        Err(Trouble::Failed(Failure::Busy))
    }

    async fn read(&self, moment: Moment, (prefix, document): &Key) -> Result<Made, Unread> {
        let url = self.settings.url.as_str();
        let mut reading = Reading {
            source: &self.source,
            moment,
            prefix,
            cut: Vec::new(),
        };
        let board = reading.board().await?;
        let stories = match document {
            Document::Summary | Document::Unresolved => reading.unresolved(&board).await?,
            Document::Incidents | Document::Feed => reading.latest().await?,
            _ => Vec::new(),
        };
        let mut maintenances = match document {
            Document::Summary | Document::Maintenances | Document::Upcoming | Document::Active => {
                maintenance::all(&board, url)
            }
            _ => Vec::new(),
        };
        let is_shown = |maintenance: &Incident| match document {
            Document::Summary => maintenance.status != Stage::Completed,
            Document::Upcoming => maintenance.status == Stage::Scheduled,
            Document::Active => maintenance.status == Stage::InProgress,
            _ => true,
        };
        maintenances.retain(is_shown);
        if maintenances.len() > MAX_INCIDENTS {
            maintenances.truncate(MAX_INCIDENTS);
            reading.cut.push("scheduled_maintenances");
        }

        let page = Page {
            id: prefix.clone(),
            name: board.name().into(),
            url: format!("{url}/{prefix}"),
            time_zone: "Etc/UTC",
            updated_at: Stamp(moment.now),
            faultline: PageExtra {
                genesis: moment.genesis,
                at: moment.index,
                index_lag: moment.lag,
                cut: reading.cut,
            },
        };
        if *document == Document::Feed {
            let body = feed::feed(&page, &board, &stories, url)?;
            return Ok(Made::new(body, feed::MEDIA_TYPE, moment));
        }
        let told: Vec<Incident> = stories.iter().map(|story| story.told(&board, url)).collect();
        let mut answer = Answer {
            page,
            components: None,
            incidents: None,
            scheduled_maintenances: None,
            status: None,
        };
        match document {
            Document::Summary => {
                answer.status = Some(board.status());
                answer.components = Some(board.components());
                answer.incidents = Some(told);
                answer.scheduled_maintenances = Some(maintenances);
            }
            Document::Status => answer.status = Some(board.status()),
            Document::Components => answer.components = Some(board.components()),
            Document::Incidents | Document::Unresolved | Document::Feed => {
                answer.incidents = Some(told);
            }
            Document::Maintenances | Document::Upcoming | Document::Active => {
                answer.scheduled_maintenances = Some(maintenances);
            }
        }
        let body = serde_json::to_vec(&answer).map_err(|error| Failure::Unavailable {
            why: format!("the answer cannot be written: {error}"),
        })?;
        Ok(Made::new(body, "application/json; charset=utf-8", moment))
    }

    /// Where the node stands, or stood a moment ago.
    async fn moment(&self) -> Result<Moment, Failure> {
        if let Some((moment, _)) = self.lock().moment.filter(|(_, read)| read.elapsed() < FRESH) {
            return Ok(moment);
        }
        let moment = Moment::read(&self.source).await?;
        self.lock().go_on(moment);
        Ok(moment)
    }

    fn kept_at(&self, moment: Moment, key: &Key) -> Option<Arc<Made>> {
        let kept = self.lock();
        let is_present = kept.moment.is_some_and(|(present, _)| present == moment);
        kept.documents.get(key).filter(|_| is_present).cloned()
    }

    fn keep(&self, moment: Moment, key: &Key, made: Made) -> Arc<Made> {
        let made = Arc::new(made);
        let mut kept = self.lock();
        if kept.moment.is_some_and(|(present, _)| present == moment) {
            if kept.bytes + made.body.len() > MAX_KEPT {
                kept.forget();
            }
            kept.bytes += made.body.len();
            kept.documents.insert(key.clone(), made.clone());
        }
        made
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        // What is kept is whole after every statement, so one that panicked left nothing half done.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    /// What was kept of another moment is true no more.
    fn go_on(&mut self, moment: Moment) {
        if self.moment.is_none_or(|(present, _)| present != moment) {
            self.forget();
        }
        self.moment = Some((moment, Instant::now()));
    }

    fn forget(&mut self) {
        self.documents.clear();
        self.bytes = 0;
    }
}

impl Made {
    fn new(body: Vec<u8>, media_type: &'static str, moment: Moment) -> Self {
        Self {
            body: body.into(),
            media_type,
            etag: format!("\"{}-{}\"", moment.index.hash, moment.finalized),
        }
    }
}
