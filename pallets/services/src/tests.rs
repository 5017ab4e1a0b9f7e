//! Tests over a chain of this pallet alone; each ends with the check of what must always be true.

use faultline_primitives::{
    service::{Service, Slug},
    OrganisationId, ServiceId, Text,
};
use frame_support::dispatch::DispatchResult;

use crate::{mock::*, Unlisted};

mod council;
mod entries;
mod migration;
mod provider;
mod registration;
mod state;

fn slug(text: &str) -> Slug {
    text.parse().unwrap()
}

fn name() -> Text<64> {
    "Somebody's".parse().unwrap()
}

fn register(who: u8, text: &str) -> DispatchResult {
    Services::register(signed(who), slug(text), name(), Text::default(), None)
}

/// What the council calls with.
fn council() -> RuntimeOrigin {
    RuntimeOrigin::root()
}

fn state(id: u32) -> Service {
    Services::service(ServiceId(id)).unwrap().state
}

fn unlisted(organisation: u32) -> u32 {
    Unlisted::<Test>::get(OrganisationId(organisation))
}
