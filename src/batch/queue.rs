//! The messages between the reader and the workers, and those that wait for another attempt.
//!
//! One lock guards it all, so that "nothing waits and no worker is busy" can be asked at any moment. It holds few
//! messages: a reader that is faster than Lexer waits here, and memory doesn't grow with the input. A message that
//! waits for another attempt occupies no worker; if too many do, as in an outage, the reader waits, too.
//!
//! To wake a thread costs more than to send a small message. So each kind of waiting has a condition of its own, only
//! threads that wait are woken, and the reader sleeps until there is room for several messages.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How many messages may wait for another attempt, or be on their way to that.
const MAX_DELAYED: usize = 1000;

/// How many times the grace period with a silent reader a reader that is never silent gets.
const MAX_GRACE_FACTOR: u32 = 5;

/// A bounded queue that knows which of its items are being worked on.
#[derive(Debug)]
pub(super) struct Queue<T> {
    state: Mutex<State<T>>,
    /// For workers: there is an item, or there will be none.
    filled: Condvar,
    /// For the reader: there is room, or nothing more is taken.
    drained: Condvar,
    /// For the thread that waits for the end.
    ended: Condvar,
    capacity: usize,
}

#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "reader, end and stop are independent of each other"
)]
struct State<T> {
    fresh: VecDeque<T>,
    delayed: BinaryHeap<Delayed<T>>,
    /// How many items were delayed so far: of two that are due at the same time, the earlier one goes first.
    delays: u64,
    busy: usize,
    /// How many workers wait for an item.
    idle: usize,
    /// The reader waits for room.
    full: bool,
    /// The reader has come to its end.
    closed: bool,
    /// Nothing more is taken in, whatever the reader has.
    refusing: bool,
    /// The end of the reader is no longer waited for.
    abandoned: bool,
    /// Delayed items are due at once.
    stopped: bool,
    last_change: Instant,
}

#[derive(Debug)]
struct Delayed<T> {
    due: Instant,
    number: u64,
    item: T,
}

impl<T> Ord for Delayed<T> {
    /// The greatest is due first.
    fn cmp(&self, other: &Self) -> Ordering {
        (other.due, other.number).cmp(&(self.due, self.number))
    }
}

impl<T> PartialOrd for Delayed<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> PartialEq for Delayed<T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<T> Eq for Delayed<T> {}

impl<T> State<T> {
    fn is_over(&self) -> bool {
        (self.closed || self.abandoned) && self.is_at_rest()
    }

    fn is_at_rest(&self) -> bool {
        self.is_empty() && self.busy == 0
    }

    fn is_empty(&self) -> bool {
        self.fresh.is_empty() && self.delayed.is_empty()
    }

    fn has_room(&self, capacity: usize) -> bool {
        self.fresh.len() < capacity
            && self.fresh.len() + self.delayed.len() + self.busy < MAX_DELAYED.max(capacity)
    }

    /// The next item that can be worked on: a delayed one that is due goes before a fresh one.
    fn next(&mut self, now: Instant) -> Option<T> {
        let is_due = |delayed: &Delayed<T>| self.stopped || delayed.due <= now;
        if self.delayed.peek().is_some_and(is_due) {
            return self.delayed.pop().map(|delayed| delayed.item);
        }
        self.fresh.pop_front()
    }
}

impl<T> Queue<T> {
    /// An empty queue with room for `capacity` fresh items.
    pub(super) fn new(capacity: usize) -> Self {
        Queue {
            state: Mutex::new(State {
                fresh: VecDeque::with_capacity(capacity),
                delayed: BinaryHeap::new(),
                delays: 0,
                busy: 0,
                idle: 0,
                full: false,
                closed: false,
                refusing: false,
                abandoned: false,
                stopped: false,
                last_change: Instant::now(),
            }),
            filled: Condvar::new(),
            drained: Condvar::new(),
            ended: Condvar::new(),
            capacity,
        }
    }

    /// Waits for room and puts `item` in. Gives it back once the queue takes nothing more.
    pub(super) fn push(&self, item: T) -> Result<(), T> {
        let mut state = self.lock();
        while !state.refusing && !state.has_room(self.capacity) {
            state.full = true;
            state = wait(&self.drained, state);
        }
        if state.refusing {
            return Err(item);
        }
        state.fresh.push_back(item);
        state.last_change = Instant::now();
        let is_awaited = state.idle > 0;
        // Unlock first: the thread that is woken needs the lock.
        drop(state);
        if is_awaited {
            self.filled.notify_one();
        }
        Ok(())
    }

