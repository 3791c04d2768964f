//! The rope behind [`Text`].
//!
//! Cloning is cheap and gives a snapshot: an edit never changes a clone taken before it. Lines end at `\n`, `\r\n`
//! or `\r`, as LSP has it.

use std::borrow::Cow;
use std::fmt;

use ropey::{Rope, RopeSlice};

use crate::{Encoding, Position, TextRange, TextSize};

/// The text of a file.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Text {
    rope: Rope,
}

impl Text {
    /// The rope of `text`.
    pub fn new(text: &str) -> Self {
        Self { rope: Rope::from_str(text) }
    }

    /// The length in bytes.
    pub fn len(&self) -> TextSize {
        size(self.rope.len_bytes())
    }

    pub fn is_empty(&self) -> bool {
        self.rope.len_bytes() == 0
    }

    /// The whole file.
    pub fn range(&self) -> TextRange {
        TextRange::up_to(self.len())
    }

    /// The number of lines; text that ends in a line break has an empty last line.
    pub fn lines(&self) -> u32 {
        self.rope.len_lines() as u32
    }

    /// The text in `range`, cut to the file and to whole characters. Borrowed when one chunk of the rope holds it.
    pub fn slice(&self, range: TextRange) -> Cow<'_, str> {
        self.rope_slice(range).into()
    }

    /// The chunks of the whole text, in order; their boundaries carry no meaning.
    pub fn chunks(&self) -> impl Iterator<Item = &str> {
        self.rope.chunks()
    }

    /// Replaces `range` by `insert`. A range beyond the end, or within a character, is cut back.
    pub fn edit(&mut self, range: TextRange, insert: &str) {
        let start = self.rope.byte_to_char(usize::from(range.start()).min(self.rope.len_bytes()));
        let end = self.rope.byte_to_char(usize::from(range.end()).min(self.rope.len_bytes()));
        if start < end {
            self.rope.remove(start..end);
        }
        if !insert.is_empty() {
            self.rope.insert(start, insert);
        }
    }

    /// The line of `offset`, from zero.
    pub fn line(&self, offset: TextSize) -> u32 {
        self.rope.byte_to_line(usize::from(offset).min(self.rope.len_bytes())) as u32
    }

    /// Where `line` starts; the end of the text for a line beyond it.
    pub fn line_start(&self, line: u32) -> TextSize {
        let line = (line as usize).min(self.rope.len_lines());
        size(self.rope.line_to_byte(line))
    }

    /// The range of `line` without its line break.
    pub fn line_range(&self, line: u32) -> TextRange {
        let start = self.line_start(line);
        let end = self.line_start(line.saturating_add(1));
        let text = self.slice(TextRange::new(start, end));
        let trimmed = text.trim_end_matches(['\n', '\r']).len();
        TextRange::at(start, size(trimmed))
    }

    /// Where a client would say `offset` is.
    pub fn position(&self, offset: TextSize, encoding: Encoding) -> Position {
        let byte = usize::from(offset).min(self.rope.len_bytes());
        let line = self.rope.byte_to_line(byte);
        let start = self.rope.line_to_byte(line);
        let character = match encoding {
            Encoding::Utf8 => byte - start,
            Encoding::Utf16 => {
                let at = self.rope.byte_to_char(byte);
                self.rope.char_to_utf16_cu(at) - self.rope.char_to_utf16_cu(self.rope.line_to_char(line))
            }
            Encoding::Utf32 => self.rope.byte_to_char(byte) - self.rope.line_to_char(line),
        };
        Position { line: line as u32, character: character as u32 }
    }

    /// The offset a client means by `position`.
    ///
    /// A character beyond its line means the line's end, and a position within a character its start (LSP 3.17,
    /// `Position`).
    pub fn offset(&self, position: Position, encoding: Encoding) -> TextSize {
        if position.line as usize >= self.rope.len_lines() {
            return self.len();
        }
        let line = self.line_range(position.line);
        let text = self.rope_slice(line);
        let units = position.character as usize;
        let within = match encoding {
            Encoding::Utf8 => text.char_to_byte(text.byte_to_char(units.min(text.len_bytes()))),
            Encoding::Utf16 => text.char_to_byte(text.utf16_cu_to_char(units.min(text.len_utf16_cu()))),
            Encoding::Utf32 => text.char_to_byte(units.min(text.len_chars())),
        };
        line.start() + size(within)
    }

    fn rope_slice(&self, range: TextRange) -> RopeSlice<'_> {
        let len = self.rope.len_bytes();
        let start = self.rope.byte_to_char(usize::from(range.start()).min(len));
        let end = self.rope.byte_to_char(usize::from(range.end()).min(len));
        self.rope.slice(start..end.max(start))
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.rope.chunks().try_for_each(|chunk| f.write_str(chunk))
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text({} bytes)", self.rope.len_bytes())
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

/// LSP counts in `u32`; files of 4 GiB are refused at the door, so a cut here is never seen.
fn size(bytes: usize) -> TextSize {
    TextSize::new(u32::try_from(bytes).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn position_and_offset_are_inverse_in_every_encoding() {
        let source = "a😀ü\r\nüb\rc\n\n字e\u{301}";
        let text = Text::new(source);
        for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
            for (at, ch) in source.char_indices() {
                // The place between `\r` and `\n` is inside a line break, so a client cannot name it.
                if ch == '\n' && at > 0 && source.as_bytes()[at - 1] == b'\r' {
                    continue;
                }
                let offset = TextSize::new(at as u32);
                assert_eq!(
                    text.offset(text.position(offset, encoding), encoding),
                    offset,
                    "{encoding:?} {at}"
                );
            }
        }
    }

    #[test]
    fn a_position_beyond_its_line_means_the_end_of_the_line() {
        let text = Text::new("ab\r\ncd");
        let offset = text.offset(Position { line: 0, character: 99 }, Encoding::Utf16);
        assert_eq!(offset, TextSize::new(2));
        assert_eq!(text.offset(Position { line: 9, character: 0 }, Encoding::Utf16), TextSize::new(6));
    }

    #[test]
    fn a_clone_is_a_snapshot() {
        let mut text = Text::new("hello");
        let before = text.clone();
        text.edit(TextRange::new(1.into(), 3.into()), "EY");
        assert_eq!((before.to_string().as_str(), text.to_string().as_str()), ("hello", "hEYlo"));
    }
}
