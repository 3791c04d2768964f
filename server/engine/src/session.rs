//! What a session with one product needs around the statements of a plan.
//!
//! The statements come from the dialect, the order of things from here and from [`crate::apply`].

use async_trait::async_trait;
use schema::Realm;

use crate::connection::Connection;
use crate::{DatabaseUrl, Error, Scope};

/// The session rules of a dialect.
#[async_trait]
pub trait Session: Sync + Send {
    /// Starts the transaction a plan is executed in. It holds off other writers from the start, so that what is
    /// inspected inside it is what will be changed.
    async fn begin(&self, connection: &mut dyn Connection) -> Result<Transaction, Error>;

    /// Ends a transaction, keeping its effects.
    ///
    /// # Errors
    /// When the result violates a constraint that was deferred; the transaction is rolled back then.
    async fn commit(&self, connection: &mut dyn Connection, transaction: Transaction) -> Result<(), Error>;

    /// Ends a transaction, discarding its effects.
    async fn rollback(&self, connection: &mut dyn Connection, transaction: Transaction) -> Result<(), Error>;

    /// The statements around several queries that are to see one state; `inside` of a transaction already or not. `None`
    /// where there is no such thing.
    fn snapshot(&self, inside: bool) -> Option<(&'static str, &'static str)>;

    /// Whether a statement starts or ends a transaction, which one inside a transaction must not.
    fn controls_transaction(&self, sql: &str) -> bool;

    /// Whether `sql` does in one message with its like, and so perhaps in one transaction with them, what it does alone.
    /// What is not known for certain goes alone.
    fn goes_together(&self, sql: &str) -> bool {
        let _ = sql;
        false
    }

    /// Whether a transaction around `statements` could be rolled back with nothing left of them, and the server has
    /// room for such a transaction beside what others do.
    async fn can_undo(&self, connection: &mut dyn Connection, statements: &[String]) -> bool {
        let _ = (connection, statements);
        false
    }

    /// `statements`, which go together, as one that does all of them inside a transaction; `None` where there is no such.
    fn as_one(&self, statements: &[String]) -> Option<String> {
        let _ = statements;
        None
    }

    /// Whether something in a schema can name an account, which then must be there.
    fn names_accounts(&self) -> bool {
        true
    }

    /// Whether nothing that is made through `dev` shows through `target`, wherever they lead; where `foreign`, what is
    /// made are a user's statements, and otherwise a plan's. Then both can be read at the same time.
    fn apart(&self, target: &DatabaseUrl, dev: &DatabaseUrl, foreign: bool) -> bool {
        let _ = (target, dev, foreign);
        false
    }

    /// Why `realm` does not count as empty for a dev database: `found table "t"`.
    fn dirt(&self, realm: &Realm, scope: &Scope) -> Option<String>;

    /// The statements that bring a dev database in which `left` is now back to `before`, which was empty but for schemas.
    fn restore(&self, left: &Realm, before: &Realm) -> Vec<String>;
}

/// What a dialect must remember between begin and end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transaction {
    /// Foreign keys were enforced before, and are to be again.
    pub foreign_keys: bool,
    /// Violations that were there before, which are not ours; what identifies one is the dialect's business.
    pub violations: Vec<String>,
}
