//! `textDocument/semanticTokens/full` and `…/range`.

use gen_lsp_types::{
    Full, SemanticToken, SemanticTokens, SemanticTokensLegend, SemanticTokensOptions,
    SemanticTokensOptionsRange, SemanticTokensParams, SemanticTokensProvider, SemanticTokensRangeParams,
    SemanticTokensRangeRequest, SemanticTokensRequest, ServerCapabilities,
};
use ide::{Modifiers, Token, TokenKind};
use text::Text;

use crate::lsp::cancel::Cancel;
use crate::lsp::client::ClientCaps;
use crate::lsp::convert::{self, Cursor};
use crate::lsp::failure::Failure;
use crate::lsp::handler::Handler;
use crate::lsp::lanes::Lane;
use crate::lsp::snapshot::Snapshot;

/// Of a whole document.
pub(super) struct OfDocument;

impl Handler for OfDocument {
    type Request = SemanticTokensRequest;

    fn advertise(capabilities: &mut ServerCapabilities, _: &ClientCaps) {
        options(capabilities).full = Some(Full::Bool(true));
    }

    fn handle(
        snapshot: &Snapshot,
        params: SemanticTokensParams,
        cancel: &Cancel,
    ) -> Result<Option<SemanticTokens>, Failure> {
        let (file, text) = snapshot.file(&params.text_document.uri)?;
        let tokens = ide::tokens(&snapshot.project, file, None);
        cancel.check()?;
        Ok(Some(encode(snapshot, text, &tokens)))
    }
}

/// Of what the user sees; asked for first, so that colours come at once.
pub(super) struct OfRange;

impl Handler for OfRange {
    type Request = SemanticTokensRangeRequest;
    const LANE: Lane = Lane::Latency;

    fn advertise(capabilities: &mut ServerCapabilities, _: &ClientCaps) {
        options(capabilities).range = Some(SemanticTokensOptionsRange::Bool(true));
    }

    fn handle(
        snapshot: &Snapshot,
        params: SemanticTokensRangeParams,
        cancel: &Cancel,
    ) -> Result<Option<SemanticTokens>, Failure> {
        let (file, text) = snapshot.file(&params.text_document.uri)?;
        let range = convert::range_in(text, params.range, snapshot.client.encoding);
        let tokens = ide::tokens(&snapshot.project, file, Some(range));
        cancel.check()?;
        Ok(Some(encode(snapshot, text, &tokens)))
    }
}

fn options(capabilities: &mut ServerCapabilities) -> &mut SemanticTokensOptions {
    let legend = || SemanticTokensLegend {
        token_types: TokenKind::ALL.iter().map(|(_, name)| (*name).to_owned()).collect(),
        token_modifiers: Modifiers::ALL.iter().map(|name| (*name).to_owned()).collect(),
    };
    let provider = capabilities.semantic_tokens_provider.get_or_insert_with(|| {
        SemanticTokensProvider::SemanticTokensOptions(SemanticTokensOptions {
            legend: legend(),
            ..Default::default()
        })
    });
    match provider {
        SemanticTokensProvider::SemanticTokensOptions(options) => options,
        SemanticTokensProvider::SemanticTokensRegistrationOptions(options) => {
            &mut options.semantic_tokens_options
        }
    }
}

/// Each token relative to the one before (LSP 3.17, "Semantic Tokens").
fn encode(snapshot: &Snapshot, text: &Text, tokens: &[Token]) -> SemanticTokens {
    let mut cursor = Cursor::new(text, snapshot.client.encoding);
    let mut data = Vec::with_capacity(tokens.len());
    let (mut line, mut character) = (0, 0);
    for token in tokens {
        let start = cursor.position(token.range.start());
        let end = cursor.position(token.range.end());
        if end.line != start.line
            || end.character <= start.character
            || (start.line, start.character) < (line, character)
        {
            continue;
        }
        let delta_start = if start.line == line { start.character - character } else { start.character };
        data.push(SemanticToken {
            delta_line: start.line - line,
            delta_start,
            length: end.character - start.character,
            token_type: TokenKind::ALL.iter().position(|(kind, _)| *kind == token.kind).unwrap_or_default()
                as u32,
            token_modifiers_bitset: token.modifiers.0,
        });
        (line, character) = (start.line, start.character);
    }
    SemanticTokens { result_id: None, data }
}
