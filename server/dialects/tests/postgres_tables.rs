//! Keys of time, partitions of partitions and sequences of serial columns of PostgreSQL on every server there is.
//!
//! Servers come from `ATLAS_TEST_POSTGRES_URL` and `ATLAS_TEST_POSTGRES_URLS`; without one a test says that it was
//! skipped.

#![allow(clippy::print_stdout)]

#[path = "postgres/place.rs"]
mod place;

use engine::Scope;

use place::{Place, decode, planned, servers};

const PARTITIONS: &str = "
CREATE TABLE m (id int NOT NULL, at date NOT NULL, region text) PARTITION BY RANGE (at);
CREATE TABLE m_2020 PARTITION OF m FOR VALUES FROM ('2020-01-01') TO ('2021-01-01') PARTITION BY LIST (region);
CREATE TABLE m_2020_eu PARTITION OF m_2020 FOR VALUES IN ('de', 'fr') PARTITION BY RANGE (id, lower(region));
CREATE TABLE m_2020_eu_1 PARTITION OF m_2020_eu FOR VALUES FROM (1, 'a') TO (10, 'b');
CREATE TABLE m_2020_us PARTITION OF m_2020 FOR VALUES IN ('us');
CREATE TABLE m_2021 (region text, at date NOT NULL, id int NOT NULL) PARTITION BY LIST (region);
ALTER TABLE m ATTACH PARTITION m_2021 FOR VALUES FROM ('2021-01-01') TO ('2022-01-01');
";

#[tokio::test]
async fn partitions_are_divided_again() {
    for server in servers() {
        place::goes_round(&server, "tables_parts", PARTITIONS, "").await;
    }
}

#[tokio::test]
async fn a_partition_with_other_bounds_keeps_its_rows() {
    for server in servers() {
        let place = Place::new(&server, "tables_bounds", Scope::realm()).await;
        place.run("CREATE TABLE m (id int) PARTITION BY RANGE (id)").await;
        place.run("CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM (1) TO (10)").await;
        place.run("INSERT INTO m VALUES (5)").await;
        let before = place.inspect().await;
        let text = engine::encode(&before, &dialects::POSTGRES).expect("a text").replace("10", "20");
        let plan = place.migrate(&before, &decode(&text)).await;
        let said: Vec<&str> = plan.statements.iter().map(|it| it.cmd.as_str()).collect();
        assert_eq!(
            said,
            [
                "ALTER TABLE \"public\".\"m\" DETACH PARTITION \"public\".\"m_1\"",
                "ALTER TABLE \"public\".\"m\" ATTACH PARTITION \"public\".\"m_1\" FOR VALUES FROM (1) TO (20)",
            ]
        );
        place.run("do $$ begin if (select count(*) from m) <> 1 then raise 'lost'; end if; end $$").await;
        place.undo(&plan).await;
        assert!(planned(place.open().await.as_ref(), &place.inspect().await, &before).is_empty());
        place.remove().await;
    }
}

#[tokio::test]
async fn keys_of_time_go_round() {
    for server in servers() {
        if place::version(&server).await < 18 {
            continue;
        }
        let sql = "
CREATE TABLE rooms (id int4range, valid daterange, note text,
  CONSTRAINT rooms_pkey PRIMARY KEY (id, valid WITHOUT OVERLAPS),
  CONSTRAINT noted UNIQUE (id, valid WITHOUT OVERLAPS) DEFERRABLE);
CREATE TABLE bookings (room int4range, during daterange,
  FOREIGN KEY (room, PERIOD during) REFERENCES rooms (id, PERIOD valid));
ALTER TABLE bookings ADD PRIMARY KEY (room, during WITHOUT OVERLAPS);
";
        place::goes_round(&server, "tables_time", sql, "").await;
    }
}

const SERIAL: &str = "
CREATE SCHEMA shop;
CREATE TABLE shop.a (id serial PRIMARY KEY, small smallserial, big bigserial);
ALTER SEQUENCE shop.a_id_seq INCREMENT BY 10 START WITH 100 RESTART;
ALTER SEQUENCE shop.a_big_seq MAXVALUE 1000 CYCLE CACHE 5;
CREATE SEQUENCE b_id_seq AS integer START 7;
CREATE TABLE b (id integer NOT NULL DEFAULT nextval('b_id_seq'));
ALTER SEQUENCE b_id_seq OWNED BY b.id;
";

#[tokio::test]
async fn serial_columns_keep_how_they_count() {
    for server in servers() {
        place::goes_round(&server, "tables_serial", SERIAL, "").await;
        let place = Place::new(&server, "tables_serial_change", Scope::realm()).await;
        place.run(SERIAL).await;
        let before = place.inspect().await;
        let text = engine::encode(&before, &dialects::POSTGRES).expect("a text");
        // A file that does not speak of it leaves it.
        let mut silent = before.clone();
        for table in silent.schemas.iter_mut().flat_map(|schema| &mut schema.tables) {
            for column in &mut std::sync::Arc::make_mut(table).columns {
                column.attrs.remove(&dialects::postgres::attr::SEQUENCE_OPTIONS);
            }
        }
        assert!(planned(place.open().await.as_ref(), &before, &silent).is_empty());
        let changed = decode(&text.replace("increment = 10", "increment = 20"));
        let plan = place.migrate(&before, &changed).await;
        let said: Vec<&str> = plan.statements.iter().map(|it| it.cmd.as_str()).collect();
        assert_eq!(said, ["ALTER SEQUENCE \"shop\".\"a_id_seq\" INCREMENT BY 20"]);
        assert!(planned(place.open().await.as_ref(), &place.inspect().await, &changed).is_empty());
        place.undo(&plan).await;
        assert!(planned(place.open().await.as_ref(), &place.inspect().await, &before).is_empty());
        place.remove().await;
    }
}
