//! What `claim`, `echo` and `relay` were asked to do, in one form for all three.

use std::path::Path;

use crate::api::Action;
use crate::cli::{ClaimArgs, EchoArgs, MessageArgs, RelayArgs, SendArgs};
use crate::settings::Overrides;

/// The options of `claim`, `echo` or `relay`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SendOptions<'a> {
    /// What `claim` and `echo` do, and their message or messages. `None` for `relay`: each event says what to do.
    pub(super) message: Option<(Action, &'a MessageArgs)>,
    pub(super) input: Option<&'a Path>,
    pub(super) state: Option<&'a str>,
    pub(super) handed_over: Option<&'a Path>,
    account_id: Option<&'a str>,
    app_id: Option<&'a str>,
    /// What the three have in common.
    pub(super) args: &'a SendArgs,
}

impl<'a> SendOptions<'a> {
    fn new(action: Action, message: &'a MessageArgs, args: &'a SendArgs) -> Self {
        SendOptions {
            message: Some((action, message)),
            input: message.input.as_deref(),
            state: None,
            handed_over: None,
            account_id: message.fields.account_id.as_deref(),
            app_id: None,
            args,
        }
    }

    /// What to do with every message, if that is known.
    pub(super) fn action(&self) -> Option<Action> {
        self.message.map(|(action, _)| action)
    }

    /// Whether messages are sent without validation.
    pub(super) fn no_validate(&self) -> bool {
        self.message.is_some_and(|(_, message)| message.no_validate)
    }

    /// The settings that the options override.
    pub(super) fn overrides(&self) -> Overrides<'a> {
        Overrides {
            // Without validation, the flag is part of the message and need not be a valid setting.
            account_id: self.account_id.filter(|_| !self.no_validate()),
            app_id: self.app_id,
            ..self.args.connection.overrides()
        }
    }
}

impl<'a> From<&'a ClaimArgs> for SendOptions<'a> {
    fn from(claim: &'a ClaimArgs) -> Self {
        SendOptions {
            state: claim.state.as_deref(),
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
            message: None,
            input: Some(&relay.input),
            state: None,
            handed_over: relay.handed_over.handed_over.as_deref(),
            account_id: relay.account_id.as_deref(),
            app_id: relay.app_id.app_id.as_deref(),
            args: &relay.send,
        }
    }
}
