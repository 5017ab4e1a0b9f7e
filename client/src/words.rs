//! The words for every refusal: what is wrong, and what to do next.

use faultline_primitives::refusal::Gate;

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

fn motion_words(error: &str) -> Option<Words> {
    Some(match error {
        "NotMember" => (
            "your organisation has no seat in the council",
            "`faultline council list` says who has one. A seat votes by its organisation's admin key: --key.",
        ),
        "DuplicateProposal" => (
            "the same motion is open already",
            "`faultline council list` shows it: vote on that one.",
        ),
        "ProposalMissing" | "WrongIndex" => (
            "there is no such motion, or no longer",
            "`faultline council list` shows the motions that are open, `faultline council acts` what was done.",
        ),
        "DuplicateVote" => ("your organisation has voted so already", "There is nothing to do."),
        "TooEarly" => (
            "the motion can still go either way",
            "Wait for more votes, or until its time is over: `faultline council list`.",
        ),
        "TooManyProposals" => ("as many motions are open as may be (32)", "Close one of them first."),
        "AlreadyInitialized" | "WrongProposalWeight" | "WrongProposalLength" | "PrimeAccountNotMember"
        | "ProposalActive" => (
            "the motion was not handed in as the council takes it",
            "Use `faultline council` of the release that the chain is of.",
        ),
        _ => return None,
    })
}

