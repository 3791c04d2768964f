//! Where work runs: the owner's thread never computes.
//!
//! Reads of a snapshot run on two small pools, so that a slow outline never delays a completion; whatever waits for
//! a database or the network runs on the asynchronous runtime. Invariant: a job that panics or hangs takes no other
//! job with it; the pool replaces what was lost.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use tokio::runtime::Handle;

/// Which queue a piece of work waits in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Lane {
    /// What a user waits for between two keystrokes: completion, tokens of the visible range, on-type formatting.
    Latency,
    /// Every other read of a snapshot.
    Worker,
    /// What talks to a database.
    Database,
    /// What talks to anything else outside.
    Network,
}

/// A piece of work that answers by itself.
pub(crate) type Job = Box<dyn FnOnce() + Send>;

/// Parsers are bounded in depth, but a deep tree of debug frames still wants room.
const STACK: usize = 16 << 20;

/// The pools and the runtime.
pub(crate) struct Lanes {
    latency: Pool,
    worker: Pool,
    runtime: Handle,
}

impl Lanes {
    pub(crate) fn new(runtime: Handle) -> Self {
        Self { latency: Pool::new("latency", 1), worker: Pool::new("worker", 2), runtime }
    }

    /// Runs `job` as soon as its lane has a thread for it.
    pub(crate) fn run(&self, lane: Lane, job: Job) {
        match lane {
            Lane::Latency => self.latency.run(job),
            Lane::Worker => self.worker.run(job),
            // A blocking job of these lanes is a file read or the like; the runtime has threads for it.
            Lane::Database | Lane::Network => {
                self.runtime.spawn_blocking(job);
            }
        }
    }

    /// Runs work that awaits.
    pub(crate) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.runtime.spawn(work);
    }

    /// Gives the lane one more thread in place of one that a job does not give back.
    pub(crate) fn replace(&self, lane: Lane) {
        match lane {
            Lane::Latency => self.latency.grow(),
            Lane::Worker => self.worker.grow(),
            Lane::Database | Lane::Network => {}
        }
    }
}

/// Threads that take jobs from one queue, started when first needed.
struct Pool {
    name: &'static str,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    queue: Mutex<Queue>,
    ready: Condvar,
}

#[derive(Default)]
struct Queue {
    jobs: VecDeque<Job>,
    idle: usize,
    alive: usize,
    most: usize,
    closed: bool,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pool {
    fn new(name: &'static str, threads: usize) -> Self {
        let pool = Self { name, shared: Arc::default() };
        pool.shared.lock().most = threads;
        pool
    }

    fn run(&self, job: Job) {
        let mut queue = self.shared.lock();
        queue.jobs.push_back(job);
        self.wake(queue);
    }

    fn grow(&self) {
        let mut queue = self.shared.lock();
        queue.most += 1;
        self.wake(queue);
    }

    fn wake(&self, mut queue: MutexGuard<'_, Queue>) {
        if queue.jobs.len() <= queue.idle || queue.alive >= queue.most {
            drop(queue);
            self.shared.ready.notify_one();
            return;
        }
        queue.alive += 1;
        drop(queue);
        let shared = Arc::clone(&self.shared);
        let builder = thread::Builder::new().name(format!("atlas-{}", self.name)).stack_size(STACK);
        if let Err(error) = builder.spawn(move || work(&shared)) {
            self.shared.lock().alive -= 1;
            tracing::error!("no thread for the {} lane: {error}", self.name);
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        // Threads are not joined: one may hang, and that must not keep the process.
        self.shared.lock().closed = true;
        self.shared.ready.notify_all();
    }
}

fn work(shared: &Shared) {
    let mut queue = shared.lock();
    loop {
        if queue.closed {
            return;
        }
        if let Some(job) = queue.jobs.pop_front() {
            drop(queue);
            // Jobs catch their own panics to answer; this is for what they missed.
            if catch_unwind(AssertUnwindSafe(job)).is_err() {
                tracing::error!("a job panicked outside its guard");
            }
            queue = shared.lock();
            continue;
        }
        queue.idle += 1;
        queue = shared.ready.wait(queue).unwrap_or_else(PoisonError::into_inner);
        queue.idle -= 1;
    }
}
