//! Places and names as LSP has them, and as the rest of the house does.
//!
//! The only file that knows both byte offsets and positions; its parts know both URIs and paths. Invariant: a place
//! that a client invents, beyond a line or within a character, becomes the nearest one that exists.

mod uri;

use gen_lsp_types as lsp;
use text::{Encoding, Text, TextRange, TextSize};

pub(crate) use self::uri::{canonical, decode, encode_segment, path_of, uri_of};

/// The bytes a client means by `range`; a range given backwards is turned round.
pub(crate) fn range_in(text: &Text, range: lsp::Range, encoding: Encoding) -> TextRange {
    let start = offset_in(text, range.start, encoding);
    let end = offset_in(text, range.end, encoding);
    TextRange::new(start.min(end), start.max(end))
}

/// The byte a client means by `position`.
pub(crate) fn offset_in(text: &Text, position: lsp::Position, encoding: Encoding) -> TextSize {
    text.offset(text::Position { line: position.line, character: position.character }, encoding)
}

/// Where a client would say `offset` is.
pub(crate) fn position_of(text: &Text, offset: TextSize, encoding: Encoding) -> lsp::Position {
    let position = text.position(offset, encoding);
    lsp::Position { line: position.line, character: position.character }
}

/// Where a client would say `range` is.
pub(crate) fn range_of(text: &Text, range: TextRange, encoding: Encoding) -> lsp::Range {
    lsp::Range {
        start: position_of(text, range.start(), encoding),
        end: position_of(text, range.end(), encoding),
    }
}

/// Edits of one text as LSP has them.
pub(crate) fn edits_of(text: &Text, edits: &[text::TextEdit], encoding: Encoding) -> Vec<lsp::TextEdit> {
    let edit = |edit: &text::TextEdit| lsp::TextEdit {
        range: range_of(text, edit.range, encoding),
        new_text: edit.insert.clone(),
    };
    edits.iter().map(edit).collect()
}

/// Turns offsets that mostly grow into positions, without searching the text for each.
pub(crate) struct Cursor<'a> {
    text: &'a Text,
    encoding: Encoding,
    line: u32,
    range: TextRange,
    /// The line's characters take one unit each.
    plain: bool,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(text: &'a Text, encoding: Encoding) -> Self {
        let mut cursor = Self { text, encoding, line: 0, range: TextRange::empty(0.into()), plain: true };
        cursor.enter(0);
        cursor
    }

    /// Where a client would say `offset` is.
    pub(crate) fn position(&mut self, offset: TextSize) -> lsp::Position {
        if !(self.range.start() <= offset && offset < self.range.end()) {
            self.enter(self.text.line(offset));
        }
        let within = TextRange::new(self.range.start(), offset.max(self.range.start()));
        let character = match self.plain {
            true => u32::from(within.len()),
            false => self.encoding.len(&self.text.slice(within)) as u32,
        };
        lsp::Position { line: self.line, character }
    }

    fn enter(&mut self, line: u32) {
        self.line = line;
        self.range = TextRange::new(self.text.line_start(line), self.text.line_start(line + 1));
        self.plain = self.encoding == Encoding::Utf8 || self.text.slice(self.range).is_ascii();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(line: u32, character: u32) -> lsp::Position {
        lsp::Position { line, character }
    }

    #[test]
    fn a_range_is_the_same_bytes_in_every_encoding() {
        let text = Text::new("a = \"é😀\"\r\nb");
        let bytes = TextRange::new(5.into(), 11.into());
        for (encoding, end) in [(Encoding::Utf8, 11), (Encoding::Utf16, 8), (Encoding::Utf32, 7)] {
            let range = range_of(&text, bytes, encoding);
            assert_eq!(range, lsp::Range { start: at(0, 5), end: at(0, end) }, "{encoding:?}");
            assert_eq!(range_in(&text, range, encoding), bytes, "{encoding:?}");
        }
    }

    #[test]
    fn a_cursor_says_what_the_text_says() {
        let text = Text::new("a😀\r\n\nüb 字c\nplain");
        for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
            let mut cursor = Cursor::new(&text, encoding);
            let all = text.to_string();
            // Forwards, then somewhere back, as tokens of two passes come.
            let mut offsets: Vec<usize> = all.char_indices().map(|(at, _)| at).chain([all.len()]).collect();
            offsets.extend([8, 0, 21, 5]);
            for offset in offsets {
                let offset = TextSize::new(offset as u32);
                assert_eq!(
                    cursor.position(offset),
                    position_of(&text, offset, encoding),
                    "{encoding:?} {offset:?}"
                );
            }
        }
    }

    #[test]
    fn invented_places_become_the_nearest_real_one() {
        let text = Text::new("😀x\nyy");
        let utf16 = Encoding::Utf16;
        assert_eq!(offset_in(&text, at(0, 1), utf16), 0.into(), "within a character");
        assert_eq!(offset_in(&text, at(0, 99), utf16), 5.into(), "beyond the line");
        assert_eq!(offset_in(&text, at(99, 0), utf16), 8.into(), "beyond the text");
        let backwards = lsp::Range { start: at(1, 2), end: at(1, 0) };
        assert_eq!(range_in(&text, backwards, utf16), TextRange::new(6.into(), 8.into()));
    }
}
