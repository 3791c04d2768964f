//! Places as tests show them: the line, and marks under what is meant.

use text::{FileId, FileRange};

use crate::fixture::Fixture;

/// Each place with its file and line, and a label under its marks.
pub fn places(fixture: &Fixture, places: impl IntoIterator<Item = (FileRange, String)>) -> String {
    let mut out = String::new();
    for (place, label) in places {
        let text = fixture.text(place.file);
        let (start, end) = (usize::from(place.range.start()), usize::from(place.range.end()));
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let line = &text[line_start..line_end];
        let number = text[..start].matches('\n').count() + 1;
        let head = format!("{}:{number}: ", fixture.name(place.file));
        let shown = line.trim_start();
        let cut = line.len() - shown.len();
        let width = end.min(line_end).saturating_sub(start).max(1);
        let before = head.len() + (start - line_start).saturating_sub(cut);
        let more = if end > line_end { "…" } else { "" };
        let mark = format!("{}{}{more} {label}", " ".repeat(before), "^".repeat(width));
        out.push_str(&format!("{head}{shown}\n{}\n", mark.trim_end()));
    }
    if out.is_empty() { "nothing\n".to_owned() } else { out }
}

/// The place of `range` in `file`.
pub fn place(file: FileId, range: text::TextRange) -> FileRange {
    FileRange { file, range }
}
