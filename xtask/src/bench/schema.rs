//! The schema that is measured: the same tables as one SQL file and as HCL over many.
//!
//! Each table has six columns, a key, a foreign key to the table before, a check and an index, which is about what
//! the tables of real projects have. Invariant: both forms define the same realm, so a plan between them is empty.

use std::fmt::Write;

/// `atlas.hcl` of one form, with the databases of the folder above.
pub fn config(source: &str) -> String {
    let mut text = String::new();
    for env in ["full", "empty"] {
        let _ = write!(
            text,
            "env \"{env}\" {{\n  url = \"sqlite://../{env}.db\"\n  dev = \"sqlite://dev?mode=memory\"\n  src = \"{source}\"\n}}\n\n"
        );
    }
    text
}

/// The whole schema as statements.
pub fn sql(tables: usize) -> String {
    let mut text = String::new();
    for table in 0..tables {
        let name = name(table);
        let _ = write!(
            text,
            "CREATE TABLE `{name}` (\n  `id` integer NOT NULL PRIMARY KEY AUTOINCREMENT,\n  `name` text NOT NULL,\n  \
             `amount` real NOT NULL DEFAULT 0,\n  `note` text NULL,\n  `parent_id` integer NULL,\n  \
             `created_at` datetime NOT NULL DEFAULT (CURRENT_TIMESTAMP),\n"
        );
        if let Some(parent) = parent(table) {
            let _ = writeln!(
                text,
                "  CONSTRAINT `{name}_parent` FOREIGN KEY (`parent_id`) REFERENCES `{parent}` (`id`) ON DELETE CASCADE,"
            );
        }
        let _ = write!(
            text,
            "  CONSTRAINT `{name}_amount` CHECK (amount >= 0)\n);\nCREATE INDEX `{name}_name` ON `{name}` (`name`);\n\n"
        );
    }
    text
}

/// The whole schema as HCL files, with tables dealt out in order.
pub fn hcl(tables: usize, files: usize) -> Vec<(String, String)> {
    let mut result: Vec<(String, String)> =
        (0..files).map(|file| (format!("part_{file:02}.lt.hcl"), String::new())).collect();
    for table in 0..tables {
        result[table * files / tables].1.push_str(&table_hcl(table));
    }
    result[0].1.push_str("schema \"main\" {\n}\n");
    result.retain(|(_, text)| !text.is_empty());
    result
}

fn table_hcl(table: usize) -> String {
    let name = name(table);
    let mut text = format!("table \"{name}\" {{\n  schema = schema.main\n");
    for (column, body) in [
        ("id", "    null           = false\n    type           = integer\n    auto_increment = true\n"),
        ("name", "    null = false\n    type = text\n"),
        ("amount", "    null    = false\n    type    = real\n    default = 0\n"),
        ("note", "    null = true\n    type = text\n"),
        ("parent_id", "    null = true\n    type = integer\n"),
        (
            "created_at",
            "    null    = false\n    type    = datetime\n    default = sql(\"CURRENT_TIMESTAMP\")\n",
        ),
    ] {
        let _ = write!(text, "  column \"{column}\" {{\n{body}  }}\n");
    }
    text.push_str("  primary_key {\n    columns = [column.id]\n  }\n");
    if let Some(parent) = parent(table) {
        let _ = write!(
            text,
            "  foreign_key \"{name}_parent\" {{\n    columns     = [column.parent_id]\n    \
             ref_columns = [table.{parent}.column.id]\n    on_update   = NO_ACTION\n    on_delete   = CASCADE\n  }}\n"
        );
    }
    let _ = write!(
        text,
        "  index \"{name}_name\" {{\n    columns = [column.name]\n  }}\n  check \"{name}_amount\" {{\n    \
         expr = \"(amount >= 0)\"\n  }}\n}}\n"
    );
    text
}

fn name(table: usize) -> String {
    format!("table_{table:05}")
}

fn parent(table: usize) -> Option<String> {
    table.checked_sub(1).map(name)
}

#[cfg(test)]
mod tests {
    use super::{hcl, sql};

    #[test]
    fn both_forms_have_every_table_once() {
        let files = hcl(100, 50);
        assert_eq!(files.len(), 50);
        let hcl: String = files.into_iter().map(|(_, text)| text).collect();
        for table in 0..100 {
            assert_eq!(
                hcl.matches(&format!("\ntable \"table_{table:05}\"")).count() + usize::from(table == 0),
                1
            );
        }
        assert_eq!(sql(100).matches("CREATE TABLE").count(), 100);
    }
}
