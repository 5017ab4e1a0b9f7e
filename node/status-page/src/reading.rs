//! What a document needs, read so that all of it is true at one block.

use faultline_primitives::{
    incident::{Status, Verdict},
    Hash, UnixMillis,
};
use faultline_rpc::{
    error::Failure,
    view::{At, BlockView, IncidentView, Listing},
    IncidentFilter, ServiceFilter, MAX_PAGE,
};

use crate::{
    board::{self, Board},
    story::Story,
    Source, MAX_COMPONENTS, MAX_INCIDENTS, MAX_UPDATES,
};

/// Most pages of a list that are read for one document.
const MAX_PAGES: usize = 5;

/// Where the node and its index stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// What names the chain.
    pub genesis: Hash,
    /// The newest finalized block.
    pub finalized: Hash,
    /// The time of that block: what "now" is in an answer.
    pub now: UnixMillis,
    /// The block at which the index stands, and all lists are true.
    pub index: BlockView,
    /// How many finalized blocks came after that.
    pub lag: u32,
}

impl Moment {
    /// The present one.
    ///
    /// # Errors
    ///
    /// Where the node does not answer, keeps no index, or builds it for the first time.
    pub async fn read(source: &impl Source) -> Result<Self, Failure> {
        let At { at, data: status } = source.status().await?;
        let index = status.index.ok_or(Failure::NoIndex)?;
        let building = || {
            let (done, of) = index.building.map_or((0, status.incidents), |b| (b.done, b.of));
            Failure::IndexBuilding { done, of }
        };
        Ok(Self {
            genesis: status.genesis,
            finalized: at.hash,
            now: status.finalized_at.0,
            index: index.at.ok_or_else(building)?,
            lag: index.lag,
        })
    }
}

/// Why a page could not be read.
#[derive(Debug)]
pub enum Unread {
    /// The index went on meanwhile.
    Moved,
    /// No service is of this prefix.
    NoPage,
    /// The node does not answer.
    Failed(Failure),
}

impl From<Failure> for Unread {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// Reads a page at one moment.
pub struct Reading<'a, S> {
    pub source: &'a S,
    pub moment: Moment,
    /// The slug prefix.
    pub prefix: &'a str,
    /// The lists that hold less than there is.
    pub cut: Vec<&'static str>,
}

impl<S: Source> Reading<'_, S> {
    /// What a list answered, if that is true at this moment.
    fn true_now<T>(&self, answer: At<Listing<T>>) -> Result<Listing<T>, Unread> {
        if answer.at == self.moment.index {
            Ok(answer.data)
        } else {
            Err(Unread::Moved)
        }
    }

    /// The components, and what is confirmed to go on.
    ///
    /// # Errors
    ///
    /// See [`Unread`].
    pub async fn board(&mut self) -> Result<Board, Unread> {
        let filter = ServiceFilter {
            under: Some(self.prefix.into()),
            retired: Some(false),
            ..ServiceFilter::default()
        };
        let services = match self.source.services(filter, None, MAX_COMPONENTS).await {
            Err(Failure::NotFound { .. }) => return Err(Unread::NoPage),
            answer => self.true_now(answer?)?,
        };
        if services.next.is_some() {
            self.cut.push("components");
        }
        let going_on = IncidentFilter {
            verdict: vec![Verdict::Confirmed, Verdict::Contested],
            ..self.ongoing()
        };
        let (outages, more) = self.incidents(going_on, usize::MAX, board::counts).await?;
        if more {
            self.cut.push("outages");
        }
        Ok(Board {
            prefix: self.prefix.into(),
            now: self.moment.now,
            services: services.items,
            outages,
        })
    }

    /// The incidents that are not over. Those that count come first where there are too many: what anybody may report
    /// does not crowd out what is confirmed.
    ///
    /// # Errors
    ///
    /// See [`Unread`].
    pub async fn unresolved(&mut self, board: &Board) -> Result<Vec<Story>, Unread> {
        let is_open = |incident: &IncidentView| !incident.lapsed;
        let (all, mut more) = self.incidents(self.ongoing(), MAX_INCIDENTS, is_open).await?;
        let mut open = board.outages.clone();
        open.extend(all.into_iter().filter(|incident| !board::counts(incident)));
        more |= open.len() > MAX_INCIDENTS;
        open.truncate(MAX_INCIDENTS);
        // As all lists are ordered.
        open.sort_by_key(|incident| {
            let start = incident
                .started_at
                .map_or(incident.first_reported_at, |times| times.median);
            std::cmp::Reverse((start, incident.id))
        });
        if more {
            self.cut.push("incidents");
        }
        self.stories(open).await
    }

    /// The incidents that started last, over or not.
    ///
    /// # Errors
    ///
    /// See [`Unread`].
    pub async fn latest(&mut self) -> Result<Vec<Story>, Unread> {
        let (latest, more) = self.incidents(self.all(), MAX_INCIDENTS, |_| true).await?;
        if more {
            self.cut.push("incidents");
        }
        self.stories(latest).await
    }

    fn all(&self) -> IncidentFilter {
        IncidentFilter {
            under: Some(self.prefix.into()),
            ..IncidentFilter::default()
        }
    }

    fn ongoing(&self) -> IncidentFilter {
        IncidentFilter {
            status: vec![Status::Ongoing],
            ..self.all()
        }
    }

    /// The first `most` incidents of a list that fit, and whether there are more or may be.
    async fn incidents(
        &self,
        filter: IncidentFilter,
        most: usize,
        fits: fn(&IncidentView) -> bool,
    ) -> Result<(Vec<IncidentView>, bool), Unread> {
        let (mut found, mut cursor) = (Vec::new(), None);
        for _ in 0..MAX_PAGES {
            let page = self.source.incidents(filter.clone(), cursor, MAX_PAGE).await?;
            let page = self.true_now(page)?;
            found.extend(page.items.into_iter().filter(fits));
            if found.len() > most {
                found.truncate(most);
                return Ok((found, true));
            }
            cursor = page.next;
            if cursor.is_none() {
                return Ok((found, false));
            }
        }
        Ok((found, true))
    }

    async fn stories(&self, incidents: Vec<IncidentView>) -> Result<Vec<Story>, Unread> {
        let mut stories = Vec::with_capacity(incidents.len());
        for incident in incidents {
            let from = incident.entries.saturating_sub(MAX_UPDATES);
            let answer = self.source.entries(incident.id, from, MAX_UPDATES).await?;
            // Entries are read at the newest finalized block, which may hold more than this incident's record counts.
            let mut entries = answer.data.items;
            entries.retain(|entry| entry.number < incident.entries);
            stories.push(Story { incident, entries });
        }
        Ok(stories)
    }
}
