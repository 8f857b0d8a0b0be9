//! The requests of this process that want to leave, and when they can.

use std::collections::VecDeque;
use std::thread::ThreadId;
use std::time::{Duration, Instant};

use super::schedule::State;

/// How late a request may leave without delaying the next one, where its process has a limit of its own.
const MAX_LATENESS: Duration = Duration::from_millis(5);

/// The requests that want to leave.
#[derive(Debug, Default)]
pub(super) struct RequestQueue {
    /// The threads that send them, first come first.
    pub(super) announced: VecDeque<ThreadId>,
    /// How long it took to open the last connection.
    pub(super) connect_time: Duration,
    /// The time between two requests, as far as this process knows.
    pub(super) interval: Duration,
    /// The earliest time for the first request, as far as this process knows.
    pub(super) next: Option<Instant>,
    /// The slot that is reserved for the first request, and the state when it was reserved.
    pub(super) reserved: Option<(Duration, State)>,
    /// The earliest time for the next request by the limit of this process, if it has one.
    pub(super) own_next: Option<Instant>,
    /// The end of the last pause after a 429 that this process knows of.
    pub(super) paused_until: Option<Instant>,
    /// When a process without a rate last looked for a pause.
    pub(super) pause_checked: Option<Instant>,
}

impl RequestQueue {
    /// Puts the request of `thread` at the end, unless it is there already.
    pub(super) fn announce(&mut self, thread: ThreadId) {
        if !self.announced.contains(&thread) {
            self.announced.push_back(thread);
        }
    }

    /// Removes the request of `thread`. Returns false if it isn't there.
    pub(super) fn remove(&mut self, thread: ThreadId) -> bool {
        if self.announced.front() == Some(&thread) {
            self.reserved = None;
        }
        let before = self.announced.len();
        self.announced.retain(|announced| *announced != thread);
        self.announced.len() < before
    }

    /// About how long it takes until the request of `thread` can leave.
    pub(super) fn wait_for(&self, thread: ThreadId) -> Duration {
        let position = self.announced.iter().position(|other| *other == thread);
        let ahead = u32::try_from(position.unwrap_or(0)).unwrap_or(u32::MAX);
        let next = self.next.map_or(Duration::ZERO, |next| {
            next.saturating_duration_since(Instant::now())
        });
        next.saturating_add(self.interval.saturating_mul(ahead))
    }

    /// Records that a request got no connection: the next one is tried as if this one had left.
    pub(super) fn record_no_connection(&mut self, now: Instant) {
        self.next = self.next.max(Some(now + self.interval));
    }

    /// Records that no request leaves before `end`, because of a 429.
    pub(super) fn pause(&mut self, end: Instant) {
        self.next = Some(end);
        self.paused_until = Some(end);
    }

    /// Records that a request left at `now`. The limit of this process has `own_interval`, the token's has `interval`.
    pub(super) fn record(&mut self, now: Instant, own_interval: Duration, interval: Duration) {
        // A small delay doesn't add up.
        let due = self.own_next.filter(|time| *time + MAX_LATENESS >= now);
        let own_next = due.unwrap_or(now) + own_interval;
        self.own_next = (!own_interval.is_zero()).then_some(own_next);
        self.next = Some(own_next.max(now + interval));
        self.interval = own_interval.max(interval);
    }
}

#[cfg(test)]
mod tests {
    use super::RequestQueue;
    use std::time::{Duration, Instant};

    #[test]
    fn connections_that_fail_are_tried_no_faster_than_requests_leave() {
        let interval = Duration::from_secs(100);
        let thread = std::thread::current().id();
        let mut queue = RequestQueue {
            interval,
            ..RequestQueue::default()
        };
        queue.announce(thread);
        assert_eq!(queue.wait_for(thread), Duration::ZERO);
        queue.record_no_connection(Instant::now());
        assert!(queue.wait_for(thread) > interval / 2);
    }
}
