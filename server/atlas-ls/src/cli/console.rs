//! The terminal: where text goes, and whether it may be coloured.
//!
//! A reader that went away is no error: what nobody reads needs no printing.

use std::io::{IsTerminal as _, Write as _};

/// Standard output and standard error.
#[derive(Clone, Copy, Debug)]
pub struct Console {
    /// Whether colours have an effect.
    pub colour: bool,
}

impl Console {
    /// The process's own streams.
    ///
    /// Source: fatih/color: colours take a terminal, `TERM` that is not `dumb`, and no `NO_COLOR`.
    pub fn standard() -> Self {
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self { colour: std::io::stdout().is_terminal() && !dumb && !refused }
    }

    /// Prints `text` as it is.
    pub fn print(&self, text: &str) {
        let mut out = std::io::stdout().lock();
        let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    }

    /// Prints a line to standard error.
    pub fn error(&self, text: &str) {
        let mut out = std::io::stderr().lock();
        let _ = writeln!(out, "{text}");
    }

    /// `text` in a colour, if there are colours.
    pub fn paint(&self, code: &str, text: &str) -> String {
        if self.colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}
