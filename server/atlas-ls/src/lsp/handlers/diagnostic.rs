//! `textDocument/diagnostic`: what is wrong with a document, when the client asks.
//!
//! The answer names itself by its content, so that a client that has it already is told "unchanged".

use gen_lsp_types::{
    DiagnosticOptions, DiagnosticProvider, DocumentDiagnosticParams, DocumentDiagnosticReport,
    DocumentDiagnosticRequest, FullDocumentDiagnosticReport, RelatedFullDocumentDiagnosticReport,
    RelatedUnchangedDocumentDiagnosticReport, ServerCapabilities, UnchangedDocumentDiagnosticReport,
};

use crate::lsp::cancel::Cancel;
use crate::lsp::client::ClientCaps;
use crate::lsp::diagnostics;
use crate::lsp::failure::Failure;
use crate::lsp::handler::{Handler, Stale};
use crate::lsp::snapshot::Snapshot;

pub(super) struct Diagnostic;

impl Handler for Diagnostic {
    type Request = DocumentDiagnosticRequest;
    const STALE: Stale = Stale::Rerun;

    fn advertise(capabilities: &mut ServerCapabilities, _: &ClientCaps) {
        capabilities.diagnostic_provider = Some(DiagnosticProvider::DiagnosticOptions(DiagnosticOptions {
            identifier: Some("atlas".into()),
            inter_file_dependencies: true,
            workspace_diagnostics: false,
            ..Default::default()
        }));
    }

    fn handle(
        snapshot: &Snapshot,
        params: DocumentDiagnosticParams,
        cancel: &Cancel,
    ) -> Result<DocumentDiagnosticReport, Failure> {
        // A report is due for every document, also for one that is none of ours.
        let document = snapshot.documents.of(&params.text_document.uri);
        let items = document.map(|document| diagnostics::of(snapshot, document)).unwrap_or_default();
        cancel.check()?;
        let id = diagnostics::fingerprint(&items);
        Ok(if params.previous_result_id.as_ref() == Some(&id) {
            RelatedUnchangedDocumentDiagnosticReport {
                unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport { result_id: id },
                ..Default::default()
            }
            .into()
        } else {
            RelatedFullDocumentDiagnosticReport {
                full_document_diagnostic_report: FullDocumentDiagnosticReport { result_id: Some(id), items },
                ..Default::default()
            }
            .into()
        })
    }
}
