//! The behaviour of the built binary.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that can't go on has failed"
)]
#![cfg_attr(not(unix), allow(dead_code, reason = "what only tests for Unix use"))]

mod batch;
mod example;
mod harness;
mod home;
mod input;
mod journal;
mod messages;
mod network;
mod pace;
#[cfg(all(unix, feature = "sandbox"))]
mod readme;
mod results;
mod retries;
#[cfg(feature = "sandbox")]
mod sandbox;
mod set_token;
mod settings;
mod stop;
mod summary;
mod support;
mod webhooks;
