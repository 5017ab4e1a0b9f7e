//! What the source cannot say: what a parameter is, which failures a method can answer with, and what bounds it all.

use faultline_proof::bundle::MAX_BYTES;
use faultline_rpc::{limits, DEFAULT_PAGE, MAX_LATEST, MAX_PAGE};

use crate::contract::{Method, Param};

impl Method {
    /// The first sentence of what is said of it.
    pub fn summary(&self) -> &str {
        let first = self.docs.first().map_or("", String::as_str);
        first.find(". ").map_or(first, |end| &first[..=end])
    }

    fn takes(&self, names: &[&str]) -> bool {
        self.params
            .iter()
            .any(|param| names.contains(&param.name.as_str()))
    }

    /// Whether it is read from the index. Everything else is read from the chain's state.
    pub fn reads_index(&self) -> bool {
        let gives = self.gives.to_string();
        let listed = gives.starts_with("Listing<") || gives == "RelatedView" || gives == "Cursor";
        self.subscription.is_some() || listed
    }

    /// The kinds of failure that it can answer with.
    pub fn failures(&self) -> Vec<&'static str> {
        let cursor = self.params.iter().any(|param| param.ty.to_string() == "Cursor");
        let proves = self.takes(&["since"]);
        [
            ("notFound", self.takes(&["id", "slug", "filter"])),
            ("badParameter", self.takes(&["slug", "filter", "limit", "since"])),
            ("unavailable", true),
            ("badCursor", cursor),
            ("indexBuilding", self.reads_index()),
            ("noIndex", self.reads_index()),
            ("busy", true),
            ("tooSlow", self.subscription.is_some()),
            ("tooLarge", proves && self.gives.to_string() == "Envelope"),
            ("noHistory", proves),
        ]
        .into_iter()
        .filter_map(|(kind, can)| can.then_some(kind))
        .collect()
    }

    /// What a parameter of it is; none where nobody has written it down.
    pub fn meaning(&self, param: &Param) -> Option<String> {
        let subscribed = self.subscription.is_some();
        let meaning = match (param.name.as_str(), param.ty.to_string().as_str()) {
            ("id", "u64") => "The number of the incident.",
            ("id", "u32") => "The number of the organisation.",
            ("slug", "String") => "The slug of the service, such as `openai/chatgpt`.",
            ("filter", "IncidentFilter") => "Which incidents; all where it is left out.",
            ("filter", "ServiceFilter") => "Which services; all where it is left out.",
            ("cursor", "Cursor") => {
                "Where the page begins: `next` of the page before, with the same filter. The first page where it is left out."
            }
            ("from", "Cursor") => {
                "After which change to begin: the cursor of the last one that was received, or that of `incidentsNow`, with \
                 the same filter. From now on where it is left out."
            }
            ("from", "u32") if subscribed => {
                "The number of the first entry. Those to come alone where it is left out."
            }
            ("from", "u32") => "The number of the first item; 0 where it is left out.",
            ("from", "Utc") => "When the span begins, in block time; with the chain where it is left out.",
            ("to", "Utc") => {
                "When the span ends, in block time; with the block that the bundle is made at where that comes first, or where \
                 it is left out."
            }
            ("since", "u32") => {
                "A final block, before which the history of the authorities is left out: that of the checkpoint that one \
                 trusts, or an earlier one. From the genesis block on where it is left out."
            }
            ("until", "u32") => {
                "A block that finality stopped at, at which the history ends; the latest one where it is left out."
            }
            ("limit", "u32") => {
                let default = if self.reads_index() { DEFAULT_PAGE } else { MAX_PAGE };
                return Some(format!(
                    "How many items at most, 1 to {MAX_PAGE}; {default} where it is left out."
                ));
            }
            _ => return None,
        };
        Some(meaning.into())
    }
}

/// A bound, how much it is, and how it shows.
pub struct Limit {
    /// Of what.
    pub of: &'static str,
    /// How much, with its unit.
    pub is: String,
    /// By which flag of the node it is another.
    pub flag: Option<&'static str>,
    /// What comes of more.
    pub beyond: &'static str,
}

/// All that bounds what is asked and answered.
pub fn limits() -> Vec<Limit> {
    let limit = |of, is: String, flag, beyond| Limit { of, is, flag, beyond };
    vec![
        limit("items of one answer", MAX_PAGE.to_string(), None, "7002"),
        limit(
            "items where `limit` is left out",
            format!("{DEFAULT_PAGE} from the index, {MAX_PAGE} from the state"),
            None,
            "the rest is on the next page",
        ),
        limit(
            "`latest` of `service`",
            MAX_LATEST.to_string(),
            None,
            "the rest is in `incidents`",
        ),
        limit(
            "incidents of `related`",
            limits::RELATED.to_string(),
            None,
            "those that started last are given",
        ),
        limit(
            "related services that are looked at for it",
            limits::RELATIVES.to_string(),
            None,
            "the rest is left out",
        ),
        limit(
            "steps in the index for one page",
            limits::STEPS.to_string(),
            None,
            "the page is short, and `next` goes on",
        ),
        limit(
            "an evidence bundle, before base64",
            format!("{} MiB", MAX_BYTES / 1024 / 1024),
            None,
            "7009",
        ),
        limit(
            "values that are read for a bundle",
            limits::READS.to_string(),
            None,
            "7009",
        ),
        limit(
            "a part of a warp proof, before base64",
            format!("{} MiB", limits::WARP_PART / 1024 / 1024),
            None,
            "the rest is in the next part",
        ),
        limit(
            "waiting for a turn",
            format!("{} s", limits::TURN.as_secs()),
            None,
            "7007",
        ),
        limit(
            "time in which a subscriber takes nothing",
            format!("{} s", limits::PATIENCE.as_secs()),
            None,
            "7008",
        ),
        limit(
            "subscriptions of a connection",
            limits::SUBSCRIPTIONS.to_string(),
            Some("--rpc-max-subscriptions-per-connection"),
            "-32006",
        ),
        limit(
            "connections",
            limits::CONNECTIONS.to_string(),
            Some("--rpc-max-connections"),
            "HTTP 429",
        ),
        limit(
            "calls of a batch",
            limits::BATCH.to_string(),
            Some("--rpc-max-batch-request-len"),
            "-32010",
        ),
        limit(
            "a request",
            format!("{} MiB", limits::REQUEST_MIB),
            Some("--rpc-max-request-size"),
            "-32007, or HTTP 413",
        ),
        limit(
            "an answer, a whole batch's too",
            format!("{} MiB", limits::ANSWER_MIB),
            Some("--rpc-max-response-size"),
            "-32008, -32011",
        ),
        limit(
            "calls a minute and connection",
            "no bound".into(),
            Some("--rpc-rate-limit"),
            "-32999",
        ),
    ]
}
