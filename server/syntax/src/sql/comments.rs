//! Comments before a statement or at the head of a file, and the `atlas:` directives in them.
//!
//! Only reads them: what a directive does is decided elsewhere.
//!
//! Source: atlas `sql/migrate/lex.go` and `dir.go` (directive syntax); line ends are normalised, which Atlas
//! does not do.

use smol_str::SmolStr;
use text::{TextRange, TextSize};

use crate::sql::grammar::Grammar;
use crate::sql::lexer;

/// A comment before a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// With its marks, without its line break.
    pub range: TextRange,
    pub text: SmolStr,
    /// Whether no blank line stands between it and the statement: then it is about the statement.
    pub attached: bool,
    pub directive: Option<Directive>,
}

/// `atlas:name args` in a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// `nolint`, `txmode`, `delimiter`, …
    pub name: SmolStr,
    /// The rest of the line, trimmed.
    pub args: SmolStr,
    /// From `atlas:` to the end of the arguments.
    pub range: TextRange,
    pub name_range: TextRange,
    pub args_range: TextRange,
}

/// The comments in `text[..end]`, which is white space and comments only.
pub(crate) fn leading(text: &str, end: usize, grammar: &Grammar) -> Vec<Comment> {
    let mut out: Vec<Comment> = Vec::new();
    // The first comment of the group nothing has parted from the statement yet.
    let mut group = 0;
    let mut breaks = 0;
    for token in lexer::tokens(text, end, grammar) {
        let Some(piece) = text.get(token.start..token.end) else { continue };
        if !token.kind.is_comment() {
            breaks += piece.bytes().filter(|byte| *byte == b'\n').count();
            if breaks > 1 {
                group = out.len();
            }
            continue;
        }
        breaks = 0;
        let start = size(token.start);
        out.push(Comment {
            range: TextRange::new(start, size(token.end)),
            text: SmolStr::new(piece),
            attached: false,
            directive: statement_directive(piece, start),
        });
    }
    for comment in out.iter_mut().skip(group) {
        comment.attached = true;
    }
    out
}

/// The directives at the head of a file whose first piece begins with `text[..end]`, white space and comments.
///
/// They count for the file only when a blank line, or nothing, follows the leading run of line comments.
pub(crate) fn header(text: &str, whole: bool) -> Vec<Directive> {
    let mut out = Vec::new();
    let mut at = if text.starts_with('\u{feff}') { 3 } else { 0 };
    while let Some(line) = text.get(at..).and_then(|rest| rest.split_inclusive('\n').next()) {
        if !(line.starts_with("--") || line.starts_with('#')) {
            break;
        }
        let content = line.trim_end_matches(['\n', '\r']);
        if let Some(found) = content.find("atlas:") {
            out.extend(directive(&content[found..], size(at + found)));
        }
        at += line.len();
    }
    let rest = text.get(at..).unwrap_or_default().trim_start_matches([' ', '\t']);
    let parted = rest.starts_with('\n') || rest.starts_with("\r\n") || (rest.is_empty() && whole);
    if parted { out } else { Vec::new() }
}

/// The directive of one comment: directly behind `--`, `-- `, `#` or `/*`.
fn statement_directive(comment: &str, start: TextSize) -> Option<Directive> {
    let (body, skipped) = if let Some(rest) = comment.strip_prefix("/*") {
        let rest = rest.strip_suffix("*/").unwrap_or(rest);
        if rest.contains('\n') {
            return None;
        }
        (rest, 2)
    } else if let Some(rest) = comment.strip_prefix("--") {
        match rest.strip_prefix(' ') {
            Some(rest) => (rest, 3),
            None => (rest, 2),
        }
    } else {
        (comment.strip_prefix('#')?, 1)
    };
    directive(body, start + TextSize::new(skipped))
}

/// Reads `atlas:name args` at the start of `text`, which stands at `start`.
fn directive(text: &str, start: TextSize) -> Option<Directive> {
    let rest = text.strip_prefix("atlas:")?;
    let name_len = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
    if name_len == 0 {
        return None;
    }
    let name = &rest[..name_len];
    let after = &rest[name_len..];
    let args = after.trim();
    let name_start = start + TextSize::new(6);
    let name_range = TextRange::at(name_start, TextSize::of(name));
    let args_start = name_range.end() + size(after.len() - after.trim_start().len());
    let args_range = if args.is_empty() {
        TextRange::empty(name_range.end())
    } else {
        TextRange::at(args_start, TextSize::of(args))
    };
    Some(Directive {
        name: SmolStr::new(name),
        args: SmolStr::new(args),
        range: TextRange::new(start, args_range.end()),
        name_range,
        args_range,
    })
}

fn size(bytes: usize) -> TextSize {
    TextSize::new(u32::try_from(bytes).unwrap_or(u32::MAX))
}
