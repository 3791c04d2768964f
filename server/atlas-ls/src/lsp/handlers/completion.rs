//! `textDocument/completion`.

use gen_lsp_types::{
    Command, CompletionItem, CompletionItemKind, CompletionItemLabelDetails, CompletionItemTag,
    CompletionList, CompletionOptions, CompletionParams, CompletionRequest, CompletionResponse,
    InsertTextFormat, ServerCapabilities, TextEdit,
};
use ide::{Item, ItemKind};
use text::{Text, TextRange, TextSize};

use super::hover::markup;
use crate::lsp::cancel::Cancel;
use crate::lsp::client::ClientCaps;
use crate::lsp::convert;
use crate::lsp::failure::Failure;
use crate::lsp::handler::{Handler, Stale};
use crate::lsp::lanes::Lane;
use crate::lsp::snapshot::Snapshot;

pub(super) struct Completion;

impl Handler for Completion {
    type Request = CompletionRequest;
    const LANE: Lane = Lane::Latency;
    /// Clients filter what they got by what was typed meanwhile; refusing would leave them with nothing.
    const STALE: Stale = Stale::Finish;

    fn advertise(capabilities: &mut ServerCapabilities, _: &ClientCaps) {
        let triggers = [".", "\"", "=", "[", "(", "{", ":"];
        capabilities.completion_provider = Some(CompletionOptions {
            trigger_characters: Some(triggers.map(str::to_owned).to_vec()),
            ..Default::default()
        });
    }

    fn handle(
        snapshot: &Snapshot,
        params: CompletionParams,
        cancel: &Cancel,
    ) -> Result<Option<CompletionResponse>, Failure> {
        let (file, offset, text) = snapshot.place(&params.text_document_position_params)?;
        let after = text.slice(TextRange::new(offset, text.line_range(text.line(offset)).end().max(offset)));
        let typed = params.context.as_ref().and_then(|context| context.trigger_character.as_deref());
        if typed == Some("=") && !after.trim().is_empty() {
            // The value is there already.
            return Ok(None);
        }
        let mut items = ide::completion(&snapshot.project, file, offset);
        cancel.check()?;
        if is_complete(text, offset, &items) {
            items.clear();
        }
        let is_incomplete = items.len() >= ide::LIMIT;
        let items = items.into_iter().map(|found| item(snapshot, text, found)).collect();
        Ok(Some(CompletionList { is_incomplete, items, ..Default::default() }.into()))
    }
}

/// Whether what stands before the cursor is all that any of the items would write: Enter must end the line then.
fn is_complete(text: &Text, offset: TextSize, items: &[Item]) -> bool {
    let typed = |item: &Item| {
        let start = item.edit.range.start();
        (start < offset).then(|| text.slice(TextRange::new(start, offset)).to_string())
    };
    let same = |item: &&Item| !item.snippet && typed(item).is_some_and(|typed| typed == item.edit.insert);
    let Some(whole) = items.iter().find(same).map(|item| item.edit.insert.as_str()) else { return false };
    !items.iter().any(|item| item.edit.insert != whole && item.label.starts_with(whole))
}

fn item(snapshot: &Snapshot, text: &Text, found: Item) -> CompletionItem {
    let client = &snapshot.client;
    let (new_text, snippet) = match found.snippet && !client.snippets {
        true => (plain(&found.edit.insert), false),
        false => (found.edit.insert, found.snippet),
    };
    let edit = TextEdit { range: convert::range_of(text, found.edit.range, client.encoding), new_text };
    // While the list is open VS Code shows a description, not a detail.
    let (label_details, detail) = match (found.detail, client.label_details) {
        (Some(detail), true) => {
            (Some(CompletionItemLabelDetails { description: Some(detail), ..Default::default() }), None)
        }
        (detail, _) => (None, detail),
    };
    let again = Command {
        title: "Suggest".into(),
        command: "editor.action.triggerSuggest".into(),
        ..Default::default()
    };
    CompletionItem {
        label: found.label,
        label_details,
        kind: Some(kind(found.kind)),
        tags: found.deprecated.then(|| vec![CompletionItemTag::Deprecated]),
        detail,
        documentation: found.documentation.map(|words| markup(client.markdown_completion, &words).into()),
        sort_text: Some(found.sort),
        filter_text: found.filter,
        insert_text_format: snippet.then_some(InsertTextFormat::Snippet),
        text_edit: Some(edit.into()),
        command: (found.trigger_again && client.runs("editor.action.triggerSuggest")).then_some(again),
        ..Default::default()
    }
}

fn kind(kind: ItemKind) -> CompletionItemKind {
    match kind {
        ItemKind::Attribute => CompletionItemKind::Property,
        ItemKind::Block => CompletionItemKind::Struct,
        ItemKind::Label => CompletionItemKind::Reference,
        ItemKind::Type => CompletionItemKind::TypeParameter,
        ItemKind::EnumValue => CompletionItemKind::EnumMember,
        ItemKind::Value => CompletionItemKind::Value,
        ItemKind::Function => CompletionItemKind::Function,
        ItemKind::Variable => CompletionItemKind::Variable,
        ItemKind::Env | ItemKind::Schema => CompletionItemKind::Module,
        ItemKind::Keyword => CompletionItemKind::Keyword,
        ItemKind::Table => CompletionItemKind::Class,
        ItemKind::View => CompletionItemKind::Interface,
        ItemKind::Column => CompletionItemKind::Field,
        ItemKind::Index | ItemKind::Object => CompletionItemKind::Constant,
        ItemKind::File => CompletionItemKind::File,
        ItemKind::Folder => CompletionItemKind::Folder,
        ItemKind::Snippet => CompletionItemKind::Snippet,
    }
}

/// The text a snippet leaves when nobody fills it in: `${1:name}` is `name`, `$0` nothing.
fn plain(snippet: &str) -> String {
    let mut out = String::with_capacity(snippet.len());
    let mut chars = snippet.chars().peekable();
    let mut depth = 0usize;
    while let Some(ch) = chars.next() {
        match ch {
            '\\' => out.extend(chars.next()),
            '$' if chars.peek() == Some(&'{') => {
                chars.next();
                while chars.next_if(char::is_ascii_digit).is_some() {}
                match chars.next() {
                    Some(':') => depth += 1,
                    // Of a choice, the first.
                    Some('|') => {
                        while let Some(ch) = chars.next_if(|ch| !matches!(ch, ',' | '|')) {
                            out.push(ch);
                        }
                        for ch in chars.by_ref() {
                            if ch == '}' {
                                break;
                            }
                        }
                    }
                    _ => {}
                }
            }
            '$' if chars.peek().is_some_and(char::is_ascii_digit) => {
                while chars.next_if(char::is_ascii_digit).is_some() {}
            }
            '}' if depth > 0 => depth -= 1,
            ch => out.push(ch),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snippet_leaves_its_defaults() {
        for (snippet, text) in [
            ("table \"${1:name}\" {\n  $0\n}", "table \"name\" {\n  \n}"),
            ("null = ${1|true,false|}", "null = true"),
            ("f(${1})$0", "f()"),
            ("\\$\\{x\\}", "${x}"),
            ("a ${1:b ${2:c}} d", "a b c d"),
            ("cost $5", "cost "),
        ] {
            assert_eq!(plain(snippet), text);
        }
    }
}
