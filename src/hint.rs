//! The next step for a message that was not accepted. The result itself gives the reason.

use crate::api::STATUS_PAGE;
use crate::client::{Cause, Client};
use crate::message::{NO_ACCOUNT_ID, NO_PAGE};
use crate::outcome::Outcome;
use crate::result::MessageResult;
use crate::settings::Settings;
use crate::shell;

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
    /// The variable that names a proxy in vain, if no other one is in use.
    pub(crate) unread_proxy: Option<&'static str>,
}

impl HintContext {
    /// The names from `settings` and from the `client` that uses them.
    pub(crate) fn of(settings: &Settings, client: &Client) -> anyhow::Result<Self> {
        Ok(HintContext {
            profile: settings.profile.value.clone(),
            base_url: settings.base_url.value.as_str().to_owned(),
            client_id: settings.client_id()?,
            proxy: client.proxy_variable(),
            unread_proxy: client.unread_proxy_variable(),
        })
    }
}

/// The next step after `result`, unless its own text says enough.
pub(crate) fn hint(result: &MessageResult, context: &HintContext) -> Option<String> {
    if result.outcome == Outcome::Accepted {
        return None;
    }
    if result.outcome == Outcome::Invalid && [NO_ACCOUNT_ID, NO_PAGE].contains(&&*result.reason) {
        let hint = "set their page with --account-id PAGE, LEXBOT_ACCOUNT_ID, or account_id in the profile";
        return Some(hint.to_owned());
    }
    match result.status() {
        Some(status) => Some(hint_for_status(status, result, context)),
        None => hint_for_cause(result.cause?, context),
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
        300..=399 => {
            format!("lexbot doesn't follow redirects: check the base URL {base_url}")
        }
        400 => format!(
            "is {} a Facebook page that is connected to client {client_id} in Lexer? \
             check --account-id and --client-id",
            result.ids.account_id.as_deref().unwrap_or("this")
        ),
        401 | 403 => format!(
            "Lexer refused the token: copy it from the bot user's page (Manage > Team > Our Team) and store it with\n\
             lexbot config set-token --profile {}",
            shell::word(profile)
        ),
        404 => format!(
            "check the client ID {client_id} (shown next to the token in Lexer) and the base URL {base_url}"
        ),
        429 => "Lexer accepts 10 requests a second for each token: wait a moment and run it again"
            .to_owned(),
        500 => "for Lexer, 500 means a bad request, so sending it again won't help: \
                see the body with --dry-run, the exchange with -v"
            .to_owned(),
        408 | 425 | 502..=504 | 506..=599 => {
            format!("Lexer may have an outage: see {STATUS_PAGE}, and run it again later")
        }
        _ => format!(
            "Lexer doesn't document this response: see the exchange with -v, and check the base URL {base_url}"
        ),
    }
}

fn hint_for_cause(cause: Cause, context: &HintContext) -> Option<String> {
    let base_url = &context.base_url;
    if let (Cause::HostNotFound | Cause::NotConnected, Some(name)) = (cause, context.unread_proxy) {
        return Some(format!(
            "lexbot doesn't read {name}: if this network needs a proxy, set HTTPS_PROXY"
        ));
    }
    Some(match (cause, context.proxy) {
        (Cause::NotSent(_), _) => return None,
        (Cause::HostNotFound | Cause::NotConnected, Some(proxy)) => {
            format!("check {proxy}, or exclude the host with NO_PROXY")
        }
        (Cause::HostNotFound, None) => format!("check the network and the base URL {base_url}"),
        (Cause::NotConnected, None) => format!(
            "check the network, the proxy and the base URL {base_url}; is Lexer up? {STATUS_PAGE}"
        ),
        (Cause::NoAuthorities, _) => {
            "check SSL_CERT_FILE if it is set; otherwise install the system's certificates (ca-certificates)".to_owned()
        }
        (Cause::UnknownIssuer, _) => {
            "if this is your own proxy or test server, name its CA or self-signed certificate: SSL_CERT_FILE=FILE"
                .to_owned()
        }
        (Cause::CaCertificate, _) => {
            "a self-signed certificate works with SSL_CERT_FILE, but only with basicConstraints CA:FALSE; \
             or let the authority sign one for the server"
                .to_owned()
        }
        (Cause::NotForServers, _) => {
            "the server needs a certificate whose extended key usage has serverAuth".to_owned()
        }
        (Cause::WrongName, _) => {
            format!("check the base URL {base_url}: it leads to another server")
        }
        (Cause::Expired, _) => {
            "check this machine's clock; if it is right, the server's certificate must be renewed".to_owned()
        }
        (Cause::Tls | Cause::InvalidResponse, _) => {
            format!("check the base URL {base_url}: does an https server answer there?")
        }
        (Cause::ConnectionLost, _) => format!(
            "Lexer may have received it; sending it again is harmless. Is Lexer up? {STATUS_PAGE}"
        ),
        (Cause::ResponseTimeout, _) => {
            "Lexer may have received it; sending it again is harmless. --timeout SECONDS waits longer".to_owned()
        }
    })
}