fn act_words(error: &str) -> Option<Words> {
    Some(match error {
        "NoCouncilAct" => gate_words(Gate::NoCouncilAct),
        "MajorityMissing" => (
            "the motion carried with fewer ayes than its act wants of the council as it is now",
            "Propose it again.",
        ),
        "CouncilChanged" => (
            "the council changed while the motion was closed",
            "Propose it again.",
        ),
        "NoSuchOrganisation" => (
            "there is no organisation of this number",
            "`faultline org list` shows who is there.",
        ),
        "SeatedAlready" => ("the organisation has a seat already", "There is nothing to do."),
        "NotSeated" => (
            "the organisation has no seat",
            "`faultline council list` says who has one.",
        ),
        "TooManySeats" => (
            "the council has as many seats as it may (64)",
            "Take one from another first.",
        ),
        "LastSeat" => (
            "the council would have no seat left, and could never act again",
            "Give another organisation a seat first.",
        ),
        "SeatsUnfit" | "LogRefuses" => LOG_REFUSES,
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

/// Of an error of the incidents, which are the fold's refusals by name.
pub(crate) fn incident_words(error: &str) -> Option<Words> {
    Some(match error {
        "NoSuchService" => ("there is no such service", "`faultline service register` makes a new one."),
        "NoSuchIncident" => {
            ("there is no such incident", "`faultline service show SLUG` lists a service's incidents.")
        }
        "ObservedSpanReversed" => ("the span ends before it begins: --from lies after --to", "Turn the two around."),
        "ObservedInFuture" => (
            "the span ends in the future, as the chain's clock has it",
            "Say what was seen until now. Is this machine's clock right?",
        ),
        "IntervalReversed" => ("a failing interval ends before it begins", "Turn its two times around."),
        "IntervalOutsideSpan" => (
            "a failing interval lies outside the observed span",
            "Let --from and --to reach around all intervals.",
        ),
        "MoreFailedThanSamples" => (
            "a vantage counts more failed samples than samples",
            "It is --vantage COUNTRY:ASN:SAMPLES:FAILED.",
        ),
        "CountryMalformed" => ("a country is not two capital letters", "Use ISO 3166-1 alpha-2, such as DE."),
        "EvidenceMissing" => (
            "a measuring method wants evidence",
            "Name the probe's log with --evidence FILE, or another --method.",
        ),
        "EvidenceInFuture" => ("evidence was captured in the future", "Is the file's time right?"),
        "TextNotUtf8" => NOT_UTF8,
        "UpOpensNothing" => (
            "Up opens no incident: it speaks against one, and no open incident of this service is near in time",
            "To say that an outage is over, use --claim recovered.",
        ),
        "UpAfterAffirming" => (
            "your organisation affirms this outage: it cannot say Up",
            "To say that it is over, use --claim recovered.",
        ),
        "RepeatedTooSoon" => {
            ("your organisation said the same a moment ago", "Say it again later, or when something has changed.")
        }
        "SpanTooFar" => (
            "the span lies too far from the incident's",
            "Is it another outage? `faultline report SERVICE` finds its incident or opens one.",
        ),
        "Settled" => (
            "the incident has settled: its verdict and times are final",
            "Is it another outage? Report that one.",
        ),
        "Lapsed" => (
            "the incident lapsed: nobody confirmed it in time",
            "Is it another outage? Report that one.",
        ),
        "TooManyWords" => (
            "your organisation has said as much on this incident as it may (64)",
            "What it said last stands.",
        ),
        "TooManyGroups" => (
            "as many groups count on this incident as it can hold (128)",
            "One more would change nothing.",
        ),
        "TooManyOfGroup" => (
            "as many members of your group stand on this incident as may (4)",
            "A group counts once: one more would change nothing.",
        ),
        "TooManySpeakers" => (
            "as many organisations have spoken on this incident as it can hold (1,024)",
            "One more would change nothing.",
        ),
        "NothingToWithdraw" => (
            "your organisation stands by nothing on this incident",
            "`faultline incident show NUMBER` says who stands by what.",
        ),
        "NotOngoing" => ("the incident does not go on", "There is nothing to close."),
        "NotStale" => (
            "somebody has seen it fail too recently to close it",
            "Wait until nobody renews it, or say that it has recovered: --claim recovered.",
        ),
        "NotTheProvider" => {
            ("the service's provider alone may do this", "`faultline service show SLUG` names it.")
        }
        "TooManyReplies" => (
            "your organisation has replied to this incident as often as it may (16)",
            "Its last reply stands.",
        ),
        "ClaimedSpanReversed" => ("the claimed start lies after the claimed end", "Turn the two around."),
        "ClaimedInFuture" => (
            "a claimed time lies in the future, as the chain's clock has it",
            "Say what is known. Is this machine's clock right?",
        ),
        "DisputedAlready" => ("your organisation has disputed this incident before", "Each may once."),
        "DisputeOpen" => ("another dispute of this incident is open", "Wait until arbiters have ruled on it."),
        "NoOpenDispute" => ("there is no open dispute to rule on", "There is nothing to do."),
        "RulingTooLate" => ("the time to rule on this dispute is over", "It stays unruled."),
        "NotAnArbiterOfThis" => (
            "your organisation was not asked to rule on this dispute, or has a part in it",
            "The arbiters are those that were there when it was opened and never attested.",
        ),
        "VotedAlready" => ("your organisation's group has ruled already", "A group has one vote, and keeps it."),
        "LinkToItself" => ("an incident cannot be a duplicate of itself", "Name another with --to."),
        "LinkedAlready" => ("the incident is linked already", "`faultline incident unlink NUMBER` takes it back."),
        "NotLinked" => ("the incident is not linked", "There is nothing to take back."),
        "LinkAcrossServices" => (
            "the two incidents are of two services",
            "Incidents of one event are related by time; a duplicate is of the same service.",
        ),
        "LinkToLinked" => ("the other incident is itself a duplicate", "Link to the one that it is linked to."),
        "MoveToItself" => (
            "an attestation cannot move from the incident that it is of",
            "Leave --moves-from out, or name another.",
        ),
        "ServiceRetired" => {
            ("the service was retired: no incident is opened on it", "Is there another in its place?")
        }
        "RulesUnsound" => ("these rules make no sense together", "A quorum of at least one, and windows that are open."),
        "NothingToRedact" => ("the entry has no text that could be redacted", "There is nothing to do."),
        "TooManyUnconfirmed" => (
            "your organisation has as many unconfirmed incidents open on this service as it may (8)",
            "Others must confirm one of them, or it must lapse.",
        ),
        "TooManyOpened" => (
            "your organisation has opened as many incidents on this service that are open as it may (16)",
            "Let others open the next, or wait until one of yours settles.",
        ),
        "TooManyOpen" => (
            "as many incidents are open on this service as may be (256)",
            "Attest the one that it is of: `faultline service show SLUG` lists the latest. Else wait until one settles.",
        ),
        "LogRefuses" => LOG_REFUSES,
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
