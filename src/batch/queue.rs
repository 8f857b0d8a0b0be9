//! The messages between the reader and the workers, and how the run knows that it's over.
//!
//! One lock guards it all, so that "nothing waits and nobody is at work" can be asked at any moment. It holds few
//! messages: a reader that is faster than Lexer waits here, and memory doesn't grow with the input.
//!
//! To wake a thread costs more than to send a small message. So each kind of waiting has a condition of its own,
//! nobody is woken who doesn't wait, and the reader sleeps until there is room for several messages.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How many times the grace with a silent reader one that never falls silent is listened to.
const MAX_GRACE_FACTOR: u32 = 5;

/// A bounded queue that counts who is at work.
#[derive(Debug)]
pub(super) struct Queue<T> {
    state: Mutex<State<T>>,
    /// For workers: there is an item, or there will be none.
    filled: Condvar,
    /// For the reader: there is room, or nothing more is taken.
    drained: Condvar,
    /// For whoever waits for the end.
    ended: Condvar,
    capacity: usize,
}

#[derive(Debug)]
struct State<T> {
    waiting: VecDeque<T>,
    at_work: usize,
    /// How many workers wait for an item.
    idle: usize,
    /// The reader waits for room.
    full: bool,
    /// The reader has come to its end.
    closed: bool,
    /// Nothing more is taken in, whatever the reader has.
    refusing: bool,
    last_change: Instant,
}

impl<T> State<T> {
    fn is_over(&self) -> bool {
        (self.closed || self.refusing) && self.is_at_rest()
    }

    fn is_at_rest(&self) -> bool {
        self.waiting.is_empty() && self.at_work == 0
    }
}

impl<T> Queue<T> {
    /// An empty queue for at most `capacity` messages.
    pub(super) fn new(capacity: usize) -> Self {
        Queue {
            state: Mutex::new(State {
                waiting: VecDeque::with_capacity(capacity),
                at_work: 0,
                idle: 0,
                full: false,
                closed: false,
                refusing: false,
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
        while state.waiting.len() >= self.capacity && !state.refusing {
            state.full = true;
            state = wait(&self.drained, state);
        }
        if state.refusing {
            return Err(item);
        }
        state.waiting.push_back(item);
        state.last_change = Instant::now();
        let somebody_waits = state.idle > 0;
        // Let go first: who is woken needs the lock.
        drop(state);
        if somebody_waits {
            self.filled.notify_one();
        }
        Ok(())
    }

    /// Waits for the next item, for which the caller is at work until [`Queue::done`]. None at the end.
    pub(super) fn pop(&self) -> Option<T> {
        let mut state = self.lock();
        loop {
            if let Some(item) = state.waiting.pop_front() {
                state.at_work += 1;
                state.last_change = Instant::now();
                let room_again = state.full && state.waiting.len() <= self.capacity / 2;
                if room_again {
                    state.full = false;
                }
                drop(state);
                if room_again {
                    self.drained.notify_one();
                }
                return Some(item);
            }
            if state.closed || state.refusing {
                return None;
            }
            state.idle += 1;
            state = wait(&self.filled, state);
            state.idle -= 1;
        }
    }

    /// Says that the item that was popped has come to its end.
    pub(super) fn done(&self) {
        let mut state = self.lock();
        state.at_work -= 1;
        state.last_change = Instant::now();
        if state.is_over() {
            self.ended.notify_all();
        }
    }

    /// Says that the reader has come to its end.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.wake();
    }

    /// Takes nothing more in; what waits is still worked off.
    pub(super) fn refuse(&self) {
        self.lock().refusing = true;
        self.wake();
    }

    /// Waits until nothing waits, nobody is at work, and nothing more comes.
    ///
    /// `grace` is asked whenever somebody calls [`Queue::wake`]. Once it's given, the reader is refused after it has
    /// brought nothing for so long, or has gone on for a few times as long.
    pub(super) fn wait_for_end(&self, grace: impl Fn() -> Option<Duration>) {
        let mut since = None;
        let mut state = self.lock();
        while !state.is_over() {
            let Some(grace) = grace().filter(|_| !state.refusing) else {
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
                self.refuse();
                state = self.lock();
                continue;
            }
            let left = grace.saturating_sub(silent);
            (state, _) = self
                .ended
                .wait_timeout(state, left.max(Duration::from_millis(1)))
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Wakes all who wait here, so that they look at the world again.
    pub(super) fn wake(&self) {
        // Reservation and let go: whoever is between its look and its wait gets the call too.
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
