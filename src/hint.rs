//! The next step for a message that was not accepted. The result itself gives the reason.

use crate::api::STATUS_PAGE;
use crate::client::{Cause, Client};
use crate::message::NO_ACCOUNT_ID;
use crate::outcome::Outcome;
use crate::result::MessageResult;
use crate::settings::Settings;

/// What hints name, apart from the message itself.
#[derive(Debug, Clone)]
pub(crate) struct HintContext {
    /// The profile in use.
    pub(crate) profile: String,
    /// The API's base URL in use.
    pub(crate) base_url: String,
    /// The client ID in use.
    pub(crate) client_id: u64,
    /// The variable that names the proxy in use, if there is one.
    pub(crate) proxy: Option<&'static str>,
}

impl HintContext {
    /// The names from `settings` and from the `client` that uses them.
    pub(crate) fn of(settings: &Settings, client: &Client) -> anyhow::Result<Self> {
        Ok(HintContext {
            profile: settings.profile.value.clone(),
            base_url: settings.base_url.value.as_str().to_owned(),
            client_id: settings.client_id()?,
            proxy: client.proxy_variable(),
        })
    }
}

/// The next step after `result`, unless its own text says enough.
pub(crate) fn hint(result: &MessageResult, context: &HintContext) -> Option<String> {
    if result.outcome == Outcome::Accepted {
        return None;
    }
    if result.outcome == Outcome::Invalid && result.reason == NO_ACCOUNT_ID {
        return Some(
            "give the page of such messages with --account-id PAGE, LEXBOT_ACCOUNT_ID, or account_id in the profile"
                .to_owned(),
        );
    }
    match result.status() {
        Some(status) => Some(hint_for_status(status, result, context)),
        None => Some(hint_for_cause(result.cause?, context)),
    }
}

fn hint_for_status(status: u16, result: &MessageResult, context: &HintContext) -> String {
    let HintContext {
        profile,
        base_url,
        client_id,
        ..
    } = context;
    match status {
        300..=399 => format!(
            "the server redirects, and lexbot never follows: check the base URL {base_url}"
        ),
        400 => format!(
            "is {} a Facebook page that is connected to client {client_id} in Lexer? check --account-id and --client-id",
            result.ids.account_id.as_deref().unwrap_or("this")
        ),
        401 | 403 => format!(
            "Lexer refused the token: copy it from the bot user's page (Manage > Team > Our Team) and store it with\n\
             lexbot config set-token --profile {profile}"
        ),
        404 => format!(
            "check the client ID {client_id}, which stands beside the token in Lexer, and the base URL {base_url}"
        ),
        429 => "too many requests: Lexer takes 10 a second for each token; wait a moment and run it again".to_owned(),
        500 => "Lexer answers 500 to a bad request, so the same again won't help: see the body with --dry-run, the exchange with -v"
            .to_owned(),
        501..=599 => {
            format!("Lexer has trouble of its own: see {STATUS_PAGE}, and run it again later")
        }
        _ => format!(
            "Lexer doesn't document this answer: see the exchange with -v, and check the base URL {base_url}"
        ),
    }
}

fn hint_for_cause(cause: Cause, context: &HintContext) -> String {
    let base_url = &context.base_url;
    match (cause, context.proxy) {
        (Cause::HostNotFound | Cause::NotConnected, Some(proxy)) => {
            format!("check {proxy}, or exclude the host with NO_PROXY")
        }
        (Cause::HostNotFound, None) => format!("check the network and the base URL {base_url}"),
        (Cause::NotConnected, None) => format!(
            "check the network, the proxy and the base URL {base_url}; is Lexer up? {STATUS_PAGE}"
        ),
        (Cause::NoAuthorities, _) => {
            "check SSL_CERT_FILE if it is set; else install the system's certificates (ca-certificates)".to_owned()
        }
        (Cause::UnknownIssuer, _) => {
            "if a proxy or test server with an authority of its own is meant to answer, name that authority's certificates: \
             SSL_CERT_FILE=FILE"
                .to_owned()
        }
        (Cause::WrongName, _) => {
            format!("check the base URL {base_url}: another server answers there")
        }
        (Cause::Expired, _) => {
            "check this machine's clock; else the server's certificate must be renewed".to_owned()
        }
        (Cause::Tls | Cause::InvalidResponse, _) => {
            format!("check the base URL {base_url}: does an https server answer there?")
        }
        (Cause::ConnectionLost, _) => format!(
            "Lexer may have got it; sending it again does no harm. Is Lexer up? {STATUS_PAGE}"
        ),
        (Cause::ResponseTimeout, _) => {
            "Lexer may have got it; sending it again does no harm. --timeout SECONDS waits longer".to_owned()
        }
    }
}
