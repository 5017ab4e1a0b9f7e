//! Which page and document an address names.

use faultline_primitives::service::{is_slug, MAX_SLUG};

use crate::trouble::Trouble;

/// What is served of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Document {
    Summary,
    Status,
    Components,
    Incidents,
    Unresolved,
    Maintenances,
    Upcoming,
    Active,
    Feed,
}

const API: &str = "api/v2/";
const FEED: &str = "history.atom";

impl Document {
    pub const ALL: [Self; 9] = [
        Self::Summary,
        Self::Status,
        Self::Components,
        Self::Incidents,
        Self::Unresolved,
        Self::Maintenances,
        Self::Upcoming,
        Self::Active,
        Self::Feed,
    ];

    /// Where it lies below its page.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Summary => "api/v2/summary.json",
            Self::Status => "api/v2/status.json",
            Self::Components => "api/v2/components.json",
            Self::Incidents => "api/v2/incidents.json",
            Self::Unresolved => "api/v2/incidents/unresolved.json",
            Self::Maintenances => "api/v2/scheduled-maintenances.json",
            Self::Upcoming => "api/v2/scheduled-maintenances/upcoming.json",
            Self::Active => "api/v2/scheduled-maintenances/active.json",
            Self::Feed => FEED,
        }
    }
}

/// What an address names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// What is served at all.
    Contents,
    /// A document of the page of a slug prefix.
    Page(String, Document),
}

impl Route {
    /// What a path names, as it stands in the request: a slug needs no percent-encoding, so none is taken.
    ///
    /// # Errors
    ///
    /// Where the path names no document, no prefix, or one that can be no service's slug.
    pub fn parse(path: &str) -> Result<Self, Trouble> {
        let path = path.strip_prefix('/').unwrap_or(path);
        if path.is_empty() {
            return Ok(Self::Contents);
        }
        // A slug may itself have parts `api` and `v2`: the last ones before a JSON document are the API's.
        let start = match path.strip_suffix(FEED) {
            Some(before) => before.len(),
            None => path.rfind(API).ok_or(Trouble::NoDocument)?,
        };
        let (prefix, document) = path.split_at(start);
        let document = Document::ALL.into_iter().find(|each| each.path() == document);
        let document = document.ok_or(Trouble::NoDocument)?;
        let Some(prefix) = prefix.strip_suffix('/') else {
            return Err(if prefix.is_empty() {
                Trouble::NoPrefix
            } else {
                Trouble::NoDocument
            });
        };
        let fits = u32::try_from(prefix.len()).is_ok_and(|length| length <= MAX_SLUG);
        if !fits || !is_slug(prefix.as_bytes()) {
            return Err(Trouble::NoSlug);
        }
        Ok(Self::Page(prefix.into(), document))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(prefix: &str, document: Document) -> Result<Route, Trouble> {
        Ok(Route::Page(prefix.into(), document))
    }

    #[test]
    fn each_document_is_found_below_a_prefix_of_any_depth() {
        for document in Document::ALL {
            for prefix in ["openai", "openai/chatgpt", "a/b/c/d"] {
                let path = format!("/{prefix}/{}", document.path());
                assert_eq!(Route::parse(&path), page(prefix, document), "{path}");
            }
        }
    }

    #[test]
    fn a_slug_that_has_the_parts_of_the_api_is_still_a_slug() {
        assert_eq!(
            Route::parse("/api/v2/api/v2/status.json"),
            page("api/v2", Document::Status)
        );
        assert_eq!(
            Route::parse("/api/api/v2/status.json"),
            page("api", Document::Status)
        );
        assert_eq!(
            Route::parse("/api/v2/history.atom"),
            page("api/v2", Document::Feed)
        );
    }

    #[test]
    fn an_address_without_a_prefix_is_told_to_name_one() {
        for document in Document::ALL {
            let path = format!("/{}", document.path());
            assert_eq!(Route::parse(&path), Err(Trouble::NoPrefix), "{path}");
        }
    }

    #[test]
    fn the_root_is_the_list_of_what_is_served() {
        assert_eq!(Route::parse("/"), Ok(Route::Contents));
    }

    #[test]
    fn what_can_be_no_slug_is_refused_however_it_is_written() {
        let long = "a".repeat(65);
        for prefix in [
            "..",
            "../..",
            "openai/..",
            "%2e%2e",
            "open%2fai",
            "OpenAI",
            "openai/",
            "/openai",
            "open ai",
            "ø",
            "a\0b",
            "<script>",
            long.as_str(),
        ] {
            let path = format!("/{prefix}/api/v2/summary.json");
            assert_eq!(Route::parse(&path), Err(Trouble::NoSlug), "{path}");
        }
    }

    #[test]
    fn what_is_no_document_is_refused() {
        for path in [
            "/openai",
            "/openai/",
            "/openai/api/v2/",
            "/openai/api/v2/subscribers.json",
            "/openai/api/v2/summary.json/",
            "/openai/api/v1/summary.json",
            "/openai/xapi/v2/summary.json",
            "/openaihistory.atom",
            "/../../etc/passwd",
        ] {
            assert_eq!(Route::parse(path), Err(Trouble::NoDocument), "{path}");
        }
    }
}
