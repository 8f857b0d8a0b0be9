//! Network faults, and how they are reported.

mod base_url;
mod connections;
#[cfg(unix)]
mod faults;
#[cfg(unix)]
mod proxies;
mod redirects;
mod timeouts;
#[cfg(unix)]
mod tls;
