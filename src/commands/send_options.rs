//! What `claim`, `echo` and `relay` were asked to do, in one form for all three.

use std::path::Path;

use crate::api_facts::Action;
use crate::cli::{ClaimArgs, EchoArgs, MessageArgs, RelayArgs, SendArgs};
use crate::error::CliError;
use crate::message::{ExpandOptions, Message, PublishedAt, message};
use crate::settings::{Overrides, Settings};

/// The options of `claim`, `echo` or `relay`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SendOptions<'a> {
    /// What to do with every message. `None` for `relay`: each event says what to do.
    pub(super) action: Option<Action>,
    pub(super) input: Option<&'a Path>,
    pub(super) handed_over: Option<&'a Path>,
    object_id: Option<&'a str>,
    published_at: Option<PublishedAt>,
    account_id: Option<&'a str>,
    app_id: Option<&'a str>,
    no_validate: bool,
    /// What the three have in common.
    pub(super) args: &'a SendArgs,
}

impl<'a> SendOptions<'a> {
    fn new(action: Action, message: &'a MessageArgs, args: &'a SendArgs) -> Self {
        SendOptions {
            action: Some(action),
            input: message.input.as_deref(),
            handed_over: None,
            object_id: message.object_id.as_deref(),
            published_at: message.published_at,
            account_id: message.account_id.as_deref(),
            app_id: None,
            no_validate: message.no_validate,
            args,
        }
    }

    /// The settings that the options override.
    pub(super) fn overrides(&self) -> Overrides<'a> {
        Overrides {
            account_id: self.account_id,
            app_id: self.app_id,
            ..self.args.connection.overrides()
        }
    }

    /// How values of the input become messages.
    pub(super) fn expand_options(&self, settings: &Settings) -> ExpandOptions {
        ExpandOptions {
            action: self.action,
            published_at: self.published_at,
            account_id: settings.account_id.as_ref().map(|page| page.value.clone()),
            validate: !self.no_validate,
            standby: self.args.standby,
            app_id: settings.app_id.as_ref().map(|app| app.value.clone()),
            needs_customer: self.handed_over.is_some(),
        }
    }

    /// The one message that the options of `claim` or `echo` describe. Its page is in `defaults`.
    pub(super) fn message(&self, defaults: &ExpandOptions) -> Result<Message, CliError> {
        let action = self.action.unwrap_or(Action::Claim);
        let missing = |problem| CliError::usage(problem).hint(example(action));
        let object_id = self.object_id.ok_or_else(|| {
            missing(format!(
                "nothing to {action}: give a message with --object-id, or messages with --input"
            ))
        })?;
        let published_at = self
            .published_at
            .ok_or_else(|| missing("--published-at is missing".to_owned()))?;
        let account_id = defaults.account_id.clone().ok_or_else(|| {
            missing("--account-id is missing, and there is no default".to_owned())
        })?;
        Ok(message(
            action,
            object_id.to_owned(),
            published_at,
            account_id,
        ))
    }
}

fn example(action: Action) -> String {
    format!(
        "lexbot {action} --object-id m_AbC123 --published-at now --account-id 112233445566\n\
         lexbot {action} --input messages.json\n\
         bot | lexbot {action} --input -"
    )
}

impl<'a> From<&'a ClaimArgs> for SendOptions<'a> {
    fn from(claim: &'a ClaimArgs) -> Self {
        SendOptions {
            handed_over: claim.handed_over.handed_over.as_deref(),
            ..SendOptions::new(Action::Claim, &claim.message, &claim.send)
        }
    }
}

impl<'a> From<&'a EchoArgs> for SendOptions<'a> {
    fn from(echo: &'a EchoArgs) -> Self {
        SendOptions {
            app_id: echo.app_id.app_id.as_deref(),
            ..SendOptions::new(Action::Echo, &echo.message, &echo.send)
        }
    }
}

impl<'a> From<&'a RelayArgs> for SendOptions<'a> {
    fn from(relay: &'a RelayArgs) -> Self {
        SendOptions {
            action: None,
            input: Some(&relay.input),
            handed_over: relay.handed_over.handed_over.as_deref(),
            object_id: None,
            published_at: None,
            account_id: relay.account_id.as_deref(),
            app_id: relay.app_id.app_id.as_deref(),
            no_validate: false,
            args: &relay.send,
        }
    }
}
