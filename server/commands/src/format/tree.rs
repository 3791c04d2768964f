//! Looking at and changing the parse tree of a template.
//!
//! Functions are checked as Go checks them, when the template is parsed; calls of our own functions get a number as
//! their first argument, by which an error finds its place in the text; methods become such calls.

use std::sync::Arc;

use gotmpl::TemplateError;
use gotmpl::parse::{CommandNode, DefineNode, Expr, ListNode, Node, Number, PipeNode, Pos, SmolStr};

use super::Kind;

/// The functions Go's templates have by themselves.
const BUILTIN: &[&str] = &[
    "and", "call", "html", "index", "slice", "js", "len", "not", "or", "print", "printf", "println",
    "urlquery", "eq", "ge", "gt", "le", "lt", "ne", "break", "continue",
];

/// Where calls stand in the text.
#[derive(Clone, Debug)]
pub struct Places {
    text: Arc<str>,
    calls: Vec<(usize, String)>,
    fields: Vec<(usize, String)>,
}

impl Places {
    pub fn new(text: &str) -> Self {
        Self { text: text.into(), calls: Vec::new(), fields: Vec::new() }
    }

    /// `1:3` and the text of call number `index`.
    pub fn get(&self, index: Option<i64>) -> (String, &str) {
        let call = index.and_then(|index| self.calls.get(usize::try_from(index).ok()?));
        call.map_or_else(|| ("1:0".to_owned(), ""), |(offset, text)| (self.position(*offset), text))
    }

    /// `1:3` and the text of the first mention of the field `name`.
    pub fn field(&self, name: &str) -> (String, &str) {
        let mention = |text: &str| text.split('.').any(|part| part == name);
        let field = self.fields.iter().find(|(_, text)| mention(text));
        field.map_or_else(|| ("1:0".to_owned(), ""), |(offset, text)| (self.position(*offset), text))
    }

