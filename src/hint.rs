//! The next step for a message that was not accepted. The result itself gives the reason.

use crate::api_facts::STATUS_PAGE;
use crate::client::{Cause, Client};
use crate::message::{NO_ACCOUNT_ID, NO_PAGE};
use crate::message_result::MessageResult;
use crate::outcome::Outcome;
use crate::settings::{Setting, Settings};

/// How to trust a certificate. On Windows and macOS the system decides, and no variable is read.
const TRUST_CERTIFICATE: &str = if cfg!(any(windows, target_os = "macos")) {
    "add it to the system's trusted certificates"
} else {
    "set SSL_CERT_FILE=FILE to it"
};

/// What hints name, apart from the message itself. Settings are named with their source, where the user corrects them.
#[derive(Debug, Clone)]
pub(crate) struct HintContext {
    /// The whole hint after the token was refused.
    refused_token: String,
    /// The API's base URL in use.
    pub(crate) base_url: String,
    /// Whether a server on this machine stands for Lexer.
    is_local: bool,
    /// The client ID in use.
    client_id: String,
    /// The page of messages without one.
    account_id: Option<Setting<String>>,
    /// Begins a hint about a missing page: says that `LEXBOT_ACCOUNT_ID` is set but empty, or is empty itself.
    empty_account_id: String,
    /// The variable that names the proxy in use, if there is one.
    proxy: Option<&'static str>,
    /// The variable that names a proxy but is never read, if no proxy is in use.
    unread_proxy: Option<&'static str>,
    /// The variable that replaces the system's authorities, if one does.
    trust_variable: Option<&'static str>,
}

impl HintContext {
    /// The names from `settings` and from the `client` that uses them.
    pub(crate) fn of(settings: &Settings, client: &Client) -> Self {
        HintContext {
            refused_token: settings.refused_token_hint(),
            base_url: settings.base_url.to_string(),
            is_local: settings.base_url.value.is_loopback(),
            client_id: settings
                .client_id
                .as_ref()
                .map(Setting::to_string)
                .unwrap_or_default(),
            account_id: settings.account_id.clone(),
            empty_account_id: settings.note_if_empty("LEXBOT_ACCOUNT_ID"),
            proxy: client.proxy_variable(),
            unread_proxy: client.unread_proxy_variable,
            trust_variable: client.trust_variable,
        }
    }

    /// The page of a message, and where it comes from.
    fn page(&self, result: &MessageResult) -> String {
        let own = result.ids.account_id.as_deref().unwrap_or("its page");
        match &self.account_id {
            Some(default) if default.value == own => default.to_string(),
            _ => format!("{own} (in the message)"),
        }
    }
}

/// The next step after `result`, unless its own text says enough.
pub(crate) fn hint(result: &MessageResult, context: &HintContext) -> Option<String> {
    if result.outcome == Outcome::Accepted {
        return None;
    }
    if result.outcome == Outcome::Invalid && [NO_ACCOUNT_ID, NO_PAGE].contains(&&*result.reason) {
        return Some(format!(
            "{}set their page with --account-id PAGE, LEXBOT_ACCOUNT_ID, or account_id in the profile",
            context.empty_account_id
        ));
    }
    match result.status() {
        Some(status) => Some(hint_for_status(status, result, context)),
        None => hint_for_cause(result.cause?, context),
    }
}

fn hint_for_status(status: u16, result: &MessageResult, context: &HintContext) -> String {
    let HintContext {
        base_url,
        client_id,
        ..
    } = context;
    match status {
        300..=399 => {
            format!("lexbot doesn't follow redirects: check the base URL {base_url}")
        }
        400 => format!(
            "is {} a Facebook page that is connected to client {client_id} in Lexer?",
            context.page(result)
        ),
        401 | 403 => context.refused_token.clone(),
        404 => format!(
            "check the client ID {client_id}, which Lexer shows beside the token, and the base URL {base_url}"
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
    Some(match cause {
        Cause::NotSent(_) => return None,
        Cause::HostNotFound | Cause::NotConnected => hint_without_connection(cause, context),
        Cause::NoAuthorities => match context.trust_variable {
            Some(name) => format!("{name} must name certificates in PEM format; or unset it to trust the system's"),
            None => "install the system's certificates (package ca-certificates)".to_owned(),
        },
        Cause::UnknownIssuer => match context.trust_variable {
            Some(name) => format!("only the authorities in {name} are trusted: unset it to trust the system's, or add the certificate of your own server or proxy"),
            None => format!(
                "a company's proxy or a virus scanner may intercept the connection: ask its administrator for its certificate, and {TRUST_CERTIFICATE};\n\
                 the same works for your own test server"
            ),
        },
        Cause::CaCertificate => {
            "let the authority sign a certificate for the server; a self-signed one needs CA:FALSE:\n\
             openssl req -x509 -addext basicConstraints=critical,CA:FALSE …"
                .to_owned()
        }
        Cause::NotForServers => {
            "the server needs another certificate: one whose extended key usage has serverAuth".to_owned()
        }
        Cause::WrongName => {
            format!("check the base URL {base_url}: it leads to another server")
        }
        Cause::Expired => {
            "check this computer's clock; if it is right, the server's owner must renew the certificate".to_owned()
        }
        Cause::Tls | Cause::InvalidResponse => {
            format!("check the base URL {base_url}: does Lexer answer there?")
        }
        Cause::ConnectionLost => format!(
            "Lexer may have received it; sending it again is harmless. Is Lexer up? {STATUS_PAGE}"
        ),
        Cause::ResponseTimeout => {
            "Lexer may have received it; sending it again is harmless. --timeout SECONDS waits longer".to_owned()
        }
    })
}

fn hint_without_connection(cause: Cause, context: &HintContext) -> String {
    let base_url = &context.base_url;
    match (context.unread_proxy, context.proxy) {
        (Some(name), _) => {
            format!("lexbot doesn't read {name}: if this network needs a proxy, set HTTPS_PROXY")
        }
        (None, Some(proxy)) => format!(
            "check {proxy} (http://HOST:PORT, or http://USER:PASSWORD@HOST:PORT), or exclude the host with NO_PROXY"
        ),
        (None, None) if context.is_local => {
            format!(
                "is a server running on this computer, such as lexbot sandbox? the base URL is {base_url}"
            )
        }
        (None, None) if cause == Cause::HostNotFound => {
            format!("check the network and the base URL {base_url}")
        }
        (None, None) => format!(
            "check the network, the proxy and the base URL {base_url}; is Lexer up? {STATUS_PAGE}"
        ),
    }
}
