//! The gate: applied without review does not compile.
//!
//! A plan becomes [`Reviewed`] with its target and what lint says of it, an [`Approver`] looks at that, and only its
//! consent makes [`Approved`], which is what [`crate::apply::apply`] takes. Invariant: `Approved` has no other
//! constructor than [`Reviewed::approve`].

use async_trait::async_trait;
use schema::Change;

use crate::connection::Target;
use crate::hook::Hook;
use crate::inspect::Fingerprint;
use crate::lint::Report;
use crate::plan::Plan;

/// A plan with all an approver needs to judge it.
#[derive(Clone, Debug)]
pub struct Reviewed {
    plan: Plan,
    target: Target,
    changes: Vec<Change>,
    base: Fingerprint,
    report: Report,
    hooks: Vec<Hook>,
}

/// A plan somebody agreed to, for one target in one state.
#[derive(Debug)]
pub struct Approved {
    reviewed: Reviewed,
}

/// What an approver says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    Approve,
    /// With the reason, if there is one: `the review policy asks for a question, and nobody could be asked`.
    Reject(Option<String>),
}

/// The plan was not approved.
#[derive(Clone, Debug)]
pub struct NotApproved {
    pub reason: Option<String>,
    pub reviewed: Reviewed,
}

/// Someone who can agree to a plan: a terminal, an editor, `--auto-approve`, a review policy.
#[async_trait]
pub trait Approver: Send + Sync {
    async fn approve(&self, reviewed: &Reviewed) -> Decision;
}

impl Reviewed {
    /// A plan for `target`, made from `changes` of the state `base`.
    pub fn new(plan: Plan, target: Target, changes: Vec<Change>, base: Fingerprint) -> Self {
        Self { plan, target, changes, base, report: Report::default(), hooks: Vec::new() }
    }

    /// The same, with what lint says of the plan.
    #[must_use]
    pub fn with_report(mut self, report: Report) -> Self {
        self.report = report;
        self
    }

    /// The same, with statements of the user's around those of the plan, see [`crate::hook::prepared`].
    #[must_use]
    pub fn with_hooks(mut self, hooks: Vec<Hook>) -> Self {
        self.hooks = hooks;
        self
    }

    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// What is executed around the plan.
    pub fn hooks(&self) -> &[Hook] {
        &self.hooks
    }

    pub fn report(&self) -> &Report {
        &self.report
    }

    pub fn target(&self) -> &Target {
        &self.target
    }

    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    pub fn base(&self) -> &Fingerprint {
        &self.base
    }

    /// Asks `approver`.
    ///
    /// # Errors
    /// [`NotApproved`] gives the review back.
    pub async fn approve(self, approver: &dyn Approver) -> Result<Approved, Box<NotApproved>> {
        match approver.approve(&self).await {
            Decision::Approve => Ok(Approved { reviewed: self }),
            Decision::Reject(reason) => Err(Box::new(NotApproved { reason, reviewed: self })),
        }
    }
}

impl Approved {
    pub fn reviewed(&self) -> &Reviewed {
        &self.reviewed
    }

    pub fn plan(&self) -> &Plan {
        &self.reviewed.plan
    }
}
