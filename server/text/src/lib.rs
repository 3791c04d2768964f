//! Text and places in it: the rope behind an opaque [`Text`], byte offsets inside, LSP positions at the door.
//!
//! Knows no language. Invariant: an offset or range is always in bytes of UTF-8; only [`Text::position`] and
//! [`Text::offset`] speak the three encodings of LSP.

mod diagnostic;
mod edit;
mod position;
mod rope;

pub use text_size::{TextLen, TextRange, TextSize};

pub use crate::diagnostic::{Applicability, Code, Diagnostic, Fix, Related, Severity, Tag};
pub use crate::edit::{TextEdit, apply_edits};
pub use crate::position::{Encoding, Position};
pub use crate::rope::Text;

/// A file of the workspace, named by the front end that opened it; paths live there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// A place in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FileRange {
    pub file: FileId,
    pub range: TextRange,
}
