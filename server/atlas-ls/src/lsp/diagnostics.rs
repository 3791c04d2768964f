//! Diagnostics of a document in LSP's terms, for clients that pull and for those that are pushed to.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use gen_lsp_types as lsp;

use super::convert;
use super::documents::Document;
use super::log;
use super::plans;
use super::snapshot::Snapshot;

/// What is wrong with an open document.
pub(crate) fn of(snapshot: &Snapshot, document: &Document) -> Vec<lsp::Diagnostic> {
    let Some(file) = document.file else {
        return of_plan(snapshot, document);
    };
    let found = ide::diagnostics(&snapshot.project, file);
    let wanted = found.iter().filter(|found| snapshot.settings.lint || !is_lint(found.code));
    wanted.map(|found| shown(snapshot, document, &document.text, found)).collect()
}

/// The findings of a plan, at its statements.
fn of_plan(snapshot: &Snapshot, document: &Document) -> Vec<lsp::Diagnostic> {
    let Some(plan) = plans::of(snapshot, document) else { return Vec::new() };
    let found = plan.rendered.diagnostics.iter();
    found.map(|found| shown(snapshot, document, &plan.text, found)).collect()
}

/// Codes of analyzers are two letters and three digits: `DS102`.
fn is_lint(code: &str) -> bool {
    let bytes = code.as_bytes();
    bytes.len() == 5
        && bytes[..2].iter().all(u8::is_ascii_uppercase)
        && bytes[2..].iter().all(u8::is_ascii_digit)
}

/// A finding in LSP's terms; `text` is what its range is about.
pub(crate) fn shown(
    snapshot: &Snapshot,
    document: &Document,
    text: &text::Text,
    found: &text::Diagnostic,
) -> lsp::Diagnostic {
    let encoding = snapshot.client.encoding;
    let related = |related: &text::Related| {
        let (uri, text) = match related.file {
            None => (document.uri.clone(), text),
            Some(file) => (snapshot.uri(file)?, snapshot.project.text(file)?),
        };
        let range = convert::range_of(text, related.range, encoding);
        let message = log::redact(&related.message).into_owned();
        Some(lsp::DiagnosticRelatedInformation { location: lsp::Location { uri, range }, message })
    };
    let related: Vec<_> = match snapshot.client.related_information {
        true => found.related.iter().filter_map(related).collect(),
        false => Vec::new(),
    };
    let tags: Vec<_> = found
        .tags
        .iter()
        .map(|tag| match tag {
            text::Tag::Unnecessary => lsp::DiagnosticTag::Unnecessary,
            text::Tag::Deprecated => lsp::DiagnosticTag::Deprecated,
        })
        .collect();
    lsp::Diagnostic {
        range: convert::range_of(text, found.range, encoding),
        severity: Some(match found.severity {
            text::Severity::Error => lsp::DiagnosticSeverity::Error,
            text::Severity::Warning => lsp::DiagnosticSeverity::Warning,
            text::Severity::Information => lsp::DiagnosticSeverity::Information,
            text::Severity::Hint => lsp::DiagnosticSeverity::Hint,
        }),
        code: Some(found.code.to_owned().into()),
        source: Some("atlas".into()),
        message: log::redact(&found.message).into_owned().into(),
        tags: (!tags.is_empty()).then_some(tags),
        related_information: (!related.is_empty()).then_some(related),
        ..Default::default()
    }
}

/// A name for a list of diagnostics: equal lists have equal names.
pub(crate) fn fingerprint(items: &[lsp::Diagnostic]) -> String {
    let mut hasher = DefaultHasher::new();
    for item in items {
        item.hash(&mut hasher);
    }
    items.len().hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}
