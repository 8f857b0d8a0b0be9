//! One module for each subcommand: what it does, in the order in which it does it.

pub(crate) mod config;
pub(crate) mod send;
