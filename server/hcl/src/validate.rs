//! A body against its declaration.
//!
//! Judges what the text says without evaluating it: names, labels, numbers of things, and literals of the wrong type.
//! What an expression computes is never judged here. Invariant: one mistake gives one finding, at the narrowest range.
//!
//! Source of the wording: the type checker of `atlas` 0.13 (documented/editors.md §1).

mod literal;

use rustc_hash::FxHashMap;
use syntax::hcl::File;
use syntax::hcl::ast::{self, AstNode, Ident, Item};
use text::{Diagnostic, Related, Severity, Tag, TextRange};

use crate::diagnostic::code;
use crate::spec::{Attribute, Block, Body, Labels, Openness};
use crate::suggest::suggest;

/// What is wrong in a file, with offsets of the file.
pub fn validate_file(file: &File, spec: &'static Body) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    // Blocks that may be there once: where the first is.
    let mut first: FxHashMap<String, TextRange> = FxHashMap::default();
    let mut unknown = false;
    for placed in file.pieces() {
        let Some(body) = placed.piece.body() else { continue };
        let found = validate_piece(&body, spec);
        out.extend(found.into_iter().map(|diagnostic| diagnostic.shifted(placed.start)));
        for block in body.blocks() {
            let Some(name) = block.type_name() else { continue };
            let Some(declared) = spec.block(name.text()) else {
                unknown = true;
                continue;
            };
            let range = name.range() + placed.start;
            match first.get(name.text()) {
                Some(_) if declared.repeatable => {}
                Some(first) => out.push(duplicate_block(name.text(), range, *first, None)),
                None => drop(first.insert(name.text().to_owned(), range)),
            }
        }
    }
    // Text that cannot be read, or a name nobody knows, may be what is missing.
    let is_clean = !unknown && file.pieces().iter().all(|placed| placed.piece.errors().is_empty());
    for declared in spec.blocks.iter().filter(|declared| declared.required && is_clean) {
        if !first.contains_key(declared.name) {
            let message = format!("missing required block {}", declared.name);
            out.push(Diagnostic::error(TextRange::default(), code::MISSING_BLOCK, message));
        }
    }
    out.sort_by_key(|diagnostic| diagnostic.range.start());
    out
}

/// What is wrong in one piece of a file, with offsets of the piece.
///
/// Whether something required is missing, or there twice, is for [`validate_file`].
pub fn validate_piece(body: &ast::Body, spec: &'static Body) -> Vec<Diagnostic> {
    let mut validator = Validator { out: Vec::new() };
    validator.items(body, spec, None);
    validator.out
}

/// What is wrong in the body of a block of type `name`.
pub fn validate(body: &ast::Body, spec: &'static Body, block: &ast::Block) -> Vec<Diagnostic> {
    let mut validator = Validator { out: Vec::new() };
    validator.body(body, spec, block);
    validator.out
}

struct Validator {
    out: Vec<Diagnostic>,
}

impl Validator {
    /// All that is wrong in the body of `block`.
    fn body(&mut self, body: &ast::Body, spec: &'static Body, block: &ast::Block) {
        let container = block.type_name();
        let container = container.as_ref().map(Ident::text);
        self.items(body, spec, container);
        self.counts(body, spec, block, container);
    }

    fn items(&mut self, body: &ast::Body, spec: &'static Body, container: Option<&str>) {
        for item in body.items() {
            match item {
                Item::Attribute(attribute) => self.attribute(&attribute, spec, container),
                Item::Block(block) => self.block(&block, spec, container),
                // Half typed: the parser says so.
                Item::Incomplete(_) => {}
            }
        }
    }

    fn attribute(&mut self, attribute: &ast::Attribute, spec: &'static Body, container: Option<&str>) {
        let Some(name) = attribute.name() else { return };
        let Some(declared) = spec.attribute(name.text()) else {
            if spec.block(name.text()).is_some() {
                let message =
                    format!("{} must be a block, not an attribute{}", name.text(), within(container));
                self.out.push(Diagnostic::error(name.range(), code::UNKNOWN_ATTRIBUTE, message));
                return;
            }
            let severity = match spec.openness {
                Openness::Complete => Severity::Error,
                Openness::Open => return,
                Openness::Partial => Severity::Hint,
            };
            let names = spec.attributes.iter().map(|attribute| attribute.name);
            self.unknown(&name, "attribute", severity, code::UNKNOWN_ATTRIBUTE, names, container);
            return;
        };
        self.deprecated(&name, declared.deprecated);
        if let Some(expr) = attribute.expr() {
            self.out.extend(literal::judge(&expr, declared, &within(container)));
        }
    }

