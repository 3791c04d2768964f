//! The offline normalizer against real servers on generated schemas: what it is sure of is what the server makes of the
//! same text; everything else is marked.

use engine::Scope;

use super::{Agreement, open, replay, servers, written};

/// How many generated cases to run: `count`, or as many as `ATLAS_TEST_CASES` says.
fn runs(count: u64) -> u64 {
    std::env::var("ATLAS_TEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(count)
}

#[tokio::test]
async fn what_it_is_sure_of_is_what_the_server_makes() {
    for server in servers() {
        let mut admin = open(&server).await;
        let mut agreement = Agreement { loose: true, ..Agreement::default() };
        let (mut taken, mut refused) = (0, 0);
        let mut version = String::new();
        for seed in 0..runs(15) {
            let name = format!("pgsql_written_{}", std::process::id());
            let gone = format!("DROP DATABASE IF EXISTS {name}");
            admin.execute(&gone).await.expect("the old one goes");
            admin.execute(&format!("CREATE DATABASE {name}")).await.expect("a database");
            let (head, options) = server.split_once('?').map_or((&*server, ""), |both| both);
            let (host, _) = head.rsplit_once('/').expect("a database in the URL");
            let mut connection = open(&format!("{host}/{name}?{options}")).await;
            let number = dialects::postgres::features::number(connection.capabilities());
            let mut sql = String::new();
            for statement in written::statements(seed, number) {
                match connection.execute(&statement).await {
                    Ok(_) => {
                        taken += 1;
                        sql.push_str(&statement);
                        sql.push_str(";\n");
                    }
                    Err(error) => {
                        refused += 1;
                        if std::env::var_os("ATLAS_TEST_REFUSED").is_some() {
                            println!("refused: {error}\n{statement}");
                        }
                    }
                }
            }
            let realm = engine::inspect::inspect(&mut *connection, &Scope::realm()).await;
            let realm = realm.unwrap_or_else(|error| panic!("{error}"));
            let capabilities = connection.capabilities().clone();
            version.clone_from(&capabilities.version);
            drop(connection);
            admin.execute(&gone).await.expect("the database goes");
            agreement.add(&sql, &replay(&sql), &realm, &capabilities);
        }
        // What the server would not have says nothing of the normalizer, so it may not be much.
        println!("{version}: {taken} statements taken, {refused} refused");
        assert!(taken > refused * 3, "{version}: {refused} of {} refused", taken + refused);
        let all = agreement.same + agreement.approximate;
        assert!(agreement.same * 100 >= all * 95, "{version}: {} of {all}", agreement.same);
        agreement.report(&format!("generated schemas on {version}"));
    }
}
