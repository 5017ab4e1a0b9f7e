//! Lists of incidents, all in the one order of [`Position`]: a list as it is stored, what stands on any of several, and
//! what stands on all of several.
//!
//! This is how search engines answer a question of several parts. The lists are walked side by side and each leaps to
//! where the others are, so that what costs is what is found, not what there is.

use std::{cmp::Reverse, collections::BinaryHeap};

use rocksdb::{ColumnFamily, DBRawIteratorWithThreadMode, ReadOptions, SnapshotWithThreadMode, DB};

use crate::{Error, Position};

/// One list: the rows of a column that begin with the same bytes.
pub struct Postings<'a> {
    head: Vec<u8>,
    rows: DBRawIteratorWithThreadMode<'a, DB>,
}

impl<'a> Postings<'a> {
    /// The list of this head, up to and without a position, where one is given.
    pub fn open(
        snapshot: &'a SnapshotWithThreadMode<'a, DB>,
        column: &ColumnFamily,
        head: Vec<u8>,
        end: Option<Position>,
    ) -> Self {
        let mut options = ReadOptions::default();
        // Past the list lie the rows of others, and those that were removed and are not yet gone.
        match end {
            Some(end) => options.set_iterate_upper_bound([head.as_slice(), &end.to_bytes()].concat()),
            None => {
                options.set_iterate_upper_bound([head.as_slice(), &[0xff; Position::LENGTH + 1]].concat())
            }
        }
        let rows = snapshot.raw_iterator_cf_opt(column, options);
        Self { head, rows }
    }

    fn seek(&mut self, to: Position) -> Result<Option<Position>, Error> {
        self.rows.seek([self.head.as_slice(), &to.to_bytes()].concat());
        self.current()
    }

    fn next(&mut self) -> Result<Option<Position>, Error> {
        self.rows.next();
        self.current()
    }

    fn current(&self) -> Result<Option<Position>, Error> {
        let Some(key) = self.rows.key() else {
            self.rows.status()?;
            return Ok(None);
        };
        let place = key
            .strip_prefix(self.head.as_slice())
            .and_then(Position::from_bytes);
        place
            .map(Some)
            .ok_or_else(|| Error::Damaged("a row of a list has no place in it".into()))
    }
}

/// What stands on any of several lists, each once.
pub struct AnyOf<'a> {
    lists: Vec<Postings<'a>>,
    // Where each list stands that is not at its end, the next first.
    fronts: BinaryHeap<Reverse<(Position, usize)>>,
}

impl<'a> AnyOf<'a> {
    /// From a position on.
    pub fn new(mut lists: Vec<Postings<'a>>, from: Position) -> Result<Self, Error> {
        let mut fronts = BinaryHeap::with_capacity(lists.len());
        for (place, list) in lists.iter_mut().enumerate() {
            if let Some(position) = list.seek(from)? {
                fronts.push(Reverse((position, place)));
            }
        }
        Ok(Self { lists, fronts })
    }

    /// Where it stands; none at its end.
    pub fn current(&self) -> Option<Position> {
        self.fronts.peek().map(|Reverse((position, _))| *position)
    }

    /// Goes to the first that does not lie before `to`.
    pub fn seek(&mut self, to: Position) -> Result<Option<Position>, Error> {
        while let Some(Reverse((position, place))) = self.fronts.peek().copied() {
            if position >= to {
                break;
            }
            self.fronts.pop();
            let Some(list) = self.lists.get_mut(place) else {
                continue;
            };
            // Mostly what is sought is the next: a step is cheaper than a leap.
            let moved = match list.next()? {
                Some(next) if next < to => list.seek(to)?,
                next => next,
            };
            if let Some(next) = moved {
                self.fronts.push(Reverse((next, place)));
            }
        }
        Ok(self.current())
    }
}

/// What stands on all of several lists.
pub struct AllOf<'a> {
    lists: Vec<AnyOf<'a>>,
    steps: u32,
}

/// What walking on came to.
pub enum Met {
    /// The next that stands on all.
    At(Position),
    /// Nothing up to here, and as many steps as may be made: there may be more.
    Tired(Position),
    /// Nothing more.
    End,
}

impl<'a> AllOf<'a> {
    /// Of these lists, with so many steps to make.
    pub fn new(lists: Vec<AnyOf<'a>>, steps: u32) -> Self {
        Self { lists, steps }
    }

    /// The first that stands on all and does not lie before `to`.
    pub fn seek(&mut self, to: Position) -> Result<Met, Error> {
        let mut to = to;
        loop {
            let mut agreed = true;
            for list in &mut self.lists {
                let Some(position) = list.seek(to)? else {
                    return Ok(Met::End);
                };
                if position > to {
                    agreed = false;
                    to = position;
                }
            }
            // The first list was asked for an earlier place than the last gave.
            if agreed || self.lists.iter().all(|list| list.current() == Some(to)) {
                return Ok(Met::At(to));
            }
            match self.steps.checked_sub(1) {
                Some(left) => self.steps = left,
                None => return Ok(Met::Tired(to)),
            }
        }
    }
}
