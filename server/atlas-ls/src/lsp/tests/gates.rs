//! Places where a probe stops until a test lets it go on.

use std::collections::HashMap;
use std::sync::{Arc, Condvar, LazyLock, Mutex};

use crate::lsp::cancel::Cancel;
use crate::lsp::failure::Failure;

#[derive(Default)]
struct Gate {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    arrived: usize,
    open: bool,
}

static GATES: LazyLock<Mutex<HashMap<String, Arc<Gate>>>> = LazyLock::new(Mutex::default);

fn gate(name: &str) -> Arc<Gate> {
    Arc::clone(GATES.lock().expect("gates").entry(name.to_owned()).or_default())
}

/// Called by a probe: waits until the gate is opened or the request is cancelled.
pub(super) fn pass(name: &str, cancel: &Cancel) -> Result<(), Failure> {
    let gate = gate(name);
    let mut state = gate.state.lock().expect("gate");
    state.arrived += 1;
    gate.changed.notify_all();
    while !state.open {
        cancel.check()?;
        // A computation that asks now and then, as real ones do.
        state = gate.changed.wait_timeout(state, std::time::Duration::from_millis(1)).expect("gate").0;
    }
    Ok(())
}

/// Called by a probe that hangs: waits for the gate and nothing else.
pub(super) fn stick(name: &str) {
    let gate = gate(name);
    let mut state = gate.state.lock().expect("gate");
    while !state.open {
        state = gate.changed.wait(state).expect("gate");
    }
}

/// Called by a test: waits until `count` probes have arrived.
pub(super) fn arrived(name: &str, count: usize) {
    let gate = gate(name);
    let mut state = gate.state.lock().expect("gate");
    while state.arrived < count {
        state = gate.changed.wait(state).expect("gate");
    }
}

/// Called by a test: lets everyone through, also those who come later.
pub(super) fn open(name: &str) {
    let gate = gate(name);
    gate.state.lock().expect("gate").open = true;
    gate.changed.notify_all();
}
