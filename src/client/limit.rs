//! A socket's own time limit for a read or a write, changed no more often than needed.
//!
//! Each request has a little more or less time left than the one before; to tell the system each time would be a
//! system call for every read and write. The caller watches the exact time himself: a limit that is too short
//! costs him another look at the clock, and one that is too long must not be.

use std::io::{self, ErrorKind};
use std::time::Duration;

/// The limit that a socket has.
#[derive(Debug, Default)]
pub(super) struct Limit(Option<Duration>);

impl Limit {
    /// Makes the limit fit for `left`, the time that is left, with `set` where it doesn't.
    pub(super) fn fit(
        &mut self,
        left: Duration,
        set: impl FnOnce(Duration) -> io::Result<()>,
    ) -> io::Result<()> {
        let Some(limit) = self.change_for(left) else {
            return Ok(());
        };
        match set(limit) {
            Ok(()) => self.0 = Some(limit),
            // macOS refuses this once the server closed its side. What the server said before can still be read.
            Err(error) if error.kind() == ErrorKind::InvalidInput => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// The limit to set, if the one that is set doesn't fit.
    fn change_for(&self, left: Duration) -> Option<Duration> {
        // On Windows a socket whose limit ran out can't be relied on any more, so there the limit is exact.
        if cfg!(windows) {
            return (self.0 != Some(left)).then_some(left);
        }
        let fits = self
            .0
            .is_some_and(|limit| limit <= left && limit >= left / 2);
        // Some way below, so that it still fits when the next request has a little less time left.
        (!fits).then(|| left.mul_f64(7.0 / 8.0).max(MIN_TIMEOUT))
    }
}

/// No system knows shorter limits, and to none at all it would be no limit.
const MIN_TIMEOUT: Duration = Duration::from_micros(1);

#[cfg(all(test, not(windows)))]
mod tests {
    use super::Limit;
    use proptest::prelude::*;
    use std::time::Duration;

    #[test]
    fn requests_with_about_the_same_time_share_one_limit() {
        let mut limit = Limit::default();
        let mut set = Vec::new();
        for micros in [29_999_990, 29_999_980, 29_999_995, 29_000_000, 30_000_000] {
            let left = Duration::from_micros(micros);
            limit
                .fit(left, |limit| {
                    set.push(limit);
                    Ok(())
                })
                .unwrap();
        }
        assert_eq!(set, [Duration::from_nanos(26_249_991_250)]);
    }

    proptest! {
        #![proptest_config(crate::proptest_config::config())]

        #[test]
        fn no_limit_is_beyond_the_time_that_is_left(nanos in prop::collection::vec(1_u64..1 << 40, 1..20)) {
            let mut limit = Limit::default();
            for nanos in nanos {
                let left = Duration::from_nanos(nanos);
                limit.fit(left, |_| Ok(())).unwrap();
                let set = limit.0.unwrap();
                prop_assert!(!set.is_zero() && set <= left.max(super::MIN_TIMEOUT) && set >= left / 2);
            }
        }
    }
}
