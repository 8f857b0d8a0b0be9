//! The HTTP client: one request in, a [`Response`] or a [`RequestError`] out.
//!
//! It follows no redirects, treats no status as an error, and redacts the token in everything that comes back.
//! It neither retries nor interprets: `message_result` says what a response means.

mod departure_gate;
mod error;
mod proxy;
mod resolver;
mod response;
mod transport;

use departure_gate::{DEPARTURE, DepartureConnector};
pub(crate) use departure_gate::{Departure, DepartureGate, NotDeparted};
pub(crate) use error::{Cause, RequestError};
use proxy::ProxyRoute;
pub(crate) use response::Response;
pub(crate) use transport::CONNECT_TIMEOUT;
use transport::TcpConnector;

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use ureq::Agent;
use ureq::config::Config;
use ureq::http::Request;
use ureq::http::header::{self, CONTENT_TYPE, HeaderValue};
use ureq::tls::{RootCerts, TlsConfig, TlsProvider};
use ureq::unversioned::transport::{
    ConnectProxyConnector, Connector, RustlsConnector, SocksConnector,
};

use crate::api_facts::{Action, TOKEN_HEADER};
use crate::env::Environment;
use crate::settings::BaseUrl;
use crate::token::Token;

/// How lexbot names itself to the server.
pub(crate) const USER_AGENT: &str = concat!("lexbot/", env!("CARGO_PKG_VERSION"));

/// The size of an input buffer in bytes. A connection has one buffer of each kind, with TLS two. With ureq's defaults,
/// 16 connections would take 8 MiB.
///
/// The largest response head that ureq accepts, 64 KiB, must fit in, or it wouldn't be recognised as too large.
const INPUT_BUFFER: usize = 72 << 10;

/// The size of an output buffer in bytes. A request's head must fit in.
const OUTPUT_BUFFER: usize = 16 << 10;

/// The variables that name certificate authorities in place of the system's; none where the system checks certificates.
const TRUST_VARIABLES: &[&str] = if cfg!(any(windows, target_os = "macos")) {
    &[]
} else {
    &["SSL_CERT_FILE", "SSL_CERT_DIR"]
};

/// The URL for `action` (Lexer page).
pub(crate) fn endpoint(base_url: &BaseUrl, client_id: u64, action: Action) -> String {
    format!("{}/{client_id}/bots/objects/{action}", base_url.as_str())
}

/// A connection to Lexer for one client ID and token. Requests from several threads share its connections.
#[derive(Debug)]
pub(crate) struct Client {
    agent: Agent,
    /// A claim and an echo without their bodies.
    claim: Request<()>,
    echo: Request<()>,
    proxy: Option<ProxyRoute>,
    /// The host and port that requests go to.
    pub(crate) host: String,
    /// The token that is sent.
    pub(crate) token: Token,
    /// The time for a response.
    pub(crate) timeout: Duration,
    /// The variable that names a proxy but is never read, if no proxy is in use and one could be.
    pub(crate) unread_proxy_variable: Option<&'static str>,
    /// The variable that replaces the system's certificate authorities, if one does.
    pub(crate) trust_variable: Option<&'static str>,
}

impl Client {
    /// Prepares a client. Nothing is connected or loaded before the first request.
    ///
    /// `timeout` is the time for a response, from the request's last byte to the response's head. Up to
    /// `connections` are kept open between requests. Each request asks `gate` before it leaves.
    pub(crate) fn new(
        base_url: &BaseUrl,
        client_id: u64,
        token: Token,
        timeout: Duration,
        connections: usize,
        environment: &Environment,
        gate: Arc<dyn DepartureGate>,
    ) -> anyhow::Result<Self> {
        let mut secret = HeaderValue::from_str(token.expose())
            .context("the token can't be sent in an HTTP header")?;
        secret.set_sensitive(true);
        let without_body = |action| {
            Request::post(endpoint(base_url, client_id, action))
                .header(CONTENT_TYPE, "application/json")
                .header(TOKEN_HEADER, secret.clone())
                .header(header::USER_AGENT, USER_AGENT)
                .body(())
                .context("the base URL can't be used")
        };
        let claim = without_body(Action::Claim)?;
        let host = claim
            .uri()
            .authority()
            .map_or(base_url.host(), |host| host.as_str())
            .to_owned();
        let (proxy, unread_proxy_variable) = proxy::from_environment(base_url, environment)?;
        // Proxy, TCP and TLS, in the order of ureq's default connector; then the layer that asks `gate`.
        let chain = ().chain(SocksConnector::default());
        let connector = chain
            .chain(ConnectProxyConnector::default())
            .chain(TcpConnector)
            .chain(RustlsConnector::default())
            .chain(DepartureConnector {
                gate,
                timeout,
                has_proxy: proxy.is_some(),
            });
        let resolver = resolver::CachingResolver::default();
        let config = config(timeout, connections, proxy.as_ref());
        let is_set = |name: &&str| environment.get_os(name).is_some() || environment.is_empty(name);
        Ok(Client {
            agent: Agent::with_parts(config, connector, resolver),
            claim,
            echo: without_body(Action::Echo)?,
            proxy,
            host,
            token,
            timeout,
            unread_proxy_variable,
            trust_variable: TRUST_VARIABLES.iter().copied().find(is_set),
        })
    }

    /// The variable that names the proxy in use, if there is one.
    pub(crate) fn proxy_variable(&self) -> Option<&'static str> {
        self.proxy.as_ref().map(|route| route.variable)
    }

    /// The request that tells Lexer about the message in `body`.
    pub(crate) fn request<'a>(&self, action: Action, body: &'a str) -> Request<&'a str> {
        let request = match action {
            Action::Claim => &self.claim,
            Action::Echo => &self.echo,
        };
        request.clone().map(|()| body)
    }

    /// Sends `request` and waits for the response. Also returns how the request left, if it did.
    pub(crate) fn send(
        &self,
        request: Request<&str>,
    ) -> (Result<Response, RequestError>, Option<Departure>) {
        DEPARTURE.set(None);
        let response = self.agent.run(request);
        let departure = DEPARTURE.get();
        let response = match response {
            Ok(response) => Ok(Response::read(response, &self.token)),
            Err(error) => Err(self.describe(&error, departure.is_some())),
        };
        (response, departure)
    }
}

fn config(timeout: Duration, connections: usize, proxy: Option<&ProxyRoute>) -> Config {
    Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        // For the CONNECT request to a proxy.
        .user_agent(USER_AGENT)
        .max_idle_connections(connections)
        .max_idle_connections_per_host(connections)
        .input_buffer_size(INPUT_BUFFER)
        .output_buffer_size(OUTPUT_BUFFER)
        .proxy(proxy.map(|route| route.proxy.clone()))
        // One timeout for each phase: with `timeout_global`, ureq would start a thread for every request.
        .timeout_resolve(Some(CONNECT_TIMEOUT))
        .timeout_connect(Some(CONNECT_TIMEOUT))
        // In this phase a request waits for its turn. The layer that asks for the turn limits the time after that.
        .timeout_send_request(None)
        .timeout_send_body(Some(timeout))
        .timeout_recv_response(Some(timeout))
        .timeout_recv_body(Some(timeout))
        .tls_config(
            TlsConfig::builder()
                .provider(TlsProvider::Rustls)
                .unversioned_rustls_crypto_provider(Arc::new(
                    rustls::crypto::ring::default_provider(),
                ))
                .root_certs(RootCerts::PlatformVerifier)
                .build(),
        )
        .build()
}
