//! Tables as the server keeps them: their columns, keys, indexes, checks and partitions.

use engine::normalize::Context;
use schema::{
    Attrs, Class, Column, ColumnType, Default, Expr, Generated, Index, IndexPart, Key, ObjectPath, PartOf,
    ReferenceAction, SmolStr, Table,
};

use super::super::expr;
use super::super::{attr, defaults, names, opclass, rules};
use super::{Work, is_declared, known_type, stored_type};

impl Work<'_> {
    pub(super) fn table(&mut self, table: &mut Table, cx: &mut Context<'_>) {
        let (schema, name) = (table.schema.clone(), table.name.clone());
        let columns = table.columns.clone();
        for column in &mut table.columns {
            self.sure = true;
            self.column(column, &columns);
            if !self.sure {
                cx.approximate(ObjectPath::Column {
                    schema: schema.clone(),
                    table: name.clone(),
                    column: column.name.clone(),
                });
            }
        }
        self.key(table);
        let mut indexes = std::mem::take(&mut table.indexes);
        for index in &mut indexes {
            self.sure = true;
            self.index(index, &columns);
            cut(&mut index.name);
            if index.name.is_empty() {
                index.name = implied_index(table, index).into();
            }
            if !self.sure {
                cx.approximate(ObjectPath::Index {
                    schema: schema.clone(),
                    table: name.clone(),
                    index: index.name.clone(),
                });
            }
        }
        indexes.sort_by(|a, b| a.name.cmp(&b.name));
        table.indexes = indexes;
        self.foreign_keys(table, cx);
        let mut taken: Vec<String> =
            table.checks.iter().filter_map(|check| check.name.as_ref().map(ToString::to_string)).collect();
        for check in &mut table.checks {
            self.sure = true;
            check.name.iter_mut().for_each(cut);
            if check.name.is_none() {
                let own: Vec<String> = expr::columns(&check.expr.0)
                    .into_iter()
                    .filter(|name| columns.iter().any(|column| column.name == *name))
                    .collect();
                let own: Vec<&str> = own.iter().map(String::as_str).collect();
                let own = if own.len() == 1 { &own[..] } else { &[] };
                let implied =
                    names::implied(&name, own, "check", |name| taken.iter().any(|taken| taken == name));
                taken.push(implied.clone());
                check.name = Some(implied.into());
            }
            check.expr.0 = self.of_table(&check.expr.0, &columns);
            if !self.sure {
                cx.approximate(ObjectPath::Check {
                    schema: schema.clone(),
                    table: name.clone(),
                    check: check.name.clone().unwrap_or_default(),
                });
            }
        }
        table.checks.sort_by(|a, b| a.name.cmp(&b.name));
        if let Some(mut partition) = attr::Partition::of(&table.attrs) {
            self.sure = true;
            for part in &mut partition.parts {
                if let PartOf::Expr(expr) = part {
                    expr.0 = self.of_table(&expr.0, &columns);
                }
            }
            partition.set(&mut table.attrs);
            if !self.sure {
                cx.approximate(ObjectPath::Table { schema, table: name });
            }
        }
    }

    fn column(&mut self, column: &mut Column, columns: &[Column]) {
        let serial = column.ty.as_ref().is_some_and(|ty| ty.class == Class::Serial);
        if serial || attr::Identity::of(&column.attrs).is_some() {
            column.nullable = false;
        }
        let ty = column.ty.clone();
        if let Some(default) = &column.default {
            column.default = self.default(default, ty.as_ref());
        }
        if let Some(Generated { expr, .. }) = &mut column.generated {
            let stored = ty.as_ref().filter(|ty| !is_declared(ty)).map(stored_type);
            let lookup = |name: &str| known_type(columns, name);
            expr.0 = self.with(&expr.0, &lookup, |text, types| match &stored {
                Some(stored) => expr::normalize_as(text, stored, types),
                None => expr::normalize(text, types),
            });
        }
        if let Some(collation) = column.attrs.get(&attr::COLLATE) {
            if collation == "\"default\"" {
                column.attrs.remove(&attr::COLLATE);
            } else {
                self.collation(&mut column.attrs);
            }
        }
    }

    /// A default as the server keeps it; `None` for NULL, which is none.
    pub(super) fn default(&mut self, default: &Default, ty: Option<&ColumnType>) -> Option<Default> {
        let text = match default {
            Default::Literal(literal) if literal.quoted => format!("'{}'", literal.text.replace('\'', "''")),
            Default::Literal(literal) => literal.text.clone(),
            Default::Expr(Expr(text)) => text.clone(),
        };
        if text.eq_ignore_ascii_case("null") {
            return None;
        }
        let stored = ty.and_then(|ty| match is_declared(ty) {
            true => self.base(&expr::type_of(ty).name),
            false => Some(stored_type(ty)),
        });
        let normal = self.with_types(&|_| None, |types| match &stored {
            Some(stored) => expr::normalize_as(&text, stored, types),
            None => expr::normalize(&text, types),
        });
        let Some(normal) = normal else {
            // A literal is what it is; what could not be read may come back otherwise.
            self.sure &= matches!(default, Default::Literal(_));
            return Some(default.clone());
        };
        let read = defaults::read(&normal.text, ty);
        self.sure &= normal.sure;
        Some(read)
    }

    fn key(&mut self, table: &mut Table) {
        let Some(key) = &mut table.primary_key else { return };
        if key.name.as_ref().is_some_and(|name| *name == rules::implied_key(&table.name)) {
            key.name = None;
        }
        for part in key.parts.iter().filter_map(IndexPart::column_name) {
            if let Some(column) = table.columns.iter_mut().find(|column| column.name == *part) {
                column.nullable = false;
            }
        }
    }

    fn index(&mut self, index: &mut Index, columns: &[Column]) {
        let method = index.attrs.get(&attr::TYPE).unwrap_or_else(|| "BTREE".to_owned());
        for part in &mut index.parts {
            if let PartOf::Expr(Expr(text)) = &mut part.of {
                let plain = text.trim();
                let inner = if rules::is_wrapped(plain) { plain[1..plain.len() - 1].trim() } else { plain };
                // A column in parentheses is a column.
                let single = names::steps(inner);
                match &single[..] {
                    [name] if columns.iter().any(|column| column.name == *name) => {
                        part.of = PartOf::Column(name.clone());
                    }
                    _ => *text = self.of_index(inner, columns),
                }
            }
            let ty = match &part.of {
                PartOf::Column(name) => columns
                    .iter()
                    .find(|column| column.name == *name)
                    .and_then(|column| column.ty.as_ref())
                    .map(|ty| stored_type(ty).text()),
                PartOf::Expr(_) => None,
            };
            settle_part(part, &method, ty.as_deref());
            // The collation of the column is no other one.
            let own = part.column_name().and_then(|name| columns.iter().find(|column| column.name == *name));
            if let Some(own) = own
                && part.attrs.get(&attr::COLLATE).is_some()
                && part.attrs.get(&attr::COLLATE) == own.attrs.get(&attr::COLLATE)
            {
                part.attrs.remove(&attr::COLLATE);
            }
        }
        if let Some(Expr(text)) = &mut index.predicate {
            *text = self.of_table(text, columns);
        }
        // What is always true is no condition.
        index.predicate.take_if(|predicate| predicate.0 == "true");
        if method == "BTREE" {
            index.attrs.remove(&attr::TYPE);
        }
        if index.attrs.get(&attr::NULLS_DISTINCT) == Some(true) {
            index.attrs.remove(&attr::NULLS_DISTINCT);
        }
    }

    fn foreign_keys(&mut self, table: &mut Table, cx: &Context<'_>) {
        let own = table.clone();
        let mut taken: Vec<String> =
            own.foreign_keys.iter().filter_map(|key| key.name.as_ref().map(ToString::to_string)).collect();
        for key in &mut table.foreign_keys {
            key.on_update = key.on_update.or(Some(ReferenceAction::NoAction));
            key.on_delete = key.on_delete.or(Some(ReferenceAction::NoAction));
            if key.ref_schema == own.schema {
                key.ref_schema = SmolStr::default();
            }
            if key.ref_columns.is_empty() {
                let schema = if key.ref_schema.is_empty() { &own.schema } else { &key.ref_schema };
                let target = cx.realm.schema(schema).and_then(|schema| schema.table(&key.ref_table));
                let parts = target.and_then(|table| table.primary_key.as_ref()).map(|key| &key.parts);
                key.ref_columns =
                    parts.into_iter().flatten().filter_map(|part| part.column_name().cloned()).collect();
            }
            key.name.iter_mut().for_each(cut);
            if key.name.is_none() {
                let columns: Vec<&str> = key.columns.iter().map(|name| name.as_str()).collect();
                let implied = names::implied(&own.name, &columns, "fkey", |name| {
                    taken.iter().any(|taken| taken == name)
                });
                taken.push(implied.clone());
                key.name = Some(implied.into());
            }
        }
        table.foreign_keys.sort_by(|a, b| a.name.cmp(&b.name));
    }
}

