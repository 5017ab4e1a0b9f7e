//! What verifying a bundle comes to, for programs.

use faultline_client::proof::{
    bundle::Opened, finality::Key, verify::Change, AuthoritySet, Bundle, Fault, Proven,
};
use faultline_primitives::{
    log::What, organisation::Status, Hash, IncidentId, OrganisationId, Roll, ServiceId,
};
use faultline_rpc::view::{BlockView, EntryView, IncidentView, SpanView, Utc};
use serde::Serialize;

use super::view;
use crate::why::Why;

/// The step that fails.
#[derive(Debug, Serialize)]
pub struct Failed {
    /// Which.
    pub step: &'static str,
    /// What programs tell the fault by: `finality.notFinal.tooFew`.
    pub fault: String,
    /// Why.
    pub why: String,
}

impl From<&Fault> for Failed {
    fn from(fault: &Fault) -> Self {
        Self {
            step: fault.step().name(),
            fault: fault.name(),
            why: fault.to_string(),
        }
    }
}

/// What a bundle proves.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Found {
    /// The genesis block's hash, where that was trusted.
    pub genesis: Option<Hash>,
    /// The block at which all of it is so.
    pub block: BlockView,
    /// Its time.
    pub time: Utc,
    /// Who made it final.
    pub made_final_by: MadeFinal,
    /// The changes of authorities since what was trusted.
    pub changes: Vec<ChangeFound>,
    /// The service and the span, where the bundle is of one.
    pub roll: Option<RollFound>,
    /// The services, as they are at the block.
    pub services: Vec<ServiceFound>,
    /// The organisations that speak, as they are at the block.
    pub organisations: Vec<OrganisationFound>,
    /// The incidents, with their logs.
    pub incidents: Vec<IncidentFound>,
}

/// Who made a block final.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MadeFinal {
    /// The number of the set of validators.
    pub set_id: u64,
    /// What checkpoints name it by.
    pub set_hash: Hash,
    /// The validators' keys (ed25519).
    pub validators: Vec<Hash>,
    /// Those whose votes are shown.
    pub voted: Vec<Hash>,
}

/// A change of authorities.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ChangeFound {
    /// The last block of the set before.
    pub block: BlockView,
    /// The number of the set.
    pub set_id: u64,
    /// How many validators it has.
    pub validators: usize,
}

/// All incidents of a service.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RollFound {
    /// The service.
    pub service: ServiceId,
    /// The incidents whose logs are there are all that were opened in it, both ends included.
    pub span: SpanView,
    /// All incidents ever opened on the service.
    pub opened: Vec<IncidentId>,
    /// The head over them.
    pub head: Hash,
}

/// A service.
#[derive(Debug, Serialize)]
pub struct ServiceFound {
    /// Its number.
    pub id: ServiceId,
    /// What names it.
    pub slug: String,
    /// What people call it.
    pub name: String,
    /// The organisation that runs it.
    pub provider: Option<OrganisationId>,
    /// Whether the council lists it.
    pub listed: bool,
    /// Whether it was retired.
    pub retired: bool,
}

/// An organisation that speaks.
#[derive(Debug, Serialize)]
pub struct OrganisationFound {
    /// Its number.
    pub id: OrganisationId,
    /// Its name.
    pub name: String,
    /// Whether it may speak.
    pub status: Status,
    /// How many of the entries are its.
    pub entries: usize,
}

/// An incident, why it is so, and its whole log.
#[derive(Debug, Serialize)]
pub struct IncidentFound {
    /// The incident.
    #[serde(flatten)]
    pub incident: IncidentView,
    /// What its record comes of.
    pub why: Why,
    /// Its entries.
    pub log: Vec<EntryView>,
}

impl Found {
    /// What was found in a bundle.
    pub fn new(bundle: &Bundle, proven: &Proven) -> Self {
        Self {
            genesis: proven.genesis,
            block: view::block(&proven.block),
            time: Utc(proven.now),
            made_final_by: MadeFinal::new(bundle, proven.history.set()),
            changes: proven.history.changes.iter().map(ChangeFound::from).collect(),
            roll: proven.roll.as_ref().map(|of| RollFound {
                service: of.service,
                span: of.span.into(),
                opened: of.roll.iter().map(|opened| opened.id).collect(),
                head: head(of.service, &of.roll),
            }),
            services: services(proven),
            organisations: organisations(proven),
            incidents: proven
                .incidents
                .iter()
                .map(|incident| {
                    let shown = view::incident(proven, incident);
                    IncidentFound {
                        why: Why::of(&shown),
                        incident: shown,
                        log: view::log(incident),
                    }
                })
                .collect(),
        }
    }
}

impl MadeFinal {
    fn new(bundle: &Bundle, set: &AuthoritySet) -> Self {
        let hash = |key: &Key| Hash(*key);
        let votes = bundle.block.justification.commit.votes.iter();
        Self {
            set_id: set.id,
            set_hash: set.hash(),
            validators: set
                .authorities
                .iter()
                .map(|validator| hash(&validator.key))
                .collect(),
            voted: votes.map(|vote| hash(&vote.key)).collect(),
        }
    }
}

impl From<&Change> for ChangeFound {
    fn from(change: &Change) -> Self {
        Self {
            block: BlockView {
                number: change.block,
                hash: change.hash,
            },
            set_id: change.set.id,
            validators: change.set.authorities.len(),
        }
    }
}

/// The head over a service's incidents.
fn head(service: ServiceId, roll: &[Opened]) -> Hash {
    let empty = Roll::empty(What::IncidentsOnService, service);
    let sealed = roll.iter().fold(empty, |roll, opened| {
        roll.with(opened.id, opened.block, opened.at)
    });
    sealed.head
}

fn services(proven: &Proven) -> Vec<ServiceFound> {
    let found = proven.services.iter().map(|(id, service)| ServiceFound {
        id: *id,
        slug: service.state.slug.to_string(),
        name: service.state.name.to_string(),
        provider: service.state.provider,
        listed: service.state.listed,
        retired: service.state.retired,
    });
    found.collect()
}

fn organisations(proven: &Proven) -> Vec<OrganisationFound> {
    let said = || proven.incidents.iter().flat_map(|incident| &incident.log.entries);
    let found = proven
        .organisations
        .iter()
        .map(|(id, organisation)| OrganisationFound {
            id: *id,
            name: organisation.state.name.to_string(),
            status: organisation.state.status,
            entries: said()
                .filter(|said| said.entry.action.by().organisation == *id)
                .count(),
        });
    found.collect()
}
