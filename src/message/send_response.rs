//! A Send API response: what Messenger answers a bot that sent a message (Meta's page "Send API").

use chrono::{DateTime, Utc};

use super::body::Parts;
use super::fields::{Fields, id_string};
use super::{ExpandOptions, Expanded, Ids, NotSent, PublishedAt};
use crate::api::Action;

/// Whether `fields` are a Send API response rather than a message body that lacks something.
pub(super) fn is_send_response(fields: &Fields) -> bool {
    ["message_id", "recipient_id", "attachment_id", "error"]
        .iter()
        .any(|name| fields.get(name).is_some())
}

/// What a Send API response comes to: the message that it names was sent just now.
pub(super) fn item(fields: &Fields, options: &ExpandOptions, now: DateTime<Utc>) -> Expanded {
    if options.action == Action::Claim {
        return Expanded::Skipped("a Send API response: the bot sent it".into());
    }
    let Some(message_id) = fields.get("message_id") else {
        return Expanded::Skipped(if fields.get("error").is_some() {
            "a Send API error: nothing was sent to the customer".into()
        } else {
            "a Send API response without a message: nothing was sent to the customer".into()
        });
    };
    let Some(object_id) = id_string(message_id) else {
        return Expanded::Invalid("message_id is not a non-empty string".into());
    };
    let Some(account_id) = options.defaults.account_id.clone() else {
        return Expanded::Invalid(NotSent {
            ids: Ids {
                object_id: Some(object_id),
                account_id: None,
            },
            reason: super::body::NO_ACCOUNT_ID.to_owned(),
        });
    };
    let parts = Parts {
        object_id,
        published_at: options
            .defaults
            .published_at
            .unwrap_or(PublishedAt::now(now)),
        account_id,
    };
    Expanded::Message(parts.message(Action::Echo, std::iter::empty()))
}

#[cfg(test)]
mod tests;
