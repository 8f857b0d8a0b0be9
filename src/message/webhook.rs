//! Messenger webhook payloads: decides event by event what to claim or echo.
//!
//! `{"object":"page","entry":[{"id":PAGE,"messaging":[event…],"standby":[event…],"changes":[…]}]}` (Meta's page
//! "Webhooks").
//! In doubt, an event is skipped with a reason. A message ID is only taken from a key that is known to hold one, and
//! a customer's ID is never sent as the page's.

use std::collections::HashSet;
use std::iter;

use chrono::{DateTime, Utc};

use super::json::{Fields, cut, elements, id_or_integer, id_string, string};
use super::{ExpandOptions, Expanded, Ids, Message, NotSent, PublishedAt, body};
use crate::api::Action;

/// The app whose echoes are what people write in Meta's Page Inbox (Meta's page "Message Echoes").
const PAGE_INBOX_APP: &str = "263902037430900";

/// Events that contain neither a message nor a postback, with the reason why each is skipped.
const OTHER_EVENTS: [(&str, &str); 5] = [
    ("message_edit", "an edit of an earlier message"),
    ("reaction", "a reaction to an earlier message"),
    ("delivery", "a delivery report"),
    ("read", "a read report"),
    (
        "policy-enforcement",
        "a notice of Meta's about its policies",
    ),
];

/// What is known of a payload while its events are read.
struct Payload<'a> {
    options: &'a ExpandOptions,
    now: DateTime<Utc>,
    /// Why none of its events is sent, if the payload isn't about a Facebook page.
    wrong_object: Option<String>,
    /// The IDs of the messages found so far.
    seen: HashSet<String>,
}

/// Calls `take` with each event of `payload`, as a message to send or with the reason why it isn't sent.
pub(super) fn expand_payload<E>(
    payload: &Fields,
    options: &ExpandOptions,
    now: DateTime<Utc>,
    take: &mut dyn FnMut(Expanded) -> Result<(), E>,
) -> Result<(), E> {
    let entries = payload.get("entry").and_then(|list| elements(list.get()));
    let Some(entries) = entries else {
        return take(Expanded::invalid("the payload's entry is not an array"));
    };
    let mut events = Payload {
        options,
        now,
        wrong_object: wrong_object(payload),
        seen: HashSet::new(),
    };
    let mut is_empty = true;
    for entry in entries {
        events.expand_entry(entry, &mut |expanded| {
            is_empty = false;
            take(expanded)
        })?;
    }
    // A payload about something else may contain no events, but it still gets a result.
    match events.wrong_object {
        Some(reason) if is_empty => take(Expanded::skipped(reason)),
        _ => Ok(()),
    }
}

/// Why no event of `payload` is sent, unless it is about a Facebook page.
fn wrong_object(payload: &Fields) -> Option<String> {
    match payload.get("object").and_then(string) {
        Some(object) if object == "page" => None,
        Some(object) => Some(format!(
            "the payload is about {:?}, not about a Facebook page",
            cut(&object)
        )),
        None => Some("the payload doesn't say that it is about a Facebook page".to_owned()),
    }
}

