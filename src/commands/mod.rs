//! The subcommands. `send` serves `claim`, `echo` and `relay`, with `send_options`, `message_source` and `dry_run`.

pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod config;
mod config_edit;
mod dry_run;
mod message_source;
mod prompt;
pub(crate) mod send;
mod send_options;
mod set_token;
