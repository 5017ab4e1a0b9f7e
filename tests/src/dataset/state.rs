//! A history as a chain's state holds it.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use codec::Encode;
use faultline_primitives::{log::What, IncidentId, Roll};
use faultline_runtime::Runtime;
use pallet_incidents as incidents;
use pallet_members as members;
use pallet_services as services;

use super::Dataset;

/// Puts the organisations and services of a history into a state, as the pallets keep them: without keys and logs.
///
/// # Errors
///
/// The state takes a value no more.
pub fn cast(data: &Dataset, put: &mut impl FnMut(&[u8], Vec<u8>) -> Result<()>) -> Result<()> {
    let mut roll = Roll::empty(What::Organisations, ());
    for member in data.organisations() {
        roll = roll.with(member.id, member.record.block, member.record.at);
        put(
            &members::Organisations::<Runtime>::hashed_key_for(member.id),
            member.record.encode(),
        )?;
    }
    put(&members::AllOrganisations::<Runtime>::hashed_key(), roll.encode())?;

    let mut roll = Roll::empty(What::Services, ());
    for service in data.services() {
        let first = service.entries.first().context("a log has a first entry")?;
        roll = roll.with(service.id, first.block, first.at);
        let slug = &service.record.state.slug;
        put(
            &services::BySlug::<Runtime>::hashed_key_for(slug),
            service.id.encode(),
        )?;
        put(
            &services::Services::<Runtime>::hashed_key_for(service.id),
            service.record.encode(),
        )?;
    }
    put(&services::AllServices::<Runtime>::hashed_key(), roll.encode())?;
    Ok(())
}

/// Puts the incidents of a history into a state, with their logs, but without the bodies of texts. One after another, so
/// that a history of any length fits into memory.
///
/// # Errors
///
/// The state takes a value no more, or the rules refuse how an incident begins.
pub fn incidents(data: &Dataset, put: &mut impl FnMut(&[u8], Vec<u8>) -> Result<()>) -> Result<()> {
    let mut all = Roll::empty(What::Incidents, ());
    let mut rolls = BTreeMap::new();
    for id in (0..data.shape().incidents).map(IncidentId) {
        let story = data.story(id)?;
        let service = story.record.state.service;
        let first = story.entries.first().context("a log has a first entry")?;
        all = all.with(id, first.block, first.at);
        let empty = || Roll::empty(What::IncidentsOnService, service);
        let roll: &mut Roll = rolls.entry(service).or_insert_with(empty);
        put(
            &incidents::OnService::<Runtime>::hashed_key_for(service, roll.count),
            id.encode(),
        )?;
        *roll = roll.with(id, first.block, first.at);
        for (number, entry) in (0u32..).zip(&story.entries) {
            let key = incidents::Entries::<Runtime>::hashed_key_for(id, number);
            put(&key, entry.encode())?;
        }
        put(
            &incidents::Incidents::<Runtime>::hashed_key_for(id),
            story.record.encode(),
        )?;
    }
    put(&incidents::AllIncidents::<Runtime>::hashed_key(), all.encode())?;
    for (service, roll) in rolls {
        let key = incidents::RollOfService::<Runtime>::hashed_key_for(service);
        put(&key, roll.encode())?;
    }
    Ok(())
}