impl Payload<'_> {
    /// Calls `take` with each event of `entry`.
    fn expand_entry<E>(
        &mut self,
        entry: &str,
        take: &mut dyn FnMut(Expanded) -> Result<(), E>,
    ) -> Result<(), E> {
        let Some(entry) = Fields::parse(entry) else {
            return take(Expanded::invalid(
                "an entry of the payload is not an object",
            ));
        };
        let page = entry.get("id").and_then(id_or_integer);
        for name in ["messaging", "standby", "changes"] {
            let Some(list) = entry.get(name) else {
                continue;
            };
            let Some(events) = elements(list.get()) else {
                let reason = format!("the payload's {name} is not an array");
                take(Expanded::invalid(reason))?;
                continue;
            };
            let skip_reason = match name {
                _ if self.wrong_object.is_some() => self.wrong_object.clone(),
                "changes" => Some("a change on the page, not a Messenger message".to_owned()),
                "standby" if !self.options.standby => {
                    Some("in standby: another app has the conversation".to_owned())
                }
                _ => None,
            };
            for event in events {
                take(match &skip_reason {
                    Some(reason) => Expanded::skipped(reason.as_str()),
                    None => self
                        .message(event, page.as_deref())
                        .map_or_else(|not_sent| not_sent, Expanded::Message),
                })?;
            }
        }
        Ok(())
    }

    /// The message to send for `event` in the entry of `page`; otherwise, `Invalid` or `Skipped`.
    fn message(&mut self, event: &str, page: Option<&str>) -> Result<Message, Expanded> {
        let action = self.options.action;
        let event = Fields::parse(event)
            .ok_or_else(|| Expanded::invalid("an event of the payload is not an object"))?;
        let content = self.content(&event).map_err(Expanded::skipped)?;
        let mid = content
            .get("mid")
            .ok_or_else(|| Expanded::skipped("it has no message ID"))?;
        let object_id =
            id_string(mid).ok_or_else(|| Expanded::invalid("mid is not a non-empty string"))?;

        let not_sent = |reason: String| {
            let ids = Ids {
                object_id: Some(object_id.clone()),
                account_id: page.map(str::to_owned),
            };
            NotSent::new(ids, reason)
        };
        let account_id = account_id(&event, action, page)
            .map_err(|reason| Expanded::Skipped(not_sent(reason)))?;
        let published_at =
            published_at(&event, self.now).map_err(|reason| Expanded::Invalid(not_sent(reason)))?;
        // This comes last: an event that can't be sent doesn't prevent another one with the same message.
        if !self.seen.insert(object_id.clone()) {
            return Err(Expanded::Skipped(not_sent("the same message again".into())));
        }
        Ok(body::message(
            action,
            object_id,
            published_at,
            account_id,
            iter::empty(),
        ))
    }

    /// The message or postback in `event`, or why it isn't one to claim or echo.
    fn content<'a>(&self, event: &Fields<'a>) -> Result<Fields<'a>, String> {
        let name = ["message", "postback"]
            .into_iter()
            .find(|name| event.has(name))
            .ok_or_else(|| {
                let other = OTHER_EVENTS.iter().find(|(name, _)| event.has(name));
                other.map_or("not a message", |(_, reason)| reason)
            })?;
        let content = event.object(name);
        let is_message = name == "message";
        let is_echo = is_message && content.is_true("is_echo");
        match self.options.action {
            Action::Claim if is_echo => return Err("the page sent it".to_owned()),
            Action::Echo if !is_echo => return Err("the customer sent it".to_owned()),
            Action::Claim | Action::Echo => {}
        }
        if is_message && content.is_true("is_deleted") {
            return Err("a notice that an earlier message was unsent".to_owned());
        }
        if is_echo {
            self.check_app(&content)?;
        }
        Ok(content)
    }

    /// Checks that the bot's own app sent `echo`.
    fn check_app(&self, echo: &Fields) -> Result<(), String> {
        let app = echo.get("app_id").and_then(id_or_integer);
        match (app.as_deref(), self.options.app_id.as_deref()) {
            (Some(PAGE_INBOX_APP), _) => Err("a person sent it in Meta's Page Inbox".to_owned()),
            (Some(app), Some(own)) if app != own => Err(format!("the app {} sent it", cut(app))),
            (None, Some(_)) => Err("it doesn't say which app sent it".to_owned()),
            _ => Ok(()),
        }
    }
}

/// The page that received the claimed message or sent the echo. It must be the page of the entry.
fn account_id(event: &Fields, action: Action, page: Option<&str>) -> Result<String, String> {
    let id_of = |role: &str| event.object(role).get("id").and_then(id_or_integer);
    let role = match action {
        Action::Claim => "recipient",
        Action::Echo => "sender",
    };
    let account_id = id_of(role)
        .filter(|id| page == Some(id))
        .ok_or_else(|| format!("its {role} is not the page of its entry"))?;
    if action == Action::Claim && id_of("sender").as_ref() == Some(&account_id) {
        return Err("its sender is the page itself".to_owned());
    }
    Ok(account_id)
}

/// The event's own time. Webhooks without one write 0.
fn published_at(event: &Fields, now: DateTime<Utc>) -> Result<PublishedAt, String> {
    let timestamp = event
        .get("timestamp")
        .filter(|value| value.get().trim_matches('"') != "0")
        .ok_or("timestamp is missing")?;
    PublishedAt::from_json(timestamp, now).map_err(|problem| format!("timestamp {problem}"))
}

#[cfg(test)]
mod tests;
