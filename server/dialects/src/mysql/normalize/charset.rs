//! A charset with its collation, and how they are inherited.

use engine::connection::Capabilities;
use schema::Attrs;

use crate::mysql::attr::{CHARSET, COLLATE};
use crate::mysql::charset::{canonical, default_collation, of_collation};
use crate::mysql::features::{CHARSET_SETTING, COLLATION_SETTING, UTF8MB3};

/// Both, under the server's names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pair {
    pub charset: String,
    pub collate: String,
}

/// A charset or collation under the name this server has for it.
fn named(name: &str, server: &Capabilities) -> String {
    let name = canonical(name);
    match (name.strip_prefix("utf8mb3"), server.setting(UTF8MB3)) {
        (Some(rest), "utf8") => format!("utf8{rest}"),
        _ => name,
    }
}

impl Pair {
    /// What attributes say; each brings the other. `None` when they say nothing.
    pub fn written(attrs: &Attrs, server: &Capabilities) -> Option<Pair> {
        let (charset, collate) = (attrs.get(&CHARSET), attrs.get(&COLLATE));
        let (charset, collate) = match (charset, collate) {
            (None, None) => return None,
            (Some(charset), None) => {
                let collate = default_collation(&charset, server);
                (charset, collate)
            }
            (None, Some(collate)) => (of_collation(&collate), collate),
            (Some(charset), Some(collate)) => (charset, collate),
        };
        Some(Pair { charset: named(&charset, server), collate: named(&collate, server) })
    }

    /// Those of a schema; else the server's own.
    pub fn of_schema(attrs: &Attrs, server: &Capabilities) -> Pair {
        Pair::written(attrs, server).unwrap_or_else(|| {
            let mut own = Attrs::default();
            for (key, setting) in [(&CHARSET, CHARSET_SETTING), (&COLLATE, COLLATION_SETTING)] {
                let value = server.setting(setting);
                if !value.is_empty() {
                    own.set(key, value.to_owned());
                }
            }
            let usual = || Pair { charset: "utf8mb4".into(), collate: default_collation("utf8mb4", server) };
            Pair::written(&own, server).unwrap_or_else(usual)
        })
    }

    /// Sets both.
    pub fn store(&self, attrs: &mut Attrs) {
        attrs.set(&CHARSET, self.charset.clone());
        attrs.set(&COLLATE, self.collate.clone());
    }

    /// Sets what differs from `around`.
    pub fn store_within(&self, around: &Pair, attrs: &mut Attrs) {
        attrs.remove(&CHARSET);
        attrs.remove(&COLLATE);
        if self.charset != around.charset {
            attrs.set(&CHARSET, self.charset.clone());
        }
        if self.collate != around.collate {
            attrs.set(&COLLATE, self.collate.clone());
        }
    }

    /// Sets what a parameter says: nothing for what is `around`, no collation that is its charset's own.
    pub fn store_beside(&self, around: &Pair, attrs: &mut Attrs, server: &Capabilities) {
        if self.charset == around.charset {
            if self.collate != around.collate {
                attrs.set(&COLLATE, self.collate.clone());
            }
            return;
        }
        attrs.set(&CHARSET, self.charset.clone());
        if named(&default_collation(&self.charset, server), server) != self.collate {
            attrs.set(&COLLATE, self.collate.clone());
        }
    }
}
