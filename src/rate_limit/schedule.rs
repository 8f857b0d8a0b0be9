//! When the next request may go, as a function of the last one and the clock.

use std::time::Duration;

/// How late a request may be, as a part of the interval, without moving the schedule: so small delays don't add up,
/// and a long one isn't made up for by a burst.
const LATENESS_DIVISOR: u32 = 25;

/// How many intervals ahead a turn can be. Every process has one at a time, and nobody runs a thousand.
const MAX_AHEAD: u32 = 1000;

/// The last turn that was taken, by whichever process. Both times are since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reservation {
    /// When its request goes, or went.
    pub(super) slot: Duration,
    /// When it was taken.
    pub(super) at: Duration,
}

/// The turn after `last` for somebody who asks at `now`: an interval after it, or at once where that is over.
///
/// A turn that was taken later than now, or lies absurdly far ahead, shows that the clock was set back: the
/// schedule starts anew.
pub(super) fn next(last: Option<Reservation>, now: Duration, interval: Duration) -> Reservation {
    let furthest = now.saturating_add(interval.saturating_mul(MAX_AHEAD));
    let slot = last
        .filter(|last| last.at <= now && last.slot <= furthest)
        .map(|last| last.slot.saturating_add(interval))
        .filter(|slot| slot.saturating_add(tolerance(interval)) >= now)
        .unwrap_or(now);
    Reservation { slot, at: now }
}

/// The turn as it came about, for a request that settle at `now`: a late one moves what comes after it.
pub(super) fn settle(taken: Reservation, now: Duration, interval: Duration) -> Reservation {
    if now > taken.slot.saturating_add(tolerance(interval)) {
        Reservation { slot: now, at: now }
    } else {
        taken
    }
}

fn tolerance(interval: Duration) -> Duration {
    interval / LATENESS_DIVISOR
}

#[cfg(test)]
mod tests {
    use super::{Reservation, next, settle};
    use proptest::prelude::*;
    use std::time::Duration;

    const INTERVAL: Duration = Duration::from_millis(100);

    fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    fn taken(slot: u64, at: u64) -> Reservation {
        Reservation {
            slot: ms(slot),
            at: ms(at),
        }
    }

    #[test]
    fn the_first_request_never_waits_and_neither_does_one_after_a_pause() {
        assert_eq!(next(None, ms(5000), INTERVAL), taken(5000, 5000));
        assert_eq!(
            next(Some(taken(1000, 990)), ms(5000), INTERVAL),
            taken(5000, 5000)
        );
    }

    #[test]
    fn turns_are_an_interval_apart_whoever_takes_them() {
        let first = next(Some(taken(1000, 1000)), ms(1030), INTERVAL);
        assert_eq!(first, taken(1100, 1030));
        assert_eq!(next(Some(first), ms(1031), INTERVAL), taken(1200, 1031));
    }

    #[test]
    fn a_small_delay_does_not_move_the_schedule_and_a_long_one_does() {
        assert_eq!(
            next(Some(taken(1000, 1000)), ms(1104), INTERVAL),
            taken(1100, 1104)
        );
        assert_eq!(
            next(Some(taken(1000, 1000)), ms(1105), INTERVAL),
            taken(1105, 1105)
        );
        assert_eq!(
            settle(taken(1100, 1000), ms(1104), INTERVAL),
            taken(1100, 1000)
        );
        assert_eq!(
            settle(taken(1100, 1000), ms(1105), INTERVAL),
            taken(1105, 1105)
        );
    }

    #[test]
    fn after_the_clock_was_set_back_nobody_waits_for_the_old_time() {
        assert_eq!(
            next(Some(taken(9000, 9000)), ms(1000), INTERVAL),
            taken(1000, 1000)
        );
        assert_eq!(
            next(Some(taken(900_000, 0)), ms(1000), INTERVAL),
            taken(1000, 1000)
        );
    }

    proptest! {
        #![proptest_config(crate::proptest_config::config())]

        #[test]
        fn whatever_the_delays_no_second_has_a_request_too_many(delays in prop::collection::vec(0_u64..60, 12..80)) {
            let interval = Duration::from_micros(100_500);
            let (mut now, mut last, mut sent) = (ms(1_000_000), None, Vec::new());
            for delay in delays {
                let turn = next(last, now, interval);
                now = now.max(turn.slot) + Duration::from_micros(delay * 700);
                last = Some(settle(turn, now, interval));
                sent.push(now);
            }
            for window in sent.windows(11) {
                prop_assert!(window[10] >= window[0] + Duration::from_secs(1), "{:?}", window);
            }
        }

        /// Whatever a file that others share says, nobody waits for longer than the processes there could be.
        #[test]
        fn no_last_turn_makes_anybody_wait_for_ever(slot in any::<u64>(), at in any::<u64>(), now in any::<u64>(), interval in any::<u32>()) {
            let [slot, at, now] = [slot, at, now].map(Duration::from_nanos);
            let interval = Duration::from_micros(interval.into());
            let turn = next(Some(Reservation { slot, at }), now, interval);
            prop_assert_eq!(turn.at, now);
            prop_assert!(turn.slot <= now + interval * 1001, "{:?}", turn);
        }
    }
}
