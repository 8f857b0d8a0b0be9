//! The last word on each request before it leaves: the rate limit, and whether a person has taken over by now.

use std::sync::Arc;

use crate::activity::{Activity, Phase};
use crate::client::{DepartureGate, NotDeparted};
use crate::handed_over::HandedOver;
use crate::rate_limit::RateLimit;

/// What requests wait for before they leave.
#[derive(Debug)]
pub(super) struct Gate {
    pub(super) rate_limit: RateLimit,
    pub(super) handed_over: Option<HandedOver>,
    /// Where it is recorded what a request waits for.
    pub(super) activity: Arc<Activity>,
}

impl DepartureGate for Gate {
    fn depart(&self) -> Result<(), NotDeparted> {
        self.activity.enter(Phase::Turn);
        self.rate_limit.depart()?;
        let list = self.handed_over.as_ref();
        if list.is_some_and(HandedOver::contains_current) {
            return Err(NotDeparted::Withdrawn);
        }
        self.activity.enter(Phase::Response);
        Ok(())
    }
}