    fn block(&mut self, block: &ast::Block, spec: &'static Body, container: Option<&str>) {
        let Some(name) = block.type_name() else { return };
        let Some(declared) = spec.block(name.text()) else {
            if spec.attribute(name.text()).is_some() {
                let message =
                    format!("{} must be an attribute, not a block{}", name.text(), within(container));
                self.out.push(Diagnostic::error(name.range(), code::UNKNOWN_BLOCK, message));
                return;
            }
            let severity = match spec.openness {
                Openness::Complete | Openness::Open => Severity::Error,
                Openness::Partial => Severity::Hint,
            };
            let names = spec.blocks.iter().map(|block| block.name);
            self.unknown(&name, "block type", severity, code::UNKNOWN_BLOCK, names, container);
            return;
        };
        self.deprecated(&name, declared.deprecated);
        self.labels(block, declared, &name);
        let label = block.labels().next().map(|label| label.value());
        let known = |label: &str| declared.variants.iter().any(|variant| variant.label == label);
        if !declared.variants.is_empty() && !label.as_deref().is_some_and(known) {
            // Which body it should have is the mistake; nothing can be said about what is in it.
            return;
        }
        if let Some(body) = block.body() {
            self.body(&body, declared.body_of(label.as_deref()), block);
        }
    }

    fn labels(&mut self, block: &ast::Block, declared: &Block, name: &Ident) {
        let labels: Vec<ast::Label> = block.labels().collect();
        let Labels { min, max, .. } = declared.labels;
        let count = labels.len();
        if count < min || count > max {
            let plural = |count: usize| if count == 1 { "label" } else { "labels" };
            let rule = match (min, max) {
                (0, 0) => "no labels".to_owned(),
                _ if min == max => format!("exactly {min} {}", plural(min)),
                _ if count < min => format!("at least {min} {}", plural(min)),
                _ => format!("at most {max} {}", plural(max)),
            };
            let extra = labels.get(max).map(ast::Label::range);
            let range = match (extra, labels.last()) {
                (Some(extra), Some(last)) => extra.cover(last.range()),
                _ => name.range(),
            };
            let message = format!("{} block must have {rule}", name.text());
            let mut found = Diagnostic::error(range, code::LABELS, message);
            if extra.is_some() && max == 0 {
                found =
                    found.with_fix("Remove the labels", TextRange::new(name.range().end(), range.end()), "");
            }
            self.out.push(found);
            return;
        }
        let (Some(label), false) = (labels.first(), declared.variants.is_empty()) else { return };
        let value = label.value();
        if declared.variants.iter().any(|variant| variant.label == value) {
            return;
        }
        let severity = match declared.body.openness {
            Openness::Complete => Severity::Error,
            Openness::Open => return,
            Openness::Partial => Severity::Hint,
        };
        let near = suggest(&value, declared.variants.iter().map(|variant| variant.label));
        let mut found = Diagnostic::new(
            label.range(),
            severity,
            code::UNKNOWN_VALUE,
            format!("unknown {} type {value}{}", name.text(), did_you_mean(near)),
        );
        if let Some(near) = near {
            found = found.with_fix(change(&value, near), label.value_range(), near);
        }
        self.out.push(found);
    }

    /// What is missing, or there too often.
    fn counts(&mut self, body: &ast::Body, spec: &'static Body, block: &ast::Block, container: Option<&str>) {
        let head = block.type_name().map_or(block.header_range(), |name| name.range());
        // By declared name, so that an alias counts as its attribute.
        let mut attributes: FxHashMap<&str, TextRange> = FxHashMap::default();
        let mut blocks: FxHashMap<&str, TextRange> = FxHashMap::default();
        let mut incomplete = false;
        // What a misspelt name was meant to be is not missing.
        let mut meant: Vec<&str> = Vec::new();
        let attribute_names = || spec.attributes.iter().map(|attribute| attribute.name);
        let block_names = || spec.blocks.iter().map(|block| block.name);
        for item in body.items() {
            match item {
                Item::Attribute(attribute) => {
                    let Some(name) = attribute.name() else { continue };
                    let declared: Option<&'static Attribute> = spec.attribute(name.text());
                    // The parser knows nothing of names, so a name set twice is found here, declared or not.
                    match declared {
                        Some(declared) => {
                            self.count_attribute(&mut attributes, declared.name, &name, container)
                        }
                        None => {
                            meant.extend(suggest(name.text(), attribute_names()));
                            meant.extend(spec.block(name.text()).map(|block| block.name));
                            self.unknown_twice(body, &name, container);
                        }
                    }
                }
                Item::Block(inner) => {
                    let Some(name) = inner.type_name() else { continue };
                    let Some(declared) = spec.block(name.text()) else {
                        meant.extend(suggest(name.text(), block_names()));
                        meant.extend(spec.attribute(name.text()).map(|attribute| attribute.name));
                        continue;
                    };
                    match blocks.get(declared.name) {
                        Some(first) if !declared.repeatable => {
                            self.out.push(duplicate_block(name.text(), name.range(), *first, container));
                        }
                        Some(_) => {}
                        None => drop(blocks.insert(declared.name, name.range())),
                    }
                }
                Item::Incomplete(_) => incomplete = true,
            }
        }
        for set in spec.exclusive {
            let mut there: Vec<(TextRange, &str)> = set
                .iter()
                .filter_map(|name| Some((*attributes.get(name).or_else(|| blocks.get(name))?, *name)))
                .collect();
            there.sort_by_key(|(range, _)| range.start());
            if let [(_, first), (range, second), ..] = there.as_slice() {
                let message = format!("{second} and {first} are mutually exclusive{}", within(container));
                self.out.push(Diagnostic::error(*range, code::EXCLUSIVE, message));
            }
        }
        // Something is being typed, or the block is not closed: what is missing may be about to come.
        if incomplete || block.close_brace().is_none() {
            return;
        }
        for attribute in spec.attributes.iter().filter(|attribute| attribute.required) {
            if !attributes.contains_key(attribute.name) && !meant.contains(&attribute.name) {
                let message = format!("missing required attribute {}{}", attribute.name, in_block(container));
                self.out.push(Diagnostic::error(head, code::MISSING_ATTRIBUTE, message));
            }
        }
        for declared in spec.blocks.iter().filter(|declared| declared.required) {
            if !blocks.contains_key(declared.name) && !meant.contains(&declared.name) {
                let message = format!("missing required block {}{}", declared.name, in_block(container));
                self.out.push(Diagnostic::error(head, code::MISSING_BLOCK, message));
            }
        }
        for set in spec.one_of {
            let there = |name: &&str| {
                attributes.contains_key(name) || blocks.contains_key(name) || meant.contains(name)
            };
            if !set.iter().any(there) {
                let message = format!("one of {} is required{}", set.join(", "), in_block(container));
                self.out.push(Diagnostic::error(head, code::ONE_OF_REQUIRED, message));
            }
        }
    }

