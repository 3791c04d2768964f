//! What holds for every text: nothing is lost, nothing depends on what was parsed before, nothing panics.

use std::sync::Arc;

use text::{Text, TextRange, TextSize};

use super::samples;
use crate::hcl::lexer::lex;
use crate::hcl::{File, SyntaxKind, format, format_edits};

/// A small generator of numbers, the same in every run (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end.max(1) as u64) as usize
    }
}

const WORDS: &[&str] = &[
    "\"",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "=",
    ".",
    ",",
    "${",
    "%{ if a }",
    "%{ endif }",
    "<<EOT\n",
    "<<-E\n",
    "EOT\n",
    "\n",
    "\r\n",
    "\r",
    " ",
    "\t",
    "a",
    "é😀",
    "\u{301}",
    "*",
    "#",
    "//",
    "/*",
    "*/",
    "?",
    ":",
    "=>",
    "...",
    "for",
    "in",
    "-",
    "!",
    "~}",
    "\\",
    "$$",
    "table \"x\" {\n",
    "b = 1\n",
    "\u{feff}",
    "\0",
    "1.5",
    "::",
    "&",
    "col",
    "|",
];

fn lossless(file: &File, source: &str) {
    let trees: String = file.pieces().iter().map(|placed| placed.piece.syntax().text().to_string()).collect();
    assert_eq!(trees, source);
    let mut at = TextSize::new(0);
    for placed in file.pieces() {
        assert_eq!(placed.start, at);
        assert!(!placed.range().is_empty());
        at = placed.range().end();
    }
    assert_eq!(at, file.text_len());
    for error in file.errors() {
        assert!(source.get(std::ops::Range::<usize>::from(error.range)).is_some(), "{error:?}");
    }
}

#[test]
fn edits_of_samples_are_lossless_and_independent_of_history() {
    let samples = samples();
    let mut numbers = Numbers(0x5eed);
    for round in 0..60 {
        let mut text = Text::new(samples[numbers.below(samples.len())].1);
        let mut file = File::parse(&text, None);
        for _ in 0..12 {
            let source = text.to_string();
            let start = numbers.below(source.len() + 1);
            let end = (start + numbers.below(6) * numbers.below(3)).min(source.len());
            let range = TextRange::new(TextSize::new(start as u32), TextSize::new(end as u32));
            text.edit(range, WORDS[numbers.below(WORDS.len())]);
            let source = text.to_string();
            file = File::parse(&text, Some(&file));
            lossless(&file, &source);
            let alone = File::parse(&text, None);
            let ids = |file: &File| file.pieces().iter().map(|placed| placed.piece.id()).collect::<Vec<_>>();
            assert_eq!(ids(&file), ids(&alone), "round {round}");
            assert_eq!(file.errors(), alone.errors(), "round {round}");
        }
    }
}

/// The tokens of all pieces but the blanks between them.
fn tokens(text: &str) -> Vec<(SyntaxKind, String)> {
    let mut tokens = Vec::new();
    for placed in File::of(text).pieces() {
        let mut at = 0;
        for token in lex(placed.piece.text()) {
            let text = &placed.piece.text()[at..at + token.len as usize];
            at += token.len as usize;
            if token.kind != SyntaxKind::Whitespace {
                tokens.push((token.kind, text.to_owned()));
            }
        }
    }
    tokens
}

#[test]
fn soups_are_lossless_and_formatting_twice_is_formatting_once() {
    let mut numbers = Numbers(0xbead);
    for _ in 0..1500 {
        let soup: String = (0..numbers.below(24)).map(|_| WORDS[numbers.below(WORDS.len())]).collect();
        lossless(&File::of(&soup), &soup);
        let once = format(&soup);
        assert_eq!(format(&once), once, "{soup:?}");
        assert_eq!(tokens(&once), tokens(&soup), "{soup:?}");
        assert_eq!(text::apply_edits(&soup, &format_edits(&File::of(&soup))), once, "{soup:?}");
    }
}

