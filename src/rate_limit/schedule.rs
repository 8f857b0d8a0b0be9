//! When the next request may leave, as a function of the token's state and the clock.
//!
//! Lexer accepts `rate` requests in any one second. `rate` + 1 requests that leave an interval `i` apart arrive within
//! `rate * i - J` at the least, if their delays differ by up to `J`. A server that counts strictly accepts all of them
//! if that is at least one second, so `i >= (1 s + J) / rate`. A request that leaves up to `T` late doesn't move the
//! schedule, or small delays would add up; so `i = (1 s + J + T) / rate`. Below one request a second the margin is
//! that of one a second: it makes up for the delays of two neighbours.
//!
//! A 429 shows that somebody else uses the token, too. It pauses all requests, and lowers the rate by a third; the
//! rate then recovers by a small constant plus a small part of itself a second. The constant makes machines that
//! don't know of each other converge to equal shares, the part lets a machine recover quickly.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// `J` above: how much the delays between departure and arrival may differ.
pub(super) const MAX_JITTER: Duration = Duration::from_millis(50);

/// `T` above: how late a request may leave without moving the schedule.
pub(super) const MAX_LATENESS: Duration = Duration::from_millis(2);

/// Stands for "never": every clock can add it.
const MAX_INTERVAL: Duration = Duration::from_hours(24 * 365);

/// How many intervals ahead a slot can be. Each process holds one at a time, and a thousand are unlikely.
const MAX_INTERVALS_AHEAD: u32 = 1000;

/// The longest pause. The state may have a longer one if it was damaged or copied from another machine.
pub(super) const MAX_PAUSE: Duration = Duration::from_secs(65);

/// State written this far ahead of the clock shows that the clock was set back.
const MAX_CLOCK_STEP: Duration = Duration::from_secs(2);

/// What a pause leaves of the rate.
const DECREASE: f64 = 2.0 / 3.0;

/// The least that is left of the configured rate.
const MIN_FACTOR: f64 = 0.01;

/// How fast the rate recovers, in parts of the configured rate a second.
const LINEAR_RECOVERY: f64 = 0.004;

/// How fast the rate recovers, in parts of the current rate a second.
const PROPORTIONAL_RECOVERY: f64 = 0.02;

/// What all requests with one token have in common. Times count from 1970.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct State {
    /// When the last request leaves, or left.
    pub(super) last: Duration,
    /// When this state was written.
    pub(super) written: Duration,
    /// When the last pause began.
    pub(super) paused_at: Duration,
    /// When it ends.
    pub(super) paused_until: Duration,
    /// By what part of the configured rate it was lowered until `lowered_until`.
    pub(super) lowered: f64,
    pub(super) lowered_until: Duration,
}

/// When a request may leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// At this time, which is reserved for it.
    At(Duration),
    /// Not before the pause ends at this time; nothing is reserved.
    PausedUntil(Duration),
}

/// The time between two requests at `rate` requests a second; zero if there is no limit.
pub(super) fn interval(rate: f64) -> Duration {
    if rate <= 0.0 {
        return Duration::ZERO;
    }
    let margin = (MAX_JITTER + MAX_LATENESS).as_secs_f64() / rate.max(1.0);
    Duration::try_from_secs_f64(1.0 / rate + margin)
        .map_or(MAX_INTERVAL, |interval| interval.min(MAX_INTERVAL))
}

impl State {
    /// Reserves the next slot at `now`, at the configured `rate` (0: no limit).
    pub(super) fn reserve(&mut self, now: Duration, rate: f64) -> Turn {
        self.check_clock(now, rate);
        if now < self.paused_until {
            return Turn::PausedUntil(self.paused_until);
        }
        let interval = self.interval(now, rate);
        let next = self.last.saturating_add(interval);
        let slot = if interval.is_zero() || next.saturating_add(MAX_LATENESS) < now {
            now
        } else {
            next
        };
        // Without a limit a slot may come before those that others have reserved.
        self.last = self.last.max(slot);
        Turn::At(slot)
    }

    /// Whether the request that reserved `slot` at the time of `reserved` may leave at `now`.
    ///
    /// It may not if a pause has begun since, or if it is more than `tolerance` late and another process has the slot
    /// after it.
    pub(super) fn confirm(
        &mut self,
        slot: Duration,
        reserved: &State,
        now: Duration,
        tolerance: Duration,
    ) -> bool {
        if self.paused_at != reserved.paused_at || now < self.paused_until {
            return false;
        }
        let is_late = now > slot.saturating_add(MAX_LATENESS);
        if is_late && self.last == slot {
            self.last = now;
            return true;
        }
        now <= slot.saturating_add(tolerance)
    }

    /// Records a 429 to a request that left at `departed`: no request leaves for `pause`.
    ///
    /// Returns true if the rate was lowered: once for each pause, however many requests were on their way.
    pub(super) fn throttle(&mut self, departed: Duration, now: Duration, pause: Duration) -> bool {
        self.paused_until = self.paused_until.max(now + pause.min(MAX_PAUSE));
        if departed <= self.paused_at && self.paused_at <= now {
            return false;
        }
        self.lowered = 1.0 - (self.factor(now) * DECREASE).max(MIN_FACTOR);
        self.lowered_until = self.paused_until;
        self.paused_at = now;
        true
    }

    /// The part of the configured rate that applies at `now`.
    pub(super) fn factor(&self, now: Duration) -> f64 {
        let seconds = now.saturating_sub(self.lowered_until).as_secs_f64();
        let offset = LINEAR_RECOVERY / PROPORTIONAL_RECOVERY;
        let recovered =
            (1.0 - self.lowered + offset) * (PROPORTIONAL_RECOVERY * seconds).exp() - offset;
        recovered.clamp(MIN_FACTOR, 1.0)
    }

    /// The time between two requests at `now`.
    pub(super) fn interval(&self, now: Duration, rate: f64) -> Duration {
        interval(rate * self.factor(now))
    }

    /// Takes over what `other`, another record of the same token, knows.
    pub(super) fn merge(&mut self, other: &State) {
        self.last = self.last.max(other.last);
        self.written = self.written.max(other.written);
        self.paused_until = self.paused_until.max(other.paused_until);
        self.paused_at = self.paused_at.max(other.paused_at);
        if other.lowered_until > self.lowered_until {
            self.lowered = other.lowered;
            self.lowered_until = other.lowered_until;
        }
    }

    /// Forgets what can't be: times that lie ahead because the clock was set back, or because the file was damaged.
    fn check_clock(&mut self, now: Duration, rate: f64) {
        let was_set_back = self.written > now + MAX_CLOCK_STEP;
        let interval = self.interval(now, rate);
        let furthest = now.saturating_add(interval.saturating_mul(MAX_INTERVALS_AHEAD));
        if was_set_back || !interval.is_zero() && self.last > furthest {
            self.last = Duration::ZERO;
        }
        if was_set_back || self.paused_until > now + MAX_PAUSE {
            self.paused_until = Duration::ZERO;
            self.paused_at = Duration::ZERO;
        }
        if self.lowered_until > now + MAX_PAUSE {
            self.lowered_until = now;
        }
        self.written = now;
    }
}

#[cfg(test)]
mod tests;
