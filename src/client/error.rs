//! Why a request got no response, in words, and whether it may have reached Lexer nevertheless.

use std::fmt;
use std::io::ErrorKind;
use std::time::Duration;

use rustls::{CertificateError, Error as TlsError};
use ureq::Error;

use super::proxy::ProxyRoute;
use crate::api::CONNECT_TIMEOUT;

/// A request without a response.
#[derive(Debug)]
pub(crate) struct RequestError {
    /// What went wrong.
    pub(crate) cause: Cause,
    /// The same in words.
    pub(crate) message: String,
}

/// What went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause {
    /// The host has no address.
    HostNotFound,
    /// Nothing listens at the address.
    Refused,
    /// No connection within [`CONNECT_TIMEOUT`].
    ConnectTimeout,
    /// The proxy didn't connect to Lexer.
    Proxy,
    /// This machine has no root certificates.
    NoAuthorities,
    /// The server's certificate comes from an authority that this machine doesn't trust.
    UnknownIssuer,
    /// The server's certificate is for another name.
    WrongName,
    /// The server's certificate is not valid yet or has expired.
    Expired,
    /// Any other error in the TLS handshake.
    Tls,
    /// Any other error while connecting.
    NotConnected,
    /// Sent, but no response came in time.
    ResponseTimeout,
    /// Sent, but the connection closed without a response.
    ConnectionLost,
    /// Sent, but what came is not HTTP.
    InvalidResponse,
}

impl RequestError {
    /// Classifies `error` of a request to `host` and describes it.
    pub(super) fn new(
        error: Error,
        host: &str,
        proxy: Option<&ProxyRoute>,
        timeout: Duration,
    ) -> Self {
        let (cause, detail) = match error {
            Error::Other(inner) => match inner.downcast::<NotConnected>() {
                Ok(error) => not_connected(*error),
                Err(other) => (Cause::NotConnected, other.to_string()),
            },
            error => after_connecting(&error),
        };
        RequestError {
            cause,
            message: describe(cause, &detail, host, proxy, timeout),
        }
    }
}

/// An error from before there was a connection. ureq passes it on unchanged.
#[derive(Debug)]
pub(super) enum NotConnected {
    /// The host of this name has no address.
    NoAddress(String),
    /// Any other error.
    Failed(Error),
}

impl From<NotConnected> for Error {
    fn from(error: NotConnected) -> Self {
        match error {
            // The connection to a proxy is marked once on its own and once as part of the whole.
            NotConnected::Failed(Error::Other(inner)) if inner.is::<NotConnected>() => {
                Error::Other(inner)
            }
            error => Error::Other(Box::new(error)),
        }
    }
}

