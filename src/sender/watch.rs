//! Records for the user what an attempt waits for, and how it ended.

use std::sync::Arc;

use crate::activity::{Activity, End, Phase};
use crate::client::{Departure, DepartureGate, RequestError, Response};
use crate::result::outcome_of;

/// Records for what requests wait.
#[derive(Debug)]
pub(super) struct ActivityGate {
    pub(super) inner: Arc<dyn DepartureGate>,
    pub(super) activity: Arc<Activity>,
}

impl DepartureGate for ActivityGate {
    fn depart(&self) -> Departure {
        self.activity.enter(Phase::Turn);
        let departure = self.inner.depart();
        if departure == Departure::Now {
            self.activity.enter(Phase::Response);
        }
        departure
    }
}

/// How the attempt with this result ended.
pub(super) fn end_of(last: &Result<Response, RequestError>) -> End {
    if last.as_ref().is_ok_and(|response| response.status == 429) {
        End::Throttled
    } else if outcome_of(last).is_failure() {
        End::Failure
    } else {
        End::Final
    }
}
