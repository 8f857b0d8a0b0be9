//! What ends a run before its input does.

mod outage;
mod output;
mod refused;
#[cfg(unix)]
mod signals;