/// Found by longer runs of the soups.
#[test]
fn soups_that_went_wrong() {
    for soup in [
        "e5 \"$$\\ {",
        "%{ for a in b } ),\ntable \"x\" {\ntable \"x\" {\n\r\n<<-E\n|&${#e5\t${//\tfor\r\ntable \"x\" {\n...}~}EOT\n%{ endif }-,",
        "}<<-E\ntable \"x\" {\na.%{else}~}-==#]${EOT\n~},)[::\0e5EOT\n b = 1\n\u{feff}%{endfor}::",
    ] {
        lossless(&File::of(soup), soup);
        let once = format(soup);
        assert_eq!(format(&once), once);
        assert_eq!(tokens(&once), tokens(soup));
    }
}

#[test]
fn deep_nesting_is_one_diagnostic_and_no_overflow() {
    for open in ["[", "(", "{a=", "f(", "!", "a ? b : ", "\"${", "[for a in ", "a[", "-", "<<E\n${"] {
        let text = format!("x = {}", open.repeat(10_000));
        let file = File::of(&text);
        lossless(&file, &text);
        assert!((1..=2).contains(&file.errors().len()), "{open}: {:?}", file.errors());
        format(&text);
    }
    let blocks = format!("{}{}", "a {\n ".repeat(10_000), "}\n".repeat(10_000));
    let file = File::of(&blocks);
    lossless(&file, &blocks);
    assert_eq!(file.errors().len(), 1);
}

#[test]
fn long_chains_are_not_deep() {
    for (text, unit) in [
        ("x = 1", " + 1"),
        ("x = a", ".b"),
        ("x = a", "[0]"),
        ("x = a", " && b || c == d"),
        ("x = [1", ", 2"),
    ] {
        let end = if text.contains('[') { "]\n" } else { "\n" };
        let text = format!("{text}{}{end}", unit.repeat(20_000));
        let file = File::of(&text);
        assert!(file.errors().is_empty(), "{unit}");
        lossless(&file, &text);
    }
}

#[test]
fn a_key_keeps_all_other_pieces() {
    let source: String = (0..50).map(|n| format!("table \"t{n}\" {{\n  a = {n}\n}}\n")).collect();
    let mut text = Text::new(&source);
    let before = File::parse(&text, None);
    assert_eq!(before.pieces().len(), 50);
    let at = TextSize::new(source.find("a = 25").expect("the table") as u32);
    for typed in ["b", "{", "\"", "}", "(", "<<SQL\n"] {
        text.edit(TextRange::empty(at), typed);
        let after = File::parse(&text, Some(&before));
        let shared = |file: &File| {
            let is_shared = |placed: &&crate::hcl::Placed| {
                before.pieces().iter().any(|old| Arc::ptr_eq(&old.piece, &placed.piece))
            };
            file.pieces().iter().filter(is_shared).count()
        };
        assert_eq!(shared(&after), 49, "typed {typed:?}: {:?}", after.errors());
        text.edit(TextRange::at(at, TextSize::of(typed)), "");
        assert_eq!(shared(&File::parse(&text, Some(&after))), 49);
    }
}

#[test]
fn pieces_are_found_by_offset_and_by_content() {
    let file = File::of("a = 1\nb = 2\na = 1\n");
    let starts: Vec<u32> = file.pieces().iter().map(|placed| placed.start.into()).collect();
    assert_eq!(starts, [0, 6, 12]);
    assert_eq!(file.piece_at(7.into()).map(|placed| placed.start), Some(6.into()));
    assert_eq!(file.piece_at(18.into()).map(|placed| placed.start), Some(12.into()));
    assert_eq!(file.pieces()[0].piece.id(), file.pieces()[2].piece.id());
    assert_ne!(file.pieces()[0].piece.id(), file.pieces()[1].piece.id());
    assert!(File::of("").piece_at(0.into()).is_none());
}
