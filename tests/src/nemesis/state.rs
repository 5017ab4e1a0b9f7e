//! Reading the finalized state as it is stored, without anything of a node's own views between.

use std::collections::BTreeMap;

use anyhow::{anyhow, ensure, Context, Result};
use codec::Decode;
use faultline_primitives::{
    consortium::Consortium, incident::Incident, log::What, organisation::Organisation, service::Service,
    Entry, Fold, Hash, IncidentId, OrganisationId, Record, Roll, ServiceId,
};
use faultline_runtime::Runtime;
use serde_json::Value;
use sp_core::{bytes, hexdisplay::HexDisplay};

use super::{ask::Node, ledger::Place};

/// How many keys are asked for at once.
const PAGE: usize = 256;

/// The finalized state of one block.
pub struct State<'a> {
    node: &'a mut Node,
    at: Hash,
}

/// What was read and replayed.
#[derive(Debug, Default)]
pub struct Logs {
    /// Every entry that there is, by its place, with the block that recorded it.
    pub entries: BTreeMap<Place, u32>,
    /// How many logs of each kind were replayed, and how many entries they hold.
    pub replayed: BTreeMap<&'static str, (u64, u64)>,
    /// Logs and rolls that do not come to what is recorded.
    pub wrong: Vec<String>,
}

impl<'a> State<'a> {
    /// The state of a block, of which the node must still have it.
    pub fn new(node: &'a mut Node, at: Hash) -> Self {
        Self { node, at }
    }

    /// Reads all logs and replays them.
    ///
    /// # Errors
    ///
    /// The node does not answer, or a stored value is not of its type.
    pub async fn logs(&mut self) -> Result<Logs> {
        let mut logs = Logs::default();
        self.organisations(&mut logs).await?;
        self.services(&mut logs).await?;
        self.incidents(&mut logs).await?;
        self.consortium(&mut logs).await?;
        Ok(logs)
    }

    async fn organisations(&mut self, logs: &mut Logs) -> Result<()> {
        use pallet_members::{AllOrganisations, Entries, Organisations};
        let roll = self.roll(&AllOrganisations::<Runtime>::hashed_key()).await?;
        let mut replayed = Roll::empty(What::Organisations, ());
        for id in ids(roll)?.map(OrganisationId) {
            let record = Organisations::<Runtime>::hashed_key_for(id);
            let log = Log {
                kind: "organisation",
                place: |number| Place::Organisation(id.0, number),
                entry: |number| Entries::<Runtime>::hashed_key_for(id, number),
            };
            let first = self.log::<Organisation>(id, &record, log, logs).await?;
            replayed = replayed.with(id, first.block, first.at);
        }
        logs.compare("roll of organisations", roll, replayed);
        Ok(())
    }

    async fn services(&mut self, logs: &mut Logs) -> Result<()> {
        use pallet_services::{AllServices, Entries, Services};
        let roll = self.roll(&AllServices::<Runtime>::hashed_key()).await?;
        let mut replayed = Roll::empty(What::Services, ());
        for id in ids(roll)?.map(ServiceId) {
            let record = Services::<Runtime>::hashed_key_for(id);
            let log = Log {
                kind: "service",
                place: |number| Place::Service(id.0, number),
                entry: |number| Entries::<Runtime>::hashed_key_for(id, number),
            };
            let first = self.log::<Service>(id, &record, log, logs).await?;
            replayed = replayed.with(id, first.block, first.at);
        }
        logs.compare("roll of services", roll, replayed);
        Ok(())
    }

    async fn incidents(&mut self, logs: &mut Logs) -> Result<()> {
        use pallet_incidents::{AllIncidents, Entries, Incidents, RollOfService};
        let roll = self.roll(&AllIncidents::<Runtime>::hashed_key()).await?;
        let mut replayed = Roll::empty(What::Incidents, ());
        let mut of_services = BTreeMap::new();
        for id in ids(roll)?.map(|id| IncidentId(id.into())) {
            let record = Incidents::<Runtime>::hashed_key_for(id);
            let log = Log {
                kind: "incident",
                place: |number| Place::Incident(id.0, number),
                entry: |number| Entries::<Runtime>::hashed_key_for(id, number),
            };
            let first = self.log::<Incident>(id, &record, log, logs).await?;
            let incident: Record<Incident> = self.value(&record).await?.context("read just now")?;
            let service = incident.state.service;
            replayed = replayed.with(id, first.block, first.at);
            let of_service = of_services
                .entry(service)
                .or_insert_with(|| Roll::empty(What::IncidentsOnService, service));
            *of_service = of_service.with(id, first.block, first.at);
        }
        logs.compare("roll of incidents", roll, replayed);
        for (service, replayed) in of_services {
            let stored = self
                .roll(&RollOfService::<Runtime>::hashed_key_for(service))
                .await?;
            logs.compare(
                &format!("roll of the incidents of service {service}"),
                stored,
                replayed,
            );
        }
        Ok(())
    }

