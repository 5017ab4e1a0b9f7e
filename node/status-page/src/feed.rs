//! The feed: Atom (RFC 4287), an entry an incident.

use atom_syndication::{Content, Entry, Feed, FixedDateTime, Generator, Link, Person, Text};
use faultline_primitives::Hash;
use faultline_rpc::error::Failure;

use crate::{
    board::Board,
    route::Document,
    shape::{Page, Update},
    stamp::Stamp,
    story::Story,
};

/// What ids begin with: a tag (RFC 4151) needs a name and a day at which its holder had it, and nobody ever holds a name
/// below `.invalid`. What makes the id one of its own is the chain's genesis hash.
const TAG: &str = "tag:faultline.invalid,2024-12-11:";

/// The media type of a feed.
pub const MEDIA_TYPE: &str = "application/atom+xml; charset=utf-8";

/// The feed of a page. It changes when an incident on it does, and not with each block.
///
/// # Errors
///
/// Never for what a chain may hold.
pub fn feed(page: &Page, board: &Board, stories: &[Story], url: &str) -> Result<Vec<u8>, Failure> {
    let genesis = page.faultline.genesis;
    let last = stories.iter().map(Story::updated_at).max();
    // Without a type, which is a hint only: some readers leave out a link that is said to be no web page.
    let link = |rel: &str, href: String| Link {
        rel: rel.into(),
        href,
        ..Link::default()
    };
    let entries = stories.iter().map(|story| -> Result<Entry, Failure> {
        Ok(Entry {
            id: entry_id(genesis, story),
            title: Text::plain(printable(&story.title(board.name_of(&story.incident)))),
            published: Some(date(story.created_at())?),
            updated: date(story.updated_at())?,
            links: vec![link("alternate", story.link(url))],
            content: Some(Content {
                content_type: Some("html".into()),
                value: Some(story.updates().iter().map(paragraph).collect()),
                ..Content::default()
            }),
            ..Entry::default()
        })
    });
    let feed = Feed {
        id: format!("{TAG}{genesis}/page/{}", board.prefix),
        title: Text::plain(printable(&format!("{} by Faultline: incidents", board.name()))),
        subtitle: Some(Text::plain(
            "As independent organisations recorded them; what too few affirm is marked as unconfirmed",
        )),
        updated: date(last.unwrap_or(page.updated_at))?,
        authors: vec![Person {
            name: "Faultline".into(),
            ..Person::default()
        }],
        generator: Some(Generator {
            value: "faultline-node".into(),
            uri: None,
            version: Some(env!("CARGO_PKG_VERSION").into()),
        }),
        links: vec![
            link("self", format!("{}/{}", page.url, Document::Feed.path())),
            link(
                "alternate",
                format!("{}/{}", page.url, Document::Incidents.path()),
            ),
        ],
        lang: Some("en".into()),
        entries: entries.collect::<Result<_, _>>()?,
        ..Feed::default()
    };
    feed.write_to(Vec::new()).map_err(unwritten)
}

/// The id of an incident on every node and in every feed.
fn entry_id(genesis: Hash, story: &Story) -> String {
    format!("{TAG}{genesis}/incident/{}", story.incident.id)
}

fn unwritten(error: impl std::fmt::Display) -> Failure {
    Failure::Unavailable {
        why: format!("the feed cannot be written: {error}"),
    }
}

fn date(time: Stamp) -> Result<FixedDateTime, Failure> {
    time.to_string().parse().map_err(unwritten)
}

/// An update in HTML.
fn paragraph(update: &Update) -> String {
    format!(
        "<p><small>{}</small><br/><strong>{}</strong> - {}</p>",
        update.display_at,
        update.status.name(),
        html(&update.body),
    )
}

/// A text as HTML that shows it: whatever is in it, none of it is markup.
fn html(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for character in printable(text).chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            '\n' => html.push_str("<br/>"),
            other => html.push(other),
        }
    }
    html
}

/// A text without the characters that no XML document may hold (XML 1.0, production 2); a sign stands in their place.
fn printable(text: &str) -> String {
    let fits = |character: char| match character {
        '\t' | '\n' | '\r' => true,
        '\u{fffe}' | '\u{ffff}' => false,
        other => !other.is_control(),
    };
    text.chars()
        .map(|character| {
            if fits(character) {
                character
            } else {
                char::REPLACEMENT_CHARACTER
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_becomes_markup() {
        assert_eq!(
            html("<script>alert('&\"')</script>\nnext"),
            "&lt;script&gt;alert(&#39;&amp;&quot;&#39;)&lt;/script&gt;<br/>next"
        );
    }

    #[test]
    fn characters_that_xml_has_not_are_replaced() {
        assert_eq!(
            printable("a\0b\u{b}c\u{ffff}\td\r\n"),
            "a\u{fffd}b\u{fffd}c\u{fffd}\td\r\n"
        );
    }
}
