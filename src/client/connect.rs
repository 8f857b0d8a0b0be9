//! ureq's own chain of connectors, with our own [`TcpConnector`] in it for TCP, and with one addition: what fails while
//! connecting is marked as such.
//!
//! A request that failed before it had a connection can't have reached Lexer; any other may have. ureq's
//! errors don't tell the two apart.

use std::fmt;

use ureq::Error;
use ureq::unversioned::transport::{
    ConnectProxyConnector, ConnectionDetails, Connector, RustlsConnector, SocksConnector, Transport,
};

use super::dial::TcpConnector;

/// An error from before there was a connection.
#[derive(Debug)]
pub(super) struct NotConnected(pub(super) Error);

impl NotConnected {
    /// `error` in the one wrapping that ureq passes through unchanged.
    pub(super) fn wrap(error: Error) -> Error {
        match error {
            Error::Other(inner) if inner.is::<NotConnected>() => Error::Other(inner),
            error => Error::Other(Box::new(NotConnected(error))),
        }
    }
}

impl fmt::Display for NotConnected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for NotConnected {}

/// Proxy, TCP and TLS, in the order of ureq's default connector.
pub(super) fn connector() -> impl Connector {
    Marking(
        ().chain(SocksConnector::default())
            .chain(ConnectProxyConnector::default())
            .chain(TcpConnector)
            .chain(RustlsConnector::default()),
    )
}

/// Marks the errors of the chain in it.
#[derive(Debug)]
struct Marking<C>(C);

impl<In: Transport, C: Connector<In>> Connector<In> for Marking<C> {
    type Out = C::Out;

    fn connect(
        &self,
        details: &ConnectionDetails,
        chained: Option<In>,
    ) -> Result<Option<C::Out>, Error> {
        self.0.connect(details, chained).map_err(NotConnected::wrap)
    }
}
