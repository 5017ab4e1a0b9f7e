//! Names and values, tables, and texts of others.

use comfy_table::{presets::NOTHING, ContentArrangement, Table};
use textwrap::{core::display_width, Options, WordSplitter::NoHyphenation};

use super::{paint, Cell};

/// The least room in which words are wrapped: below it they had better run over.
const LEAST_ROOM: usize = 30;

/// Names and values, one a line.
pub fn fields(rows: impl IntoIterator<Item = (&'static str, String)>) -> String {
    about(
        rows.into_iter().map(|(name, value)| (name, Cell::from(value))),
        None,
    )
}

/// The same with styles, wrapped where there is a width.
pub fn about<'a>(rows: impl IntoIterator<Item = (&'a str, Cell)>, width: Option<usize>) -> String {
    let rows: Vec<_> = rows.into_iter().collect();
    let names = rows.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    let mut text = String::new();
    for (name, Cell { text: value, style }) in rows {
        let mut first = Some(name);
        for line in within(&value, width, names + 2) {
            let name = first.take().unwrap_or_default();
            text += &format!("{name:names$}  {}\n", paint(style, &line));
        }
    }
    text
}

/// A text in lines that fit between an indent and a width. Somebody else's text is made harmless.
pub fn within(text: &str, width: Option<usize>, indent: usize) -> Vec<String> {
    let text = plain(text);
    match width {
        None => vec![text],
        Some(width) => {
            let room = width.saturating_sub(indent).max(LEAST_ROOM);
            let options = Options::new(room).break_words(false).word_splitter(NoHyphenation);
            let lines = textwrap::wrap(&text, options);
            lines.into_iter().map(|line| line.into_owned()).collect()
        }
    }
}

/// A text of somebody else's, in one line and harmless: what would move the cursor, change colours or turn the direction
/// of writing is shown as its escape.
pub fn plain(text: &str) -> String {
    let mut harmless = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' | '\t' => harmless.push(' '),
            // Marks that turn the direction of what follows.
            '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                harmless.extend(character.escape_unicode());
            }
            // These two break lines where a terminal thinks so.
            '\u{2028}' | '\u{2029}' => harmless.push(' '),
            _ if character.is_control() => harmless.extend(character.escape_unicode()),
            _ => harmless.push(character),
        }
    }
    harmless
}

/// A text in at most so many columns: of what is longer the middle is left out.
pub(super) fn shortened(text: &str, width: usize) -> String {
    if display_width(text) <= width {
        return text.into();
    }
    let kept = width.saturating_sub(1);
    let take = |characters: &mut dyn Iterator<Item = char>, room: usize| {
        let mut used = 0;
        let mut part = Vec::new();
        for character in characters {
            used += display_width(character.encode_utf8(&mut [0; 4]));
            if used > room {
                break;
            }
            part.push(character);
        }
        part
    };
    let end = take(&mut text.chars().rev(), kept / 2);
    let begin = take(&mut text.chars(), kept - kept / 2);
    begin
        .into_iter()
        .chain(['…'])
        .chain(end.into_iter().rev())
        .collect()
}

/// A table that fits the terminal.
pub fn table(head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut table = Table::new();
    table
        .load_preset(NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(head.to_vec());
    table.add_rows(
        rows.into_iter()
            .map(|row| row.iter().map(|cell| plain(cell)).collect::<Vec<_>>()),
    );
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    table
        .lines()
        .map(|line| format!("{}\n", line.trim_end()))
        .collect()
}

/// So many entries of a log, and their head.
pub fn log(entries: u32, head: impl std::fmt::Display) -> String {
    let noun = if entries == 1 { "entry" } else { "entries" };
    format!("{entries} {noun}, head {head}")
}

/// A value, or a dash where there is none.
pub fn or_dash(value: Option<impl ToString>) -> String {
    value.map_or_else(|| "-".into(), |value| value.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_somebody_elses_moves_no_cursor_and_makes_no_line() {
        assert_eq!(
            plain("\u{1b}[2Ja\nverdict  Confirmed\r\u{202e}b\u{7}ü\t…"),
            "\\u{1b}[2Ja verdict  Confirmed\\u{d}\\u{202e}b\\u{7}ü …"
        );
        let shown = fields([
            ("name", "a\nverdict  Confirmed".into()),
            ("b", "\u{9b}31m".into()),
        ]);
        assert_eq!(shown, "name  a verdict  Confirmed\nb     \\u{9b}31m\n");
        assert!(table(&["A"], [vec!["\u{1b}[31m\nred".into()]]).contains("\\u{1b}[31m red"));
    }

    #[test]
    fn values_are_wrapped_beside_their_names() {
        let value = "one two three four five six seven eight nine ten";
        let shown = about([("a name", value.into())], Some(40));
        assert_eq!(
            shown,
            "a name  one two three four five six\n        seven eight nine ten\n"
        );
        assert_eq!(about([("a", value.into())], None), format!("a  {value}\n"));
    }

    #[test]
    fn of_what_is_too_long_the_middle_is_left_out() {
        assert_eq!(shortened("openai/chatgpt", 14), "openai/chatgpt");
        assert_eq!(shortened("openai/chatgpt", 9), "open…tgpt");
        assert_eq!(shortened("日本語日本語", 7), "日…語");
        assert_eq!(shortened("openai", 1), "…");
    }
}
