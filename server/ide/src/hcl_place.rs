//! Where in an HCL file a cursor is: at an item of a body, in a label, in a value, in the text of a string.
//!
//! Works on tokens before the cursor, because half-typed text has no useful nodes there. All ranges are relative to
//! the piece; [`Spot::base`] places them. Invariant: every range given is on the cursor's line, or inside one string.

use smol_str::SmolStr;
use syntax::hcl::ast::{AstNode, Attribute, Block, Body, Embedded, Expr, Heredoc, Item, Template};
use syntax::hcl::{File, SyntaxKind, SyntaxNode, SyntaxToken};
use text::{TextRange, TextSize};

/// A cursor in an HCL file.
#[derive(Clone, Debug)]
pub(crate) struct Spot {
    /// Where the piece starts in its file.
    pub base: TextSize,
    /// The cursor, in the piece.
    pub offset: TextSize,
    /// The blocks around it, outermost first.
    pub blocks: Vec<Block>,
    /// The body it is in.
    pub body: Body,
    pub place: Place,
}

/// What may stand at the cursor.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    /// Nothing that we could know: a comment, a number.
    Nowhere,
    /// An attribute or a block. `alone` when nothing follows on the line.
    Item { word: TextRange, alone: bool },
    /// A label of a block of type `kind`, the `index`th.
    Label { kind: SmolStr, index: usize, range: TextRange, quoted: bool },
    /// A value, or a part of one.
    Value(Box<Value>),
}

/// A cursor in the value of an attribute.
#[derive(Clone, Debug)]
pub(crate) struct Value {
    pub attribute: Attribute,
    /// The name around the cursor; empty at the cursor when there is none.
    pub word: TextRange,
    /// The steps before the word, when a dot is: `table`, `users`, `column`.
    pub path: Option<Vec<SmolStr>>,
    /// The dot before the word.
    pub dot: Option<TextRange>,
    /// How many lists are open around the cursor.
    pub lists: usize,
    /// The innermost open call and the argument the cursor is in.
    pub call: Option<(SmolStr, usize)>,
    /// The string the cursor is in.
    pub string: Option<Str>,
    /// What is compared with the value: `atlas`, `env` of `atlas.env == `.
    pub compared: Option<Vec<SmolStr>>,
    /// Whether a value may start here; else one just ended.
    pub open: bool,
}

/// A string around the cursor.
#[derive(Clone, Debug)]
pub(crate) struct Str {
    /// Between the quotes, or the lines of the heredoc.
    pub content: TextRange,
    pub expr: Expr,
    /// The steps before `[`, when the string is an index.
    pub index_of: Option<Vec<SmolStr>>,
}

impl Spot {
    /// The place of `offset` in `file`.
    pub fn find(file: &File, offset: TextSize) -> Option<Spot> {
        let placed = file.piece_at(offset)?;
        let root = placed.piece.body()?;
        let at = offset - placed.start;
        let mut blocks = Vec::new();
        let mut body = root;
        while let Some(inner) = inner_block(&body, at) {
            let Some(inside) = inner.body() else { break };
            blocks.push(inner);
            body = inside;
        }
        let place = place(&body, at, placed.piece.text());
        Some(Spot { base: placed.start, offset: at, blocks, body, place })
    }

    /// The types and first labels of the blocks around the cursor.
    pub fn path(&self) -> Vec<(SmolStr, Option<SmolStr>)> {
        path_of(&self.blocks)
    }

    /// The innermost block around the cursor of one of these types.
    pub fn around(&self, kinds: &[&str]) -> Option<&Block> {
        self.blocks
            .iter()
            .rev()
            .find(|block| block.type_name().is_some_and(|name| kinds.contains(&name.text())))
    }
}

/// The types and first labels of `blocks`.
pub(crate) fn path_of(blocks: &[Block]) -> Vec<(SmolStr, Option<SmolStr>)> {
    let step = |block: &Block| {
        let kind = block.type_name().map_or_else(SmolStr::default, |name| SmolStr::from(name.text()));
        (kind, block.labels().next().map(|label| SmolStr::from(label.value())))
    };
    blocks.iter().map(step).collect()
}

impl Str {
    /// The text of the string and the way back from it.
    pub fn embedded(&self) -> Embedded {
        match &self.expr {
            Expr::Template(template) => template.embedded(),
            Expr::Heredoc(heredoc) => heredoc.embedded(),
            _ => Embedded::default(),
        }
    }
}

/// The block directly in `body` whose braces are around `offset`.
fn inner_block(body: &Body, offset: TextSize) -> Option<Block> {
    let last = body.items().take_while(|item| item.range().start() < offset).last()?;
    let Item::Block(block) = last else { return None };
    let open = block.open_brace()?.text_range().end();
    let before_close = block.close_brace().is_none_or(|close| offset <= close.text_range().start());
    (open <= offset && before_close).then_some(block)
}

