//! Plan documents that a client has open, as the features see them.
//!
//! The client's text may be older than the plan, in its head by an age, in its statements by a moment; positions are
//! read against the plan of the snapshot. Invariant: nothing here answers for a document of another kind.

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
    /// The byte of the plan that the client means.
    pub(crate) fn offset(&self, snapshot: &Snapshot, position: gen_lsp_types::Position) -> TextSize {
        convert::offset_in(&self.text, position, snapshot.client.encoding)
    }
}