    async fn consortium(&mut self, logs: &mut Logs) -> Result<()> {
        use pallet_consortium::{Consortia, Entries};
        let log = Log {
            kind: "consortium",
            place: Place::Consortium,
            entry: |number| Entries::<Runtime>::hashed_key_for((), number),
        };
        let record = Consortia::<Runtime>::hashed_key_for(());
        self.log::<Consortium>((), &record, log, logs).await?;
        Ok(())
    }

    /// Reads a log and its record, replays the one and compares with the other, and gives the first entry's place in
    /// the chain.
    async fn log<F>(
        &mut self,
        id: F::Id,
        record: &[u8],
        log: Log<impl Fn(u32) -> Place, impl Fn(u32) -> Vec<u8>>,
        logs: &mut Logs,
    ) -> Result<Entry<()>>
    where
        F: Fold<Action: Decode, Refusal: std::fmt::Debug> + Decode + PartialEq,
    {
        let record: Record<F> = self.value(record).await?.context("a log without a record")?;
        // One more than there should be, to see that there is none.
        let keys: Vec<_> = (0..=record.entries).map(&log.entry).collect();
        let mut entries = Vec::new();
        for value in self.values(&keys).await? {
            match value {
                Some(value) => entries.push(Entry::<F::Action>::decode(&mut &value[..])?),
                None => break,
            }
        }
        let name = format!("{:?}", (log.place)(0));
        match Record::<F>::replay(id, &entries) {
            Some(Ok(replayed)) if replayed == record => {}
            Some(Ok(_)) => logs
                .wrong
                .push(format!("{name}: replaying it gives another record")),
            Some(Err(why)) => logs
                .wrong
                .push(format!("{name}: its fold refuses an entry: {why:?}")),
            None => logs.wrong.push(format!("{name}: no entries")),
        }
        let counted = logs.replayed.entry(log.kind).or_default();
        *counted = (counted.0 + 1, counted.1 + u64::try_from(entries.len())?);
        for (number, entry) in (0..).zip(&entries) {
            logs.entries.insert((log.place)(number), entry.block);
        }
        let first = entries.first().with_context(|| format!("{name}: no entries"))?;
        Ok(Entry {
            block: first.block,
            at: first.at,
            action: (),
        })
    }

    async fn roll(&mut self, key: &[u8]) -> Result<Option<Roll>> {
        self.value(key).await
    }

    async fn value<T: Decode>(&mut self, key: &[u8]) -> Result<Option<T>> {
        let values = self.values(&[key.to_vec()]).await?;
        let value = values.into_iter().next().flatten();
        Ok(value.map(|value| T::decode(&mut &value[..])).transpose()?)
    }

    /// The values at these keys, in their order.
    async fn values(&mut self, keys: &[Vec<u8>]) -> Result<Vec<Option<Vec<u8>>>> {
        let mut values = Vec::with_capacity(keys.len());
        for page in keys.chunks(PAGE) {
            let names: Vec<_> = page
                .iter()
                .map(|key| Value::from(format!("0x{}", HexDisplay::from(key))))
                .collect();
            let arguments = [names.into(), serde_json::to_value(self.at)?];
            let answer = self.node.ask("state_queryStorageAt", arguments).await?;
            let changes = answer[0]["changes"].as_array().context("an answer has changes")?;
            let mut found = BTreeMap::new();
            for change in changes {
                let key = change[0].as_str().context("a change has a key")?;
                let value = change[1].as_str().map(bytes::from_hex).transpose();
                found.insert(
                    bytes::from_hex(key).map_err(|why| anyhow!("{why}"))?,
                    value.map_err(|why| anyhow!("{why}"))?,
                );
            }
            ensure!(found.len() == page.len(), "the node left keys out");
            values.extend(page.iter().map(|key| found.get(key).cloned().flatten()));
        }
        Ok(values)
    }
}

/// How a log is found and what it is called.
struct Log<P, E> {
    kind: &'static str,
    place: P,
    entry: E,
}

impl Logs {
    fn compare(&mut self, name: &str, stored: Option<Roll>, replayed: Roll) {
        let stored_count = stored.map_or(0, |roll| roll.count);
        if stored.is_some_and(|roll| roll != replayed) || stored_count != replayed.count {
            self.wrong.push(format!("{name}: replaying it gives another"));
        }
    }
}

fn ids(roll: Option<Roll>) -> Result<std::ops::Range<u32>> {
    Ok(0..u32::try_from(roll.map_or(0, |roll| roll.count))?)
}