fn place(body: &Body, offset: TextSize, text: &str) -> Place {
    if in_comment(body.syntax(), offset) {
        return Place::Nowhere;
    }
    let blank = Place::Item { word: TextRange::empty(offset), alone: rest_of_line(text, offset).is_empty() };
    let Some(item) = body.items().take_while(|item| item.range().start() < offset).last() else {
        return blank;
    };
    let same_line = !between(text, item.range().end(), offset).contains('\n');
    match item {
        Item::Attribute(attribute) => {
            let Some(name) = attribute.name() else { return Place::Nowhere };
            if offset <= name.range().end() {
                return Place::Item { word: name.range(), alone: false };
            }
            match attribute.eq_token() {
                Some(eq) if offset >= eq.text_range().end() => {
                    let value = value(attribute, &eq, offset, text);
                    match value {
                        Some(value) => Place::Value(Box::new(value)),
                        None if same_line => Place::Nowhere,
                        None => blank,
                    }
                }
                _ if same_line => Place::Nowhere,
                _ => blank,
            }
        }
        Item::Block(block) => {
            let Some(name) = block.type_name() else { return Place::Nowhere };
            if offset <= name.range().end() {
                return Place::Item { word: name.range(), alone: false };
            }
            match block.open_brace() {
                Some(open) if offset <= open.text_range().start() => label(&block, offset),
                None if same_line => label(&block, offset),
                _ if same_line => Place::Nowhere,
                _ => blank,
            }
        }
        Item::Incomplete(incomplete) => match incomplete.word() {
            Some(word) if offset <= word.range().end() => {
                let alone = rest_of_line(text, word.range().end()).is_empty();
                Place::Item { word: word.range(), alone }
            }
            // A name with nothing behind it may be a block's.
            Some(word) if same_line && between(text, word.range().end(), offset).trim().is_empty() => {
                let range = TextRange::empty(offset);
                Place::Label { kind: word.text().into(), index: 0, range, quoted: false }
            }
            _ if same_line => Place::Nowhere,
            _ => blank,
        },
    }
}

fn label(block: &Block, offset: TextSize) -> Place {
    let kind = block.type_name().map_or_else(SmolStr::default, |name| SmolStr::from(name.text()));
    let labels: Vec<_> = block.labels().collect();
    let index = labels.iter().filter(|label| label.range().end() < offset).count();
    match labels.iter().find(|label| label.range().contains_inclusive(offset)) {
        Some(label) if label.is_quoted() && !label.value_range().contains_inclusive(offset) => Place::Nowhere,
        Some(label) => Place::Label { kind, index, range: label.value_range(), quoted: label.is_quoted() },
        None => Place::Label { kind, index, range: TextRange::empty(offset), quoted: false },
    }
}

fn in_comment(node: &SyntaxNode, offset: TextSize) -> bool {
    let root = node.ancestors().last().unwrap_or_else(|| node.clone());
    if !root.text_range().contains_inclusive(offset) {
        return false;
    }
    let Some(token) = root.token_at_offset(offset).left_biased() else { return false };
    let range = token.text_range();
    match token.kind() {
        SyntaxKind::LineComment => offset > range.start(),
        SyntaxKind::BlockComment => offset > range.start() && offset < range.end(),
        _ => false,
    }
}

/// What is open around the cursor.
struct Open {
    kind: SyntaxKind,
    /// The token's index.
    at: usize,
    commas: usize,
}