    fn count_attribute<'a>(
        &mut self,
        seen: &mut FxHashMap<&'a str, TextRange>,
        declared: &'a str,
        name: &Ident,
        container: Option<&str>,
    ) {
        match seen.get(declared) {
            Some(first) => self.twice(name, *first, container),
            None => drop(seen.insert(declared, name.range())),
        }
    }

    /// An attribute that is not declared, set before in the same body.
    fn unknown_twice(&mut self, body: &ast::Body, name: &Ident, container: Option<&str>) {
        let first = body.attribute(name.text()).and_then(|attribute| attribute.name());
        if let Some(first) = first.filter(|first| first.range() != name.range()) {
            self.twice(name, first.range(), container);
        }
    }

    fn twice(&mut self, name: &Ident, first: TextRange, container: Option<&str>) {
        let message = format!("attribute {} is set twice{}", name.text(), within(container));
        let mut found = Diagnostic::error(name.range(), code::DUPLICATE_ATTRIBUTE, message);
        found.related.push(Related { file: None, range: first, message: "first set here".into() });
        self.out.push(found);
    }

    fn unknown(
        &mut self,
        name: &Ident,
        what: &str,
        severity: Severity,
        code: text::Code,
        names: impl Iterator<Item = &'static str>,
        container: Option<&str>,
    ) {
        let near = suggest(name.text(), names);
        let message = format!("unknown {what} {}{}{}", name.text(), within(container), did_you_mean(near));
        let mut found = Diagnostic::new(name.range(), severity, code, message);
        if let Some(near) = near {
            found = found.with_fix(change(name.text(), near), name.range(), near);
        }
        self.out.push(found);
    }

    fn deprecated(&mut self, name: &Ident, instead: Option<&str>) {
        let Some(instead) = instead else { return };
        let message = format!("{} is deprecated: {}", name.text(), instead.trim_end_matches('.'));
        let mut found = Diagnostic::hint(name.range(), code::DEPRECATED, message);
        found.tags.push(Tag::Deprecated);
        self.out.push(found);
    }
}

fn duplicate_block(name: &str, range: TextRange, first: TextRange, container: Option<&str>) -> Diagnostic {
    let message = format!("block {name} may be there only once{}", within(container));
    let mut found = Diagnostic::error(range, code::DUPLICATE_BLOCK, message);
    found.related.push(Related { file: None, range: first, message: "first one here".into() });
    found
}

/// ` in block of type table`
fn within(container: Option<&str>) -> String {
    container.map(|name| format!(" in block of type {name}")).unwrap_or_default()
}

/// ` in block table`: the words for what is missing.
fn in_block(container: Option<&str>) -> String {
    container.map(|name| format!(" in block {name}")).unwrap_or_default()
}

fn did_you_mean(near: Option<&str>) -> String {
    near.map(|near| format!(" (Did you mean {near}?)")).unwrap_or_default()
}

fn change(from: &str, to: &str) -> String {
    format!("Change \"{from}\" to \"{to}\"")
}
