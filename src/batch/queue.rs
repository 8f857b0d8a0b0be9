//! The messages between the reader and the workers, and those that wait for another attempt.
//!
//! One lock guards it all, so that "nothing waits and no worker is busy" can be asked at any moment. It holds few
//! messages: a reader that is faster than Lexer waits here, and memory doesn't grow with the input. A message that
//! waits for another attempt occupies no worker; if too many do, as in an outage, the reader waits, too.
//!
//! Waking a thread costs more than sending a small message. So each kind of waiting has a condition of its own, only
//! threads that wait are woken, and the reader sleeps until there is room for several messages.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use crate::locks::{lock, wait, wait_for};

/// How many messages may wait for another attempt. Others count, too, because they may have to wait for one later.
const MAX_DELAYED: usize = 1000;

/// A reader that is never silent gets this many grace periods.
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
    /// The items that wait for another attempt, by when they are due. Of two that are due at the same time, the one
    /// that was delayed first goes first.
    delayed: BTreeMap<(Instant, u64), T>,
    /// How many items were delayed so far.
    delays: u64,
    busy: usize,
    /// How many workers wait for an item.
    idle: usize,
    /// The reader waits for room.
    full: bool,
    /// The reader has come to its end, or is no longer waited for.
    closed: bool,
    /// Nothing more is taken in, whatever the reader has.
    refusing: bool,
    /// Delayed items are due at once.
    stopped: bool,
    last_change: Instant,
}

impl<T> State<T> {
    fn is_over(&self) -> bool {
        self.closed && self.is_at_rest()
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
        match self.delayed.first_entry() {
            Some(delayed) if self.stopped || delayed.key().0 <= now => Some(delayed.remove()),
            _ => self.fresh.pop_front(),
        }
    }
}

impl<T> Queue<T> {
    /// An empty queue with room for `capacity` fresh items.
    pub(super) fn new(capacity: usize) -> Self {
        Queue {
            state: Mutex::new(State {
                fresh: VecDeque::with_capacity(capacity),
                delayed: BTreeMap::new(),
                delays: 0,
                busy: 0,
                idle: 0,
                full: false,
                closed: false,
                refusing: false,
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
        let mut state = lock(&self.state);
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
        let mut state = lock(&self.state);
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
                // This worker may have been woken for another item, which is still there.
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
            state = match state.delayed.first_key_value() {
                None => wait(&self.filled, state),
                Some(((due, _), _)) => {
                    let left = due.saturating_duration_since(now);
                    wait_for(&self.filled, state, left)
                }
            };
            state.idle -= 1;
        }
    }

    /// Puts an item that was popped back, to be popped again at `due`.
    pub(super) fn delay(&self, item: T, due: Instant) {
        let mut state = lock(&self.state);
        let number = state.delays;
        state.delays += 1;
        state.delayed.insert((due, number), item);
        self.finish(state);
        // A waiting worker has to wait less long now.
        self.filled.notify_one();
    }

    /// Records that an item that was popped needs no more work.
    pub(super) fn done(&self) {
        self.finish(lock(&self.state));
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
        let mut state = lock(&self.state);
        let now = Instant::now();
        let delayed = std::mem::take(&mut state.delayed).into_iter();
        state.delayed = delayed
            .map(|((due, number), item)| ((due.min(now), number), item))
            .collect();
        drop(state);
        self.filled.notify_all();
    }

    /// Records that the reader has come to its end.
    pub(super) fn close(&self) {
        lock(&self.state).closed = true;
        self.wake();
    }

    /// Makes delayed items due, now and later. If it `refuses` items, none is taken in any more.
    pub(super) fn stop(&self, refuses: bool) {
        let mut state = lock(&self.state);
        state.stopped = true;
        state.refusing |= refuses;
        drop(state);
        self.wake();
    }

    /// Waits until nothing waits, no worker is busy, and nothing more comes.
    ///
    /// Calls `grace` whenever [`Queue::wake`] was called. Once that returns a grace period, the reader is waited for
    /// only until it has brought nothing for that long, and at most [`MAX_GRACE_FACTOR`] times as long.
    pub(super) fn wait_for_end(&self, grace: impl Fn() -> Option<Duration>) {
        let mut since = None;
        let mut state = lock(&self.state);
        while !state.is_over() {
            let Some(grace) = grace().filter(|_| !state.closed) else {
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
                state.refusing = true;
                state.closed = true;
                drop(state);
                self.wake();
                state = lock(&self.state);
                continue;
            }
            let left = grace.saturating_sub(silent).max(Duration::from_millis(1));
            state = wait_for(&self.ended, state, left);
        }
    }

    /// Wakes all threads that wait here, so that they check the state again.
    pub(super) fn wake(&self) {
        // A thread that has checked the state and is about to wait holds the lock. Without this, it would not wake.
        drop(lock(&self.state));
        self.filled.notify_all();
        self.drained.notify_all();
        self.ended.notify_all();
    }
}

#[cfg(test)]
mod tests;
