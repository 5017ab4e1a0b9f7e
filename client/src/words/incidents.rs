//! The words for what the incidents refuse.

use super::{Words, LOG_REFUSES, NOT_UTF8};

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
