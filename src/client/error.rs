//! Why a request got no answer, in words, and whether it may have reached Lexer all the same.

use std::io::ErrorKind;

use rustls::{CertificateError, Error as TlsError};
use ureq::{Error, Timeout};

use super::connect::NotConnected;
use super::resolver::NoAddress;
use crate::api::CONNECT_TIMEOUT;

/// A request without an answer.
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
    /// Nobody listens at the address.
    Refused,
    /// No connection within the time for it.
    ConnectTimeout,
    /// The proxy gave no connection to Lexer.
    Proxy,
    /// This machine has no authorities to check a certificate with.
    NoAuthorities,
    /// The server's certificate comes from an authority that this machine doesn't trust.
    UnknownIssuer,
    /// The server's certificate is for another name.
    WrongName,
    /// The server's certificate is not valid yet, or no longer.
    Expired,
    /// Any other fault in the TLS handshake.
    Tls,
    /// Any other fault on the way to a connection.
    NotConnected,
    /// Sent, and no answer came in time.
    ResponseTimeout,
    /// Sent, but the connection closed without a response.
    ConnectionLost,
    /// Sent, and what came is not HTTP.
    InvalidResponse,
}

impl RequestError {
    /// Classifies `error` and describes it with the names in `endpoint`.
    pub(super) fn new(error: Error, endpoint: &Endpoint) -> Self {
        let (cause, detail) = match error {
            Error::Other(inner) => match inner.downcast::<NotConnected>() {
                Ok(error) => not_connected(&error.0),
                Err(other) => (Cause::NotConnected, other.to_string()),
            },
            error => sent(&error),
        };
        RequestError {
            cause,
            message: describe(cause, &detail, endpoint),
        }
    }
}

/// What an error message names besides the error itself.
#[derive(Debug)]
pub(super) struct Endpoint<'a> {
    /// The server's host and port.
    pub(super) host: &'a str,
    /// The proxy on the way.
    pub(super) via: Option<String>,
    /// The time for a response, in seconds.
    pub(super) timeout: f64,
}

fn describe(cause: Cause, detail: &str, endpoint: &Endpoint) -> String {
    let Endpoint { host, timeout, .. } = endpoint;
    let via = endpoint.via.as_deref();
    let through = via
        .map(|via| format!(" through the proxy {via}"))
        .unwrap_or_default();
    match cause {
        // With some proxies lexbot looks the server up, with others the proxy does.
        Cause::HostNotFound => match via {
            Some(via) if !host.starts_with(detail) => {
                format!("the proxy {via} has no address")
            }
            _ => format!("{host} has no address"),
        },
        Cause::Refused => match via {
            Some(via) => format!("the proxy {via} refused the connection"),
            None => format!("{host} refused the connection"),
        },
        Cause::ConnectTimeout => format!(
            "no connection to {host}{through} within {} s",
            CONNECT_TIMEOUT.as_secs()
        ),
        Cause::Proxy | Cause::NotConnected => match via {
            Some(via) => format!("the proxy {via} gave no connection to {host}: {detail}"),
            None => format!("no connection to {host}: {detail}"),
        },
        Cause::NoAuthorities => {
            "no certificates of authorities could be read on this machine".to_owned()
        }
        Cause::UnknownIssuer => {
            format!(
                "the certificate of {host} is from an authority that this machine does not trust"
            )
        }
        Cause::WrongName => format!("the certificate of {host} is for another name"),
        Cause::Expired => format!("the certificate of {host} is out of date: {detail}"),
        Cause::Tls => format!("no secure connection to {host}{through}: {detail}"),
        Cause::ResponseTimeout => format!("no answer from {host} within {timeout} s"),
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

    /// Whether another try can help: a certificate doesn't mend itself.
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

fn not_connected(error: &Error) -> (Cause, String) {
    let cause = match error {
        Error::HostNotFound => Cause::HostNotFound,
        Error::Timeout(Timeout::Resolve | Timeout::Connect) => Cause::ConnectTimeout,
        Error::ConnectProxyFailed(why) => return (Cause::Proxy, proxy_detail(why)),
        Error::Rustls(TlsError::General(why)) if why.contains("CA certificates") => {
            Cause::NoAuthorities
        }
        Error::Rustls(error) => tls(error),
        // Nobody but a proxy speaks HTTP before there is a connection.
        Error::Protocol(_) => return (Cause::Proxy, "it does not speak HTTP".to_owned()),
        Error::LargeResponseHeader(..) => {
            return (Cause::Proxy, "its answer is too long".to_owned());
        }
        Error::Other(inner) if inner.is::<NoAddress>() => {
            return (Cause::HostNotFound, inner.to_string());
        }
        Error::Tls(_) | Error::TlsRequired => Cause::Tls,
        Error::Io(error) => {
            let within = error.get_ref();
            if let Some(error) = within.and_then(|inner| inner.downcast_ref::<TlsError>()) {
                return (tls(error), tls_detail(error));
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

fn tls(error: &TlsError) -> Cause {
    match error {
        TlsError::InvalidCertificate(certificate) => match certificate {
            // An authority of a trusted one's name with another key is another authority.
            CertificateError::UnknownIssuer | CertificateError::BadSignature => {
                Cause::UnknownIssuer
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                Cause::WrongName
            }
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. } => Cause::Expired,
            _ => Cause::Tls,
        },
        _ => Cause::Tls,
    }
}

/// ureq's "proxy server responded 502/502" in words that fit the rest.
fn proxy_detail(why: &str) -> String {
    match why.strip_prefix("proxy server responded ") {
        Some(status) => format!("it answered {}", status.split('/').next().unwrap_or(status)),
        None => "it did not answer".to_owned(),
    }
}

/// rustls prints times as seconds since 1970; the reader needs only which side of them today is on.
fn tls_detail(error: &TlsError) -> String {
    match error {
        TlsError::InvalidCertificate(
            CertificateError::Expired | CertificateError::ExpiredContext { .. },
        ) => "it has expired".to_owned(),
        TlsError::InvalidCertificate(
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. },
        ) => "it is not valid yet".to_owned(),
        TlsError::InvalidMessage(_) => "the server does not speak TLS".to_owned(),
        error => error.to_string(),
    }
}

fn sent(error: &Error) -> (Cause, String) {
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
