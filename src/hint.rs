//! What to do about a message that wasn't accepted: the next step, beside the reason that the result gives.

use crate::api::STATUS_PAGE;
use crate::client::{Cause, Client};
use crate::message::NO_ACCOUNT_ID;
use crate::outcome::Outcome;
use crate::result::MessageResult;
use crate::settings::Settings;

/// What hints name besides the message itself.
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
    /// What hints name of `settings` and of the `client` that was made with them.
    pub(crate) fn of(settings: &Settings, client: &Client) -> anyhow::Result<Self> {
        Ok(HintContext {
            profile: settings.profile.value.clone(),
            base_url: settings.base_url.value.as_str().to_owned(),
            client_id: settings.client_id()?,
            proxy: client.proxy_variable(),
        })
    }
}

/// The next step after `result`, if its own text does not say enough.
pub(crate) fn hint(result: &MessageResult, context: &HintContext) -> Option<String> {
    let HintContext {
        profile,
        base_url,
        client_id,
        proxy,
    } = context;
    if result.outcome == Outcome::Accepted {
        return None;
    }
    if result.outcome == Outcome::Invalid && result.reason == NO_ACCOUNT_ID {
        return Some(
            "give the page of such messages with --account-id PAGE, LEXBOT_ACCOUNT_ID, or account_id in the profile"
                .to_owned(),
        );
    }
    if let Some(status) = result.status() {
        return Some(match status {
            300..=399 => format!("the server redirects, and lexbot never follows: check the base URL {base_url}"),
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
            501..=599 => format!("Lexer has trouble of its own: see {STATUS_PAGE}, and run it again later"),
            _ => format!("Lexer doesn't document this answer: see the exchange with -v, and check the base URL {base_url}"),
        });
    }
    Some(match result.cause? {
            Cause::HostNotFound | Cause::NotConnected if proxy.is_some() => format!(
                "check {}, or exclude the host with NO_PROXY",
                proxy.unwrap_or_default()
            ),
            Cause::HostNotFound => format!("check the network and the base URL {base_url}"),
            Cause::NotConnected => format!(
                "check the network, the proxy and the base URL {base_url}; is Lexer up? {STATUS_PAGE}"
            ),
            Cause::NoAuthorities => {
                "check SSL_CERT_FILE if it is set; else install the system's certificates (ca-certificates)".to_owned()
            }
            Cause::UnknownIssuer => {
                "if a proxy or test server with an authority of its own is meant to answer, name that authority's certificates: \
                 SSL_CERT_FILE=FILE"
                    .to_owned()
            }
            Cause::WrongName => format!("check the base URL {base_url}: another server answers there"),
            Cause::Expired => "check this machine's clock; else the server's certificate must be renewed".to_owned(),
            Cause::Tls | Cause::InvalidResponse => format!("check the base URL {base_url}: does an https server answer there?"),
            Cause::ConnectionLost => format!(
                "Lexer may have got it; sending it again does no harm. Is Lexer up? {STATUS_PAGE}"
            ),
            Cause::ResponseTimeout => {
                "Lexer may have got it; sending it again does no harm. --timeout SECONDS waits longer".to_owned()
            }
    })
}
