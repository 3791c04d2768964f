//! A document as `jsonb` prints it: keys by length and then by bytes, each once, and one space behind `,` and `:`.
//!
//! Source: PostgreSQL 15, `jsonb_util.c`, `json.c`. Texts with escapes are left to the server.

/// The server's text for the document `text`; `None` when that is not sure.
pub fn canonical(text: &str) -> Option<String> {
    let mut reader = Reader { rest: text.trim_start(), depth: 0 };
    let mut out = String::new();
    reader.value(&mut out)?;
    reader.rest.trim().is_empty().then_some(out)
}

struct Reader<'a> {
    rest: &'a str,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn eat(&mut self, mark: char) -> bool {
        let rest = self.rest.trim_start();
        match rest.strip_prefix(mark) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn value(&mut self, out: &mut String) -> Option<()> {
        self.depth += 1;
        if self.depth > 64 {
            return None;
        }
        self.rest = self.rest.trim_start();
        if self.eat('{') {
            self.object(out)?;
        } else if self.eat('[') {
            out.push('[');
            let mut first = true;
            while !self.eat(']') {
                if !first {
                    self.eat(',').then_some(())?;
                    out.push_str(", ");
                }
                first = false;
                self.value(out)?;
            }
            out.push(']');
        } else if self.rest.starts_with('"') {
            let text = self.string()?;
            out.push_str(&format!("\"{text}\""));
        } else {
            let end = self.rest.find([',', ']', '}', ' ', '\n', '\t', '\r']).unwrap_or(self.rest.len());
            let (word, rest) = self.rest.split_at(end);
            let digits = word.strip_prefix('-').unwrap_or(word);
            let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
            let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            let number = is_number(whole)
                && is_number(fraction)
                && (whole == "0" || !whole.starts_with('0'))
                && word != "-0";
            if !number && !matches!(word, "true" | "false" | "null") {
                return None;
            }
            out.push_str(word);
            self.rest = rest;
        }
        self.depth -= 1;
        Some(())
    }

    fn object(&mut self, out: &mut String) -> Option<()> {
        let mut pairs: Vec<(&'a str, String)> = Vec::new();
        while !self.eat('}') {
            if !pairs.is_empty() {
                self.eat(',').then_some(())?;
            }
            self.rest = self.rest.trim_start();
            let key = self.string()?;
            self.eat(':').then_some(())?;
            let mut value = String::new();
            self.value(&mut value)?;
            // The last of a key counts, at the place it is sorted to anyhow.
            pairs.retain(|(known, _)| *known != key);
            pairs.push((key, value));
        }
        pairs.sort_by(|(a, _), (b, _)| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
        let pairs: Vec<String> = pairs.iter().map(|(key, value)| format!("\"{key}\": {value}")).collect();
        out.push_str(&format!("{{{}}}", pairs.join(", ")));
        Some(())
    }

    fn string(&mut self) -> Option<&'a str> {
        let rest = self.rest.strip_prefix('"')?;
        let end = rest.find('"')?;
        let text = &rest[..end];
        if text.contains('\\') || text.chars().any(|ch| ch.is_control()) {
            return None;
        }
        self.rest = &rest[end + 1..];
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::canonical;

    #[test]
    fn documents_have_one_text() {
        let check = |text: &str, expected: Option<&str>| assert_eq!(canonical(text).as_deref(), expected);
        check("{}", Some("{}"));
        check(r#" {"bb":1,"a" : [1 ,2.50, null],"bb":"x"} "#, Some(r#"{"a": [1, 2.50, null], "bb": "x"}"#));
        check("[true,false , -1]", Some("[true, false, -1]"));
        check(r#""x""#, Some(r#""x""#));
        check(r#"{"a":"\u0041"}"#, None);
        check("{", None);
        check("1e5", None);
        check("[1,]", None);
    }
}
