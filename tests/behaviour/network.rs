//! Network faults, and how they are reported.

#[cfg(target_os = "linux")]
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
