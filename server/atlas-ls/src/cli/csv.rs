//! One record of comma separated values, as strictly as Go reads it.
//!
//! List flags and `--var` are such records, so a quoted field may hold a comma. Only the first record of the text
//! counts. Invariant: the error texts are Go's, since scripts match them.
//!
//! Source: Go 1.26 `encoding/csv`, `Reader.readRecord`.

/// The fields of the first record of `text`.
///
/// # Errors
/// `EOF` when there is none; `parse error on line 1, column 3: bare " in non-quoted-field`.
pub fn record(text: &str) -> Result<Vec<String>, String> {
    let mut lines = Lines { rest: text, number: 0 };
    let mut line = loop {
        match lines.next() {
            Some(line) if content(line).is_empty() => {}
            Some(line) => break line,
            None => return Err("EOF".to_owned()),
        }
    };
    let start = lines.number;
    let mut column = 1;
    let mut fields = Vec::new();
    loop {
        if !line.starts_with('"') {
            let end = line.find(',');
            let field = end.map_or_else(|| content(line), |end| &line[..end]);
            if let Some(quote) = field.find('"') {
                return Err(broken(start, lines.number, column + quote, BARE));
            }
            fields.push(field.to_owned());
            let Some(end) = end else { return Ok(fields) };
            line = &line[end + 1..];
            column += end + 1;
            continue;
        }
        line = &line[1..];
        column += 1;
        let mut field = String::new();
        let more = loop {
            if let Some(quote) = line.find('"') {
                field.push_str(content(&line[..quote]));
                line = &line[quote + 1..];
                column += quote + 1;
                if let Some(rest) = line.strip_prefix('"') {
                    field.push('"');
                    (line, column) = (rest, column + 1);
                } else if let Some(rest) = line.strip_prefix(',') {
                    (line, column) = (rest, column + 1);
                    break true;
                } else if content(line).is_empty() {
                    break false;
                } else {
                    return Err(broken(start, lines.number, column - 1, QUOTE));
                }
            } else {
                field.push_str(content(line));
                if content(line).len() < line.len() {
                    field.push('\n');
                }
                column += line.len();
                match lines.next() {
                    Some(next) => (line, column) = (next, 1),
                    None => return Err(broken(start, lines.number, column, QUOTE)),
                }
            }
        };
        fields.push(field);
        if !more {
            return Ok(fields);
        }
    }
}

const BARE: &str = "bare \" in non-quoted-field";
const QUOTE: &str = "extraneous or missing \" in quoted-field";

fn broken(start: usize, line: usize, column: usize, what: &str) -> String {
    let record = if start == line { String::new() } else { format!("record on line {start}; ") };
    format!("{record}parse error on line {line}, column {column}: {what}")
}

/// A line without its end.
fn content(line: &str) -> &str {
    let line = line.strip_suffix('\n').unwrap_or(line);
    line.strip_suffix('\r').unwrap_or(line)
}

struct Lines<'a> {
    rest: &'a str,
    /// Of the line last returned, from one.
    number: usize,
}

impl<'a> Lines<'a> {
    fn next(&mut self) -> Option<&'a str> {
        if self.rest.is_empty() {
            return None;
        }
        let end = self.rest.find('\n').map_or(self.rest.len(), |end| end + 1);
        let (line, rest) = self.rest.split_at(end);
        self.rest = rest;
        self.number += 1;
        Some(line)
    }
}

#[cfg(test)]
mod tests {
    use super::record;

    #[test]
    fn fields_are_split_at_commas_outside_of_quotes() {
        for (text, expected) in [
            ("a", vec!["a"]),
            ("a,b", vec!["a", "b"]),
            ("a,", vec!["a", ""]),
            (",", vec!["", ""]),
            (r#""a=x,y",b=2"#, vec!["a=x,y", "b=2"]),
            (r#""users""#, vec!["users"]),
            (r#""a""b""#, vec![r#"a"b"#]),
            ("\"a\nb\",c", vec!["a\nb", "c"]),
            ("\n\na\nb", vec!["a"]),
            ("a\r\n", vec!["a"]),
        ] {
            assert_eq!(record(text), Ok(expected.iter().map(ToString::to_string).collect()), "{text:?}");
        }
    }

    #[test]
    fn errors_are_those_of_go() {
        for (text, expected) in [
            ("", "EOF"),
            ("\n", "EOF"),
            (r#"a="x,y""#, r#"parse error on line 1, column 3: bare " in non-quoted-field"#),
            (r#"x,a"b"#, r#"parse error on line 1, column 4: bare " in non-quoted-field"#),
            (r#""a"b"#, r#"parse error on line 1, column 3: extraneous or missing " in quoted-field"#),
            (r#""a"#, r#"parse error on line 1, column 3: extraneous or missing " in quoted-field"#),
            (
                "\"a\nb",
                r#"record on line 1; parse error on line 2, column 2: extraneous or missing " in quoted-field"#,
            ),
        ] {
            assert_eq!(record(text), Err(expected.to_owned()), "{text:?}");
        }
    }
}