/// A name as far as the server keeps it.
fn cut(name: &mut SmolStr) {
    let kept = names::kept(name);
    if kept.len() < name.len() {
        *name = kept.into();
    }
}

/// What is the default of an index part is not kept.
fn settle_part(part: &mut IndexPart, method: &str, ty: Option<&str>) {
    if part.desc {
        part.attrs.remove(&attr::NULLS_FIRST);
    } else {
        part.attrs.remove(&attr::NULLS_LAST);
    }
    let default = |attrs: &Attrs| {
        let ops = attrs.get(&attr::OPS)?;
        let bare = ty?.split('(').next()?.to_owned();
        Some(opclass::is_default(method, &bare, &ops))
    };
    if default(&part.attrs) == Some(true) {
        part.attrs.remove(&attr::OPS);
    }
}

fn implied_index(table: &Table, index: &Index) -> String {
    let words: Vec<String> = index
        .parts
        .iter()
        .map(|part| match &part.of {
            PartOf::Column(name) => name.to_string(),
            PartOf::Expr(expr) => expr::column_word(&expr.0),
        })
        .collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let label = match index.key {
        Key::UniqueConstraint => "key",
        Key::Exclusion => "excl",
        Key::Index => "idx",
    };
    names::implied(&table.name, &words, label, |name| table.indexes.iter().any(|index| index.name == name))
}
