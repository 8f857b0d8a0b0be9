//! Network faults, and how they are reported.
//!
//! A TLS server of a test needs `SSL_CERT_FILE`, which Windows doesn't read, to be trusted.

mod connections;
mod faults;
#[cfg(unix)]
mod proxies;
mod redirects;
mod this_machine;
mod timeouts;
#[cfg(unix)]
mod tls;
