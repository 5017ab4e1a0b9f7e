//! What the transaction pool answers to a transaction that it turns away: one byte, in
//! `InvalidTransaction::Custom`.
//!
//! A code below [`FIRST_PALLET_CODE`] is a [`Gate`] refusal. Any other names an error with which the call would
//! fail if it were run now: `code = base of the pallet + index of the error in that pallet's metadata`.

use crate::choice::choice;

/// The first code that stands for a pallet's error.
pub const FIRST_PALLET_CODE: u8 = 32;
/// How many codes a pallet has.
pub const CODES_PER_PALLET: u8 = 64;
/// The pallets whose errors have codes, in order, by their names in the metadata.
pub const PALLETS: [&str; 3] = ["Members", "Services", "Incidents"];

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
        match code.checked_sub(FIRST_PALLET_CODE) {
            None => Gate::ALL
                .iter()
                .copied()
                .find(|gate| gate.code() == code)
                .map(Self::Gate),
            Some(rest) => {
                let pallet = PALLETS.get(usize::from(rest / CODES_PER_PALLET))?;
                Some(Self::Pallet {
                    pallet,
                    error: rest % CODES_PER_PALLET,
                })
            }
        }
    }

    /// The code of an error of a pallet; `None` where it has none.
    pub fn for_error(pallet: &str, error: u8) -> Option<u8> {
        let place = PALLETS.iter().position(|name| *name == pallet)?;
        let base = u8::try_from(place)
            .ok()?
            .checked_mul(CODES_PER_PALLET)?
            .checked_add(FIRST_PALLET_CODE)?;
        (error < CODES_PER_PALLET)
            .then(|| base.checked_add(error))
            .flatten()
    }
}