    /// Waits for the next item, which counts as busy until [`Queue::done`] or [`Queue::delay`]; `None` at the end.
    ///
    /// Calls `taken` before another thread can take the next item.
    pub(super) fn pop(&self, taken: impl FnOnce()) -> Option<T> {
        let mut state = self.lock();
        loop {
            let now = Instant::now();
            if let Some(item) = state.next(now) {
                state.busy += 1;
                state.last_change = now;
                taken();
                let wakes_reader = state.full && state.fresh.len() <= self.capacity / 2;
                if wakes_reader {
                    state.full = false;
                }
                // This worker may have been woken for an item that is still there.
                let wakes_worker = state.idle > 0 && state.delays > 0 && !state.is_empty();
                drop(state);
                if wakes_reader {
                    self.drained.notify_one();
                }
                if wakes_worker {
                    self.filled.notify_one();
                }
                return Some(item);
            }
            if state.is_over() {
                return None;
            }
            state.idle += 1;
            state = match state.delayed.peek() {
                None => wait(&self.filled, state),
                Some(delayed) => {
                    let left = delayed.due.saturating_duration_since(now);
                    let waited = self.filled.wait_timeout(state, left);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
            };
            state.idle -= 1;
        }
    }

    /// Puts an item that was popped back, to be popped again at `due`.
    pub(super) fn delay(&self, item: T, due: Instant) {
        let mut state = self.lock();
        let number = state.delays;
        state.delays += 1;
        state.delayed.push(Delayed { due, number, item });
        self.finish(state);
        // A waiting worker has to wait less long now.
        self.filled.notify_one();
    }

    /// Records that an item that was popped needs no more work.
    pub(super) fn done(&self) {
        self.finish(self.lock());
    }

    fn finish(&self, mut state: MutexGuard<'_, State<T>>) {
        state.busy -= 1;
        state.last_change = Instant::now();
        let wakes_reader = state.full && state.has_room(self.capacity);
        let is_over = state.is_over();
        drop(state);
        if wakes_reader {
            self.drained.notify_one();
        }
        if is_over {
            self.wake();
        }
    }

    /// Makes all delayed items due.
    pub(super) fn hurry(&self) {
        let mut state = self.lock();
        let now = Instant::now();
        let mut delayed = std::mem::take(&mut state.delayed).into_vec();
        for item in &mut delayed {
            item.due = item.due.min(now);
        }
        state.delayed = delayed.into();
        drop(state);
        self.filled.notify_all();
    }

    /// How many items wait for another attempt.
    #[cfg(test)]
    pub(super) fn delayed(&self) -> usize {
        self.lock().delayed.len()
    }

    /// Records that the reader has come to its end.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.wake();
    }

    /// Takes nothing more in; what waits is still worked on.
    pub(super) fn refuse(&self) {
        self.lock().refusing = true;
        self.wake();
    }

    /// Takes nothing more in, and doesn't wait for the reader's end.
    fn abandon(&self) {
        let mut state = self.lock();
        state.refusing = true;
        state.abandoned = true;
        drop(state);
        self.wake();
    }

    /// Makes delayed items due, now and later.
    pub(super) fn stop(&self) {
        self.lock().stopped = true;
        self.wake();
    }

    /// Waits until nothing waits, no worker is busy, and nothing more comes.
    ///
    /// Calls `grace` whenever [`Queue::wake`] was called. Once it returns a grace period, the reader's end is no longer
    /// waited for after it has brought nothing for so long, or has gone on for a few times as long.
    pub(super) fn wait_for_end(&self, grace: impl Fn() -> Option<Duration>) {
        let mut since = None;
        let mut state = self.lock();
        while !state.is_over() {
            let Some(grace) = grace().filter(|_| !state.abandoned) else {
                state = wait(&self.ended, state);
                continue;
            };
            let since = *since.get_or_insert_with(Instant::now);
            let silent = if state.is_at_rest() {
                state.last_change.elapsed()
            } else {
                Duration::ZERO
            };
            if silent >= grace || since.elapsed() >= grace * MAX_GRACE_FACTOR {
                drop(state);
                self.abandon();
                state = self.lock();
                continue;
            }
            let left = grace.saturating_sub(silent).max(Duration::from_millis(1));
            let waited = self.ended.wait_timeout(state, left);
            (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Wakes all threads that wait here, so that they look again.
    pub(super) fn wake(&self) {
        // A thread between its look and its wait holds the lock.
        drop(self.lock());
        self.filled.notify_all();
        self.drained.notify_all();
        self.ended.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn wait<'q, T>(condition: &Condvar, state: MutexGuard<'q, State<T>>) -> MutexGuard<'q, State<T>> {
    condition
        .wait(state)
        .unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
