//! One module for each subcommand: what it does, in the order in which it does it.

pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod config;
mod plan;
pub(crate) mod send;
