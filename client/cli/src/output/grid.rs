//! Tables that are printed as they come: the first page says how wide the columns are.

use anstyle::Style;
use textwrap::core::display_width;

use super::{paint, plain, text::shortened, HEAD};

/// What lies between two columns.
const GAP: usize = 2;
/// How far the column that gives way does so.
const LEAST: usize = 12;

/// A text in a table, and its style.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// The text.
    pub text: String,
    /// Its style.
    pub style: Style,
}

impl Cell {
    /// A text in a style: made harmless, as it may be somebody else's.
    pub fn new(style: Style, text: impl AsRef<str>) -> Self {
        Self {
            text: plain(text.as_ref()),
            style,
        }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::new(Style::new(), text)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::new(Style::new(), text)
    }
}

/// Columns that are as wide as what the first page holds.
pub struct Grid {
    titles: &'static [&'static str],
    widths: Vec<usize>,
    /// Whether what is wider is cut; else it runs over.
    cuts: bool,
}

impl Grid {
    /// The columns of these titles for these rows. Where a terminal has no room for them, the one of this number gives way.
    pub fn fit(
        titles: &'static [&'static str],
        gives_way: usize,
        rows: &[Vec<Cell>],
        room: Option<usize>,
    ) -> Self {
        let wide = |(column, title): (usize, &&str)| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            let texts = cells.map(|cell| cell.text.as_str()).chain([*title]);
            texts.map(display_width).max().unwrap_or_default()
        };
        let mut grid = Self {
            titles,
            widths: titles.iter().enumerate().map(wide).collect(),
            cuts: room.is_some(),
        };
        let over = room.map_or(0, |room| grid.width().saturating_sub(room));
        if let Some(width) = grid.widths.get_mut(gives_way) {
            *width = (*width).min(width.saturating_sub(over).max(LEAST));
        }
        grid
    }

    /// How wide it is.
    pub fn width(&self) -> usize {
        self.widths.iter().sum::<usize>() + GAP * self.widths.len().saturating_sub(1)
    }

    /// How far in the second column begins.
    pub fn indent(&self) -> usize {
        self.widths.first().map_or(0, |width| width + GAP)
    }

    /// The titles.
    pub fn head(&self) -> String {
        let titles: Vec<_> = self.titles.iter().map(|title| Cell::new(HEAD, *title)).collect();
        self.row(&titles)
    }

    /// A row.
    pub fn row(&self, cells: &[Cell]) -> String {
        let mut line = String::new();
        let mut owed = 0;
        for (cell, width) in cells.iter().zip(&self.widths) {
            let text = if self.cuts {
                shortened(&cell.text, *width)
            } else {
                cell.text.clone()
            };
            // Blanks go before what follows them, so that none ends a line.
            if !text.is_empty() {
                line.extend(std::iter::repeat_n(' ', owed));
                line += &paint(cell.style, &text);
                owed = 0;
            }
            owed += width.saturating_sub(display_width(&text)) + GAP;
        }
        line.push('\n');
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TITLES: &[&str] = &["ID", "SERVICE", "SAID"];

    fn row(cells: [&str; 3]) -> Vec<Cell> {
        cells.map(Cell::from).to_vec()
    }

    fn unstyled(text: &str) -> String {
        anstream::adapter::strip_str(text).to_string()
    }

    #[test]
    fn columns_are_as_wide_as_the_first_page_and_no_line_ends_in_blanks() {
        let rows = [row(["1", "a/b", ""]), row(["22", "a", "x"])];
        let grid = Grid::fit(TITLES, 1, &rows, None);
        assert_eq!(unstyled(&grid.head()), "ID  SERVICE  SAID\n");
        assert_eq!(grid.row(&rows[0]), "1   a/b\n");
        assert_eq!(grid.row(&rows[1]), "22  a        x\n");
        let later = row(["3", "longer/than/before", "x"]);
        assert_eq!(grid.row(&later), "3   longer/than/before  x\n");
    }

    #[test]
    fn one_column_gives_way_to_a_narrow_terminal_and_no_further_than_it_can_be_read() {
        let rows = [row(["1", "a-service/with/a-long-slug", "provider: Resolved"])];
        let grid = Grid::fit(TITLES, 1, &rows, Some(40));
        assert_eq!(grid.width(), 40);
        assert_eq!(grid.row(&rows[0]), "1   a-servic…ng-slug  provider: Resolved\n");
        assert_eq!(Grid::fit(TITLES, 1, &rows, Some(20)).width(), 2 + 2 + 12 + 2 + 18);
    }
}
