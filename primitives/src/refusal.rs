//! What the transaction pool answers to a transaction that it turns away: one byte, in
//! `InvalidTransaction::Custom`.
//!
//! A code below [`FIRST_PALLET_CODE`] is a [`Gate`] refusal. Any other names an error with which the call would
//! fail if it were run now: `code = base of the pallet + index of the error in that pallet's metadata`, where the
//! base is the first code after those of the pallets before it in [`PALLETS`].

use crate::choice::choice;

/// The first code that stands for a pallet's error.
pub const FIRST_PALLET_CODE: u8 = 32;
/// The pallets whose errors have codes, in order, by their names in the metadata, and how many codes each has.
pub const PALLETS: [(&str, u8); 8] = [
    ("Members", 32),
    ("Services", 24),
    ("Incidents", 72),
    ("Council", 20),
    ("Consortium", 40),
    ("TxPause", 8),
    ("Session", 8),
    ("System", 12),
];

choice! {
    /// Why the gate lets a transaction not even try.
    Gate {
        /// No organisation has this key.
        UnknownSigner = 0,
        /// The key was revoked: it never speaks again.
        RevokedKey = 1,
        /// The organisation is suspended.
        SuspendedOrganisation = 2,
        /// No member may make this call.
        CallNotOpen = 3,
        /// The call wants a role that the organisation does not have.
        RoleMissing = 4,
        /// The call wants the organisation's admin key.
        AdminKeyNeeded = 5,
        /// The call wants a reporter key.
        ReporterKeyNeeded = 6,
        /// The key's share of the quota, or the organisation's whole, is spent.
        QuotaSpent = 7,
        /// Too many transactions of this key wait already: their number exceeds the quota.
        TooManyPending = 8,
        /// The call would fail now, for a reason without a code.
        WouldFail = 9,
        /// The motion is for something that is no act of the council.
        NoCouncilAct = 10,
        /// The motion asks for fewer ayes than its act wants: it could never be carried out.
        ThresholdTooLow = 11,
        /// The council has paused this call.
        CallPaused = 12,
    }
}

impl Gate {
    /// The code in `InvalidTransaction::Custom`.
    pub const fn code(self) -> u8 {
        // The discriminants are below 32: no bits are lost.
        self as u8
    }
}

/// What a code stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// The gate refused.
    Gate(Gate),
    /// The call would fail with this error of this pallet.
    Pallet {
        /// The pallet's name in the metadata.
        pallet: &'static str,
        /// The error's index in the pallet.
        error: u8,
    },
}

impl Code {
    /// What a code stands for; `None` of one that nobody gives out.
    pub fn of(code: u8) -> Option<Self> {
        let Some(mut rest) = code.checked_sub(FIRST_PALLET_CODE) else {
            let gate = Gate::ALL.iter().copied().find(|gate| gate.code() == code);
            return gate.map(Self::Gate);
        };
        for (pallet, codes) in PALLETS {
            match rest.checked_sub(codes) {
                None => return Some(Self::Pallet { pallet, error: rest }),
                Some(beyond) => rest = beyond,
            }
        }
        None
    }

    /// The code of an error of a pallet; `None` where it has none.
    pub fn for_error(pallet: &str, error: u8) -> Option<u8> {
        let place = PALLETS.iter().position(|(name, _)| *name == pallet)?;
        let (before, from) = PALLETS.split_at_checked(place)?;
        let (_, codes) = from.first()?;
        let base = before
            .iter()
            .try_fold(FIRST_PALLET_CODE, |base, (_, codes)| base.checked_add(*codes))?;
        (error < *codes).then(|| base.checked_add(error)).flatten()
    }
}
