//! Send API responses: what Messenger returns to a bot that has sent a message (Meta's page "Send API").

use chrono::{DateTime, Utc};

use super::body::{self, NO_ACCOUNT_ID};
use super::json::{Fields, id_string};
use super::{ExpandOptions, Expanded, Ids, NotSent, PublishedAt};
use crate::api::Action;

/// Whether `fields` are a Send API response rather than an incomplete message body.
pub(super) fn is_send_response(fields: &Fields) -> bool {
    ["message_id", "recipient_id", "attachment_id", "error"]
        .iter()
        .any(|name| fields.has(name))
}

/// The echo of the message that a Send API response names. The bot sent it just now.
pub(super) fn expand_response(
    response: &Fields,
    options: &ExpandOptions,
    now: DateTime<Utc>,
) -> Expanded {
    if options.action == Action::Claim {
        return Expanded::skipped("a Send API response: the bot sent it");
    }
    let Some(message_id) = response.get("message_id") else {
        return Expanded::skipped(if response.has("error") {
            "a Send API error: nothing was sent to the customer"
        } else {
            "a Send API response without a message: nothing was sent to the customer"
        });
    };
    let Some(object_id) = id_string(message_id) else {
        return Expanded::invalid("message_id is not a non-empty string");
    };
    let defaults = &options.defaults;
    let Some(account_id) = defaults.account_id.clone() else {
        let ids = Ids {
            object_id: Some(object_id),
            account_id: None,
        };
        return Expanded::Invalid(NotSent::new(ids, NO_ACCOUNT_ID));
    };
    let published_at = defaults.published_at.unwrap_or(PublishedAt::now(now));
    Expanded::Message(body::message(
        Action::Echo,
        object_id,
        published_at,
        account_id,
        std::iter::empty(),
    ))
}

#[cfg(test)]
mod tests;
