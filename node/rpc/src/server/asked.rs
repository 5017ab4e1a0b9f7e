//! What is asked for of incidents and services, understood.

use faultline_index::{ChangePosition, FacetFilter, Filter, Reading, Scope};
use faultline_primitives::{
    service::{is_slug, Slug},
    Hash, OrganisationId,
};

use super::{
    cursor::{Place, Sealer},
    finalized::not_found,
    listing::Answer,
};
use crate::{error::Failure, Cursor, IncidentFilter};

/// What was asked for of incidents, understood.
pub struct Asked {
    /// The same for the index.
    pub filter: Filter,
    /// What cursors of it are sealed with.
    pub sealer: Sealer,
}

fn bad(parameter: &str, why: impl Into<String>) -> Failure {
    Failure::BadParameter {
        parameter: parameter.into(),
        why: why.into(),
    }
}

/// A text that a service may have as its slug.
pub fn well_formed(parameter: &str, text: &str) -> Result<Slug, Failure> {
    let slug = Slug::try_from(text).map_err(|why| bad(parameter, why))?;
    if is_slug(slug.as_bytes()) {
        Ok(slug)
    } else {
        Err(bad(
            parameter,
            format!("`{text}` is no slug: parts of a to z, 0 to 9 and hyphens, joined by slashes"),
        ))
    }
}

/// The values of a list, each once and in order: what they are asked in makes no difference to a cursor.
fn in_order<T: Ord>(mut values: Vec<T>) -> Vec<T> {
    values.sort_unstable();
    values.dedup();
    values
}

impl Asked {
    /// What a filter of incidents means; it may name only what there is.
    pub fn of(reading: &Reading<'_>, genesis: Hash, asked: IncidentFilter) -> Answer<Self> {
        let asked = IncidentFilter {
            verdict: in_order(asked.verdict),
            status: in_order(asked.status),
            timeliness: in_order(asked.timeliness),
            kind: in_order(asked.kind),
            severity: in_order(asked.severity),
            ..asked
        };
        let sealer = Sealer::new(genesis, &asked);
        if let (Some(from), Some(until)) = (asked.from, asked.until) {
            if from >= until {
                return Err(bad("filter", format!("`from` {from} is not before `until` {until}")).into());
            }
        }
        let mut scopes = Vec::new();
        if let Some(text) = &asked.service {
            let slug = well_formed("filter.service", text)?;
            if reading.by_slug(&slug)?.is_none() {
                return Err(not_found("service", format!("`{text}`")).into());
            }
            scopes.push(Scope::Service(slug));
        }
        for (scope, id) in [
            (Scope::Opener as fn(_) -> _, asked.opener),
            (Scope::Organisation as fn(_) -> _, asked.organisation),
        ] {
            if let Some(id) = id {
                known(reading, id)?;
                scopes.push(scope(id));
            }
        }
        if let Some(text) = &asked.under {
            scopes.push(Scope::Under(under(reading, text)?));
        }
        let filter = Filter {
            scopes,
            facets: FacetFilter {
                verdict: asked.verdict,
                status: asked.status,
                timeliness: asked.timeliness,
                kind: asked.kind,
                severity: asked.severity,
            },
            from: asked.from.map(|time| time.0),
            until: asked.until.map(|time| time.0),
        };
        Ok(Self { filter, sealer })
    }

    /// Where in the order of changes a cursor stands.
    pub fn change(&self, cursor: &Cursor) -> Result<ChangePosition, Failure> {
        match self.sealer.place(cursor)? {
            Place::Change(block, incident) => Ok(ChangePosition { block, incident }),
            Place::Incident(_) | Place::Service(_) => Err(Failure::BadCursor {
                why: "it is of a list; a subscription goes on from the cursor of a change".into(),
            }),
        }
    }
}

/// Refuses an organisation that there is not.
pub fn known(reading: &Reading<'_>, id: OrganisationId) -> Answer<()> {
    match reading.organisation(id)? {
        Some(_) => Ok(()),
        None => Err(not_found("organisation", id).into()),
    }
}

/// A slug that a service has, or has one under it.
pub fn under(reading: &Reading<'_>, text: &str) -> Answer<Slug> {
    let slug = well_formed("filter.under", text)?;
    if !reading.is_anything_under(&slug)? {
        return Err(not_found("service", format!("`{text}`, nor one under it,")).into());
    }
    Ok(slug)
}
