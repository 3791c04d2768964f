//! `-- atlas:<name> <arguments>`: what a comment tells Atlas about a file or a statement.
//!
//! File directives are the comments at the head of a file that a blank line separates from its first statement.
//! Invariant: line ends of Windows count as line ends here, while hashes are those of the bytes.

/// The directives at the head of a file, in order, as name and arguments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Directives(pub Vec<(String, String)>);

impl Directives {
    /// Those of a file.
    pub fn of_file(text: &str) -> Directives {
        let mut found = Vec::new();
        let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text);
        loop {
            let (line, after) = match rest.find('\n') {
                Some(end) => (&rest[..end], &rest[end + 1..]),
                None => (rest, ""),
            };
            let line = line.trim();
            if line.is_empty() {
                // A blank line after the group, or the end: it speaks for the file.
                return Directives(found);
            }
            if !line.starts_with('#') && !line.starts_with("--") {
                return Directives::default();
            }
            found.extend(parse(line));
            if after.is_empty() {
                return Directives(found);
            }
            rest = after;
        }
    }

    /// The arguments of every directive called `name`.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, arguments)| arguments.as_str())
    }

    /// The arguments of the first directive called `name`.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, arguments)| arguments.as_str())
    }
}

/// The directive of a comment's line, whatever printable text stands before it.
pub fn parse(line: &str) -> Option<(String, String)> {
    let at = line.rfind("atlas:")?;
    if !line[..at].chars().all(|ch| (' '..='~').contains(&ch)) {
        return None;
    }
    let rest = &line[at + "atlas:".len()..];
    let end = rest.find(|ch: char| !ch.is_ascii_alphanumeric() && ch != '_').unwrap_or(rest.len());
    let (name, arguments) = rest.split_at(end);
    let separated = arguments.is_empty() || arguments.starts_with([' ', '\t']);
    (!name.is_empty() && separated).then(|| (name.to_owned(), arguments.trim().to_owned()))
}

/// Whether the first line of a file says that its content does not count in the sum.
pub fn sum_is_ignored(content: &[u8]) -> bool {
    let end = content.iter().position(|byte| *byte == b'\n').unwrap_or(content.len());
    let Ok(line) = std::str::from_utf8(&content[..end]) else { return false };
    parse(line.trim_end_matches('\r')).is_some_and(|(name, arguments)| name == "sum" && arguments == "ignore")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> String {
        let found = Directives::of_file(text);
        found.0.iter().map(|(name, arguments)| format!("{name}({arguments})")).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_group_speaks_for_the_file_before_a_blank_line_only() {
        assert_eq!(names("-- atlas:txmode none\n\nSELECT 1;\n"), "txmode(none)");
        assert_eq!(names("-- atlas:txmode none\nSELECT 1;\n"), "");
        assert_eq!(names("-- atlas:txmode none"), "txmode(none)");
        assert_eq!(names("# hello\n-- some text atlas:checkpoint v1\n\n"), "checkpoint(v1)");
        assert_eq!(names("-- atlas:txmode none\r\n\r\nSELECT 1;\r\n"), "txmode(none)");
        assert_eq!(names("SELECT 1; -- atlas:txmode none\n\n"), "");
    }

    #[test]
    fn only_the_first_line_takes_a_file_out_of_the_sum() {
        assert!(sum_is_ignored(b"-- atlas:sum ignore\nSELECT 1;"));
        assert!(!sum_is_ignored(b"SELECT 1;\n-- atlas:sum ignore\n"));
        assert!(!sum_is_ignored(b"-- atlas:sum ignored\n"));
    }
}
