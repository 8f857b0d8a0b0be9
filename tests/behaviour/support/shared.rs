//! What a server's threads and the test share: the script, what came so far, and how all of it is ended.

use std::mem;
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::thread::{self, JoinHandle};

use super::gate::Gate;
use super::reply::Reply;
use super::request::Request;
use super::script::Script;
use super::{PATIENCE, connection};

/// The inside of a server.
#[derive(Debug)]
pub(super) struct Shared {
    /// Opened when the server is dropped.
    pub(super) stop: Gate,
    state: Mutex<State>,
    arrived: Condvar,
}

#[derive(Debug)]
struct State {
    script: Script,
    requests: Vec<Request>,
    complaints: Vec<String>,
    connections: usize,
    streams: Vec<Weak<TcpStream>>,
    gates: Vec<Gate>,
    threads: Vec<JoinHandle<()>>,
}

impl Shared {
    /// Nothing came so far.
    pub(super) fn new(script: Script) -> Self {
        Shared {
            stop: Gate::new(),
            state: Mutex::new(State {
                script,
                requests: Vec::new(),
                complaints: Vec::new(),
                connections: 0,
                streams: Vec::new(),
                gates: Vec::new(),
                threads: Vec::new(),
            }),
            arrived: Condvar::new(),
        }
    }

    /// Serves a connection on a thread of its own.
    pub(super) fn accept(self: &Arc<Self>, stream: TcpStream) {
        let stream = Arc::new(stream);
        let mut state = self.lock();
        state.connections += 1;
        // The thread alone holds the connection, so that what it lets go of is closed.
        state.streams.push(Arc::downgrade(&stream));
        let shared = Arc::clone(self);
        state
            .threads
            .push(thread::spawn(move || connection::serve(&stream, &shared)));
    }

    /// Notes the request and gives what the script says of it.
    pub(super) fn reply_to(&self, request: Request) -> Reply {
        let mut state = self.lock();
        let reply = state.script.next(&request).unwrap_or_else(|| {
            let complaint = format!("a request beyond the script: {request}");
            state.complaints.push(complaint);
            Reply::status(599, "Not In The Script")
        });
        state.requests.push(request);
        self.arrived.notify_all();
        reply
    }

    /// Waits until the test opens `gate` or drops the server.
    pub(super) fn wait_at(&self, gate: &Gate) {
        self.lock().gates.push(gate.clone());
        gate.wait_or(|| self.stop.is_open());
    }

    /// Waits until `count` requests have come; false if they don't.
    pub(super) fn wait_for(&self, count: usize) -> bool {
        self.arrived
            .wait_timeout_while(self.lock(), PATIENCE, |state| state.requests.len() < count)
            .is_ok_and(|(state, _)| state.requests.len() >= count)
    }

    /// Notes what shall fail the test.
    pub(super) fn complain(&self, complaint: String) {
        self.lock().complaints.push(complaint);
    }

    /// How many connections were made so far.
    pub(super) fn connections(&self) -> usize {
        self.lock().connections
    }

    /// The requests so far.
    pub(super) fn requests(&self) -> Vec<Request> {
        self.lock().requests.clone()
    }

    /// The requests so far, for a reader.
    pub(super) fn seen(&self) -> String {
        let state = self.lock();
        let requests: Vec<String> = state.requests.iter().map(Request::to_string).collect();
        format!(
            "the server received {} requests on {} connections\n{}",
            requests.len(),
            state.connections,
            requests.join("\n")
        )
    }

    /// Ends every connection and its thread, and gives what shall fail the test. No connection may be
    /// accepted any more.
    pub(super) fn end(&self) -> Vec<String> {
        let mut state = self.lock();
        let gates = mem::take(&mut state.gates);
        let streams = mem::take(&mut state.streams);
        let threads = mem::take(&mut state.threads);
        drop(state);

        gates.iter().for_each(Gate::wake);
        for stream in streams.iter().filter_map(Weak::upgrade) {
            let _ = stream.shutdown(Shutdown::Both);
        }
        let panicked = threads.into_iter().filter_map(|thread| thread.join().err());
        let panicked = panicked.count();

        let mut state = self.lock();
        let mut complaints = mem::take(&mut state.complaints);
        if panicked > 0 {
            complaints.push("its script panicked".to_owned());
        }
        match state.script.left() {
            0 => {}
            left => complaints.push(format!("{left} replies were left over")),
        }
        complaints
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
