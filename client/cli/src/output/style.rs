//! Colours. Words are written with them; whatever does not want them gets what is left without.

use std::{borrow::Cow, io};

use anstream::{adapter::strip_str, AutoStream, ColorChoice};
use anstyle::{AnsiColor, Color, Style};

/// What stands above others.
pub const HEAD: Style = Style::new().bold();
/// What is there for whoever looks closer.
pub const DIM: Style = Style::new().dimmed();
/// What is bad.
pub const BAD: Style = coloured(AnsiColor::Red);
/// What is in doubt.
pub const WARN: Style = coloured(AnsiColor::Yellow);
/// What is well.
pub const GOOD: Style = coloured(AnsiColor::Green);

const fn coloured(colour: AnsiColor) -> Style {
    Style::new().fg_color(Some(Color::Ansi(colour)))
}

/// A text in a style.
pub fn paint(style: Style, text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    format!("{style}{text}{style:#}")
}

/// Sets when colours are used, once: what `--color` says, else what the environment and the terminal want.
pub fn choose_colours(choice: clap::ColorChoice) {
    match choice {
        clap::ColorChoice::Auto => ColorChoice::Auto,
        clap::ColorChoice::Always => ColorChoice::Always,
        clap::ColorChoice::Never => ColorChoice::Never,
    }
    .write_global();
}

/// A text as stdout wants it, or a pager before it: with its colours, or without.
pub fn for_stdout(text: &str) -> Cow<'_, str> {
    match AutoStream::choice(&io::stdout()) {
        ColorChoice::Never => Cow::Owned(strip_str(text).to_string()),
        _ => Cow::Borrowed(text),
    }
}
