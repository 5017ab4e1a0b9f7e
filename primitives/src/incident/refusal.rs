//! Why an entry is not taken.

/// Why an entry is no entry of an incident's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// A log begins with an opening, and has no other.
    OutOfPlace,
    /// The opening names a version of the fold that this code does not know.
    FoldUnknown,
    /// `observed_from` lies after `observed_to`.
    ObservedSpanReversed,
    /// The observed span ends in the future.
    ObservedInFuture,
    /// A failing interval begins after it ends.
    IntervalReversed,
    /// A failing interval lies outside the observed span.
    IntervalOutsideSpan,
    /// A vantage counts more failed samples than samples.
    MoreFailedThanSamples,
    /// A country is not two capital letters.
    CountryMalformed,
    /// A measuring method without evidence.
    EvidenceMissing,
    /// Evidence captured in the future.
    EvidenceInFuture,
    /// A text is not UTF-8.
    TextNotUtf8,
    /// An Up opens no incident: it speaks against one.
    UpOpensNothing,
    /// The organisation affirms this outage: it must say Recovered, not Up.
    UpAfterAffirming,
    /// The same voice repeats the same claim too soon.
    RepeatedTooSoon,
    /// The span lies too far from the incident's.
    SpanTooFar,
    /// The incident has settled: its verdict and times are final.
    Settled,
    /// The incident lapsed unconfirmed.
    Lapsed,
    /// The organisation has said as much on this incident as it may.
    TooManyWords,
    /// As many groups count on this incident as it can hold.
    TooManyGroups,
    /// As many members of this group stand on this incident as may.
    TooManyOfGroup,
    /// As many organisations have spoken on this incident as it can hold.
    TooManySpeakers,
    /// The organisation stands by nothing here.
    NothingToWithdraw,
    /// It does not go on: there is nothing to close.
    NotOngoing,
    /// Somebody has seen it fail too recently.
    NotStale,
    /// The provider alone replies.
    NotTheProvider,
    /// The provider has replied as often as it may.
    TooManyReplies,
    /// The claimed start lies after the claimed end.
    ClaimedSpanReversed,
    /// A claimed time lies in the future.
    ClaimedInFuture,
    /// The organisation has disputed this incident before.
    DisputedAlready,
    /// Another dispute is open.
    DisputeOpen,
    /// The list of arbiters is out of order, or names one that has a part in it.
    ArbitersUnfit,
    /// There is no open dispute.
    NoOpenDispute,
    /// The time to rule is over.
    RulingTooLate,
    /// Its group is not among the arbiters of this dispute, has attested itself, or is the provider's.
    NotAnArbiterOfThis,
    /// Its group has ruled already.
    VotedAlready,
    /// It cannot be a duplicate of itself.
    LinkToItself,
    /// It is linked already.
    LinkedAlready,
    /// It is not linked.
    NotLinked,
}
