//! The words for what the council, the consortium, sessions and the runtime itself refuse.

use faultline_primitives::refusal::Gate;

use super::{gate_words, Words, LOG_REFUSES};

/// Of an error of the collective that holds motions.
pub(super) fn motion_words(error: &str) -> Option<Words> {
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

/// Of an error of the consortium.
pub(super) fn act_words(error: &str) -> Option<Words> {
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
        "ValidatorAlready" => (
            "the organisation is a validator already",
            "There is nothing to do.",
        ),
        "NotValidator" => (
            "the organisation is no validator",
            "`faultline validator list` says who is one.",
        ),
        "TooManyValidators" => (
            "there are as many validators as there may be (100)",
            "Remove another first.",
        ),
        "TooFewValidators" => (
            "there are as few validators as the chain may be left with",
            "Add another first: `faultline council propose add-validator`.",
        ),
        "NoSessionKeys" => (
            "the organisation has set no keys of a validator",
            "Have its admin set them first: `faultline validator set-keys`.",
        ),
        "NoUpgrade" => (
            "no runtime is authorized",
            "Have the council authorize it: `faultline council propose authorize-upgrade FILE`.",
        ),
        "OtherUpgrade" => (
            "another runtime is authorized than this one",
            "`faultline upgrade status` says which, `faultline upgrade hash FILE` which a file is.",
        ),
        "UpgradeTooEarly" => (
            "the runtime's delay is not over",
            "`faultline upgrade status` says when it is.",
        ),
        "CheckpointBackwards" => (
            "this block, or a later one, is a checkpoint already",
            "There is nothing to do.",
        ),
        "ValidatorsChanging" => (
            "the validators are just changing: no checkpoint can say who makes final what follows",
            "Propose it again in a minute.",
        ),
        "SeatsUnfit" | "ValidatorsUnfit" | "FloorUnfit" | "LogRefuses" => LOG_REFUSES,
        _ => return None,
    })
}

/// Of an error of sessions: a validator's keys.
pub(super) fn session_words(error: &str) -> Option<Words> {
    Some(match error {
        "InvalidProof" => (
            "the proof does not show that the holder of these keys means them for this admin key",
            "Make keys and proof for the key that signs: `faultline-node session-keys new --owner PUBLIC_KEY`.",
        ),
        "DuplicatedKey" => (
            "one of these keys is another validator's, or was",
            "Make others: `faultline-node session-keys new --owner PUBLIC_KEY`.",
        ),
        "NoAssociatedValidatorId" | "NoAccount" => gate_words(Gate::AdminKeyNeeded),
        "NoKeys" => ("your organisation has set no keys of a validator", "There is nothing to do."),
        _ => return None,
    })
}

/// Of an error of the runtime itself: mostly about another that is to take its place.
pub(super) fn system_words(error: &str) -> Option<Words> {
    Some(match error {
        "InvalidSpecName" => (
            "the runtime is one of another kind of chain",
            "Authorize one of Faultline's: the council's motion named the wrong file.",
        ),
        "SpecVersionNeedsToIncrease" => (
            "the runtime is of no later version than the one in place",
            "Authorize one with a higher spec_version.",
        ),
        "FailedToExtractRuntimeVersion" => (
            "the code is no runtime: no version can be read from it",
            "Is the file whole? `faultline upgrade hash FILE` shows its hash.",
        ),
        "MultiBlockMigrationsOngoing" => (
            "the last upgrade is still moving what is stored",
            "Wait until it is done, then apply it again.",
        ),
        "CallFiltered" => gate_words(Gate::CallNotOpen),
        "NothingAuthorized" | "Unauthorized" | "NonDefaultComposite" | "NonZeroRefCount" => (
            "the call is none of this chain's",
            "Use the program of the release that the chain is of.",
        ),
        _ => return None,
    })
}
