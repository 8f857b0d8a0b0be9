//! Which requests fail on purpose: the faults of `--fail` and `--drop`, used up one after another.

use std::collections::VecDeque;

use crate::cli::Fault;
use crate::error::CliError;

/// The faults that are left.
#[derive(Debug)]
pub(crate) struct Faults(VecDeque<Fault>);

impl Faults {
    /// `faults`, in their order. One that could never apply is a usage error.
    pub(crate) fn new(faults: &[Fault]) -> Result<Self, CliError> {
        if let [first @ .., _] = faults
            && first.iter().any(|fault| fault.count.is_none())
        {
            let error =
                "a --fail or --drop without COUNT applies to all requests, so none can follow it";
            return Err(CliError::usage(error).hint("give it a COUNT, such as --fail 503:1"));
        }
        Ok(Faults(faults.iter().copied().collect()))
    }

    /// The fault of the next request.
    pub(crate) fn next(&mut self) -> Option<Fault> {
        while self.0.front().is_some_and(|fault| fault.count == Some(0)) {
            self.0.pop_front();
        }
        let fault = self.0.front_mut()?;
        if let Some(count) = &mut fault.count {
            *count -= 1;
        }
        Some(*fault)
    }
}
