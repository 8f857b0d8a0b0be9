//! What a server's threads and the test share: the script, and what came so far.

use std::mem;
use std::sync::Arc;

use super::PATIENCE;
use super::gate::Gate;
use super::reply::Reply;
use super::request::Request;
use super::watched::Watched;

/// The reply to each request; `None` at the end of the script.
pub(super) type Script = Box<dyn FnMut(&Request) -> Option<Reply> + Send>;

/// The inside of a server.
pub(super) struct Shared {
    /// Opened when the server is dropped.
    pub(super) stop: Gate,
    state: Watched<State>,
}

struct State {
    script: Script,
    /// How many replies of the script have to be used.
    left: usize,
    requests: Vec<Request>,
    complaints: Vec<String>,
    gates: Vec<Gate>,
}

impl Shared {
    /// A server that has to use `left` replies of its script.
    pub(super) fn new(script: Script, left: usize) -> Arc<Self> {
        Arc::new(Shared {
            stop: Gate::new(),
            state: Watched::new(State {
                script,
                left,
                requests: Vec::new(),
                complaints: Vec::new(),
                gates: Vec::new(),
            }),
        })
    }

    /// Records the request, and returns the reply in the script.
    pub(super) fn reply_to(&self, request: Request) -> Reply {
        self.state.change(|state| {
            state.left = state.left.saturating_sub(1);
            let reply = (state.script)(&request).unwrap_or_else(|| {
                let complaint = format!("a request beyond the script: {request}");
                state.complaints.push(complaint);
                Reply::status(599, "Not In The Script")
            });
            state.requests.push(request);
            reply
        })
    }

    /// Waits until the test opens `gate` or drops the server.
    pub(super) fn wait_at(&self, gate: &Gate) {
        self.state.lock().gates.push(gate.clone());
        if !self.stop.is_open() {
            gate.wait();
        }
    }

    /// Waits until `count` requests have come; false if they don't come.
    pub(super) fn wait_for(&self, count: usize) -> bool {
        let have_come = |state: &State| state.requests.len() >= count;
        have_come(&self.state.wait(PATIENCE, have_come))
    }

    /// Records a reason for the test to fail.
    pub(super) fn complain(&self, complaint: String) {
        self.state.lock().complaints.push(complaint);
    }

    /// The requests so far.
    pub(super) fn requests(&self) -> Vec<Request> {
        self.state.lock().requests.clone()
    }

    /// Describes the requests so far.
    pub(super) fn seen(&self) -> String {
        let state = self.state.lock();
        let requests: Vec<String> = state.requests.iter().map(Request::to_string).collect();
        format!(
            "the server received {} requests\n{}",
            requests.len(),
            requests.join("\n")
        )
    }

    /// Makes every connection end that waits.
    pub(super) fn stop(&self) {
        self.stop.open();
        self.state.lock().gates.iter().for_each(Gate::open);
    }

    /// The reasons for the test to fail, once the last connection has ended.
    pub(super) fn complaints(&self) -> Vec<String> {
        let mut state = self.state.lock();
        let mut complaints = mem::take(&mut state.complaints);
        match state.left {
            0 => {}
            left => complaints.push(format!("{left} replies were left over")),
        }
        complaints
    }
}
