//! Lists that the node's index gives: fetched a page at a time, and printed as they come.

use std::{future::Future, ops::ControlFlow};

use clap::Args;
use faultline_client::Error;
use faultline_rpc::{
    view::{At, BlockView, Listing},
    Cursor, DEFAULT_PAGE, MAX_PAGE,
};
use serde::Serialize;

use crate::{
    output::{self, Paper},
    session::Session,
    trouble::Result,
};

/// How much of a list.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "How much")]
pub struct Extent {
    /// How many to list at most.
    #[arg(long, value_name = "N", default_value_t = DEFAULT_PAGE, value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,
    /// List all of them, however many.
    #[arg(long, conflicts_with = "limit")]
    all: bool,
    /// Go on where an earlier list of the same filter ended.
    #[arg(long, value_name = "CURSOR")]
    cursor: Option<String>,
}

impl Extent {
    /// All of a list.
    pub fn all() -> Self {
        Self {
            limit: DEFAULT_PAGE,
            all: true,
            cursor: None,
        }
    }

    /// So many of a list.
    pub fn most(limit: u32) -> Self {
        Self {
            limit,
            all: false,
            cursor: None,
        }
    }
}

/// How far a list was gone through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Walked {
    /// How many items it gave.
    pub count: u64,
    /// The block of its first page.
    pub first: BlockView,
    /// The block of its last page.
    pub last: BlockView,
    /// How many finalized blocks came after that.
    pub lag: u32,
    /// Where it goes on.
    pub next: Option<Cursor>,
}

impl Walked {
    /// Whose word it is, and of when.
    pub fn source(&self) -> String {
        let blocks = if self.first == self.last {
            format!("block {}", output::block(&self.last))
        } else {
            format!("blocks {} to {}", self.first.number, output::block(&self.last))
        };
        format!(
            "as the node's index says at finalized {blocks}{}",
            behind(self.lag)
        )
    }
}

/// How far the index is behind the chain, where it is.
pub fn behind(lag: u32) -> String {
    match lag {
        0 => String::new(),
        1 => ", 1 block behind the chain".into(),
        n => format!(", {n} blocks behind the chain"),
    }
}

/// Goes through a list page by page, until it ends, so many items were given, or nobody wants more.
pub async fn walk<T, F: Future<Output = Result<At<Listing<T>>>>>(
    extent: &Extent,
    page: impl Fn(Option<Cursor>, u32) -> F,
    mut take: impl FnMut(&At<Listing<T>>) -> Result<ControlFlow<()>>,
) -> Result<Walked> {
    let mut left = (!extent.all).then_some(extent.limit);
    let mut cursor = extent.cursor.clone().map(Cursor);
    let (mut first, mut count) = (None, 0);
    loop {
        let page = page(cursor.clone(), left.unwrap_or(MAX_PAGE).min(MAX_PAGE)).await?;
        let wanted = take(&page)?.is_continue();
        let At { at, data } = page;
        if data.next.is_some() && data.next == cursor {
            let why = "a page of the list says that it is followed by itself";
            return Err(Error::Incompatible(why.into()).into());
        }
        cursor = data.next;
        let given = u32::try_from(data.items.len()).unwrap_or(u32::MAX);
        count += u64::from(given);
        left = left.map(|left| left.saturating_sub(given));
        let first = *first.get_or_insert(at);
        if cursor.is_none() || left == Some(0) || !wanted {
            return Ok(Walked {
                count,
                first,
                last: at,
                lag: data.index_lag,
                next: cursor,
            });
        }
    }
}

/// What is listed.
pub struct Listed<'a> {
    /// What one of them is called, and what several are.
    pub names: (&'a str, &'a str),
    /// What the filter says, where it narrows anything.
    pub filter: Option<String>,
}

impl Listed<'_> {
    /// What is said in place of an empty list.
    pub fn none(&self, source: &str) -> String {
        let (one, several) = self.names;
        match &self.filter {
            Some(filter) => format!("No {one} matches {filter}; {source}."),
            None => format!("There are no {several}; {source}."),
        }
    }

    /// What stands below a list.
    pub fn foot(&self, walked: &Walked) -> String {
        let (one, several) = self.names;
        let names = if walked.count == 1 { one } else { several };
        format!("{} {names}, {}.", walked.count, walked.source())
    }
}

/// Prints a list as it comes. `words` gives each page, the first with what stands above all of them.
pub async fn print<T: Serialize, F: Future<Output = Result<At<Listing<T>>>>>(
    session: &Session,
    extent: &Extent,
    listed: &Listed<'_>,
    page: impl Fn(Option<Cursor>, u32) -> F,
    mut words: impl FnMut(&[T]) -> String,
) -> Result<()> {
    // Not before there is something to show: an error is none.
    let mut paper: Option<Paper> = None;
    let mut items = Items::default();
    let walked = walk(extent, page, |page| {
        let paper = paper.get_or_insert_with(|| Paper::paged(session.paging));
        match session.json {
            true => paper.give(&items.page(&page.data.items)?),
            false if page.data.items.is_empty() => Ok(ControlFlow::Continue(())),
            false => paper.say(&words(&page.data.items)),
        }
    })
    .await?;
    let mut paper = paper.unwrap_or_else(Paper::plain);
    if session.json {
        return paper.give(&Items::end(&walked)?).map(|_| ());
    }
    paper
        .say(&match walked.count {
            0 => format!("{}\n", listed.none(&walked.source())),
            _ => format!("\n{}\n", listed.foot(&walked)),
        })
        .map(|_| ())?;
    // The pager is left before anything is said below it.
    drop(paper);
    if let Some(next) = &walked.next {
        output::talk(format_args!("There are more: --cursor {next} goes on."));
    }
    Ok(())
}

