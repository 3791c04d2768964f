//! Writes blocks in canonical form: two blanks a level, the `=` of neighbouring lines in one column.
//!
//! Knows no schema. Invariant: formatting what comes out changes nothing.
//!
//! Source: hashicorp/hcl v2 `hclwrite/format.go` for the layout, `hclwrite/generate.go` for strings.

use std::fmt::Write;

/// A block being written: attributes, then blocks, then attributes again where a printer wants some last.
#[derive(Debug, Default)]
pub(super) struct Block {
    header: String,
    items: Vec<Item>,
}

#[derive(Debug)]
enum Item {
    Attribute(String, String),
    Block(Block),
}

impl Block {
    /// A block of type `kind` with `labels`.
    pub fn new(kind: &str, labels: &[&str]) -> Self {
        let mut header = String::from(kind);
        for label in labels {
            header.push(' ');
            header.push_str(&quote(label));
        }
        Self { header, items: Vec::new() }
    }

    /// Adds `name = value`; `value` is HCL.
    pub fn attribute(&mut self, name: &str, value: impl Into<String>) {
        self.items.push(Item::Attribute(name.to_owned(), value.into()));
    }

    pub fn block(&mut self, block: Block) {
        self.items.push(Item::Block(block));
    }

    /// Appends the text of the block to `out`, `depth` levels deep.
    pub fn write(&self, depth: usize, out: &mut String) {
        let indent = "  ".repeat(depth);
        out.push_str(&indent);
        out.push_str(&self.header);
        out.push_str(" {\n");
        let mut width = 0;
        for (at, item) in self.items.iter().enumerate() {
            match item {
                Item::Attribute(name, value) => {
                    if at == 0 || !self.aligned(at - 1) {
                        width = self.width(at);
                    }
                    // Writing to a string cannot fail.
                    let _ = write!(out, "{indent}  {name:width$} = ");
                    let mut lines = value.split('\n');
                    out.push_str(lines.next().unwrap_or_default());
                    for line in lines {
                        out.push('\n');
                        if !line.is_empty() {
                            out.push_str(&indent);
                            out.push_str("  ");
                            out.push_str(line);
                        }
                    }
                    out.push('\n');
                }
                Item::Block(block) => block.write(depth + 1, out),
            }
        }
        out.push_str(&indent);
        out.push_str("}\n");
    }

    /// Whether the item at `at` shares its column of `=` with the next one: attributes do until one of several lines.
    fn aligned(&self, at: usize) -> bool {
        matches!(self.items.get(at), Some(Item::Attribute(_, value)) if !value.contains('\n'))
    }

    /// The width of the longest name from `at` on, in characters, among the lines that share a column.
    fn width(&self, mut at: usize) -> usize {
        let mut width = 0;
        while let Some(Item::Attribute(name, _)) = self.items.get(at) {
            width = width.max(name.chars().count());
            if !self.aligned(at) {
                break;
            }
            at += 1;
        }
        width
    }
}

/// `text` as a string of HCL.
pub(super) fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    let mut chars = text.chars().peekable();
    while let Some(ch) = chars.next() {
        match ch {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '$' | '%' => {
                out.push(ch);
                if chars.peek() == Some(&'{') {
                    out.push(ch);
                }
            }
            ch if ch.is_control() => {
                let _ = write!(out, "\\u{:04x}", ch as u32);
            }
            ch => out.push(ch),
        }
    }
    out.push('"');
    out
}

/// `text` as a string, or as an indented heredoc with `tag` when it has several lines.
///
/// A text whose lines cannot stand in a heredoc unchanged stays a string. A heredoc ends with a line end, whether the
/// text does or not: of a body it makes no difference, and so what was read of a server twice reads the same.
pub(super) fn heredoc(whole: &str, tag: &str) -> String {
    let text = whole.strip_suffix('\n').unwrap_or(whole);
    let fits = text.contains('\n')
        && !text.contains(['\r', '\0'])
        && !text.ends_with('\n')
        && text.lines().all(|line| line.trim() != tag && !line.starts_with('\t'))
        && text.lines().any(|line| !line.is_empty() && !line.starts_with(' '))
        && text.lines().all(|line| line.is_empty() || !line.trim().is_empty());
    if !fits {
        return quote(whole);
    }
    let escaped = text.replace("${", "$${").replace("%{", "%%{");
    format!("<<-{tag}\n{escaped}\n{tag}")
}

/// `root` and then `.name` or `["name"]` for each of `names`.
pub(super) fn reference<'a>(root: &str, steps: impl IntoIterator<Item = &'a str>) -> String {
    let mut out = String::from(root);
    for step in steps {
        if is_identifier(step) || is_number(step) {
            out.push('.');
            out.push_str(step);
        } else {
            out.push('[');
            out.push_str(&quote(step));
            out.push(']');
        }
    }
    out
}

/// Whether `name` can follow a dot: an HCL identifier. A `-` inside is one, at the start it is not.
fn is_identifier(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|first| first.is_alphabetic() || first == '_')
        && chars.all(|ch| ch.is_alphanumeric() || matches!(ch, '_' | '-'))
}

/// Whether `name` is a whole number: `.0` is a step too.
fn is_number(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit())
}