impl fmt::Display for NotConnected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotConnected::NoAddress(host) => f.write_str(host),
            NotConnected::Failed(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for NotConnected {}

fn describe(
    cause: Cause,
    detail: &str,
    host: &str,
    proxy: Option<&ProxyRoute>,
    timeout: Duration,
) -> String {
    let through = proxy.map_or(String::new(), |proxy| format!(" through the proxy {proxy}"));
    match cause {
        // With some proxies lexbot looks the server up, with others the proxy does.
        Cause::HostNotFound => match proxy {
            Some(proxy) if !host.starts_with(detail) => format!("the proxy {proxy} has no address"),
            _ => format!("{host} has no address"),
        },
        Cause::Refused => match proxy {
            Some(proxy) => format!("the proxy {proxy} refused the connection"),
            None => format!("{host} refused the connection"),
        },
        Cause::ConnectTimeout => format!(
            "no connection to {host}{through} within {} s",
            CONNECT_TIMEOUT.as_secs()
        ),
        Cause::Proxy | Cause::NotConnected => match proxy {
            Some(proxy) => format!("the proxy {proxy} gave no connection to {host}: {detail}"),
            None => format!("no connection to {host}: {detail}"),
        },
        Cause::NoAuthorities => {
            "no certificates of authorities could be read on this machine".to_owned()
        }
        Cause::UnknownIssuer => format!(
            "the certificate of {host} is from an authority that this machine does not trust"
        ),
        Cause::WrongName => format!("the certificate of {host} is for another name"),
        Cause::Expired => format!("the certificate of {host} is out of date: {detail}"),
        Cause::Tls => format!("no secure connection to {host}{through}: {detail}"),
        Cause::ResponseTimeout => {
            format!("no answer from {host} within {} s", timeout.as_secs_f64())
        }
        Cause::ConnectionLost => format!("{host} closed the connection without an answer"),
        Cause::InvalidResponse => {
            format!("{host} sent something that is not an HTTP answer: {detail}")
        }
    }
}

impl Cause {
    /// Whether the request may have reached Lexer.
    pub(crate) fn may_have_arrived(self) -> bool {
        matches!(
            self,
            Cause::ResponseTimeout | Cause::ConnectionLost | Cause::InvalidResponse
        )
    }

    /// Whether another attempt can help. It can't with a bad certificate.
    pub(crate) fn is_retryable(self) -> bool {
        !matches!(
            self,
            Cause::NoAuthorities
                | Cause::UnknownIssuer
                | Cause::WrongName
                | Cause::Expired
                | Cause::Tls
        )
    }
}

fn not_connected(error: NotConnected) -> (Cause, String) {
    let error = match error {
        NotConnected::NoAddress(host) => return (Cause::HostNotFound, host),
        NotConnected::Failed(error) => error,
    };
    let cause = match &error {
        Error::Timeout(_) => Cause::ConnectTimeout,
        Error::ConnectProxyFailed(reason) => return (Cause::Proxy, proxy_detail(reason)),
        Error::Rustls(error) => return tls(error),
        // Only a proxy speaks HTTP before there is a connection.
        Error::Protocol(_) => return (Cause::Proxy, "it does not speak HTTP".to_owned()),
        Error::LargeResponseHeader(..) => {
            return (Cause::Proxy, "its answer is too long".to_owned());
        }
        Error::Tls(_) | Error::TlsRequired => Cause::Tls,
        Error::Io(error) => {
            let inner = error.get_ref();
            if let Some(error) = inner.and_then(|inner| inner.downcast_ref()) {
                return tls(error);
            }
            match error.kind() {
                ErrorKind::ConnectionRefused => Cause::Refused,
                ErrorKind::TimedOut => Cause::ConnectTimeout,
                _ => return (Cause::NotConnected, error.to_string()),
            }
        }
        _ => Cause::NotConnected,
    };
    (cause, error.to_string())
}

/// ureq's "proxy server responded 502/502" in words that fit the rest.
fn proxy_detail(reason: &str) -> String {
    match reason.strip_prefix("proxy server responded ") {
        Some(status) => format!("it answered {}", status.split('/').next().unwrap_or(status)),
        None => "it did not answer".to_owned(),
    }
}

fn tls(error: &TlsError) -> (Cause, String) {
    use CertificateError as Certificate;
    let (cause, detail) = match error {
        TlsError::General(reason) if reason.contains("CA certificates") => {
            (Cause::NoAuthorities, None)
        }
        TlsError::InvalidCertificate(certificate) => match certificate {
            // An authority with a trusted one's name but another key is another authority.
            Certificate::UnknownIssuer | Certificate::BadSignature => (Cause::UnknownIssuer, None),
            Certificate::NotValidForName | Certificate::NotValidForNameContext { .. } => {
                (Cause::WrongName, None)
            }
            // rustls prints times as seconds since 1970; what matters is on which side of them today is.
            Certificate::Expired | Certificate::ExpiredContext { .. } => {
                (Cause::Expired, Some("it has expired"))
            }
            Certificate::NotValidYet | Certificate::NotValidYetContext { .. } => {
                (Cause::Expired, Some("it is not valid yet"))
            }
            _ => (Cause::Tls, None),
        },
        TlsError::InvalidMessage(_) => (Cause::Tls, Some("the server does not speak TLS")),
        _ => (Cause::Tls, None),
    };
    (
        cause,
        detail.map_or_else(|| error.to_string(), str::to_owned),
    )
}

fn after_connecting(error: &Error) -> (Cause, String) {
    let cause = match error {
        Error::Timeout(_) => Cause::ResponseTimeout,
        Error::Io(_) => Cause::ConnectionLost,
        Error::Protocol(error) => {
            let detail = error.to_string();
            let bare = detail.strip_prefix("http parse fail: ").unwrap_or(&detail);
            return (Cause::InvalidResponse, bare.to_owned());
        }
        Error::LargeResponseHeader(..) => {
            return (Cause::InvalidResponse, "its head is too long".to_owned());
        }
        _ => Cause::NotConnected,
    };
    (cause, error.to_string())
}
