//! The HTTP client: one request in, an [`Response`] or a [`RequestError`] out.
//!
//! It follows no redirect, takes no status for an error, and replaces the token in whatever comes back. It
//! doesn't retry and doesn't judge: `outcome` says what an answer means.

mod connect;
mod dial;
mod error;
mod idle;
mod limit;
mod proxy;
mod resolver;
mod response;
mod wire;

use error::Endpoint;
pub(crate) use error::{Cause, RequestError};
use proxy::ProxyRoute;
pub(crate) use response::Response;

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use ureq::Agent;
use ureq::http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use ureq::http::{Request, Uri};
use ureq::tls::{RootCerts, TlsConfig, TlsProvider};

use crate::api::{Action, CONNECT_TIMEOUT, TOKEN_HEADER};
use crate::env::Environment;
use crate::settings::BaseUrl;
use crate::token::Token;

/// How lexbot names itself to the server.
pub(crate) const USER_AGENT: &str = concat!("lexbot/", env!("CARGO_PKG_VERSION"));

/// The buffers of a connection, which has two of each with TLS: ureq's own sizes come to 8 MiB for 16 connections.
///
/// The largest head that ureq takes, 64 KiB, must fit in before it can be seen to be too large.
const INPUT_BUFFER: usize = 72 << 10;

/// A request's head must fit in.
const OUTPUT_BUFFER: usize = 16 << 10;

/// The URL for `action` (Lexer page).
pub(crate) fn endpoint(base_url: &BaseUrl, client_id: u64, action: Action) -> String {
    format!("{}/{client_id}/bots/objects/{action}", base_url.as_str())
}

/// A connection to Lexer for one client ID and token. Requests from several threads share its connections.
#[derive(Debug)]
pub(crate) struct Client {
    agent: Agent,
    claim: Uri,
    echo: Uri,
    token: Token,
    token_header: HeaderValue,
    via: Option<ProxyRoute>,
    timeout: Duration,
}

impl Client {
    /// Prepares a client; nothing is connected or loaded before the first request.
    ///
    /// `timeout` is for an answer, from the request's last byte to the answer's head; up to `connections` are
    /// kept open between requests.
    pub(crate) fn new(
        base_url: &BaseUrl,
        client_id: u64,
        token: Token,
        timeout: Duration,
        connections: usize,
        environment: &Environment,
    ) -> anyhow::Result<Self> {
        let uri = |action| -> anyhow::Result<Uri> {
            endpoint(base_url, client_id, action)
                .parse()
                .context("the base URL can't be used")
        };
        let mut token_header = HeaderValue::from_str(token.expose())
            .context("the token can't be sent in an HTTP header")?;
        token_header.set_sensitive(true);
        let via = proxy::from_environment(base_url, environment)?;
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(USER_AGENT)
            .max_idle_connections(connections)
            .max_idle_connections_per_host(connections)
            .input_buffer_size(INPUT_BUFFER)
            .output_buffer_size(OUTPUT_BUFFER)
            .proxy(via.as_ref().map(|via| via.proxy.clone()))
            // One timeout for each phase: with `timeout_global`, ureq would start a thread for every request.
            .timeout_connect(Some(CONNECT_TIMEOUT))
            .timeout_send_request(Some(timeout))
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
            .build();
        Ok(Client {
            agent: Agent::with_parts(
                config,
                connect::connector(),
                resolver::CachingResolver::default(),
            ),
            claim: uri(Action::Claim)?,
            echo: uri(Action::Echo)?,
            token,
            token_header,
            via,
            timeout,
        })
    }

    /// The variable that names the proxy on the way, if there is one.
    pub(crate) fn proxy_variable(&self) -> Option<&'static str> {
        self.via.as_ref().map(ProxyRoute::variable)
    }

    /// The token that is sent.
    pub(crate) fn token(&self) -> &Token {
        &self.token
    }

    /// The URL that a message is sent to.
    pub(crate) fn url(&self, action: Action) -> &Uri {
        match action {
            Action::Claim => &self.claim,
            Action::Echo => &self.echo,
        }
    }

    /// Sends `body` unchanged and waits for the response.
    pub(crate) fn send(&self, action: Action, body: &str) -> Result<Response, RequestError> {
        self.request(action, body)
            .map(|response| Response::read(response, &self.token))
            .map_err(|error| {
                let authority = self.claim.authority();
                let endpoint = Endpoint {
                    host: authority.map_or("the server", |authority| authority.as_str()),
                    via: self.via.as_ref().map(ToString::to_string),
                    timeout: self.timeout.as_secs_f64(),
                };
                let mut error = RequestError::new(error, &endpoint);
                error.message = self.token.redact(&error.message);
                error
            })
    }

    fn request(
        &self,
        action: Action,
        body: &str,
    ) -> Result<ureq::http::Response<ureq::Body>, ureq::Error> {
        let request = Request::post(self.url(action))
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
            .header(HeaderName::from_static(TOKEN_HEADER), &self.token_header)
            .body(body)
            .map_err(ureq::Error::Http)?;
        self.agent.run(request)
    }
}
