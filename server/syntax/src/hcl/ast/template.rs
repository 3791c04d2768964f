//! Strings and heredocs.

use rowan::NodeOrToken;
use text::TextRange;

use super::embedded::Embedded;
use super::expr::{Expr, for_names};
use super::{AstNode, Ident, child, node, token, tokens};
use crate::hcl::{SyntaxKind, SyntaxNode, SyntaxToken};

node! {
    /// `"…"`
    Template = Template
}

node! {
    /// `<<TAG … TAG`
    Heredoc = Heredoc
}

node! {
    /// The parts between two directives.
    TemplateBody = TemplateBody
}

node! {
    /// `%{ if c } … %{ else } … %{ endif }`
    TemplateIf = TemplateIf
}

node! {
    /// `%{ for v in c } … %{ endfor }`
    TemplateFor = TemplateFor
}

node! {
    /// `${ expr }`
    Interpolation = Interpolation
}

node! {
    /// One `%{ … }`.
    Directive = Directive
}

/// What a template is made of.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TemplatePart {
    /// Text as it stands.
    Text(SyntaxToken),
    /// The spaces at the start of a line of a `<<-` heredoc.
    Indent(SyntaxToken),
    /// `\n`, `$${` and the like: see [`unescape`].
    Escape(SyntaxToken),
    Interpolation(Interpolation),
    If(TemplateIf),
    For(TemplateFor),
}

/// The parts directly in `node`.
fn parts(node: &SyntaxNode) -> impl Iterator<Item = TemplatePart> + use<> {
    node.children_with_tokens().filter_map(|element| match element {
        NodeOrToken::Token(token) => match token.kind() {
            SyntaxKind::Chunk => Some(TemplatePart::Text(token)),
            SyntaxKind::HeredocIndent => Some(TemplatePart::Indent(token)),
            SyntaxKind::Escape => Some(TemplatePart::Escape(token)),
            _ => None,
        },
        NodeOrToken::Node(node) => match node.kind() {
            SyntaxKind::Interpolation => Some(TemplatePart::Interpolation(Interpolation(node))),
            SyntaxKind::TemplateIf => Some(TemplatePart::If(TemplateIf(node))),
            SyntaxKind::TemplateFor => Some(TemplatePart::For(TemplateFor(node))),
            _ => None,
        },
    })
}

impl Template {
    pub fn parts(&self) -> impl Iterator<Item = TemplatePart> + use<> {
        parts(&self.0)
    }

    pub fn open_quote(&self) -> Option<SyntaxToken> {
        token(&self.0, SyntaxKind::OpenQuote)
    }

    pub fn close_quote(&self) -> Option<SyntaxToken> {
        token(&self.0, SyntaxKind::CloseQuote)
    }

    /// The range between the quotes.
    pub fn content_range(&self) -> TextRange {
        let range = self.range();
        let start = self.open_quote().map_or(range.start(), |open| open.text_range().end());
        let end = self.close_quote().map_or(range.end(), |close| close.text_range().start());
        TextRange::new(start, end.max(start))
    }

    /// The string, when there is nothing to evaluate in it.
    pub fn as_plain_string(&self) -> Option<String> {
        let is_plain =
            self.parts().all(|part| matches!(part, TemplatePart::Text(_) | TemplatePart::Escape(_)));
        is_plain.then(|| self.embedded().text)
    }

    /// The text between the quotes with escapes resolved and interpolations as they stand, and the way back.
    pub fn embedded(&self) -> Embedded {
        let mut embedded = Embedded::default();
        for element in self.0.children_with_tokens() {
            match element {
                NodeOrToken::Token(token) => match token.kind() {
                    SyntaxKind::Chunk => embedded.push_verbatim(token.text(), token.text_range().start()),
                    SyntaxKind::Escape => embedded.push_changed(&unescape(token.text()), token.text_range()),
                    _ => {}
                },
                NodeOrToken::Node(node) => {
                    embedded.push_verbatim(&node.text().to_string(), node.text_range().start());
                }
            }
        }
        embedded
    }
}

impl Heredoc {
    /// The tag: `SQL` in `<<-SQL`.
    pub fn tag(&self) -> Option<String> {
        let begin = token(&self.0, SyntaxKind::HeredocBegin)?;
        Some(begin.text().trim_start_matches(['<', '-']).to_owned())
    }

    /// Where the tag is in the opening token.
    pub fn tag_range(&self) -> Option<TextRange> {
        let begin = token(&self.0, SyntaxKind::HeredocBegin)?;
        let sign = begin.text().len() - begin.text().trim_start_matches(['<', '-']).len();
        let range = begin.text_range();
        Some(TextRange::new(range.start() + text::TextSize::new(sign as u32), range.end()))
    }

    /// Whether this is a `<<-` heredoc, whose lines lose their common indentation.
    pub fn is_indented(&self) -> bool {
        token(&self.0, SyntaxKind::HeredocBegin).is_some_and(|begin| begin.text().starts_with("<<-"))
    }

    /// Whether the closing tag is there.
    pub fn end_token(&self) -> Option<SyntaxToken> {
        token(&self.0, SyntaxKind::HeredocEnd)
    }