/// A list as one JSON document, an item a line.
#[derive(Default)]
struct Items {
    begun: bool,
    given: bool,
}

impl Items {
    fn page<T: Serialize>(&mut self, items: &[T]) -> Result<String> {
        let mut text = String::new();
        if !std::mem::replace(&mut self.begun, true) {
            text += &format!(
                "{{\"schemaVersion\":{},\"data\":{{\"items\":[",
                output::SCHEMA_VERSION
            );
        }
        for item in items {
            text += if std::mem::replace(&mut self.given, true) {
                ",\n"
            } else {
                "\n"
            };
            text += &output::compact(item)?;
        }
        Ok(text)
    }

    fn end(walked: &Walked) -> Result<String> {
        Ok(format!(
            "\n],\"next\":{},\"indexLag\":{}}},\"at\":{}}}\n",
            output::compact(&walked.next)?,
            walked.lag,
            output::compact(&walked.last)?
        ))
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use faultline_primitives::Hash;

    use super::*;

    fn block(number: u32) -> BlockView {
        BlockView {
            number,
            hash: Hash([1; 32]),
        }
    }

    /// A list of so many numbers, at a block that moves on with each page; of which what was asked is written down.
    async fn walked(extent: &Extent, all: u32) -> (Walked, Vec<u32>, Vec<u32>) {
        let asked = RefCell::new(Vec::new());
        let mut got = Vec::new();
        let page = |cursor: Option<Cursor>, limit: u32| {
            asked.borrow_mut().push(limit);
            let from: u32 = cursor.map_or(0, |cursor| cursor.0.parse().unwrap());
            let until = all.min(from + limit);
            let page = Listing {
                items: (from..until).collect(),
                next: (until < all).then(|| Cursor(until.to_string())),
                index_lag: 0,
            };
            async move {
                Ok(At {
                    at: block(from),
                    data: page,
                })
            }
        };
        let walked = walk(extent, page, |page| {
            got.extend(&page.data.items);
            Ok(ControlFlow::Continue(()))
        });
        let walked = walked.await.unwrap();
        (walked, got, asked.into_inner())
    }

    fn extent(limit: u32) -> Extent {
        Extent {
            limit,
            all: false,
            cursor: None,
        }
    }

    #[tokio::test]
    async fn no_more_is_asked_for_than_is_wanted_and_it_is_said_where_to_go_on() {
        let (walked, got, asked) = walked(&extent(250), 1000).await;
        assert_eq!((walked.count, got.len(), asked), (250, 250, vec![100, 100, 50]));
        assert_eq!(walked.next, Some(Cursor("250".into())));
        let rest = Extent {
            cursor: Some("990".into()),
            ..extent(50)
        };
        let (walked, got, asked) = self::walked(&rest, 1000).await;
        assert_eq!((got, asked), ((990..1000).collect(), vec![50]));
        assert_eq!(walked.next, None);
    }

    #[tokio::test]
    async fn all_are_all_and_the_blocks_of_first_and_last_are_said() {
        let (walked, got, _) = walked(&Extent::all(), 201).await;
        assert_eq!((got.len(), walked.next.clone()), (201, None));
        let said = walked.source();
        assert!(said.contains("finalized blocks 0 to 200 (0x0101"), "{said}");
    }

    #[tokio::test]
    async fn a_page_that_is_followed_by_itself_ends_the_walk() {
        let page = |_, _| async {
            Ok(At {
                at: block(1),
                data: Listing {
                    items: vec![1],
                    next: Some(Cursor("a".into())),
                    index_lag: 0,
                },
            })
        };
        let error = walk(&Extent::all(), page, |_| Ok(ControlFlow::Continue(()))).await;
        assert_eq!(error.unwrap_err().kind(), "incompatible");
    }

    #[test]
    fn an_empty_answer_says_what_was_asked_and_whose_word_it_is() {
        let walked = Walked {
            count: 0,
            first: block(7),
            last: block(7),
            lag: 3,
            next: None,
        };
        let mut listed = Listed {
            names: ("incident", "incidents"),
            filter: Some("under openai, verdict Confirmed or Contested".into()),
        };
        let hash = "0x0101010101010101010101010101010101010101010101010101010101010101";
        let source =
            format!("as the node's index says at finalized block 7 ({hash}), 3 blocks behind the chain");
        assert_eq!(
            listed.none(&walked.source()),
            format!("No incident matches under openai, verdict Confirmed or Contested; {source}.")
        );
        listed.filter = None;
        assert_eq!(
            listed.none(&walked.source()),
            format!("There are no incidents; {source}.")
        );
        assert_eq!(listed.foot(&walked), format!("0 incidents, {source}."));
    }

    #[test]
    fn a_list_is_one_json_document_however_many_pages_it_has() {
        let walked = Walked {
            count: 3,
            first: block(7),
            last: block(8),
            lag: 0,
            next: Some(Cursor("0a".into())),
        };
        let mut items = Items::default();
        let mut text = items.page(&[1, 2]).unwrap();
        text += &items.page::<u32>(&[]).unwrap();
        text += &items.page(&[3]).unwrap();
        text += &Items::end(&walked).unwrap();
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            value["data"],
            serde_json::json!({ "items": [1, 2, 3], "next": "0a", "indexLag": 0 })
        );
        assert_eq!(
            (&value["schemaVersion"], &value["at"]["number"]),
            (&1.into(), &8.into())
        );
        let none = Items::default().page::<u32>(&[]).unwrap() + &Items::end(&walked).unwrap();
        assert!(serde_json::from_str::<serde_json::Value>(&none).is_ok(), "{none}");
    }
}
