//! Lists and changes, as the index gives them.

use serde::{Deserialize, Serialize};

use super::{BlockView, EntryView, IncidentView};
use crate::Cursor;

/// A page of a list that the index gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", schemars(rename = "ListingOf{T}"))]
pub struct Listing<T> {
    /// The items.
    pub items: Vec<T>,
    /// Where the next page begins; none on the last.
    pub next: Option<Cursor>,
    /// How many finalized blocks came after the one at which this is true.
    pub index_lag: u32,
}

/// The event that an incident is part of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RelatedView {
    /// The incidents that overlap it, newest start first.
    pub items: Vec<RelatedIncident>,
    /// How many finalized blocks came after the one at which this is true.
    pub index_lag: u32,
}

/// An incident that overlaps another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RelatedIncident {
    /// In what their services are related.
    pub relations: Vec<Relation>,
    /// The incident.
    pub incident: IncidentView,
}

/// How the service of one incident is related to that of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Relation {
    /// It is the same.
    SameService,
    /// The other is a component of it.
    Parent,
    /// It is a component of the other.
    Component,
    /// Both are components of one service.
    Sibling,
    /// One organisation runs both.
    SameProvider,
}

/// An incident after a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct IncidentChange {
    /// The incident as its last entry made it.
    pub incident: IncidentView,
    /// From where to resume, once this was received.
    pub cursor: Cursor,
    /// How many finalized blocks the index holds after that of this change.
    pub behind: u32,
}

/// An entry that became final.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EntryChange {
    /// The entry.
    pub entry: EntryView,
    /// How many entries of the same log are final after this one.
    pub behind: u32,
}

/// How far the index is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct IndexView {
    /// The finalized block that it stands at; none before it was built for the first time.
    pub at: Option<BlockView>,
    /// How many finalized blocks came after it.
    pub lag: u32,
    /// How far it is with being built anew from the finalized state; none where it is not.
    pub building: Option<BuildingView>,
}

/// How far the index is with being built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BuildingView {
    /// Incidents that it holds.
    pub done: u64,
    /// Incidents that there are.
    pub of: u64,
}
