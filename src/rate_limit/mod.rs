//! The rate limit: no more requests a second than Lexer takes for a token, over all threads and lexbot processes.
//!
//! Requests are spread evenly. Who wants to send takes the next turn, notes it where the other processes see it,
//! and waits for its time. Of the workers of a process one waits for a turn at a time, so a process that dies
//! leaves at most one turn unused; nobody holds a lock while he waits.

mod schedule;
mod state_file;

pub(crate) use state_file::StateFile;

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use schedule::Reservation;

use crate::shutdown::Shutdown;

/// How much further apart requests are than the rate allows: room for the network's jitter, so that a server which
/// counts strictly never sees one too many in a second.
const INTERVAL_MARGIN: f64 = 1.005;

/// Spaces requests out.
#[derive(Debug)]
pub(crate) struct RateLimit {
    interval: Duration,
    /// Who holds it has the next turn in this process.
    turn: Mutex<Turn>,
    pause: Mutex<Option<Instant>>,
}

#[derive(Debug)]
struct Turn {
    /// Shared with the other processes; without it this process keeps its own pace.
    file: Option<StateFile>,
    last: Option<Reservation>,
}

impl RateLimit {
    /// `rate` requests a second, shared through `file`; a rate of 0 is no limit.
    pub(crate) fn new(rate: f64, file: Option<StateFile>) -> Self {
        let interval = if rate > 0.0 {
            Duration::try_from_secs_f64(INTERVAL_MARGIN / rate).unwrap_or(Duration::MAX)
        } else {
            Duration::ZERO
        };
        RateLimit {
            interval,
            turn: Mutex::new(Turn { file, last: None }),
            pause: Mutex::new(None),
        }
    }

    /// Waits until a request may be sent. Whether it may: not where the run stopped meanwhile.
    pub(crate) fn wait(&self, stop: &Shutdown) -> bool {
        self.wait_for_pause(stop) && (self.interval.is_zero() || self.wait_for_turn(stop))
    }

    /// Holds every worker back for `duration`, as a server asked for that answered 429.
    pub(crate) fn pause(&self, duration: Duration) {
        let until = Instant::now() + duration;
        let mut pause = self.pause.lock().unwrap_or_else(PoisonError::into_inner);
        *pause = Some(pause.map_or(until, |current| current.max(until)));
    }

    fn wait_for_pause(&self, stop: &Shutdown) -> bool {
        loop {
            let pause = *self.pause.lock().unwrap_or_else(PoisonError::into_inner);
            match pause.filter(|until| *until > Instant::now()) {
                None => return stop.reason().is_none(),
                Some(until) => {
                    if !stop.sleep_until(until) {
                        return false;
                    }
                }
            }
        }
    }

    fn wait_for_turn(&self, stop: &Shutdown) -> bool {
        let mut turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let mine = turn.change(|last| schedule::next(last, since_epoch(), self.interval));
        if !stop.sleep(mine.slot.saturating_sub(since_epoch())) {
            return false;
        }
        let settled = schedule::settle(mine, since_epoch(), self.interval);
        if settled != mine {
            turn.change(|last| last.filter(|last| *last != mine).unwrap_or(settled));
        }
        drop(turn);
        // A 429 may have come while this thread waited for its turn.
        self.wait_for_pause(stop)
    }
}

impl Turn {
    /// Notes what `change` makes of the last turn: all processes', or where that can't be known, this process's own.
    fn change(&mut self, change: impl FnOnce(Option<Reservation>) -> Reservation) -> Reservation {
        let mut shared = self.file.as_mut().and_then(StateFile::lock);
        let last = match &mut shared {
            Some(shared) => shared.last(),
            None => self.last,
        };
        let taken = change(last);
        if let Some(shared) = &mut shared {
            shared.note(taken);
        }
        self.last = Some(taken);
        taken
    }
}

/// The system's clock, which all processes share.
fn since_epoch() -> Duration {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
}
