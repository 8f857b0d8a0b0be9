//! The rate limit: no more requests a second than Lexer accepts for a token, over all threads and lexbot processes.
//!
//! What counts is when a request leaves on an open connection. Requests are announced in the order of their messages,
//! connect when their turn is near, and leave in that order: the first one announced waits for the limit of its
//! process (`--rate`), then for a slot in the schedule of the token, which all processes share. So at most one slot of
//! each process is reserved at any time, and one that dies leaves no more than that unused.

mod request_queue;
mod schedule;
mod state_file;

pub(crate) use state_file::SharedState;

use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::client::NotDeparted;
use crate::locks::{lock, wait, wait_for};
use crate::output::Console;
use crate::shutdown::Shutdown;
use request_queue::RequestQueue;
use schedule::{MAX_JITTER, MAX_LATENESS, State, Turn, interval};

/// How long a pause by another process may go unnoticed where there is no rate, and so no state to read for each
/// request.
const PAUSE_POLL: Duration = Duration::from_millis(100);

/// The shortest pause. After it, a server that counts by the second has forgotten the requests before.
const MIN_PAUSE: Duration = Duration::from_secs(1);

/// A request connects at most this long before its turn.
const MAX_LEAD: Duration = Duration::from_secs(1);

/// A request is prepared at least this long before its turn.
const MIN_LEAD: Duration = Duration::from_millis(5);

/// The longest that a request waits on an open connection, which its server may close meanwhile.
const MAX_IDLE_WAIT: Duration = Duration::from_secs(2);

/// Says when requests may leave.
#[derive(Debug)]
pub(crate) struct RateLimit {
    /// Requests a second for all processes with the token, before a 429 lowers it; 0: no limit.
    token_rate: f64,
    /// The time between two requests by the limit of this process; zero if it has none.
    own_interval: Duration,
    queue: Mutex<RequestQueue>,
    /// The first request in the queue has left or been withdrawn.
    moved: Condvar,
    state: Mutex<SharedState>,
    shutdown: Arc<Shutdown>,
    /// Where to warn if the state can't be shared.
    console: Console,
}

impl RateLimit {
    /// A limit of `token_rate` requests a second for all processes that share `state`, and `own_rate` for this
    /// process; 0 means no limit, for this process if `own_rate` is.
    pub(crate) fn new(
        token_rate: f64,
        own_rate: Option<f64>,
        state: SharedState,
        shutdown: Arc<Shutdown>,
        console: Console,
    ) -> Self {
        let own_rate = own_rate.unwrap_or(token_rate);
        // A rate above the token's replaces it for this process, so only a lower one is a limit of its own.
        let (token_rate, own_interval) = if own_rate <= 0.0 {
            (0.0, Duration::ZERO)
        } else if token_rate <= 0.0 || own_rate < token_rate {
            (token_rate.max(0.0), interval(own_rate))
        } else {
            (own_rate, Duration::ZERO)
        };
        RateLimit {
            token_rate,
            own_interval,
            queue: Mutex::new(RequestQueue {
                interval: own_interval.max(interval(token_rate)),
                ..RequestQueue::default()
            }),
            moved: Condvar::new(),
            state: Mutex::new(state),
            shutdown,
            console,
        }
    }

    /// Puts the calling thread's next request at the end of the queue.
    pub(crate) fn announce(&self) {
        if !self.is_unlimited() {
            lock(&self.queue).announce(thread::current().id());
        }
    }

    /// Takes the calling thread's request out of the queue, if it is there: it will not leave.
    pub(crate) fn withdraw(&self) {
        if !self.is_unlimited() && lock(&self.queue).remove(thread::current().id()) {
            self.moved.notify_all();
        }
    }

    /// Records that a request got no connection, which delays the next one. While a server is down, hundreds of
    /// messages may wait for another attempt, and each would try at once.
    pub(crate) fn record_no_connection(&self) {
        lock(&self.queue).record_no_connection(Instant::now());
    }

    /// Records how long it took to open a connection.
    pub(crate) fn record_connection(&self, time: Duration) {
        lock(&self.queue).connect_time = time;
    }

    /// Waits until the turn of the calling thread's request is so near that it should connect. Returns false if the run
    /// stops first.
    pub(crate) fn approach(&self) -> bool {
        let thread = thread::current().id();
        let mut queue = lock(&self.queue);
        // A request whose connection closed after its turn needs another turn.
        if !self.is_unlimited() {
            queue.announce(thread);
        }
        loop {
            if self.shutdown.reason().is_some() {
                return false;
            }
            let lead = (queue.connect_time * 2).clamp(MIN_LEAD, MAX_LEAD);
            let wait = queue.wait_for(thread).saturating_sub(lead);
            if wait.is_zero() {
                return true;
            }
            queue = wait_for(&self.moved, queue, wait);
        }
    }

    /// Waits until the calling thread's request may leave on its open connection.
    pub(crate) fn depart(&self) -> Result<(), NotDeparted> {
        if self.is_unlimited() {
            return self.wait_for_pause();
        }
        let thread = thread::current().id();
        let mut queue = lock(&self.queue);
        while queue.announced.front() != Some(&thread) && self.shutdown.reason().is_none() {
            queue = wait(&self.moved, queue);
        }
        drop(queue);
        if self.shutdown.reason().is_some() {
            return Err(NotDeparted::Stopped);
        }
        self.take_turn()?;
        self.withdraw();
        Ok(())
    }

