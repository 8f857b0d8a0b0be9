//! Messenger webhook payloads: decides event by event what to claim or echo.
//!
//! `{"object":"page","entry":[{"id":PAGE,"messaging":[event…],"standby":[event…],"changes":[…]}]}` (Meta's page
//! "Webhooks").
//! In doubt, an event is skipped with a reason. A message ID is only taken from a key that is known to hold one, and
//! a customer's ID is never sent as the page's.

use std::collections::HashSet;
use std::iter;

use chrono::{DateTime, Utc};
use serde_json::value::RawValue;

use super::json::{Fields, cut, elements, id_or_integer, id_string, string};
use super::{ExpandOptions, Expanded, Ids, Message, NotSent, PublishedAt, body};
use crate::api::{ANY_APP, Action};
use crate::error::CliError;

/// The app whose echoes are what people write in Meta's Page Inbox (Meta's page "Message Echoes").
const PAGE_INBOX_APP: &str = "263902037430900";

/// Why a single event without a configured page can't be sent.
pub(crate) const NO_PAGE: &str = "a single event doesn't name its page, and there is no default";

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
    /// What errors call the page that every event must belong to.
    page_name: &'static str,
    /// The IDs of the messages found so far.
    seen: HashSet<String>,
}

/// Whether `fields` are a payload, or an entry or event of one.
pub(super) fn is_webhook(fields: &Fields) -> bool {
    let is_object = |value: &RawValue| value.get().starts_with('{');
    ["entry", "messaging", "standby"]
        .iter()
        .any(|name| fields.has(name))
        // Other objects name who sent them, too.
        || ["sender", "recipient"]
            .iter()
            .any(|name| fields.get(name).is_some_and(is_object))
}

