//! The words for every refusal: what is wrong, and what to do next.

mod consortium;
mod incidents;

use faultline_primitives::refusal::Gate;

use consortium::{act_words, motion_words, session_words, system_words};
pub(crate) use incidents::incident_words;

/// What is wrong, and what to do next.
pub(crate) type Words = (&'static str, &'static str);

/// Of what the gate lets not even try.
pub(crate) fn gate_words(gate: Gate) -> Words {
    match gate {
        Gate::UnknownSigner => (
            "no organisation has this key",
            "Have your organisation's admin add it: `faultline reporter add KEY --label NAME`.",
        ),
        Gate::RevokedKey => (
            "this key was revoked, and never speaks again",
            "Make another with `faultline key new FILE` and have your organisation's admin add it.",
        ),
        Gate::SuspendedOrganisation => (
            "your organisation is suspended",
            "What it said stands. Ask the council to reinstate it.",
        ),
        Gate::CallNotOpen => (
            "members may not make this call",
            "What is the council's goes by a motion: `faultline council propose`. Everything else is nobody's.",
        ),
        Gate::NoCouncilAct => (
            "the motion is for something that is no act of the council",
            "`faultline council propose --help` lists all that the council may do.",
        ),
        Gate::ThresholdTooLow => (
            "the motion asks for fewer ayes than its act wants",
            "Propose it with `faultline council propose`, which asks for as many as it wants.",
        ),
        Gate::CallPaused => (
            "the council has paused this call",
            "`faultline council list` says what is paused. It is taken again when the council says so.",
        ),
        Gate::RoleMissing => (
            "your organisation does not have the role that this wants",
            "`faultline org show` says which roles it has; the council sets them.",
        ),
        Gate::AdminKeyNeeded => ("this wants your organisation's admin key", "Name it with --key."),
        Gate::ReporterKeyNeeded => (
            "this wants a reporter key, and this one is an admin key",
            "Name a reporter key with --key; `faultline reporter add` makes one of a new key.",
        ),
        Gate::QuotaSpent => (
            "the quota of this key or of your organisation is spent",
            "It comes back with every block: wait a moment. `faultline org show` says how fast.",
        ),
        Gate::TooManyPending => (
            "too many transactions of this key wait already",
            "Wait until some of them are final, then submit again.",
        ),
        Gate::WouldFail => (
            "it would fail in a block",
            "Use the program of the release that the chain is of.",
        ),
    }
}

/// Of an error by its name in the metadata; none of one that this program does not know.
pub(crate) fn pallet_words(pallet: &str, error: &str) -> Option<Words> {
    match pallet {
        "Members" => member_words(error),
        "Services" => service_words(error),
        "Incidents" => incident_words(error),
        "Council" => motion_words(error),
        "Consortium" => act_words(error),
        "TxPause" => pause_words(error),
        "Session" => session_words(error),
        "System" => system_words(error),
        _ => None,
    }
}

pub(crate) const LOG_REFUSES: Words = (
    "the entry cannot stand at the end of this log",
    "This is a fault of the chain's: please report it.",
);
const NOT_UTF8: Words = ("a text is not UTF-8", "Write it in UTF-8.");
const NAME_EMPTY: Words = ("the name is empty", "Give it a name.");

fn member_words(error: &str) -> Option<Words> {
    Some(match error {
        "UnknownSigner" => gate_words(Gate::UnknownSigner),
        "KeyRevoked" => gate_words(Gate::RevokedKey),
        "OrganisationSuspended" => gate_words(Gate::SuspendedOrganisation),
        "RoleMissing" => gate_words(Gate::RoleMissing),
        "AdminKeyNeeded" => gate_words(Gate::AdminKeyNeeded),
        "ReporterKeyNeeded" => gate_words(Gate::ReporterKeyNeeded),
        "NoSuchOrganisation" => {
            ("there is no organisation of this number", "`faultline org list` shows who is there.")
        }
        "KeyTaken" => (
            "the key belongs to an organisation already, or did once",
            "A key belongs to one organisation and never comes back: make another with `faultline key new FILE`.",
        ),
        "NoSuchKey" => {
            ("your organisation has no such reporter key in force", "`faultline reporter list` shows its keys.")
        }
        "TooManyKeys" => (
            "your organisation has as many reporter keys as it may (16)",
            "Revoke one first: `faultline reporter revoke KEY`.",
        ),
        "NameEmpty" => NAME_EMPTY,
        "TextNotUtf8" => NOT_UTF8,
        "AlreadySuspended" => ("the organisation is suspended already", "There is nothing to do."),
        "NotSuspended" => ("the organisation is not suspended", "There is nothing to do."),
        "LogRefuses" => LOG_REFUSES,
        "TooManyArbiters" => ("there are as many arbiters as may be (128)", "Take the role from another first."),
        _ => return None,
    })
}

fn service_words(error: &str) -> Option<Words> {
    Some(match error {
        "SlugTaken" => (
            "a service of this slug is registered already",
            "Report on that one, or register yours under another slug.",
        ),
        "SlugMalformed" => (
            "the slug is not of the form that slugs have",
            "Parts of a-z, 0-9 and - joined by /, such as openai/chatgpt.",
        ),
        "NameEmpty" => NAME_EMPTY,
        "TextNotUtf8" => NOT_UTF8,
        "NoSuchParent" => {
            ("there is no service of this number to be a component of", "Register that one first.")
        }
        "TooManyUnlisted" => (
            "your organisation has registered as many services that the council has not listed as it may (16)",
            "Ask the council to list some of them.",
        ),
        "LogRefuses" => LOG_REFUSES,
        "NoSuchService" => ("there is no such service", "`faultline service register` makes a new one."),
        "NotTheProvider" => {
            ("the service's provider alone may do this", "`faultline service show SLUG` names it.")
        }
        "Retired" => ("the service was retired: nothing about it changes any more", "There is nothing to do."),
        "MaintenanceReversed" => ("the maintenance ends before it begins", "Turn --from and --until around."),
        "MaintenancePast" => (
            "the maintenance is over already",
            "What is past is no notice; `faultline incident reply` says what it was.",
        ),
        "MaintenanceTooLong" => ("the maintenance lasts longer than 72 hours", "Announce it in parts."),
        "TooManyMaintenances" => (
            "as many maintenances of this service are announced and not over as may be (32)",
            "Wait until one of them is over.",
        ),
        "NoSuchProvider" => {
            ("there is no organisation of this number to be the provider", "`faultline org list` shows who is there.")
        }
        _ => return None,
    })
}

fn pause_words(error: &str) -> Option<Words> {
    Some(match error {
        "IsPaused" => ("the call is paused already", "There is nothing to do."),
        "IsUnpaused" => ("the call is not paused", "There is nothing to do."),
        "Unpausable" | "NotFound" => (
            "there is no such call of the members' that could be paused",
            "It is PALLET.CALL, such as Incidents.report; governance cannot be paused.",
        ),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_gate_has_words_of_its_own() {
        let mut words: Vec<_> = Gate::ALL.iter().map(|gate| gate_words(*gate).0).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), Gate::ALL.len());
    }
}
