//! The messages between the reader and the workers, and how the run knows that it's over.
//!
//! One lock guards it all, so that "nothing waits and nobody is at work" can be asked at any moment. It holds few
//! messages: a reader that is faster than Lexer waits here, and memory doesn't grow with the input.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How many times the patience with a silent reader one that never falls silent is listened to.
const LONGEST_PATIENCE: u32 = 5;

/// A bounded queue that counts who is at work.
#[derive(Debug)]
pub(super) struct Queue<T> {
    state: Mutex<State<T>>,
    changed: Condvar,
    capacity: usize,
}

#[derive(Debug)]
struct State<T> {
    waiting: VecDeque<T>,
    at_work: usize,
    /// The reader has come to its end.
    closed: bool,
    /// Nothing more is taken in, whatever the reader has.
    refusing: bool,
    last_change: Instant,
}

impl<T> Queue<T> {
    /// An empty queue for at most `capacity` messages.
    pub(super) fn new(capacity: usize) -> Self {
        Queue {
            state: Mutex::new(State {
                waiting: VecDeque::with_capacity(capacity),
                at_work: 0,
                closed: false,
                refusing: false,
                last_change: Instant::now(),
            }),
            changed: Condvar::new(),
            capacity,
        }
    }

    /// Waits for room and puts `item` in. Gives it back once the queue takes nothing more.
    pub(super) fn push(&self, item: T) -> Result<(), T> {
        let mut state = self.lock();
        while state.waiting.len() >= self.capacity && !state.refusing {
            state = self.wait(state);
        }
        if state.refusing {
            return Err(item);
        }
        state.waiting.push_back(item);
        self.note(&mut state);
        Ok(())
    }

    /// Waits for the next item, for which the caller is at work until [`Queue::done`]. None at the end.
    pub(super) fn pop(&self) -> Option<T> {
        let mut state = self.lock();
        loop {
            if let Some(item) = state.waiting.pop_front() {
                state.at_work += 1;
                self.note(&mut state);
                return Some(item);
            }
            if state.closed || state.refusing {
                return None;
            }
            state = self.wait(state);
        }
    }

    /// Says that the item that was popped has come to its end.
    pub(super) fn done(&self) {
        let mut state = self.lock();
        state.at_work -= 1;
        self.note(&mut state);
    }

    /// Says that the reader has come to its end.
    pub(super) fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        self.note(&mut state);
    }

    /// Takes nothing more in; what waits is still worked off.
    pub(super) fn refuse(&self) {
        let mut state = self.lock();
        state.refusing = true;
        self.note(&mut state);
    }

    /// Waits until nothing waits, nobody is at work, and nothing more comes.
    ///
    /// `patience` is asked at every change. Once it's given, the reader is refused after it has brought nothing for so
    /// long, or has gone on for a few times as long.
    pub(super) fn wait_for_end(&self, patience: impl Fn() -> Option<Duration>) {
        let mut since = None;
        let mut state = self.lock();
        while !((state.closed || state.refusing) && state.waiting.is_empty() && state.at_work == 0)
        {
            let Some(patience) = patience().filter(|_| !state.refusing) else {
                state = self.wait(state);
                continue;
            };
            let since = *since.get_or_insert_with(Instant::now);
            let is_idle = state.waiting.is_empty() && state.at_work == 0;
            let silent = if is_idle {
                state.last_change.elapsed()
            } else {
                Duration::ZERO
            };
            if silent >= patience || since.elapsed() >= patience * LONGEST_PATIENCE {
                state.refusing = true;
                self.note(&mut state);
                continue;
            }
            (state, _) = self
                .changed
                .wait_timeout(
                    state,
                    patience
                        .saturating_sub(silent)
                        .max(Duration::from_millis(1)),
                )
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Wakes all who wait here, so that they look at the world again.
    pub(super) fn wake(&self) {
        // Taken and let go: whoever is between its look and its wait gets the call too.
        drop(self.lock());
        self.changed.notify_all();
    }

    fn note(&self, state: &mut State<T>) {
        state.last_change = Instant::now();
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'q>(&self, state: MutexGuard<'q, State<T>>) -> MutexGuard<'q, State<T>> {
        self.changed
            .wait(state)
            .unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
