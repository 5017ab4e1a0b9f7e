//! Lists of any length, a page at a time.

use std::future::Future;

use faultline_rpc::{
    view::{At, IncidentView, Listing, ServiceView},
    Cursor, FaultlineRpcClient, IncidentFilter, ServiceFilter,
};
use futures::{
    stream::{iter, try_unfold},
    Stream, TryStreamExt,
};

use crate::{Client, Error, Result};

/// How many items [`Client::incidents`] and [`Client::services`] ask for at once: as many as a node gives.
pub const PAGE: u32 = faultline_rpc::MAX_PAGE;

impl Client {
    /// Every incident that a filter matches, newest start first and of one start the later opened first.
    ///
    /// They are fetched page by page ([`PAGE`]) as they are polled for, and one page is held at a time. Each is as it was
    /// at the finalized block of its page. While incidents arrive, none whose start stays the same is left out or comes
    /// twice; one whose start moves, as its median does when another group affirms it, may.
    ///
    /// # Errors
    ///
    /// What a page's are; the stream ends with it.
    ///
    /// ```no_run
    /// use faultline_client::{rpc::IncidentFilter, Client};
    /// use futures::TryStreamExt;
    ///
    /// # async fn list() -> faultline_client::Result<()> {
    /// let client = Client::connect("ws://127.0.0.1:9944").await?;
    /// let filter = IncidentFilter {
    ///     under: Some("openai".into()),
    ///     ..IncidentFilter::default()
    /// };
    /// let mut incidents = std::pin::pin!(client.incidents(filter));
    /// while let Some(incident) = incidents.try_next().await? {
    ///     println!("{} {} {}", incident.id, incident.slug, incident.status);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn incidents(&self, filter: IncidentFilter) -> impl Stream<Item = Result<IncidentView>> + Send + '_ {
        all(move |cursor| {
            let filter = filter.clone();
            async move { self.incidents_page(&filter, cursor.as_ref(), Some(PAGE)).await }
        })
    }

    /// A page of the incidents that a filter matches: from a cursor on, else the first; of [`faultline_rpc::DEFAULT_PAGE`]
    /// where no limit is given.
    ///
    /// It may hold fewer than the limit, or none, though there are more: only one without `next` is the last.
    ///
    /// # Errors
    ///
    /// The filter cannot be meant, the cursor is of another filter or chain, the limit is 0 or above [`PAGE`], the node
    /// keeps no index or is building it, or no node answers.
    pub async fn incidents_page(
        &self,
        filter: &IncidentFilter,
        cursor: Option<&Cursor>,
        limit: Option<u32>,
    ) -> Result<At<Listing<IncidentView>>> {
        let asked = self.rpc();
        self.answer(asked.incidents(Some(filter.clone()), cursor.cloned(), limit))
            .await
    }

    /// Every service that a filter matches, in order of their slugs.
    ///
    /// They are fetched page by page ([`PAGE`]) as they are polled for, and one page is held at a time. Each is as it was
    /// at the finalized block of its page.
    ///
    /// # Errors
    ///
    /// What a page's are; the stream ends with it.
    pub fn services(&self, filter: ServiceFilter) -> impl Stream<Item = Result<ServiceView>> + Send + '_ {
        all(move |cursor| {
            let filter = filter.clone();
            async move { self.services_page(&filter, cursor.as_ref(), Some(PAGE)).await }
        })
    }

    /// A page of the services that a filter matches: from a cursor on, else the first; of [`faultline_rpc::DEFAULT_PAGE`]
    /// where no limit is given.
    ///
    /// # Errors
    ///
    /// As of [`Self::incidents_page`].
    pub async fn services_page(
        &self,
        filter: &ServiceFilter,
        cursor: Option<&Cursor>,
        limit: Option<u32>,
    ) -> Result<At<Listing<ServiceView>>> {
        let asked = self.rpc();
        self.answer(asked.services(Some(filter.clone()), cursor.cloned(), limit))
            .await
    }
}

/// Where a list is.
enum Place {
    /// A page begins here; the first where there is no cursor.
    Page(Option<Cursor>),
    /// Behind the last.
    End,
}

/// The items of all pages, in order; each page is asked for once the one before was taken in whole.
fn all<'a, T, F>(page: impl Fn(Option<Cursor>) -> F + Send + 'a) -> impl Stream<Item = Result<T>> + Send + 'a
where
    T: Send + 'a,
    F: Future<Output = Result<At<Listing<T>>>> + Send + 'a,
{
    try_unfold(Place::Page(None), move |place| {
        let asked = match place {
            Place::Page(cursor) => Some((page(cursor.clone()), cursor)),
            Place::End => None,
        };
        async move {
            let Some((page, cursor)) = asked else {
                return Ok(None);
            };
            let Listing { items, next, .. } = page.await?.data;
            if next.is_some() && next == cursor {
                return Err(Error::Incompatible(
                    "a page says that it is followed by itself".into(),
                ));
            }
            let place = next.map_or(Place::End, |next| Place::Page(Some(next)));
            Ok(Some((iter(items.into_iter().map(Ok)), place)))
        }
    })
    .try_flatten()
}

#[cfg(test)]
mod tests;
