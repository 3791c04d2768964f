//! Plan documents that a client has open, as the features see them.
//!
//! The client's text may be older than the plan, in its head by an age, in its statements by a moment; positions are
//! read against the plan of the snapshot. Invariant: nothing here answers for a document of another kind.

use ide::{Fold, FoldKind, Symbol, SymbolKind};
use project::{Path, PlanText};
use smol_str::SmolStr;
use text::{Text, TextSize};

use super::documents::Document;
use super::snapshot::Snapshot;
use super::{convert, plan_uri};

/// The plan behind a document.
pub(crate) struct Plan {
    pub(crate) config: Path,
    pub(crate) env: SmolStr,
    pub(crate) rendered: PlanText,
    pub(crate) text: Text,
}

/// The plan `document` shows; `None` for a document that is no plan.
pub(crate) fn of(snapshot: &Snapshot, document: &Document) -> Option<Plan> {
    if document.file.is_some() {
        return None;
    }
    let (config, env) = plan_uri::read(&snapshot.folders, &document.uri)?;
    let rendered = ide::plan_document(&snapshot.project, &config, &env, None);
    let text = Text::new(&rendered.text);
    Some(Plan { config, env, rendered, text })
}

impl Plan {
    /// Its statements, each with its first line as its name.
    pub(crate) fn symbols(&self) -> Vec<Symbol> {
        let symbol = |line: &project::Line| {
            let sql = self.text.slice(line.range);
            let first = sql.lines().next().unwrap_or_default().trim_end_matches([' ', '(', ';']);
            Symbol {
                name: first.to_owned(),
                detail: String::new(),
                kind: SymbolKind::Statement,
                range: line.range,
                selection: line.range,
                children: Vec::new(),
            }
        };
        self.rendered.lines.iter().map(symbol).collect()
    }

    /// A fold for each statement; the caller leaves out those of one line.
    pub(crate) fn folds(&self) -> Vec<Fold> {
        let fold = |line: &project::Line| Fold { range: line.range, kind: FoldKind::Region };
        self.rendered.lines.iter().map(fold).collect()
    }

    /// The byte of the plan that the client means.
    pub(crate) fn offset(&self, snapshot: &Snapshot, position: gen_lsp_types::Position) -> TextSize {
        convert::offset_in(&self.text, position, snapshot.client.encoding)
    }
}
