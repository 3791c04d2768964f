//! Cuts a file into pieces without parsing it: one pass over the bytes.
//!
//! A piece is what stands before an item (comments, blank lines), the item, and the rest of its line. When an item's
//! brackets never close, it ends before the next line that looks like the head of a block, so that one missing brace
//! does not swallow the file; while brackets do close, such a line inside them is just nested. Invariant: the ends
//! rise strictly and the last one is the length of the text.

use rustc_hash::FxHashMap;

use super::scan::{
    HeredocBegin, StringEnd, assignment, blank_end, head, heredoc_begin, heredoc_close, line_end, next_line,
    opens_heredoc, string_end,
};

/// After so many items that never closed, we stop looking to the end of the file for each.
const MAX_LONG_LOOKS: u32 = 8;

/// A piece of its own at the start of a file, since it is a mistake anywhere else.
pub(super) const BYTE_ORDER_MARK: char = '\u{feff}';

/// Where the pieces of `text` end.
pub(super) fn ends(text: &str) -> Vec<usize> {
    let mut splitter = Splitter {
        text,
        bytes: text.as_bytes(),
        open: Vec::new(),
        long_looks: 0,
        comments_end: true,
        tags: None,
    };
    let (mut at, mut ends) = (0, Vec::new());
    if text.starts_with(BYTE_ORDER_MARK) {
        at = BYTE_ORDER_MARK.len_utf8();
        ends.push(at);
    }
    while at < text.len() {
        // An item ends behind where it starts; `max` only says so to the reader.
        at = splitter.item_end(at).max(at + 1).min(text.len());
        while !text.is_char_boundary(at) {
            at += 1;
        }
        ends.push(at);
    }
    ends
}

struct Splitter<'a> {
    text: &'a str,
    bytes: &'a [u8],
    /// The brackets open at the moment.
    open: Vec<u8>,
    long_looks: u32,
    /// Whether there may be a `*/` ahead.
    comments_end: bool,
    /// The last line each word stands alone on; made when the first heredoc is found unclosed.
    tags: Option<FxHashMap<&'a str, usize>>,
}

/// Bytes that may change what follows them.
const INTERESTING: [bool; 256] = {
    let mut table = [false; 256];
    let bytes = b"\n\"#/<{}[]()";
    let mut at = 0;
    while at < bytes.len() {
        table[bytes[at] as usize] = true;
        at += 1;
    }
    table
};

