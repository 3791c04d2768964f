//! How MySQL writes what the user wrote.

use engine::normalize::Hooks;

pub struct Mysql;

impl Hooks for Mysql {}
