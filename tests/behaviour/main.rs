//! The behaviour of the built binary.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that can't go on has failed"
)]
#![cfg_attr(
    not(target_os = "linux"),
    allow(
        dead_code,
        unused_imports,
        reason = "what only tests for other systems use"
    )
)]

#[cfg(unix)]
mod again;
mod batch;
mod check;
#[cfg(feature = "sandbox")]
mod completions;
#[cfg(unix)]
mod config_file;
#[cfg(unix)]
mod curl;
#[cfg(target_os = "linux")]
mod errors;
mod example;
mod harness;
mod help;
mod input;
mod journal;
mod man;
mod mistakes;
mod network;
mod packages;
mod published_at;
mod rate_limit;
#[cfg(all(unix, feature = "sandbox"))]
mod readme;
mod results;
mod retries;
#[cfg(feature = "sandbox")]
mod sandbox;
mod secrecy;
mod set_token;
mod stop;
mod summary;
mod support;
mod table;
mod token_command;
mod waiting;
mod webhooks;
#[cfg(windows)]
mod windows;
