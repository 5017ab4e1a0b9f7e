//! The feed, read back by a parser that shares nothing with what wrote it, and held against RFC 4287.

use axum::{body::Body, http::Request};
use roxmltree::{Document, Node};
use std::collections::BTreeSet;
use time::{format_description::well_known::Rfc3339, OffsetDateTime};

use super::{
    http::{ask, pages},
    *,
};

const ATOM: &str = "http://www.w3.org/2005/Atom";

async fn feed(fake: Fake) -> String {
    let request = Request::get("/openai/history.atom").body(Body::empty()).unwrap();
    let (status, _, body) = ask(&pages(fake), request).await;
    let text = String::from_utf8(body).unwrap();
    assert_eq!(status, 200, "{text}");
    text
}

fn children<'a>(node: Node<'a, 'a>, name: &str) -> Vec<Node<'a, 'a>> {
    let is_one = |child: &Node| child.has_tag_name((ATOM, name));
    node.children().filter(is_one).collect()
}

/// The text of the one child of this name.
fn only<'a>(node: Node<'a, 'a>, name: &str) -> &'a str {
    let found = children(node, name);
    assert_eq!(found.len(), 1, "exactly one {name}");
    found[0].text().unwrap_or_default()
}

fn time(text: &str) -> OffsetDateTime {
    OffsetDateTime::parse(text, &Rfc3339).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// What RFC 4287 asks of any feed, of those things that this one has.
fn check(feed: Node) {
    assert!(feed.has_tag_name((ATOM, "feed")));
    let mut ids = BTreeSet::new();
    let mut common = |node: Node| {
        let id = only(node, "id");
        assert!(id.starts_with("tag:"), "an IRI: {id}");
        assert!(ids.insert(id.to_owned()), "an id of its own: {id}");
        assert!(!only(node, "title").is_empty());
        time(only(node, "updated"));
        for link in children(node, "link") {
            assert!(link.attribute("href").unwrap().starts_with("https://"), "4.2.7.1");
        }
    };
    common(feed);
    // 4.1.1: an author, unless each entry has one.
    assert_eq!(only(children(feed, "author")[0], "name"), "Faultline");
    let links = children(feed, "link");
    let of_itself = |link: &&Node| link.attribute("rel") == Some("self");
    assert_eq!(
        links.iter().filter(of_itself).count(),
        1,
        "4.1.1: one, which it should have"
    );
    for entry in children(feed, "entry") {
        common(entry);
        time(only(entry, "published"));
        let content = children(entry, "content");
        assert_eq!(content.len(), 1, "4.1.2: no more than one");
        // 4.1.3.3: HTML is text, without elements of XML.
        assert_eq!(content[0].attribute("type"), Some("html"));
        assert!(content[0].children().all(|child| child.is_text()));
    }
}

#[tokio::test]
async fn the_feed_is_one_by_rfc_4287_with_an_entry_an_incident() {
    let text = feed(openai()).await;
    let document = Document::parse(&text).unwrap();
    let feed = document.root_element();
    check(feed);
    assert_eq!(only(feed, "title"), "OpenAI by Faultline: incidents");
    let entries = children(feed, "entry");
    let titles: Vec<_> = entries.iter().map(|entry| only(*entry, "title")).collect();
    assert_eq!(
        titles,
        [
            "Unconfirmed: Outage of ChatGPT",
            "Outage of API",
            "Outage of ChatGPT"
        ]
    );
}

#[tokio::test]
async fn ids_are_of_the_chain_and_the_incident_and_not_of_the_node() {
    let text = feed(openai()).await;
    let document = Document::parse(&text).unwrap();
    let feed = document.root_element();
    let genesis = Hash([7; 32]);
    assert_eq!(
        only(feed, "id"),
        format!("tag:faultline.invalid,2024-12-11:{genesis}/page/openai")
    );
    assert_eq!(
        only(children(feed, "entry")[1], "id"),
        format!("tag:faultline.invalid,2024-12-11:{genesis}/incident/7")
    );
}

#[tokio::test]
async fn an_entry_is_updated_when_the_last_entry_of_the_log_was_recorded_and_the_feed_when_any_was() {
    let text = feed(openai()).await;
    let document = Document::parse(&text).unwrap();
    let feed = document.root_element();
    let down = children(feed, "entry")[1];
    assert_eq!(time(only(down, "published")), time(&minutes(5).to_string()));
    assert_eq!(time(only(down, "updated")), time(&minutes(8).to_string()));
    assert_eq!(time(only(feed, "updated")), time(&minutes(8).to_string()));
}

#[tokio::test]
async fn what_the_provider_says_is_marked_as_the_providers() {
    let text = feed(openai()).await;
    let document = Document::parse(&text).unwrap();
    let down = children(document.root_element(), "entry")[1];
    let content = only(down, "content");
    assert!(
        content.contains(
            "<strong>Identified</strong> - The provider (organisation 4) says: identified. \
             “We have found a bad deployment.”"
        ),
        "{content}"
    );
}

#[tokio::test]
async fn no_name_or_text_becomes_markup_or_breaks_the_document() {
    let mut fake = openai();
    let hostile = "]]></content><script>alert(\"&amp;\")</script>\u{0}\u{8}\u{ffff}\u{202e}";
    fake.services[0].name = hostile.into();
    fake.services[1].name = hostile.into();
    fake.stories[1].incident.scope = Some(ScopeView(format!("Region {hostile}")));
    fake.stories[1].incident.voices[0].name = hostile.into();
    for entry in &mut fake.stories[1].entries {
        entry.text = Some(hostile.into());
    }
    let text = feed(fake).await;
    let document = Document::parse(&text).unwrap();
    let feed = document.root_element();
    check(feed);
    let down = children(feed, "entry")[1];
    assert!(
        only(down, "title").contains("<script>"),
        "as text, which a reader shows as it is"
    );
    let content = only(down, "content");
    assert!(!content.contains("<script>"), "{content}");
    assert!(
        content.contains("&lt;script&gt;alert(&quot;&amp;amp;&quot;)"),
        "{content}"
    );
}

#[tokio::test]
async fn a_page_without_incidents_has_a_feed_without_entries() {
    let fake = Fake {
        services: vec![service(0, "openai", "OpenAI")],
        ..Fake::default()
    };
    let text = feed(fake).await;
    let document = Document::parse(&text).unwrap();
    check(document.root_element());
    assert!(children(document.root_element(), "entry").is_empty());
}
