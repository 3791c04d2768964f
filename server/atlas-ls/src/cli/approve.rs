//! Who approves a plan on the command line.

use std::sync::Mutex;

use async_trait::async_trait;
use engine::review::{Approver, Decision, Reviewed};

use super::Session;
use super::prompt::{Answer, restore, select};

/// `--auto-approve`, or a review policy that asks for nobody: the user said so before.
pub struct Auto;

#[async_trait]
impl Approver for Auto {
    async fn approve(&self, _: &Reviewed) -> Decision {
        Decision::Approve
    }
}

/// The person at the terminal.
pub struct Terminal<'a> {
    session: &'a Session<'a>,
    question: &'static str,
    yes: &'static str,
    failure: Mutex<Option<String>>,
}

impl<'a> Terminal<'a> {
    /// Asks `question`; `yes` is the answer that approves.
    pub fn new(session: &'a Session<'a>, question: &'static str, yes: &'static str) -> Self {
        Self { session, question, yes, failure: Mutex::new(None) }
    }

    /// Why nobody could be asked, if so.
    pub fn taken(&self) -> Option<String> {
        self.failure.lock().ok().and_then(|mut failure| failure.take())
    }

    fn fail(&self, reason: String) -> Decision {
        if let Ok(mut failure) = self.failure.lock() {
            *failure = Some(reason.clone());
        }
        Decision::Reject(Some(reason))
    }
}

#[async_trait]
impl Approver for Terminal<'_> {
    async fn approve(&self, _: &Reviewed) -> Decision {
        let (console, question, yes) = (*self.session.console, self.question, self.yes);
        let asked = tokio::task::spawn_blocking(move || select(&console, question, &[yes, "Abort"]));
        match self.session.interrupt.race(asked).await {
            Ok(Ok(Ok(Answer::Chosen(0)))) => Decision::Approve,
            Ok(Ok(Ok(_))) => Decision::Reject(None),
            Ok(Ok(Err(reason))) => self.fail(reason),
            Ok(Err(_)) => self.fail("the question could not be asked".to_owned()),
            Err(_) => {
                // The key is still waited for, and will not come.
                restore();
                self.fail("context canceled".to_owned())
            }
        }
    }
}
