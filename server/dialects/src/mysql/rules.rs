//! What schema HCL means in MySQL beyond its grammar.

use engine::decode::{Hooks, TriggerParts};
use schema::{Attrs, Trigger};

pub struct Rules;

impl Hooks for Rules {
    fn trigger(&self, parts: &TriggerParts) -> Trigger {
        Trigger {
            schema: parts.schema.clone(),
            name: parts.name.clone(),
            on: parts.on.clone(),
            body: parts.body.clone(),
            attrs: Attrs::default(),
        }
    }

    fn trigger_parts(&self, _trigger: &Trigger) -> Option<TriggerParts> {
        None
    }
}
