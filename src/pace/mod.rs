//! Pace: no more requests a second than Lexer takes for a token, over all threads and all lexbot processes.
//!
//! Requests are spread evenly. Who wants to send takes the next turn, notes it where the other processes see it,
//! and waits for its time. Of the workers of a process one waits for a turn at a time, so a process that dies
//! leaves at most one turn unused; nobody holds a lock while he waits.

mod slot;
mod state_file;

pub(crate) use state_file::StateFile;

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use slot::Taken;

use crate::delivery::Stop;

/// How much further apart requests are than the rate allows: room for the network's jitter, so that a server which
/// counts strictly never sees one too many in a second.
const STRETCH: f64 = 1.005;

/// Spaces requests out.
#[derive(Debug)]
pub(crate) struct Pace {
    interval: Duration,
    /// Who holds it has the next turn in this process.
    turn: Mutex<Turn>,
    hold: Mutex<Option<Instant>>,
}

#[derive(Debug)]
struct Turn {
    /// Shared with the other processes; without it this process keeps its own pace.
    file: Option<StateFile>,
    last: Option<Taken>,
}

impl Pace {
    /// `rate` requests a second, shared through `file`; a rate of 0 is no limit.
    pub(crate) fn new(rate: f64, file: Option<StateFile>) -> Self {
        let interval = if rate > 0.0 {
            Duration::try_from_secs_f64(STRETCH / rate).unwrap_or(Duration::MAX)
        } else {
            Duration::ZERO
        };
        Pace {
            interval,
            turn: Mutex::new(Turn { file, last: None }),
            hold: Mutex::new(None),
        }
    }

    /// Waits until a request may be sent. Whether it may: not where the run stopped meanwhile.
    pub(crate) fn wait(&self, stop: &Stop) -> bool {
        self.wait_for_hold(stop) && (self.interval.is_zero() || self.wait_for_turn(stop))
    }

    /// Holds every worker back for `duration`, as a server asked for that answered 429.
    pub(crate) fn hold(&self, duration: Duration) {
        let until = Instant::now() + duration;
        let mut hold = self.hold.lock().unwrap_or_else(PoisonError::into_inner);
        *hold = Some(hold.map_or(until, |current| current.max(until)));
    }

    fn wait_for_hold(&self, stop: &Stop) -> bool {
        loop {
            let hold = *self.hold.lock().unwrap_or_else(PoisonError::into_inner);
            match hold.filter(|until| *until > Instant::now()) {
                None => return stop.reason().is_none(),
                Some(until) => {
                    if !stop.sleep_until(until) {
                        return false;
                    }
                }
            }
        }
    }

    fn wait_for_turn(&self, stop: &Stop) -> bool {
        let mut turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let mine = turn.change(|last| slot::next(last, since_epoch(), self.interval));
        if !stop.sleep(mine.slot.saturating_sub(since_epoch())) {
            return false;
        }
        let went = slot::went(mine, since_epoch(), self.interval);
        if went != mine {
            turn.change(|last| last.filter(|last| *last != mine).unwrap_or(went));
        }
        drop(turn);
        // A 429 may have come while this thread waited for its turn.
        self.wait_for_hold(stop)
    }
}

impl Turn {
    /// Notes what `change` makes of the last turn: all processes', or where that can't be known, this process's own.
    fn change(&mut self, change: impl FnOnce(Option<Taken>) -> Taken) -> Taken {
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
