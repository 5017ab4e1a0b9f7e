//! What the organisations are called that speak of an incident.

use std::collections::{btree_map::Entry, BTreeMap};

use faultline_primitives::OrganisationId;
use faultline_rpc::{
    view::{EntryView, IncidentView},
    FaultlineRpcClient,
};

use crate::{output::plain, session::Session, trouble::Result};

/// Names of organisations.
#[derive(Clone, Debug, Default)]
pub struct Names(BTreeMap<OrganisationId, String>);

impl Names {
    /// Those that stand by something.
    pub fn of(incident: &IncidentView) -> Self {
        let voices = incident.voices.iter();
        Self(
            voices
                .map(|voice| (voice.organisation, voice.name.clone()))
                .collect(),
        )
    }

    /// Those that are known.
    pub fn given(names: impl IntoIterator<Item = (OrganisationId, String)>) -> Self {
        Self(names.into_iter().collect())
    }

    /// Asks for those of whoever made these entries.
    pub async fn learn(&mut self, session: &Session, entries: &[EntryView]) -> Result<()> {
        let client = &session.client;
        for organisation in entries.iter().map(|entry| entry.by.organisation) {
            if let Entry::Vacant(unknown) = self.0.entry(organisation) {
                let answer = client.answer(client.rpc().organisation(organisation.0)).await?;
                unknown.insert(answer.data.name);
            }
        }
        Ok(())
    }

    /// The name with the number, which nobody can take for another's.
    pub fn name(&self, organisation: OrganisationId) -> String {
        match self.0.get(&organisation) {
            Some(name) => format!("{} ({organisation})", plain(name)),
            None => format!("organisation {organisation}"),
        }
    }
}