    /// The lines between the tags, with their indentation and the last line break.
    pub fn content_range(&self) -> TextRange {
        let range = self.range();
        let start =
            token(&self.0, SyntaxKind::Newline).map_or(range.end(), |newline| newline.text_range().end());
        // The spaces before the closing tag are its own.
        let end = self.end_token().map_or(range.end(), |end| match end.prev_token() {
            Some(indent) if indent.kind() == SyntaxKind::HeredocIndent => indent.text_range().start(),
            _ => end.text_range().start(),
        });
        TextRange::new(start, end.max(start))
    }

    pub fn parts(&self) -> impl Iterator<Item = TemplatePart> + use<> {
        let content = self.content_range();
        parts(&self.0).filter(move |part| match part {
            TemplatePart::Indent(token) => content.contains_range(token.text_range()),
            _ => true,
        })
    }

    /// The string, when there is nothing to evaluate in it.
    pub fn as_plain_string(&self) -> Option<String> {
        let is_plain = self.parts().all(|part| {
            matches!(part, TemplatePart::Text(_) | TemplatePart::Escape(_) | TemplatePart::Indent(_))
        });
        is_plain.then(|| self.embedded().text)
    }

    /// How many bytes of indentation every line loses; zero unless the heredoc is indented.
    ///
    /// Source: hashicorp/hcl v2.25, `hclsyntax/parser_template.go`, `flushHeredocTemplateParts`.
    pub fn indentation(&self) -> usize {
        if self.is_indented() { super::embedded::common_indentation(self) } else { 0 }
    }

    /// The lines without their common indentation, interpolations as they stand, and the way back to the source.
    pub fn embedded(&self) -> Embedded {
        super::embedded::of_heredoc(self)
    }
}

impl TemplateBody {
    pub fn parts(&self) -> impl Iterator<Item = TemplatePart> + use<> {
        parts(&self.0)
    }
}

impl Interpolation {
    pub fn expr(&self) -> Option<Expr> {
        child(&self.0)
    }

    /// Whether `~` removes the white space before (`${~`) and after (`~}`) it.
    pub fn strips(&self) -> (bool, bool) {
        strips(&self.0)
    }
}

impl Directive {
    /// `if`, `else`, `endif`, `for`, `endfor`, or whatever stands there.
    pub fn keyword(&self) -> Option<Ident> {
        tokens(&self.0).find_map(Ident::cast)
    }

    /// The names a `for` declares.
    pub fn names(&self) -> Vec<Ident> {
        for_names(&self.0)
    }

    /// The condition of `if`, the collection of `for`.
    pub fn expr(&self) -> Option<Expr> {
        child(&self.0)
    }

    /// Whether `~` removes the white space before (`%{~`) and after (`~}`) it.
    pub fn strips(&self) -> (bool, bool) {
        strips(&self.0)
    }
}

fn strips(node: &SyntaxNode) -> (bool, bool) {
    let before = node.first_token().is_some_and(|open| open.text().ends_with('~'));
    let after = token(node, SyntaxKind::TemplateClose).is_some_and(|close| close.text().starts_with('~'));
    (before, after)
}

impl TemplateIf {
    /// The directives in order: `if`, perhaps `else`, `endif`.
    pub fn directives(&self) -> impl Iterator<Item = Directive> + use<> {
        super::children(&self.0)
    }

    pub fn condition(&self) -> Option<Expr> {
        self.directives().next()?.expr()
    }

    pub fn then_body(&self) -> Option<TemplateBody> {
        child(&self.0)
    }

    pub fn else_body(&self) -> Option<TemplateBody> {
        super::children(&self.0).nth(1)
    }
}

impl TemplateFor {
    /// The directives in order: `for`, `endfor`.
    pub fn directives(&self) -> impl Iterator<Item = Directive> + use<> {
        super::children(&self.0)
    }

    pub fn names(&self) -> Vec<Ident> {
        self.directives().next().map(|directive| directive.names()).unwrap_or_default()
    }

    pub fn collection(&self) -> Option<Expr> {
        self.directives().next()?.expr()
    }

    pub fn body(&self) -> Option<TemplateBody> {
        child(&self.0)
    }
}

/// What an [`SyntaxKind::Escape`] token stands for; the token itself when it is not a valid escape.
pub fn unescape(escape: &str) -> String {
    let mut out = String::new();
    unescape_into(escape, &mut out);
    out
}

pub(super) fn unescape_into(escape: &str, out: &mut String) {
    match escape {
        "\\n" => out.push('\n'),
        "\\r" => out.push('\r'),
        "\\t" => out.push('\t'),
        "\\\"" => out.push('"'),
        "\\\\" => out.push('\\'),
        "$${" => out.push_str("${"),
        "%%{" => out.push_str("%{"),
        _ => {
            let code = escape.strip_prefix("\\u").or_else(|| escape.strip_prefix("\\U"));
            match code.and_then(|digits| u32::from_str_radix(digits, 16).ok()).and_then(char::from_u32) {
                Some(ch) => out.push(ch),
                None => out.push_str(escape),
            }
        }
    }
}
