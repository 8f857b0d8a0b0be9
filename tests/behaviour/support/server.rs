//! A real HTTP server on the loopback interface that follows a script and records the requests.
//!
//! It uses no HTTP library, because it has to be able to misbehave.

use std::panic::Location;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::front::Front;
use super::reply::Reply;
use super::request::Request;
use super::shared::{Script, Shared};
use super::text::Text;
use super::{PATIENCE, connection};

/// A server. Dropping it ends all its connections and threads, and fails a test that didn't ask for the requests,
/// left replies over, or caused a request that is not in the script.
pub(crate) struct Server {
    front: Front,
    made_at: &'static Location<'static>,
    asserted: AtomicBool,
    shared: Arc<Shared>,
}

impl Server {
    /// A server that gives these replies, one for each request.
    #[track_caller]
    pub(crate) fn answering(replies: impl IntoIterator<Item = Reply>) -> Self {
        let replies: Vec<_> = replies.into_iter().collect();
        let left = replies.len();
        let mut replies = replies.into_iter();
        Self::start(Box::new(move |_| replies.next()), left)
    }

    /// A server that gives the same reply to every request.
    #[track_caller]
    pub(crate) fn always(reply: Reply) -> Self {
        Self::start(Box::new(move |_| Some(reply.clone())), 0)
    }

    /// A server that replies what `script` returns for each request. It is called for one request at a time.
    #[track_caller]
    pub(crate) fn scripted(mut script: impl FnMut(&Request) -> Reply + Send + 'static) -> Self {
        Self::start(Box::new(move |request| Some(script(request))), 0)
    }

    /// A server that gives `reply` to each request that contains `text`, and `otherwise` to every other.
    #[track_caller]
    pub(crate) fn by_text(text: &'static str, reply: Reply, otherwise: Reply) -> Self {
        Self::scripted(move |request| {
            let is_found = request.text().contains(text);
            if is_found { &reply } else { &otherwise }.clone()
        })
    }

    #[track_caller]
    fn start(script: Script, left: usize) -> Self {
        let shared = Shared::new(script, left);
        let front = Front::start({
            let shared = Arc::clone(&shared);
            move |stream| connection::serve(stream, &shared)
        });
        Server {
            front,
            made_at: Location::caller(),
            asserted: AtomicBool::new(false),
            shared,
        }
    }

    /// The base URL, such as `http://127.0.0.1:40123`.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.front.address())
    }

    /// The port that it listens on.
    pub(crate) fn port(&self) -> u16 {
        self.front.port()
    }

    /// How many connections were made so far.
    pub(crate) fn connections(&self) -> usize {
        self.front.connections()
    }

    /// The requests so far, for a test that compares them itself.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.ignore_requests();
        self.shared.requests()
    }

    /// States that this test is not about the requests.
    pub(crate) fn ignore_requests(&self) {
        self.asserted.store(true, Ordering::Relaxed);
    }

    /// Waits until `count` requests have come, whether replied to or not.
    #[track_caller]
    pub(crate) fn wait_for(&self, count: usize) {
        assert!(
            self.shared.wait_for(count),
            "waited {PATIENCE:?} for {count} requests; {}",
            self.shared.seen()
        );
    }

    /// Asserts that exactly these requests came, in this order.
    #[track_caller]
    pub(crate) fn received(&self, expected: impl IntoIterator<Item = Request>) {
        assert_equal(&expected.into_iter().collect::<Vec<_>>(), &self.requests());
    }

    /// Asserts that exactly these requests came, in any order.
    #[track_caller]
    pub(crate) fn received_in_any_order(&self, expected: impl IntoIterator<Item = Request>) {
        let sorted = |mut requests: Vec<Request>| {
            requests
                .sort_by(|a, b| (&a.method, &a.path, &a.body).cmp(&(&b.method, &b.path, &b.body)));
            requests
        };
        assert_equal(
            &sorted(expected.into_iter().collect()),
            &sorted(self.requests()),
        );
    }

    /// For a run that uses this server: it shows the requests if it fails.
    pub(super) fn shared(&self) -> Arc<Shared> {
        Arc::clone(&self.shared)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.stop();
        let panicked = self.front.end();
        let mut complaints = self.shared.complaints();
        if panicked > 0 {
            complaints.push("its script panicked".to_owned());
        }
        if !self.asserted.load(Ordering::Relaxed) {
            complaints.push("the test never asked for its requests".to_owned());
        }
        assert!(
            complaints.is_empty() || thread::panicking(),
            "the server made at {}: {}; {}",
            self.made_at,
            complaints.join("; "),
            self.shared.seen()
        );
    }
}

#[track_caller]
fn assert_equal(expected: &[Request], received: &[Request]) {
    let usual = Request::post("/");
    let received: Vec<Request> = received
        .iter()
        .enumerate()
        .map(|(index, seen)| seen.comparable_to(expected.get(index).unwrap_or(&usual)))
        .collect();
    let expected: Vec<Request> = expected
        .iter()
        .map(|expected| expected.comparable_to(expected))
        .collect();
    let text = |requests: &[Request]| {
        let texts: Vec<String> = requests.iter().map(Request::to_string).collect();
        texts.join("\n")
    };
    assert!(
        received == expected,
        "{} requests were expected and {} received:{}",
        expected.len(),
        received.len(),
        Text::Exactly(text(&expected))
            .diff(&text(&received))
            .unwrap_or_default()
    );
}
