//! A Rust file seen by a rule: its code without comments and literals, and its literals with their lines.
//!
//! This is no parser; it knows comments, strings, characters and nothing else. Invariant: `code` has the length
//! and the lines of the source, so that a place in one is a place in the other.

/// The parts of a source file that rules look at.
pub struct Source {
    /// The text with comments and the insides of literals blanked.
    pub code: String,
    /// Every string literal: its byte offset and what stands between its quotes.
    pub strings: Vec<(usize, String)>,
}

impl Source {
    pub fn new(text: &str) -> Source {
        let bytes = text.as_bytes();
        let mut code = bytes.to_vec();
        let mut strings = Vec::new();
        let mut at = 0;
        while at < bytes.len() {
            let rest = &bytes[at..];
            let end = if rest.starts_with(b"//") {
                at + rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len())
            } else if rest.starts_with(b"/*") {
                at + block_comment(rest)
            } else if let Some((open, close)) = string(bytes, at) {
                let start = at + open;
                strings.push((at, text.get(start..close).unwrap_or_default().to_owned()));
                blank(&mut code[start..close]);
                at = close + (open - usize::from(rest[0] != b'"')).max(1);
                continue;
            } else if let Some(length) = character(rest) {
                at + length
            } else {
                at += 1;
                continue;
            };
            blank(&mut code[at..end]);
            at = end;
        }
        Source { code: String::from_utf8_lossy(&code).into_owned(), strings }
    }

    /// The line of a byte offset, counted from 1.
    pub fn line(&self, offset: usize) -> usize {
        self.code.as_bytes()[..offset.min(self.code.len())].iter().filter(|byte| **byte == b'\n').count() + 1
    }

    /// Where test code begins: the offset of the first `#[cfg(test)]`, by custom the last item of a file.
    pub fn tests_begin(&self) -> usize {
        self.code.find("#[cfg(test)]").unwrap_or(self.code.len())
    }
}

/// For a string literal that starts here: the length of its opening, and the offset of its closing quote.
fn string(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    let starts_word = at == 0 || !(bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_');
    let mut open = at;
    if starts_word && matches!(bytes[open], b'b' | b'c') {
        open += 1;
    }
    let raw = bytes.get(open) == Some(&b'r') && (open > at || starts_word);
    if raw {
        open += 1;
    }
    let hashes = bytes[open..].iter().take_while(|byte| **byte == b'#').count();
    if hashes > 0 && !raw || bytes.get(open + hashes) != Some(&b'"') || (open > at && !starts_word) {
        return None;
    }
    open += hashes + 1;
    let mut close = open;
    while close < bytes.len() {
        match bytes[close] {
            b'\\' if !raw => close += 1,
            b'"' if bytes[close + 1..].iter().take(hashes).filter(|byte| **byte == b'#').count()
                == hashes =>
            {
                return Some((open - at, close));
            }
            _ => {}
        }
        close += 1;
    }
    Some((open - at, bytes.len()))
}

/// The length of a character literal, and nothing for a lifetime.
fn character(rest: &[u8]) -> Option<usize> {
    if rest[0] != b'\'' {
        return None;
    }
    if rest.get(1) == Some(&b'\\') {
        return rest[3.min(rest.len())..].iter().position(|byte| *byte == b'\'').map(|at| at + 4);
    }
    let text = std::str::from_utf8(&rest[1..rest.len().min(6)])
        .or_else(|error| std::str::from_utf8(&rest[1..1 + error.valid_up_to()]));
    let length = text.ok()?.chars().next()?.len_utf8();
    (rest.get(1 + length) == Some(&b'\'')).then_some(length + 2)
}

/// The length of a block comment; they nest.
fn block_comment(rest: &[u8]) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < rest.len() {
        if rest[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    rest.len()
}

fn blank(bytes: &mut [u8]) {
    for byte in bytes {
        if *byte != b'\n' {
            *byte = b' ';
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Source;

    fn strings(text: &str) -> Vec<String> {
        Source::new(text).strings.into_iter().map(|(_, string)| string).collect()
    }

    #[test]
    fn strings_of_every_form_are_found() {
        assert_eq!(
            strings(r##"f("a\"b", r"c\", r#"d"e"#, b"f", br"g", 'h', '"', "i")"##),
            [r#"a\"b"#, r"c\", r#"d"e"#, "f", "g", "i"]
        );
    }

    #[test]
    fn comments_hide_strings_and_strings_hide_comments() {
        assert_eq!(strings("// \"a\"\n/* \"b\" /* */ \"c\" */ \"d // e\""), ["d // e"]);
    }

    #[test]
    fn lifetimes_are_no_characters() {
        assert_eq!(strings("fn f<'a>(x: &'a str) { g('x', '\\'', '\\u{1F600}', '😀', \"s\") }"), ["s"]);
    }

    #[test]
    fn code_keeps_its_lines() {
        let source = Source::new("a\n\"x\ny\"\nb // todo!\nc");
        assert_eq!(source.code, "a\n\" \n \"\nb         \nc");
        assert_eq!(source.line(source.code.find('c').unwrap()), 5);
    }
}
