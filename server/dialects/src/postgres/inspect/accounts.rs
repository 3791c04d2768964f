//! Roles, users and what they may do.
//!
//! Both queries are asked always, for their number to be constant; where accounts are not managed they find nothing.

use std::sync::Arc;

use engine::connection::Rows;
use schema::{Attrs, Object};

use super::super::accounts::{self, Membership};
use super::super::attr;
use super::{Out, Row};

/// Roles and users.
pub(super) fn roles(rows: &Rows, out: &mut Out) {
    for row in &rows.rows {
        let row = Row(row);
        let mut attrs = Attrs::default();
        let flags = [
            (&attr::SUPERUSER, 2),
            (&attr::CREATE_DB, 3),
            (&attr::CREATE_ROLE, 4),
            (&attr::REPLICATION, 6),
            (&attr::BYPASS_RLS, 7),
        ];
        for (key, at) in flags {
            if row.is(at) {
                attrs.set(key, true);
            }
        }
        if !row.is(5) {
            attrs.set(&attr::INHERIT, false);
        }
        if row.int(8) != -1 {
            attrs.set(&attr::CONN_LIMIT, row.int(8));
        }
        let kind = if row.is(1) { attr::USER } else { attr::ROLE };
        let comment = row.get(9).map(str::to_owned);
        let mut role = Object { kind, schema: "".into(), name: row.text(0).into(), comment, attrs };
        let list: Vec<Membership> =
            row.list(10).iter().filter_map(|line| membership(line, row.is(5))).collect();
        accounts::set_memberships(&mut role, &list);
        out.realm.objects.push(Arc::new(role));
    }
}

fn membership(line: &str, inherits: bool) -> Option<Membership> {
    let mut parts = line.split('\u{1e}');
    let role = parts.next()?.to_owned();
    let mut flag = || parts.next() == Some("1");
    let (admin, inherit, set) = (flag(), flag(), flag());
    // A role that does not inherit is a member in the same way.
    Some(Membership { role, admin, inherit: inherit || !inherits, set })
}

/// Permissions: the rows of one object, role and kind stand together.
pub(super) fn permissions(rows: &Rows, version: i64, out: &mut Out) {
    let mut of: Option<(String, String, bool)> = None;
    let mut privileges: Vec<String> = Vec::new();
    let mut add = |of: Option<(String, String, bool)>, privileges: Vec<String>| {
        let Some((designation, to, grantable)) = of else { return };
        if let Some(mut permission) = accounts::permission(&designation, &to, privileges, grantable) {
            accounts::settle(&mut permission, version);
            out.realm.objects.push(Arc::new(permission));
        }
    };
    for row in &rows.rows {
        let row = Row(row);
        let key = (format!("{} {}", row.text(0), row.text(1)), row.text(2).to_owned(), row.is(4));
        if of.as_ref() != Some(&key) {
            add(of.replace(key), std::mem::take(&mut privileges));
        }
        privileges.push(row.text(3).to_owned());
    }
    add(of, privileges);
}