    /// The line from one and the column, in bytes, from zero.
    fn position(&self, offset: usize) -> String {
        let before = self.text.get(..offset).unwrap_or(&self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.len() - before.rfind('\n').map_or(0, |at| at + 1);
        format!("{line}:{column}")
    }
}

/// A syntax error as Go prints it: with the line, without the column.
pub fn syntax_error(error: &TemplateError) -> String {
    match error {
        TemplateError::Parse { name, line, message, .. } | TemplateError::Lex { name, line, message, .. } => {
            format!("template: {}:{line}: {message}", name.as_deref().unwrap_or_default())
        }
        other => other.to_string(),
    }
}

/// Refuses a function nobody defined.
pub fn check(
    tree: &ListNode,
    defines: &[DefineNode],
    functions: &[&str],
    template: &str,
) -> Result<(), String> {
    let mut unknown = None;
    let mut visit = |expr: &Expr| {
        let Expr::Identifier(pos, name) = expr else { return };
        if !BUILTIN.contains(&name.as_str()) && !functions.contains(&name.as_str()) {
            unknown.get_or_insert_with(|| {
                format!("template: {template}:{}: function {:?} not defined", pos.line, name.as_str())
            });
        }
    };
    let mut trees: Vec<ListNode> = defines.iter().map(|define| define.body.clone()).collect();
    trees.push(tree.clone());
    for tree in &mut trees {
        pipes(tree, &mut |pipe| walk(pipe, &mut visit));
    }
    unknown.map_or(Ok(()), Err)
}

fn walk(pipe: &PipeNode, visit: &mut impl FnMut(&Expr)) {
    for expr in pipe.commands.iter().flat_map(|command| &command.args) {
        walk_expr(expr, visit);
    }
}

fn walk_expr(expr: &Expr, visit: &mut impl FnMut(&Expr)) {
    visit(expr);
    match expr {
        Expr::Pipe(_, pipe) => walk(pipe, visit),
        Expr::Chain(_, inner, _) => walk_expr(inner, visit),
        _ => {}
    }
}

/// Every pipeline of a tree.
fn pipes(tree: &mut ListNode, visit: &mut impl FnMut(&mut PipeNode)) {
    for node in &mut tree.nodes {
        match node {
            Node::List(list) => pipes(list, visit),
            Node::Action(action) => visit(&mut action.pipe),
            Node::If(branch) | Node::Range(branch) | Node::With(branch) => {
                visit(&mut branch.pipe);
                pipes(&mut branch.body, visit);
                if let Some(body) = &mut branch.else_body {
                    pipes(body, visit);
                }
            }
            Node::Template(template) => {
                if let Some(pipe) = &mut template.pipe {
                    visit(pipe);
                }
            }
            Node::Define(define) => pipes(&mut define.body, visit),
            Node::Text(_) | Node::Break(_) | Node::Continue(_) => {}
        }
    }
}

/// Turns methods into calls and numbers the calls.
pub fn rewrite(tree: &mut ListNode, kind: Kind, places: &mut Places) {
    pipes(tree, &mut |pipe| rewrite_pipe(pipe, kind, places));
}

fn rewrite_pipe(pipe: &mut PipeNode, kind: Kind, places: &mut Places) {
    for command in &mut pipe.commands {
        rewrite_command(command, kind, places);
    }
}

fn rewrite_command(command: &mut CommandNode, kind: Kind, places: &mut Places) {
    let shown = show_command(command);
    let mut args = std::mem::take(&mut command.args).into_iter();
    let Some(head) = args.next() else { return };
    let offset = head.pos().offset;
    for expr in std::iter::once(&head).chain(args.as_slice()) {
        if matches!(expr, Expr::Field(..) | Expr::Variable(..) | Expr::Chain(..)) {
            places.fields.push((expr.pos().offset, show(expr)));
        }
    }
    let mut out = match method(&head, kind) {
        Some((name, target)) => {
            vec![Expr::Identifier(head.pos(), name), place(head.pos(), offset, &show(&head), places), target]
        }
        None => match head {
            Expr::Identifier(pos, name) if kind.functions().contains(&name.as_str()) => {
                vec![Expr::Identifier(pos, name), place(pos, offset, &shown, places)]
            }
            head => vec![argument(head, kind, places)],
        },
    };
    out.extend(args.map(|arg| argument(arg, kind, places)));
    command.args = out;
}

fn place(pos: Pos, offset: usize, text: &str, places: &mut Places) -> Expr {
    places.calls.push((offset, text.to_owned()));
    Expr::Number(pos, Number::Int(places.calls.len() as i64 - 1))
}

/// An argument; a bare function or method among them is a call without arguments.
fn argument(expr: Expr, kind: Kind, places: &mut Places) -> Expr {
    let pos = expr.pos();
    let is_call = match &expr {
        Expr::Identifier(_, name) => kind.functions().contains(&name.as_str()),
        other => method(other, kind).is_some(),
    };
    if is_call {
        let mut command = CommandNode { pos, args: vec![expr] };
        rewrite_command(&mut command, kind, places);
        return Expr::Pipe(
            pos,
            PipeNode { pos, decl: Vec::new(), commands: vec![command], is_assign: false },
        );
    }
    match expr {
        Expr::Pipe(pos, mut pipe) => {
            rewrite_pipe(&mut pipe, kind, places);
            Expr::Pipe(pos, pipe)
        }
        Expr::Chain(pos, inner, fields) => Expr::Chain(pos, Box::new(argument(*inner, kind, places)), fields),
        other => other,
    }
}

/// The method at the end of a chain of fields, and what it is called on.
fn method(expr: &Expr, kind: Kind) -> Option<(SmolStr, Expr)> {
    let split = |fields: &[SmolStr]| {
        let (last, before) = fields.split_last()?;
        kind.methods().contains(&last.as_str()).then(|| (last.clone(), before.to_vec()))
    };
    match expr {
        Expr::Field(pos, fields) => {
            let (name, before) = split(fields)?;
            Some((name, if before.is_empty() { Expr::Dot(*pos) } else { Expr::Field(*pos, before) }))
        }
        Expr::Variable(pos, variable, fields) => {
            let (name, before) = split(fields)?;
            Some((name, Expr::Variable(*pos, variable.clone(), before)))
        }
        Expr::Chain(pos, inner, fields) => {
            let (name, before) = split(fields)?;
            let inner =
                if before.is_empty() { (**inner).clone() } else { Expr::Chain(*pos, inner.clone(), before) };
            Some((name, inner))
        }
        _ => None,
    }
}

fn show_command(command: &CommandNode) -> String {
    command.args.iter().map(show).collect::<Vec<_>>().join(" ")
}

/// As Go writes a node in messages.
fn show(expr: &Expr) -> String {
    let fields = |fields: &[SmolStr]| fields.iter().map(|field| format!(".{field}")).collect::<String>();
    match expr {
        Expr::Dot(_) => ".".to_owned(),
        Expr::Field(_, names) => fields(names),
        Expr::Variable(_, name, names) => format!("{name}{}", fields(names)),
        Expr::Identifier(_, name) => name.to_string(),
        Expr::String(_, text) => format!("{text:?}"),
        Expr::Number(_, Number::Int(number)) => number.to_string(),
        Expr::Number(_, Number::Uint(number)) => number.to_string(),
        Expr::Number(_, Number::Float(number)) => number.to_string(),
        Expr::Bool(_, flag) => flag.to_string(),
        Expr::Nil(_) => "nil".to_owned(),
        Expr::Pipe(_, pipe) => {
            let commands: Vec<String> = pipe.commands.iter().map(show_command).collect();
            format!("({})", commands.join(" | "))
        }
        Expr::Chain(_, inner, names) => format!("{}{}", show(inner), fields(names)),
    }
}
