//! Send API responses: what Messenger returns to a bot that has sent a message (Meta's page "Send API").

use chrono::{DateTime, Utc};

use super::body;
use super::json::{Fields, id_string};
use super::{ExpandOptions, Expanded, Ids, NotSent, PublishedAt};
use crate::api_facts::Action;

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
        return Err(NotSent::skipped("a Send API response: the bot sent it"));
    }
    let Some(message_id) = response.get("message_id") else {
        return Err(NotSent::skipped(if response.has("error") {
            "a Send API error: nothing was sent to the customer"
        } else {
            "a Send API response without a message: nothing was sent to the customer"
        }));
    };
    let object_id = id_string(message_id).ok_or("message_id is not a non-empty string")?;
    echo(object_id.clone(), response, options, now).map_err(|not_sent| NotSent {
        action: Some(Action::Echo),
        ids: Ids {
            object_id: Some(object_id),
            ..body::ids(response)
        },
        ..not_sent
    })
}

/// The echo of the message `object_id`.
fn echo(
    object_id: String,
    response: &Fields,
    options: &ExpandOptions,
    now: DateTime<Utc>,
) -> Expanded {
    let account_id = body::account_id(response, options)?;
    let default = options.published_at.unwrap_or(PublishedAt::now(now));
    let published_at = body::published_at(response, Some(default), now)?;
    Ok(body::message(
        Action::Echo,
        object_id,
        published_at,
        account_id,
    ))
}

#[cfg(test)]
mod tests;
