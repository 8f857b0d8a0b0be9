//! Why a request got no response, in words, and whether it may have reached Lexer nevertheless.

use std::fmt;
use std::io::ErrorKind;

use rustls::{CertificateError, Error as TlsError};
use ureq::Error;

use super::Client;
use super::departure_gate::NotDeparted;
use super::transport::CONNECT_TIMEOUT;
use crate::error::reason;

/// A request without a response.
#[derive(Debug)]
pub(crate) struct RequestError {
    /// What went wrong.
    pub(crate) cause: Cause,
    /// The same in words.
    pub(crate) message: String,
}

/// What went wrong, as far as the next step depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause {
    /// The host has no address.
    HostNotFound,
    /// Any other error while connecting.
    NotConnected,
    /// This machine has no root certificates.
    NoAuthorities,
    /// The server's certificate comes from an authority that this machine doesn't trust.
    UnknownIssuer,
    /// The server's certificate belongs to an authority.
    CaCertificate,
    /// The server's certificate is for other purposes.
    NotForServers,
    /// The server's certificate is for another name.
    WrongName,
    /// The server's certificate is not valid yet or has expired.
    Expired,
    /// Any other error in the TLS handshake.
    Tls,
    /// The request didn't leave.
    NotSent(NotDeparted),
    /// Sent, but no response came in time.
    ResponseTimeout,
    /// Sent, but the connection closed without a response.
    ConnectionLost,
    /// Sent, but what came is not HTTP.
    InvalidResponse,
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
        matches!(
            self,
            Cause::HostNotFound | Cause::NotConnected | Cause::NotSent(_)
        ) || self.may_have_arrived()
    }
}

impl Client {
    /// Classifies and describes `error`. Lexer may have received the request if it `has_left`.
    pub(super) fn describe(&self, error: &Error, has_left: bool) -> RequestError {
        let reason = match error {
            Error::Other(inner) => inner.downcast_ref::<NotDeparted>(),
            _ => None,
        };
        let (cause, message) = match reason {
            Some(reason) => (Cause::NotSent(*reason), format!("{}: {reason}", self.host)),
            None if has_left => self.no_response(error),
            None => self.not_connected(error),
        };
        RequestError {
            cause,
            message: self.token.redact(&message),
        }
    }

    fn no_address(&self, name: &str) -> (Cause, String) {
        // With some proxies lexbot looks the server up, with others the proxy does.
        let host = if self.host.starts_with(name) {
            self.host.clone()
        } else {
            self.peer()
        };
        let message = format!("cannot find {host}: is this computer online?");
        (Cause::HostNotFound, message)
    }

    fn not_connected(&self, error: &Error) -> (Cause, String) {
        match error {
            Error::Timeout(_) => self.connect_timeout(),
            Error::Tls(_) | Error::TlsRequired => self.no_tls(error),
            Error::Rustls(error) => self.tls(error),
            Error::Io(error) => {
                if let Some(error) = error.get_ref().and_then(|inner| inner.downcast_ref()) {
                    return self.tls(error);
                }
                match error.kind() {
                    ErrorKind::NotFound => self.no_address(&error.to_string()),
                    ErrorKind::TimedOut => self.connect_timeout(),
                    ErrorKind::ConnectionRefused => {
                        let message = format!("{} refused the connection", self.peer());
                        (Cause::NotConnected, message)
                    }
                    _ => self.no_connection(reason(error)),
                }
            }
            // ureq says "proxy server responded 502/502".
            Error::ConnectProxyFailed(reason) => {
                let status = reason.strip_prefix("proxy server responded ");
                match status.and_then(|status| status.split('/').next()) {
                    Some("407") => {
                        self.no_connection("it asks for a user name and a password (407)")
                    }
                    Some(status) => self.no_connection(format_args!("it responded {status}")),
                    None => self.no_connection("it did not respond"),
                }
            }
            // Only a proxy speaks HTTP before there is a connection.
            Error::Protocol(_) => self.no_connection("it does not speak HTTP"),
            Error::LargeResponseHeader(..) => self.no_connection("its response is too long"),
            error => self.no_connection(error),
        }
    }

