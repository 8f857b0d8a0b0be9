//! One module for each subcommand. `send` serves `claim` and `echo`.

pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod config;
mod curl;
mod dry_run;
mod message_flags;
mod message_source;
pub(crate) mod send;
mod set_token;