    /// Records a 429 to a request that left at `departed`: no process sends a request for `pause`, or a second if that
    /// is longer, and a little more.
    ///
    /// Returns the rate in requests a second if this lowered it.
    pub(crate) fn throttle(&self, departed: SystemTime, pause: Duration) -> Option<f64> {
        // Clients that were paused together don't come back together.
        let spread = interval(self.token_rate.max(1.0)).mul_f64(fastrand::f64());
        let pause = pause.max(MIN_PAUSE) + spread;
        let now = unix_now();
        let (lowered, rate) = self.update(|state| {
            let lowered = state.throttle(unix_time(departed), now, pause);
            (lowered, self.token_rate * state.factor(now))
        });
        lock(&self.queue).pause(Instant::now() + pause);
        (lowered && rate > 0.0).then_some(rate)
    }

    /// The current rate of the token in requests a second, if a 429 has lowered it.
    pub(crate) fn lowered_rate(&self) -> Option<f64> {
        let factor = self.update(|state| state.factor(unix_now()));
        (factor < 1.0).then_some(self.token_rate * factor)
    }

    /// The end of the last pause that a 429 caused, if this process knows of one.
    pub(crate) fn paused_until(&self) -> Option<Instant> {
        lock(&self.queue).paused_until
    }

    /// Wakes all threads that wait here, so that they see that the run stops.
    pub(crate) fn wake(&self) {
        drop(lock(&self.queue));
        self.moved.notify_all();
    }

    fn is_unlimited(&self) -> bool {
        self.own_interval.is_zero() && self.token_rate <= 0.0
    }

    /// Waits until the first request in the queue may leave.
    fn take_turn(&self) -> Result<(), NotDeparted> {
        let mut tolerance = MAX_LATENESS;
        loop {
            let (own_next, reserved) = {
                let queue = lock(&self.queue);
                (queue.own_next, queue.reserved)
            };
            if let Some(time) = own_next {
                self.wait_connected(time.saturating_duration_since(Instant::now()), None)?;
            }
            let (turn, state) = match reserved {
                Some((slot, state)) => (Turn::At(slot), state),
                None => self.update(|state| (state.reserve(unix_now(), self.token_rate), *state)),
            };
            let (time, slot) = match turn {
                Turn::At(time) => (time, Some((time, state))),
                Turn::PausedUntil(time) => (time, None),
            };
            let wait = time.saturating_sub(unix_now());
            if slot.is_none() {
                lock(&self.queue).pause(Instant::now() + wait);
            }
            self.wait_connected(wait, slot)?;
            lock(&self.queue).reserved = None;
            let Some((slot, state)) = slot else { continue };
            if wait.is_zero() && reserved.is_none()
                || self.update(|now| now.confirm(slot, &state, unix_now(), tolerance))
            {
                let interval = state.interval(unix_now(), self.token_rate);
                lock(&self.queue).record(Instant::now(), self.own_interval, interval);
                return Ok(());
            }
            // A machine that always wakes late would give up every slot to another process.
            tolerance = MAX_JITTER;
        }
    }

    /// Waits on an open connection. If `wait` is long, fails at once: the request gives its connection up, and keeps
    /// the slot that is `reserved`.
    fn wait_connected(
        &self,
        wait: Duration,
        reserved: Option<(Duration, State)>,
    ) -> Result<(), NotDeparted> {
        if wait > MAX_IDLE_WAIT {
            let mut queue = lock(&self.queue);
            queue.next = Some(Instant::now() + wait);
            queue.reserved = reserved;
            return Err(NotDeparted::Later);
        }
        if self.shutdown.sleep(wait) {
            Ok(())
        } else {
            Err(NotDeparted::Stopped)
        }
    }

    /// Waits for the end of a pause, which counts even without a limit.
    fn wait_for_pause(&self) -> Result<(), NotDeparted> {
        let now = Instant::now();
        let mut queue = lock(&self.queue);
        if queue
            .pause_checked
            .is_none_or(|time| now >= time + PAUSE_POLL)
        {
            queue.pause_checked = Some(now);
            drop(queue);
            // Without a rate there is nothing to record, so no file is created.
            if lock(&self.state).exists() {
                let turn = self.update(|state| state.reserve(unix_now(), 0.0));
                let mut queue = lock(&self.queue);
                match turn {
                    Turn::PausedUntil(time) => queue.pause(now + time.saturating_sub(unix_now())),
                    Turn::At(_) => queue.next = None,
                }
            }
            queue = lock(&self.queue);
        }
        let wait = queue
            .next
            .map_or(Duration::ZERO, |until| until.saturating_duration_since(now));
        drop(queue);
        self.wait_connected(wait, None)
    }

    fn update<R>(&self, change: impl FnOnce(&mut State) -> R) -> R {
        let mut state = lock(&self.state);
        let result = state.update(&self.shutdown, change);
        let problem = state.problem.take();
        drop(state);
        if let Some(problem) = problem {
            self.console.warning(&format!(
                "{problem}; the rate limit isn't shared with other lexbot processes"
            ));
        }
        result
    }
}

/// The time by the system's clock, which all processes share, since 1970.
fn unix_now() -> Duration {
    unix_time(SystemTime::now())
}

fn unix_time(time: SystemTime) -> Duration {
    time.duration_since(UNIX_EPOCH).unwrap_or_default()
}
