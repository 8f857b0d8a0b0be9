//! Send API responses: what Messenger returns to a bot that has sent a message (Meta's page "Send API").

use chrono::{DateTime, Utc};

use super::body;
use super::json::{Fields, id_string};
use super::{ExpandOptions, Expanded, Ids, NotSent, PublishedAt};
use crate::api::Action;

/// Whether `fields` are a Send API response, to which a bot may have added the page and the time, rather than an
/// incomplete message body.
pub(super) fn is_send_response(fields: &Fields) -> bool {
    let has_any = |names: &[&str]| names.iter().any(|name| fields.has(name));
    has_any(&["message_id", "recipient_id", "attachment_id", "error"])
        && !has_any(&["object_id", "source", "state"])
}

/// The echo of the message that a Send API response names. The bot sent it just now.
pub(super) fn expand_response(
    response: &Fields,
    options: &ExpandOptions,
    now: DateTime<Utc>,
) -> Expanded {
    if options.action == Some(Action::Claim) {
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
    message(object_id.clone(), response, options, now).unwrap_or_else(|reason| {
        let ids = Ids {
            object_id: Some(object_id),
            ..body::ids(response)
        };
        Expanded::Invalid(NotSent::new(ids, reason).of(Action::Echo))
    })
}

/// The echo of the message `object_id`, or why it can't be sent.
fn message(
    object_id: String,
    response: &Fields,
    options: &ExpandOptions,
    now: DateTime<Utc>,
) -> Result<Expanded, String> {
    let account_id = body::account_id(response, options)?;
    let published_at = match response.get("published_at") {
        Some(value) => body::published_at(value, now)?,
        None => options.published_at.unwrap_or(PublishedAt::now(now)),
    };
    Ok(Expanded::Message(body::message(
        Action::Echo,
        object_id,
        published_at,
        account_id,
        std::iter::empty(),
    )))
}

#[cfg(test)]
mod tests;