/// Calls `take` with each event of a payload, or of a single entry or event, as a message to send or with the reason
/// why it isn't sent. `fields` are those of the object `json`.
pub(super) fn expand_webhook<E>(
    json: &str,
    fields: &Fields,
    options: &ExpandOptions,
    now: DateTime<Utc>,
    take: &mut dyn FnMut(Expanded) -> Result<(), E>,
) -> Result<(), E> {
    let mut payload = Payload {
        options,
        now,
        wrong_object: None,
        page_name: "the page of its entry",
        seen: HashSet::new(),
    };
    let mut is_empty = true;
    let mut count_and_take = |expanded| {
        is_empty = false;
        take(expanded)
    };
    if let Some(list) = fields.get("entry") {
        let Some(mut entries) = elements(list.get()) else {
            return count_and_take(Expanded::invalid("the payload's entry is not an array"));
        };
        payload.wrong_object = wrong_object(fields);
        entries.try_for_each(|entry| payload.expand_entry(entry, &mut count_and_take))?;
    } else if fields.has("messaging") || fields.has("standby") {
        payload.expand_entry(json, &mut count_and_take)?;
    } else {
        payload.page_name = "the configured page";
        count_and_take(match &options.account_id {
            Some(page) => payload.expand_event(json, Some(page), None),
            None => Expanded::invalid(NO_PAGE),
        })?;
    }
    if is_empty {
        let reason = payload.wrong_object;
        take(Expanded::skipped(
            reason.unwrap_or_else(|| "a payload without events".to_owned()),
        ))?;
    }
    Ok(())
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

#[expect(
    clippy::result_large_err,
    reason = "an event that isn't sent has a result as large as a message's"
)]
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
                take(self.expand_event(event, page.as_deref(), skip_reason.as_deref()))?;
            }
        }
        Ok(())
    }

    /// What to do about `event`, which must belong to `page`, unless its list is skipped for some reason.
    fn expand_event(
        &mut self,
        event: &str,
        page: Option<&str>,
        skip_reason: Option<&str>,
    ) -> Expanded {
        let Some(event) = Fields::parse(event) else {
            return skip_reason.map_or_else(
                || Expanded::invalid("an event of the payload is not an object"),
                Expanded::skipped,
            );
        };
        let customer_id = ["sender", "recipient"]
            .iter()
            .find_map(|role| id_of(&event, role).filter(|id| page != Some(id)));
        let mut expanded = match skip_reason {
            Some(reason) => Expanded::skipped(reason),
            None => self
                .message(&event, page, customer_id.is_some())
                .map_or_else(|not_sent| not_sent, Expanded::Message),
        };
        expanded.ids_mut().customer_id = customer_id;
        expanded
    }

    /// The message to send for `event`; otherwise, why there is none.
    fn message(
        &mut self,
        event: &Fields,
        page: Option<&str>,
        has_customer: bool,
    ) -> Result<Message, Expanded> {
        let (action, content) = self.content(event)?;
        let page_role = match action {
            Action::Claim => "recipient",
            Action::Echo => "sender",
        };
        let ids = Ids {
            object_id: content.get("mid").and_then(id_string),
            account_id: page.map(str::to_owned),
            ..Ids::default()
        };
        let not_sent = |reason: &str| NotSent::new(ids.clone(), reason).of(action);
        let skipped = |reason: &str| Expanded::Skipped(not_sent(reason));
        let invalid = |reason: &str| Expanded::Invalid(not_sent(reason));

        if !content.has("mid") {
            return Err(skipped("it has no message ID"));
        }
        let object_id = ids.object_id.clone();
        let object_id = object_id.ok_or_else(|| invalid("mid is not a non-empty string"))?;
        let account_id = id_of(event, page_role)
            .filter(|id| page == Some(id))
            .ok_or_else(|| skipped(&format!("its {page_role} is not {}", self.page_name)))?;
        if action == Action::Claim && !has_customer {
            if id_of(event, "sender").is_some() {
                return Err(skipped("its sender is the page itself"));
            }
            if self.options.needs_customer {
                return Err(invalid(
                    "it names no customer, so it can't be compared with --handed-over",
                ));
            }
        }
        let published_at = published_at(event, self.now).map_err(|problem| invalid(&problem))?;
        // This comes last: an event that can't be sent doesn't prevent another one with the same message.
        if !self.seen.insert(object_id.clone()) {
            return Err(skipped("the same message again"));
        }
        Ok(body::message(
            action,
            object_id,
            published_at,
            account_id,
            iter::empty(),
        ))
    }

    /// The action that `event` calls for, and its message or postback, or why there is nothing to tell Lexer.
    fn content<'a>(&self, event: &Fields<'a>) -> Result<(Action, Fields<'a>), Expanded> {
        let name = ["message", "postback"]
            .into_iter()
            .find(|name| event.has(name))
            .ok_or_else(|| {
                let other = OTHER_EVENTS.iter().find(|(name, _)| event.has(name));
                Expanded::skipped(other.map_or("not a message", |(_, reason)| reason))
            })?;
        let content = event.object(name);
        let is_message = name == "message";
        let (action, not_wanted) = if is_message && content.is_true("is_echo") {
            (Action::Echo, "the page sent it")
        } else {
            (Action::Claim, "the customer sent it")
        };
        if self.options.action.is_some_and(|wanted| wanted != action) {
            return Err(Expanded::skipped(not_wanted));
        }
        if is_message && content.is_true("is_deleted") {
            return Err(Expanded::skipped(
                "a notice that an earlier message was unsent",
            ));
        }
        if action == Action::Echo {
            self.check_app(&content)?;
        }
        Ok((action, content))
    }

    /// Checks that the bot's own app sent `echo`.
    fn check_app(&self, echo: &Fields) -> Result<(), Expanded> {
        let app = echo.get("app_id").and_then(id_or_integer);
        Err(match (app, self.options.app_id.as_deref()) {
            (Some(app), _) if app == PAGE_INBOX_APP => {
                Expanded::skipped("a person sent it in Meta's Page Inbox")
            }
            (app, None) => {
                let ids = Ids {
                    object_id: echo.get("mid").and_then(id_string),
                    ..Ids::default()
                };
                let reason = "not sent: the bot's own app isn't known";
                Expanded::UnknownApp(NotSent::new(ids, reason).of(Action::Echo), app)
            }
            (_, Some(ANY_APP)) => return Ok(()),
            (Some(app), Some(own)) if app == own => return Ok(()),
            (Some(app), Some(_)) => Expanded::skipped(format!("the app {} sent it", cut(&app))),
            (None, Some(_)) => Expanded::skipped("it doesn't say which app sent it"),
        })
    }
}

/// The error for an echo of `app` where the bot's own app isn't known. To guess would mark what agents write in Lexer,
/// which posts through its own app, as the bot's words.
pub(crate) fn unknown_app(app: Option<&str>) -> CliError {
    match app {
        Some(app) => {
            let app = cut(app);
            CliError::configuration(format!(
                "app {app} sent this echo, and the bot's own app isn't known"
            ))
            .hint(format!(
                "if that is your bot (App ID in Meta's App Dashboard), set app_id = \"{app}\" in the profile, or give --app-id {app};\n\
                 if not, set your bot's: this app may be Lexer's, through which agents answer"
            ))
        }
        None => CliError::configuration(
            "this echo names no app, and the bot's own app isn't known",
        )
        .hint("set app_id in the profile, or give --app-id: the App ID in Meta's App Dashboard"),
    }
}

/// The ID of the event's `sender` or `recipient`.
fn id_of(event: &Fields, role: &str) -> Option<String> {
    event.object(role).get("id").and_then(id_or_integer)
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
