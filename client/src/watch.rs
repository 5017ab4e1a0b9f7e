//! Following what happens, across connections and nodes.
//!
//! Each of these streams is one subscription after another: when one ends, as its node or the way to it is gone, or as
//! the reader was too slow for it, the next begins where it ended, at the same node or at another of those that were
//! named. So nothing is lost and nothing comes twice, whatever happens in between.

mod follow;
mod patience;
#[cfg(test)]
mod tests;

use faultline_primitives::IncidentId;
use faultline_rpc::{
    view::{At, EntryChange, IncidentChange},
    Cursor, FaultlineRpcClient, IncidentFilter,
};
use futures::Stream;
use jsonrpsee::{
    core::{client::Subscription, ClientError},
    ws_client::WsClient,
};

use crate::{Client, Error, Result};
use follow::{follow, Source};

impl Client {
    /// Incidents that a filter matches, whenever an entry of one becomes final, in order of block and then number: all
    /// changes after a cursor, else those from when the stream is first polled.
    ///
    /// An incident that changed several times since is given once, as its last entry made it. What was received last
    /// says by its `cursor` from where to go on, in another run of the program too; to see what is there already as
    /// well, ask [`Self::incidents_now`] for the cursor, then [`Self::incidents`], and follow from the cursor.
    ///
    /// A node that is gone is replaced by another or waited for, and so is one that cannot tell now, as it is building
    /// its index: that is a [`Notice`](crate::Notice), not an error.
    ///
    /// # Errors
    ///
    /// What waiting does not change, and the stream ends with it: the filter or the cursor cannot be meant, none of the
    /// nodes keeps an index, those that answer are of another chain, or speak in a way that this program does not
    /// understand.
    ///
    /// ```no_run
    /// use faultline_client::{rpc::IncidentFilter, Client};
    /// use futures::TryStreamExt;
    ///
    /// # async fn watch() -> faultline_client::Result<()> {
    /// let nodes = ["ws://127.0.0.1:9944", "ws://127.0.0.1:9945"].map(String::from);
    /// let client = Client::connect_any(&nodes, None, |notice| eprintln!("{notice}")).await?;
    /// let mut changes = std::pin::pin!(client.watch_incidents(IncidentFilter::default(), None));
    /// while let Some(change) = changes.try_next().await? {
    ///     let incident = change.data.incident;
    ///     println!("{}: {} is {}", change.at.number, incident.slug, incident.verdict);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn watch_incidents(
        &self,
        filter: IncidentFilter,
        from: Option<Cursor>,
    ) -> impl Stream<Item = Result<At<IncidentChange>>> + Send + '_ {
        follow(self, Incidents { filter, from })
    }

    /// The cursor of now: [`Self::watch_incidents`] gives from it on each change after the block that the answer names.
    ///
    /// # Errors
    ///
    /// The filter cannot be meant, the node keeps no index or is building it, or no node answers.
    pub async fn incidents_now(&self, filter: &IncidentFilter) -> Result<At<Cursor>> {
        self.answer(self.rpc().incidents_now(Some(filter.clone()))).await
    }

    /// Entries of an incident's log as they become final, in their order and without a gap: from a number on, else those
    /// to come once the stream is first polled.
    ///
    /// A node that is gone or cannot tell now is dealt with as by [`Self::watch_incidents`].
    ///
    /// # Errors
    ///
    /// What waiting does not change, and the stream ends with it: there is no such incident, or what
    /// [`Self::watch_incidents`] ends with.
    pub fn watch_entries(
        &self,
        incident: IncidentId,
        from: Option<u32>,
    ) -> impl Stream<Item = Result<At<EntryChange>>> + Send + '_ {
        let next = from;
        follow(self, Entries { incident, next })
    }
}

/// Changes of incidents.
struct Incidents {
    filter: IncidentFilter,
    /// The cursor of what was received last; none before it is known where to begin.
    from: Option<Cursor>,
}

impl Source for Incidents {
    type Change = IncidentChange;

    async fn begin(&mut self, rpc: &WsClient) -> std::result::Result<(), ClientError> {
        // A subscription that gave nothing yet has no cursor to resume from: it begins with one.
        if self.from.is_none() {
            self.from = Some(rpc.incidents_now(Some(self.filter.clone())).await?.data);
        }
        Ok(())
    }

    async fn subscribe(
        &self,
        rpc: &WsClient,
    ) -> std::result::Result<Subscription<At<IncidentChange>>, ClientError> {
        rpc.subscribe_incidents(Some(self.filter.clone()), self.from.clone())
            .await
    }

    fn received(&mut self, change: &IncidentChange) -> Result<()> {
        self.from = Some(change.cursor.clone());
        Ok(())
    }
}

/// Entries of one incident's log.
struct Entries {
    incident: IncidentId,
    /// The number of the next entry; none before it is known where to begin.
    next: Option<u32>,
}

impl Source for Entries {
    type Change = EntryChange;

    async fn begin(&mut self, rpc: &WsClient) -> std::result::Result<(), ClientError> {
        // That there is no such incident the finalized state says, not the index, which may be some blocks behind.
        let incident = rpc.incident(self.incident.0).await?.data;
        self.next.get_or_insert(incident.entries);
        Ok(())
    }

    async fn subscribe(
        &self,
        rpc: &WsClient,
    ) -> std::result::Result<Subscription<At<EntryChange>>, ClientError> {
        rpc.subscribe_entries(self.incident.0, self.next).await
    }

    fn received(&mut self, change: &EntryChange) -> Result<()> {
        let (number, next) = (change.entry.number, self.next.unwrap_or_default());
        if number != next {
            let what = format!(
                "entry {number} of incident {}, where {next} comes next",
                self.incident
            );
            return Err(Error::Incompatible(what));
        }
        self.next = Some(number.saturating_add(1));
        Ok(())
    }
}
