//! What all tests here use: trees and diagnostics as text, and the samples.

mod canonical;
mod oracle;
mod random;
mod recovery;
mod views;

use std::fmt::Write;

use rowan::NodeOrToken;

use crate::hcl::{File, SyntaxNode};

/// The samples: HCL that Atlas accepts, as (name, text).
fn samples() -> Vec<(&'static str, &'static str)> {
    let archives = [
        include_str!("../../test_data/hcl/scripts.txtar"),
        include_str!("../../test_data/hcl/inspected.txtar"),
        include_str!("../../test_data/hcl/projects.txtar"),
    ];
    archives.into_iter().flat_map(sections).collect()
}

/// The files of a txtar archive.
fn sections(archive: &'static str) -> Vec<(&'static str, &'static str)> {
    let mut sections = Vec::new();
    for section in archive.split("\n-- ").skip(1) {
        let (name, text) = section.split_once(" --\n").expect("a section has a header");
        // The line break before the next header belongs to the text; the split took it.
        let start = text.as_ptr() as usize - archive.as_ptr() as usize;
        let end = (start + text.len() + 1).min(archive.len());
        sections.push((name, &archive[start..end]));
    }
    sections
}

/// Trees in one line each, and what is wrong, with the text it points at.
fn render(text: &str) -> String {
    let file = File::of(text);
    let mut out = String::new();
    for placed in file.pieces() {
        out.push_str("| ");
        render_node(&placed.piece.syntax(), &mut out);
        out.push('\n');
    }
    for error in file.errors() {
        let at = &text[error.range];
        let _ = writeln!(out, "{:?} {at:?} {}: {}", error.range, error.code, error.message);
    }
    out
}

/// `Kind(child "token" …)`, without white space and line breaks.
fn render_node(node: &SyntaxNode, out: &mut String) {
    let _ = write!(out, "{:?}(", node.kind());
    let mut separator = "";
    for element in node.children_with_tokens() {
        match element {
            NodeOrToken::Token(token) if token.text().trim().is_empty() => continue,
            NodeOrToken::Token(token) => {
                let _ = write!(out, "{separator}{}", token.text().escape_debug());
            }
            NodeOrToken::Node(node) => {
                out.push_str(separator);
                render_node(&node, out);
            }
        }
        separator = " ";
    }
    out.push(')');
}

/// The codes of what is wrong with `text`.
fn codes(text: &str) -> Vec<&'static str> {
    File::of(text).errors().iter().map(|error| error.code).collect()
}