impl Splitter<'_> {
    /// Where the piece that starts at `start` ends.
    fn item_end(&mut self, start: usize) -> usize {
        let mut at = self.skip_trivia(start);
        // The line that may be the head of the next item, should this one never close.
        let mut next_item = None;
        self.open.clear();
        while let Some(found) =
            self.bytes.get(at..).and_then(|rest| rest.iter().position(|&byte| INTERESTING[byte as usize]))
        {
            at += found;
            let byte = self.bytes[at];
            at += 1;
            match byte {
                b'\n' => {
                    let Some(innermost) = self.open.last() else {
                        // No item starts with a brace: it belongs to the head above.
                        if self.bytes.get(blank_end(self.bytes, at)) == Some(&b'{') {
                            continue;
                        }
                        return at;
                    };
                    if next_item.is_none() && self.starts_item(at, *innermost) {
                        if self.long_looks >= MAX_LONG_LOOKS {
                            return at;
                        }
                        next_item = Some(at);
                    }
                }
                b'"' => match string_end(self.text, at) {
                    StringEnd::Closed(end) | StringEnd::Unclosed(end) => at = end,
                },
                b'#' => at = line_end(self.bytes, at),
                b'/' => at = self.comment_end(at - 1).unwrap_or(at),
                b'<' => {
                    if let Some(begin) = heredoc_begin(self.text, at - 1) {
                        match self.heredoc_end(begin) {
                            Some(end) => at = end,
                            None => return self.next_head(begin.body),
                        }
                    }
                }
                b'{' | b'[' | b'(' => self.open.push(byte),
                b'}' => self.close_brace(),
                b']' => self.close(b'['),
                _ => self.close(b'('),
            }
        }
        match next_item {
            Some(next_item) if !self.open.is_empty() => {
                self.long_looks += 1;
                next_item
            }
            _ => self.bytes.len(),
        }
    }

    /// Whether the line at `at` can only be the head of an item outside the brackets we are in.
    fn starts_item(&self, at: usize, innermost: u8) -> bool {
        match self.bytes.get(at) {
            Some(b' ' | b'\t' | b'\n' | b'\r' | b'}' | b']' | b')' | b'#' | b'"') | None => false,
            Some(_) => head(self.text, at) || (innermost != b'{' && assignment(self.text, at)),
        }
    }

    /// A brace closes everything opened since its partner; a stray one closes nothing.
    fn close_brace(&mut self) {
        if let Some(partner) = self.open.iter().rposition(|&open| open == b'{') {
            self.open.truncate(partner);
        } else {
            self.open.clear();
        }
    }

    /// A bracket closes its partner if that is near: what is unclosed in between was forgotten.
    fn close(&mut self, partner: u8) {
        let near = self.open.len().saturating_sub(4);
        for at in (near..self.open.len()).rev() {
            if self.open[at] == partner {
                self.open.truncate(at);
                return;
            }
            if self.open[at] == b'{' {
                return;
            }
        }
    }

    /// Behind the blank lines and comments at `at`.
    fn skip_trivia(&mut self, mut at: usize) -> usize {
        loop {
            at = blank_end(self.bytes, at);
            match self.bytes.get(at) {
                Some(b'\n' | b'\r') => at += 1,
                Some(b'#') => at = line_end(self.bytes, at),
                Some(b'/') => match self.comment_end(at) {
                    Some(end) => at = end,
                    None => return at,
                },
                _ => return at,
            }
        }
    }

    /// Behind the comment whose `/` is at `at`, if it is one. One that never closes ends with its line.
    fn comment_end(&mut self, at: usize) -> Option<usize> {
        match self.bytes.get(at + 1)? {
            b'/' => Some(line_end(self.bytes, at)),
            b'*' => {
                let end = if self.comments_end { self.text[at + 2..].find("*/") } else { None };
                self.comments_end = end.is_some();
                Some(end.map_or_else(|| line_end(self.bytes, at), |end| at + 2 + end + 2))
            }
            _ => None,
        }
    }

    /// Behind the closing tag of a heredoc; `None` when it was never closed.
    ///
    /// It was not either when, before the tag, there is both the head of a block at the start of a line and another
    /// heredoc with the same tag: then the closing tag is that one's.
    fn heredoc_end(&mut self, begin: HeredocBegin) -> Option<usize> {
        let tag = &self.text[begin.tag_start..begin.tag_end];
        if self.tags.as_ref().is_some_and(|tags| tags.get(tag).is_none_or(|&last| last < begin.body)) {
            return None;
        }
        let Some((_, end)) = heredoc_close(self.text, begin.body, tag) else {
            self.tags = Some(lone_words(self.text));
            return None;
        };
        let (mut at, mut seen_head) = (begin.body, false);
        while at < end {
            let line = &self.text[at..line_end(self.bytes, at)];
            seen_head = seen_head || head(self.text, at);
            if seen_head && opens_heredoc(line, tag) {
                return None;
            }
            at = next_line(self.bytes, at);
        }
        Some(end)
    }

    /// The first line from `at` on that starts with the head of a block, or the end of the text.
    fn next_head(&self, mut at: usize) -> usize {
        while at < self.bytes.len() && !head(self.text, at) {
            at = next_line(self.bytes, at);
        }
        at
    }
}

/// The last line each word stands alone on.
fn lone_words(text: &str) -> FxHashMap<&str, usize> {
    let mut at = 0;
    let mut words = FxHashMap::default();
    while at < text.len() {
        let word = text[at..line_end(text.as_bytes(), at)].trim();
        if !word.is_empty() && !word.contains([' ', '=', '"']) {
            words.insert(word, at);
        }
        at = next_line(text.as_bytes(), at);
    }
    words
}
