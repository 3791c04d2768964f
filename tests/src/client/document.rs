//! The client's copy of an open file, and positions counted without the product's own code.

use std::ops::Range;

use serde_json::{Value, json};

/// The unit of `character` in a position, agreed on at `initialize`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    Utf16,
    Utf32,
}

/// An open file as the client believes it to be.
#[derive(Clone, Debug)]
pub struct Document {
    pub text: String,
    pub version: i32,
    pub language: String,
}

impl Encoding {
    /// The name used on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "utf-8",
            Encoding::Utf16 => "utf-16",
            Encoding::Utf32 => "utf-32",
        }
    }

    /// Reads the server's choice; UTF-16 when it made none, as LSP says.
    pub fn from_name(name: Option<&str>) -> Encoding {
        match name {
            Some("utf-8") => Encoding::Utf8,
            Some("utf-32") => Encoding::Utf32,
            _ => Encoding::Utf16,
        }
    }

    fn width(self, text: &str) -> usize {
        match self {
            Encoding::Utf8 => text.len(),
            Encoding::Utf16 => text.encode_utf16().count(),
            Encoding::Utf32 => text.chars().count(),
        }
    }
}

impl Document {
    /// The position of a byte offset.
    pub fn position(&self, offset: usize, encoding: Encoding) -> Value {
        let start = line_starts(&self.text).take_while(|start| *start <= offset).last().unwrap_or(0);
        let line = line_starts(&self.text).take_while(|start| *start <= offset).count() - 1;
        json!({ "line": line, "character": encoding.width(&self.text[start..offset]) })
    }

    /// The range of a span of bytes.
    pub fn range(&self, span: Range<usize>, encoding: Encoding) -> Value {
        json!({ "start": self.position(span.start, encoding), "end": self.position(span.end, encoding) })
    }

    /// The byte offset of a position; a character past the end of the line means its end.
    pub fn offset(&self, position: &Value, encoding: Encoding) -> usize {
        let line = position["line"].as_u64().expect("a position has a line") as usize;
        let character = position["character"].as_u64().expect("a position has a character") as usize;
        let Some(start) = line_starts(&self.text).nth(line) else { return self.text.len() };
        let end = self.text[start..].find(['\n', '\r']).map_or(self.text.len(), |at| start + at);
        let line = &self.text[start..end];
        line.char_indices()
            .map(|(at, _)| at)
            .find(|at| encoding.width(&line[..*at]) >= character)
            .map_or(end, |at| start + at)
    }

    /// The text a range of the server's covers.
    pub fn slice(&self, range: &Value, encoding: Encoding) -> &str {
        &self.text[self.offset(&range["start"], encoding)..self.offset(&range["end"], encoding)]
    }

    /// Replaces a span of bytes and returns the `contentChanges` entry that says so.
    pub fn replace(&mut self, span: Range<usize>, new: &str, encoding: Encoding) -> Value {
        let change = json!({ "range": self.range(span.clone(), encoding), "text": new });
        self.text.replace_range(span, new);
        self.version += 1;
        change
    }

    /// Applies `TextEdit`s as an editor would: all against the same text.
    pub fn apply(&mut self, edits: &Value, encoding: Encoding) {
        let mut spans: Vec<(Range<usize>, String)> = edits
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default()
            .iter()
            .map(|edit| {
                let range = &edit["range"];
                let span = self.offset(&range["start"], encoding)..self.offset(&range["end"], encoding);
                (span, edit["newText"].as_str().expect("an edit has newText").to_owned())
            })
            .collect();
        spans.sort_by_key(|(span, _)| span.start);
        for pair in spans.windows(2) {
            assert!(pair[0].0.end <= pair[1].0.start, "edits overlap: {pair:?}");
        }
        for (span, new) in spans.into_iter().rev() {
            self.text.replace_range(span, &new);
        }
        self.version += 1;
    }
}

/// Where the lines begin. LSP breaks lines at `\n`, `\r\n` and `\r`.
fn line_starts(text: &str) -> impl Iterator<Item = usize> + '_ {
    let bytes = text.as_bytes();
    let breaks = (0..bytes.len()).filter(move |at| match bytes[*at] {
        b'\n' => true,
        b'\r' => bytes.get(at + 1) != Some(&b'\n'),
        _ => false,
    });
    std::iter::once(0).chain(breaks.map(|at| at + 1))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Document, Encoding};

    fn document(text: &str) -> Document {
        Document { text: text.to_owned(), version: 1, language: "sql".to_owned() }
    }

    #[test]
    fn positions_count_in_the_agreed_unit() {
        let document = document("a\r\n😀b\rc");
        for (encoding, character) in [(Encoding::Utf8, 4), (Encoding::Utf16, 2), (Encoding::Utf32, 1)] {
            let position = json!({ "line": 1, "character": character });
            assert_eq!(document.position(7, encoding), position);
            assert_eq!(document.offset(&position, encoding), 7);
        }
        assert_eq!(document.position(9, Encoding::Utf8), json!({ "line": 2, "character": 0 }));
    }

    #[test]
    fn edits_are_applied_against_one_text() {
        let mut document = document("one two");
        let edit = |from: u32, to: u32, new: &str| {
            let at = |character| json!({ "line": 0, "character": character });
            json!({ "range": { "start": at(from), "end": at(to) }, "newText": new })
        };
        document.apply(&json!([edit(0, 3, "1"), edit(4, 7, "2")]), Encoding::Utf16);
        assert_eq!(document.text, "1 2");
    }
}
