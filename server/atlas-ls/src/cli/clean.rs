//! `schema clean`.

use std::time::Duration;

use commands::schema::apply::{self, Execution};
use commands::schema::clean;
use engine::apply::{Silent, TxMode};
use engine::review::Approver;

use super::approve::{Auto, Terminal};
use super::parse::Invocation;
use super::setup::Setup;
use super::{Failure, Session, refuse, report};

/// Drops everything in a database.
///
/// Source: reference/cli.md section 5.4.
pub async fn run(session: &Session<'_>, invocation: &mut Invocation) -> Result<(), Failure> {
    let mut setup = Setup::load(session, invocation).await?;
    setup.fill(invocation)?;
    invocation.check()?;
    refuse(invocation, &["format"])?;
    let options = setup.options(invocation);
    let planned = clean::plan(&mut setup.workspace, invocation.text("url"), &options);
    let planned = session.interrupt.stop(planned).await??;
    if planned.is_synced() {
        session.console.print("Nothing to drop\n");
        return Ok(());
    }
    session.console.print(&report::planned(&planned.plan));
    if invocation.switch("dry-run") {
        return Ok(());
    }
    let terminal = Terminal::new(session, "Are you sure?", "Apply");
    let approver: &dyn Approver = if invocation.switch("auto-approve") { &Auto } else { &terminal };
    let execution = Execution {
        tx_mode: TxMode::None,
        lock_timeout: Duration::from_secs(10),
        progress: &Silent,
        cancel: &session.interrupt.cancel,
    };
    let result = apply::run(&setup.workspace, &planned, approver, execution).await;
    report::finish(session, result, terminal.taken()).map(|_| ())
}
