//! How PostgreSQL writes what the user wrote.

use engine::normalize::Hooks;

pub struct Postgres;

impl Hooks for Postgres {}