/// The place in the value behind `eq`; `None` when the value ended on an earlier line.
fn value(attribute: Attribute, eq: &SyntaxToken, offset: TextSize, text: &str) -> Option<Value> {
    let start = eq.text_range().end();
    let mut tokens: Vec<SyntaxToken> = Vec::new();
    let mut next = eq.next_token();
    while let Some(token) = next {
        if token.text_range().start() >= offset {
            break;
        }
        if !token.kind().is_trivia() {
            tokens.push(token.clone());
        }
        next = token.next_token();
    }
    let mut open: Vec<Open> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        use SyntaxKind as K;
        let in_text = matches!(open.last(), Some(Open { kind: K::OpenQuote | K::HeredocBegin, .. }));
        match token.kind() {
            kind @ (K::OpenQuote
            | K::HeredocBegin
            | K::InterpolationOpen
            | K::DirectiveOpen
            | K::LParen
            | K::LBracket
            | K::LBrace) => open.push(Open { kind, at, commas: 0 }),
            K::CloseQuote | K::HeredocEnd | K::TemplateClose | K::RParen | K::RBracket | K::RBrace => {
                open.pop();
            }
            K::Comma if !in_text => {
                if let Some(last) = open.last_mut() {
                    last.commas += 1;
                }
            }
            _ => {}
        }
    }
    let ended = open.is_empty() && between(text, start, offset).contains('\n');
    if ended {
        return None;
    }
    let call = open.iter().rev().find_map(|open| match open.kind {
        SyntaxKind::LParen => {
            let name = tokens.get(open.at.checked_sub(1)?)?;
            (name.kind() == SyntaxKind::Ident).then(|| (SmolStr::from(name.text()), open.commas))
        }
        _ => None,
    });
    let is_index = |open: &Open| {
        open.kind == SyntaxKind::LBracket
            && open.at.checked_sub(1).and_then(|at| tokens.get(at)).is_some_and(|token| {
                matches!(token.kind(), SyntaxKind::Ident | SyntaxKind::RBracket)
                    && token.text_range().end() == tokens[open.at].text_range().start()
            })
    };
    let lists = open.iter().filter(|it| it.kind == SyntaxKind::LBracket && !is_index(it)).count();
    let mut value = Value {
        attribute,
        word: TextRange::empty(offset),
        path: None,
        dot: None,
        lists,
        call,
        string: None,
        compared: None,
        open: true,
    };
    if let Some(last) =
        open.last().filter(|it| matches!(it.kind, SyntaxKind::OpenQuote | SyntaxKind::HeredocBegin))
    {
        let node = tokens.get(last.at)?.parent()?;
        let expr = Expr::cast(node)?;
        let content = match &expr {
            Expr::Template(template) => Template::content_range(template),
            Expr::Heredoc(heredoc) => Heredoc::content_range(heredoc),
            _ => return None,
        };
        if !content.contains_inclusive(offset) {
            value.open = false;
            return Some(value);
        }
        let before = last.at.checked_sub(1);
        let index_of = before
            .filter(|_| open.len() > 1 && open.get(open.len() - 2).is_some_and(is_index))
            .and_then(|bracket| operand(&tokens[..bracket]));
        value.compared = before.and_then(|at| compared(&tokens[..=at]));
        value.string = Some(Str { content, expr, index_of });
        return Some(value);
    }
    let mut before = tokens.as_slice();
    if let Some((last, rest)) = before.split_last() {
        let touches = last.text_range().end() >= offset;
        match last.kind() {
            SyntaxKind::Ident if touches => {
                value.word = last.text_range();
                before = rest;
            }
            SyntaxKind::Number | SyntaxKind::Unknown if touches => value.open = false,
            _ => {}
        }
    }
    if let Some((dot, rest)) = before.split_last().filter(|(last, _)| last.kind() == SyntaxKind::Dot) {
        value.dot = Some(dot.text_range());
        match operand(rest) {
            Some(path) => value.path = Some(path),
            None => value.open = false,
        }
    } else {
        value.compared = compared(before);
        value.open &= before.last().is_none_or(|last| !ends_value(last.kind()));
    }
    Some(value)
}

fn ends_value(kind: SyntaxKind) -> bool {
    use SyntaxKind as K;
    matches!(kind, K::Ident | K::Number | K::CloseQuote | K::HeredocEnd | K::RParen | K::RBracket | K::RBrace)
}

/// The path of a comparison's left side, when `tokens` end in `==` or `!=`.
fn compared(tokens: &[SyntaxToken]) -> Option<Vec<SmolStr>> {
    let (last, rest) = tokens.split_last()?;
    matches!(last.kind(), SyntaxKind::EqEq | SyntaxKind::BangEq).then(|| operand(rest)).flatten()
}

/// The path that `tokens` end in: `table`, `users` of `… table["users"]`.
fn operand(tokens: &[SyntaxToken]) -> Option<Vec<SmolStr>> {
    let mut rest = tokens;
    let mut steps: Vec<SmolStr> = Vec::new();
    loop {
        let (last, before) = rest.split_last()?;
        match last.kind() {
            SyntaxKind::RBracket => {
                let open = before.iter().rposition(|token| token.kind() == SyntaxKind::LBracket)?;
                let inside = before.get(open + 1..)?;
                let name: String = inside
                    .iter()
                    .filter(|token| matches!(token.kind(), SyntaxKind::Chunk | SyntaxKind::Number))
                    .map(|token| token.text().to_owned())
                    .collect();
                steps.push(SmolStr::from(name));
                rest = before.get(..open)?;
            }
            SyntaxKind::Ident => {
                steps.push(SmolStr::from(last.text()));
                match before.split_last() {
                    Some((dot, earlier)) if dot.kind() == SyntaxKind::Dot => rest = earlier,
                    _ => break,
                }
            }
            _ => return None,
        }
    }
    steps.reverse();
    Some(steps)
}

fn between(text: &str, from: TextSize, to: TextSize) -> &str {
    if from >= to { "" } else { text.get(usize::from(from)..usize::from(to)).unwrap_or_default() }
}

/// What follows `offset` on its line, without white space around.
fn rest_of_line(text: &str, offset: TextSize) -> &str {
    let rest = text.get(usize::from(offset)..).unwrap_or_default();
    rest.split('\n').next().unwrap_or_default().trim()
}
