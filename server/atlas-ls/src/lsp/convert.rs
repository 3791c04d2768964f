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