    fn tls(&self, error: &TlsError) -> (Cause, String) {
        use CertificateError as Certificate;
        let certificate = match error {
            TlsError::InvalidCertificate(certificate) => certificate,
            TlsError::InvalidMessage(_) => return self.no_tls("the server does not speak TLS"),
            TlsError::General(reason) if reason.contains("CA certificates") => {
                let message =
                    "no certificate authorities found to check the server's certificate with";
                return (Cause::NoAuthorities, message.to_owned());
            }
            error => return self.no_tls(error),
        };
        // Some errors of the verifier have no names of their own in rustls.
        let unnamed = match certificate {
            Certificate::Other(error) => error.to_string(),
            _ => String::new(),
        };
        let (cause, problem) = match (certificate, unnamed.as_str()) {
            // An authority with a trusted one's name but another key is another authority.
            (Certificate::UnknownIssuer | Certificate::BadSignature, _) => (
                Cause::UnknownIssuer,
                "is self-signed, or from an authority that this computer does not trust",
            ),
            (Certificate::InvalidPurpose | Certificate::InvalidPurposeContext { .. }, _)
            | (_, "certificate had invalid extensions") => {
                (Cause::NotForServers, "is not for servers")
            }
            (_, "CaUsedAsEndEntity") => (
                Cause::CaCertificate,
                "belongs to an authority (CA:TRUE), not to a server",
            ),
            (Certificate::NotValidForName | Certificate::NotValidForNameContext { .. }, _) => {
                (Cause::WrongName, "is for another name")
            }
            // rustls prints times as seconds since 1970. All that matters is whether it is too early or too late.
            (Certificate::Expired | Certificate::ExpiredContext { .. }, _) => {
                (Cause::Expired, "has expired")
            }
            (Certificate::NotValidYet | Certificate::NotValidYetContext { .. }, _) => {
                (Cause::Expired, "is not valid yet")
            }
            // Windows' verifier has many more, which the system describes.
            (Certificate::Other(_), refusal) => {
                return self.no_tls(format_args!("its certificate is refused: {refusal}"));
            }
            _ => return self.no_tls(error),
        };
        let message = format!("the certificate of {} {problem}", self.host);
        (cause, message)
    }

    fn no_response(&self, error: &Error) -> (Cause, String) {
        let host = &self.host;
        let detail = match error {
            Error::Timeout(_) => {
                let seconds = self.timeout.as_secs_f64();
                let message = format!("no response from {host} within {seconds} s");
                return (Cause::ResponseTimeout, message);
            }
            Error::Io(_) => {
                let message = format!("{host} closed the connection without a response");
                return (Cause::ConnectionLost, message);
            }
            Error::LargeResponseHeader(..) => "its head is too long".to_owned(),
            Error::Protocol(error) => error.to_string().replace("http parse fail: ", ""),
            error => error.to_string(),
        };
        let message = format!("{host} sent something that is not an HTTP response: {detail}");
        (Cause::InvalidResponse, message)
    }

    fn connect_timeout(&self) -> (Cause, String) {
        let (host, through) = (&self.host, self.through());
        let seconds = CONNECT_TIMEOUT.as_secs();
        let message = format!("no connection to {host}{through} within {seconds} s");
        (Cause::NotConnected, message)
    }

    fn no_connection(&self, detail: impl fmt::Display) -> (Cause, String) {
        let host = &self.host;
        let message = match &self.proxy {
            Some(proxy) => format!("the proxy {proxy} did not connect to {host}: {detail}"),
            None => format!("no connection to {host}: {detail}"),
        };
        (Cause::NotConnected, message)
    }

    fn no_tls(&self, detail: impl fmt::Display) -> (Cause, String) {
        let (host, through) = (&self.host, self.through());
        let message = format!("no secure connection to {host}{through}: {detail}");
        (Cause::Tls, message)
    }

    /// The other end of lexbot's own connection: the proxy, or else the server.
    fn peer(&self) -> String {
        match &self.proxy {
            Some(proxy) => format!("the proxy {proxy}"),
            None => self.host.clone(),
        }
    }

    fn through(&self) -> String {
        let proxy = self.proxy.as_ref();
        proxy.map_or(String::new(), |proxy| format!(" through the proxy {proxy}"))
    }
}
