//! An evaluated block: names to values, with where each was written.
//!
//! Knows no meaning; [`crate::env`] reads it. Ranges are absolute in the configuration.

use std::collections::BTreeMap;

use hcl::Value;
use smol_str::SmolStr;
use text::TextRange;

/// An evaluated body.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Node {
    pub attrs: BTreeMap<SmolStr, Attr>,
    /// In the order of the file.
    pub blocks: Vec<Child>,
}

/// An evaluated attribute. `null` counts as not set and is not here.
#[derive(Clone, Debug, PartialEq)]
pub struct Attr {
    pub value: Value,
    /// The whole attribute.
    pub range: TextRange,
    /// The expression.
    pub expr: TextRange,
}

/// A block in a body.
#[derive(Clone, Debug, PartialEq)]
pub struct Child {
    pub kind: SmolStr,
    pub labels: Vec<SmolStr>,
    pub range: TextRange,
    pub node: Node,
}

impl Node {
    pub fn attr(&self, name: &str) -> Option<&Attr> {
        self.attrs.get(name)
    }

    /// The first block of type `kind`.
    pub fn block(&self, kind: &str) -> Option<&Node> {
        self.blocks.iter().find(|child| child.kind == kind).map(|child| &child.node)
    }

    /// The block at a path of types: `["format", "schema"]`.
    pub fn at(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(self, |node, kind| node.block(kind))
    }

    /// All of it as one object; blocks become attributes, labels one level each, the first of equals wins.
    ///
    /// For those who read settings by name and do not need places: the lint analyzers.
    pub fn to_value(&self) -> Value {
        let mut entries: BTreeMap<SmolStr, Value> =
            self.attrs.iter().map(|(name, attr)| (name.clone(), attr.value.clone())).collect();
        let mut labeled: BTreeMap<SmolStr, Vec<&Child>> = BTreeMap::new();
        for child in &self.blocks {
            if child.labels.is_empty() {
                entries.entry(child.kind.clone()).or_insert_with(|| child.node.to_value());
            } else {
                labeled.entry(child.kind.clone()).or_default().push(child);
            }
        }
        for (kind, children) in labeled {
            let inner: BTreeMap<SmolStr, Value> = children
                .iter()
                .rev()
                .map(|child| {
                    let mut labels = child.labels.iter().rev();
                    let last = labels.next().cloned().unwrap_or_default();
                    let (mut key, mut value) = (last, child.node.to_value());
                    for label in labels {
                        value = Value::object([(key, value)]);
                        key = label.clone();
                    }
                    (key, value)
                })
                .collect();
            entries.entry(kind).or_insert_with(|| Value::object(inner));
        }
        Value::object(entries)
    }
}
