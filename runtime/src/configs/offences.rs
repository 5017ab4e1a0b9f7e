//! Validators that vote twice.
//!
//! Whoever sees a validator vote for two blocks in one round of finality reports it, with the two votes and the proof
//! that the key was a validator's. The validator is disabled as an author, the deed becomes an entry of the consortium's
//! log, and a motion to remove it is opened: its votes count for finality until the council removes it.

use alloc::boxed::Box;

use codec::Encode;
use faultline_primitives::{consortium::Act, OrganisationId};
use frame_system::offchain::{CreateBare, CreateTransactionBase};
use pallet_session::historical::IdentificationTuple;
use sp_runtime::Perbill;
use sp_staking::{
    offence::{OffenceDetails, OffenceSeverity, OnOffenceHandler},
    SessionIndex,
};

use super::session::Validator;
use crate::{
    AccountId, Consortium, Council, Runtime, RuntimeCall, RuntimeEvent, Session, UncheckedExtrinsic, Weight,
};

/// Who proposes in the chain's own name: an account that nobody has the key of.
const CHAIN: [u8; 32] = *b"faultline: the chain asks itself";

impl pallet_offences::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type IdentificationTuple = IdentificationTuple<Self>;
    type OnOffenceHandler = Disabled;
}

/// What becomes of a validator that voted twice.
pub struct Disabled;

impl OnOffenceHandler<AccountId, IdentificationTuple<Runtime>, Weight> for Disabled {
    fn on_offence(
        offenders: &[OffenceDetails<AccountId, IdentificationTuple<Runtime>>],
        _: &[Perbill],
        session: SessionIndex,
    ) -> Weight {
        for OffenceDetails {
            offender: (validator, ()),
            ..
        } in offenders
        {
            Session::report_offence(*validator, OffenceSeverity(Perbill::one()));
            let Validator(organisation) = *validator;
            if Consortium::equivocated(organisation, session) {
                ask_to_remove(organisation);
            }
        }
        Weight::zero()
    }
}

/// Opens a motion to remove a validator, if it is still one and there is no such motion yet. Where as many motions are
/// open as may be, the entry in the log must do.
fn ask_to_remove(organisation: OrganisationId) {
    let Some(consortium) = Consortium::consortium().map(|record| record.state) else {
        return;
    };
    if !consortium.is_validator(organisation) {
        return;
    }
    let remove = RuntimeCall::Consortium(pallet_consortium::Call::remove_validator { organisation });
    let motion = RuntimeCall::Consortium(pallet_consortium::Call::enact {
        call: Box::new(remove),
    });
    let threshold = Act::RemoveValidator(organisation)
        .majority()
        .ayes(consortium.count());
    let length = u32::try_from(motion.encoded_size()).unwrap_or(u32::MAX);
    // It fails where there is such a motion already, or no room: nothing is lost, as the log has the entry.
    let _ = Council::do_propose_proposed(AccountId::new(CHAIN), threshold, Box::new(motion), length);
}

impl<C> CreateTransactionBase<C> for Runtime
where
    RuntimeCall: From<C>,
{
    type Extrinsic = UncheckedExtrinsic;
    type RuntimeCall = RuntimeCall;
}

impl<C> CreateBare<C> for Runtime
where
    RuntimeCall: From<C>,
{
    fn create_bare(call: RuntimeCall) -> UncheckedExtrinsic {
        UncheckedExtrinsic::new_bare(call)
    }
}
