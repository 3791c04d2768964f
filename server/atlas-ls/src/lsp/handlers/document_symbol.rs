//! `textDocument/documentSymbol`: a tree, or a list for clients that show no tree.

use gen_lsp_types::{
    BaseSymbolInformation, DocumentSymbol as LspSymbol, DocumentSymbolParams, DocumentSymbolProvider,
    DocumentSymbolRequest, DocumentSymbolResponse, Location, ServerCapabilities, SymbolInformation,
    SymbolKind as LspKind, Uri,
};
use ide::{Symbol, SymbolKind};
use text::Text;

use crate::lsp::cancel::Cancel;
use crate::lsp::client::ClientCaps;
use crate::lsp::convert;
use crate::lsp::failure::Failure;
use crate::lsp::handler::Handler;
use crate::lsp::plans;
use crate::lsp::snapshot::Snapshot;

pub(super) struct DocumentSymbol;

impl Handler for DocumentSymbol {
    type Request = DocumentSymbolRequest;

    fn advertise(capabilities: &mut ServerCapabilities, _: &ClientCaps) {
        capabilities.document_symbol_provider = Some(DocumentSymbolProvider::Bool(true));
    }

    fn handle(
        snapshot: &Snapshot,
        params: DocumentSymbolParams,
        cancel: &Cancel,
    ) -> Result<Option<DocumentSymbolResponse>, Failure> {
        let uri = &params.text_document.uri;
        let plan = plans::of(snapshot, snapshot.document(uri)?);
        let (text, symbols) = match &plan {
            Some(plan) => (&plan.text, plan.symbols()),
            None => {
                let (file, text) = snapshot.file(uri)?;
                (text, ide::document_symbols(&snapshot.project, file))
            }
        };
        cancel.check()?;
        Ok(Some(if snapshot.client.hierarchical_symbols {
            let symbols = symbols.iter().map(|symbol| tree(snapshot, text, symbol)).collect();
            DocumentSymbolResponse::DocumentSymbolList(symbols)
        } else {
            let mut list = Vec::new();
            flat(snapshot, text, uri, &symbols, None, &mut list);
            DocumentSymbolResponse::SymbolInformationList(list)
        }))
    }
}

fn tree(snapshot: &Snapshot, text: &Text, symbol: &Symbol) -> LspSymbol {
    let encoding = snapshot.client.encoding;
    let children: Vec<LspSymbol> = symbol.children.iter().map(|child| tree(snapshot, text, child)).collect();
    LspSymbol::new(
        name(symbol),
        Some(symbol.detail.clone()).filter(|detail| !detail.is_empty()),
        kind(symbol.kind),
        None,
        None,
        convert::range_of(text, symbol.range, encoding),
        convert::range_of(text, symbol.selection, encoding),
        (!children.is_empty()).then_some(children),
    )
}

fn flat(
    snapshot: &Snapshot,
    text: &Text,
    uri: &Uri,
    symbols: &[Symbol],
    container: Option<&str>,
    out: &mut Vec<SymbolInformation>,
) {
    for symbol in symbols {
        let range = convert::range_of(text, symbol.range, snapshot.client.encoding);
        let base = BaseSymbolInformation {
            name: name(symbol),
            kind: kind(symbol.kind),
            tags: None,
            container_name: container.map(str::to_owned),
        };
        out.push(SymbolInformation::new(None, Location { uri: uri.clone(), range }, base));
        flat(snapshot, text, uri, &symbol.children, Some(&symbol.name), out);
    }
}

/// Clients refuse a symbol without a name.
fn name(symbol: &Symbol) -> String {
    if symbol.name.trim().is_empty() { "…".to_owned() } else { symbol.name.clone() }
}

pub(super) fn kind(kind: SymbolKind) -> LspKind {
    match kind {
        SymbolKind::Schema | SymbolKind::Env => LspKind::Namespace,
        SymbolKind::Table => LspKind::Class,
        SymbolKind::View => LspKind::Interface,
        SymbolKind::Column => LspKind::Field,
        SymbolKind::PrimaryKey | SymbolKind::ForeignKey | SymbolKind::Index => LspKind::Key,
        SymbolKind::Check => LspKind::Boolean,
        SymbolKind::Trigger => LspKind::Event,
        SymbolKind::Routine => LspKind::Function,
        SymbolKind::Enum => LspKind::Enum,
        SymbolKind::Variable => LspKind::Variable,
        SymbolKind::Data => LspKind::Object,
        SymbolKind::Block => LspKind::Struct,
        SymbolKind::Attribute => LspKind::Property,
        SymbolKind::Statement => LspKind::String,
    }
}
