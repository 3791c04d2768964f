//! Completeness: every definition is analysed, none is opaque.

use engine::state::Counts;
use inside::generate::wild;
use inside::world::id_of;
use inside::{Random, World, cases};

/// What became of the statements of `schema.sql`, which an env lists.
fn counts(sql: &str) -> (Counts, World) {
    let world = World::of([
        (
            "atlas.hcl".to_owned(),
            "env \"local\" {\n  src = \"file://schema.sql\"\n  dev = \"sqlite://dev?mode=memory\"\n}\n"
                .to_owned(),
        ),
        ("schema.sql".to_owned(), sql.to_owned()),
    ]);
    let snapshot = world.open();
    let id = id_of(&snapshot, "schema.sql").expect("just set");
    let state = snapshot.state_of(id).expect("an env lists it");
    (state.state().expect("a state from a file").coverage.total(), world)
}

/// The statements of `sql` that define something, counted by their first word.
fn definitions(sql: &str) -> usize {
    let file = syntax::sql::File::parse(&text::Text::new(sql), dialects::SQLITE.grammar, None);
    let words = ["CREATE", "ALTER", "DROP"];
    let starts = |text: &str| {
        words.iter().any(|word| text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word)))
    };
    file.pieces().iter().filter(|placed| starts(placed.piece.statement_text())).count()
}

#[test]
fn every_definition_of_chinook_is_analysed() {
    let path = super::false_errors::repository().join("tests/corpus/chinook/Chinook_Sqlite.sql");
    let sql = std::fs::read_to_string(path).expect("a file of the corpus");
    // A byte order mark is no part of a statement.
    let sql = sql.trim_start_matches('\u{feff}');
    let (counts, world) = counts(sql);
    assert_eq!((counts.opaque, counts.analysed as usize), (0, definitions(sql)), "{counts:?}");
    let alarms: String = world.alarms().iter().map(|found| world.render(found)).collect();
    assert_eq!(alarms, "");
}

#[test]
fn every_definition_of_generated_schemas_is_analysed() {
    let mut complaints = String::new();
    let mut all = 0;
    for seed in 0..cases(100, 1_000) as u64 {
        let sql = wild(&mut Random::new(seed));
        let (counts, world) = counts(&sql);
        all += definitions(&sql);
        let alarms: String = world.alarms().iter().map(|found| world.render(found)).collect();
        // A temporary or virtual table counts as analysed or as left out on purpose, never as not understood.
        if counts.opaque > 0 || !alarms.is_empty() {
            complaints.push_str(&format!("seed {seed}: {counts:?}\n{alarms}{}\n", opaque(&sql)));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.chars().take(6_000).collect::<String>());
    assert!(all > 500, "{all} definitions");
}

/// The statements that were not understood.
fn opaque(sql: &str) -> String {
    let file = syntax::sql::File::parse(&text::Text::new(sql), dialects::SQLITE.grammar, None);
    let mut out = String::new();
    for placed in file.pieces() {
        let text = placed.piece.statement_text();
        if !placed.piece.is_fully_analysed() {
            out.push_str(&format!("  opaque: {text}\n"));
        }
    }
    out
}

#[test]
fn sqlite_takes_what_is_generated() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        for seed in 0..cases(100, 1_000) as u64 {
            let sql = wild(&mut Random::new(seed));
            execute(&sql).await.unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        }
        for seed in 0..20 {
            let model = inside::generate::Model::new(&mut Random::new(seed), 8);
            let world = inside::generate::sql(&model);
            execute(world.text("schema.sql")).await.unwrap_or_else(|error| panic!("plain {seed}: {error}"));
        }
    });
}

/// Runs the statements of `sql` on a real SQLite.
async fn execute(sql: &str) -> Result<(), String> {
    use engine::connection::{Access, Connector as _};
    let url = engine::DatabaseUrl::parse("sqlite://wild?mode=memory").expect("a URL");
    let drivers = drivers::Drivers::new(dialects::all());
    let mut connection = drivers.open(&url, Access::Write).await.map_err(|error| error.to_string())?;
    let file = syntax::sql::File::parse(&text::Text::new(sql), dialects::SQLITE.grammar, None);
    for placed in file.pieces() {
        let text = placed.piece.statement_text();
        if !text.is_empty() {
            connection.execute(text).await.map_err(|error| format!("{error} in {text}"))?;
        }
    }
    Ok(())
}
