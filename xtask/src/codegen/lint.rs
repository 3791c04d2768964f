//! The lint codes, documented once in the server, as a reference page.

use std::fmt::Write;

use anyhow::Result;
use dialects::{MYSQL, POSTGRES, SQLITE};
use engine::Dialect;
use engine::lint::{Analyzer, CodeDoc, Example, Remedy};

use super::Generator;

/// A page on every code.
pub const REFERENCE: Generator = Generator {
    path: "docs/reference/lint.md",
    from: "server/engine/src/lint and the dialects' lint.rs",
    generate: reference,
};

const DIALECTS: [&Dialect; 3] = [&SQLITE, &POSTGRES, &MYSQL];

/// A code with where it is found.
struct Entry {
    doc: &'static CodeDoc,
    dialects: Vec<&'static str>,
    example: Option<(&'static str, &'static Example)>,
}

/// The analyzers of all dialects by name, each with the codes of all of them.
fn families() -> Vec<(&'static Analyzer, Vec<Entry>)> {
    let mut families: Vec<(&Analyzer, Vec<Entry>)> = Vec::new();
    for dialect in DIALECTS {
        for &analyzer in dialect.lint {
            let at = families.iter().position(|(known, _)| known.name == analyzer.name);
            let at = at.unwrap_or_else(|| {
                families.push((analyzer, Vec::new()));
                families.len() - 1
            });
            for doc in analyzer.codes {
                let entries = &mut families[at].1;
                let example = analyzer.examples.iter().find(|example| example.code == doc.code);
                let example = example.map(|example| (dialect.title, example));
                match entries.iter_mut().find(|entry| entry.doc.code == doc.code) {
                    Some(entry) => {
                        entry.dialects.push(dialect.title);
                        entry.example = entry.example.or(example);
                    }
                    None => entries.push(Entry { doc, dialects: vec![dialect.title], example }),
                }
            }
        }
    }
    families.iter_mut().for_each(|(_, entries)| entries.sort_by_key(|entry| entry.doc.code));
    families
}

fn reference(_: &str) -> Result<String> {
    let mut text = String::from(
        "# Lint codes\n\n\
         Written by `cargo xtask codegen`; do not edit.\n\
         A finding is a warning unless its analyzer says otherwise; `lint { <analyzer> { error = true } }` and `lint { check \"<code>\" { error = true } }` make it an error, `check \"<code>\" { skip = true }` leaves it out.\n\
         In a SQL file `-- atlas:nolint <analyzer or code>` above a statement does, or at the head of the file for all of it; `force = true` reports it all the same.\n\
         MariaDB and TiDB have MySQL's codes, as far as their servers behave so.\n",
    );
    for (analyzer, entries) in families() {
        let level = if analyzer.error { "Errors." } else { "Warnings." };
        write!(text, "\n## {}\n\n{} {level}\n", analyzer.name, analyzer.doc)?;
        for entry in entries {
            code(&mut text, &entry)?;
        }
    }
    Ok(text)
}

fn code(text: &mut String, entry: &Entry) -> Result<()> {
    let doc = entry.doc;
    write!(
        text,
        "\n### {}\n\n{} ({}).\n\n{}\n\n",
        doc.code,
        title(doc.title),
        entry.dialects.join(", "),
        lines(doc.doc)
    )?;
    match doc.remedy {
        Remedy::Edit(what) => writeln!(text, "Quick fix: {what}.")?,
        Remedy::None(why) => writeln!(text, "No quick fix: {why}.")?,
    }
    let Some((_, example)) = entry.example else { return Ok(()) };
    if !example.from.is_empty() {
        write!(text, "\nAfter:\n\n```sql\n{}\n```\n", example.from)?;
    }
    write!(
        text,
        "\nFound:\n\n```sql\n{}\n```\n\nNot found:\n\n```sql\n{}\n```\n",
        example.bad.trim_end(),
        example.good.trim_end()
    )?;
    Ok(())
}

fn title(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map(|first| first.to_uppercase().collect::<String>() + chars.as_str()).unwrap_or_default()
}

/// One sentence a line.
fn lines(text: &str) -> String {
    text.replace(". ", ".\n")
}
