//! Messenger webhook payloads: decides event by event what to claim or echo.
//!
//! `{"object":"page","entry":[{"id":PAGE,"messaging":[event…],"standby":[event…],"changes":[…]}]}` (Meta's page
//! "Webhooks").
//! In doubt, an event is skipped with a reason. A message ID is only taken from a key that is known to hold one, and
//! a customer's ID is never sent as the page's.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use serde_json::value::RawValue;

use super::json::{Fields, elements, id_or_integer, id_string, string, truncated};
use super::{ExpandOptions, Expanded, Ids, NotSent, PublishedAt, Take, body, ids_of};
use crate::api_facts::{ANY_APP, Action};
use crate::error::CliError;
use crate::outcome::Outcome;

/// The app of Meta's Page Inbox, in which people write (Meta's page "Message Echoes").
const PAGE_INBOX_APP: &str = "263902037430900";

/// Why a single event without a configured page can't be sent.
pub(crate) const NO_PAGE: &str = "a single event doesn't name its page, and there is no default";

/// The fields that every event has.
const COMMON_FIELDS: [&str; 3] = ["sender", "recipient", "timestamp"];

/// A payload whose events are being expanded.
struct Payload<'a> {
    options: &'a ExpandOptions,
    now: DateTime<Utc>,
    /// The IDs of the messages found so far.
    seen: HashSet<String>,
}

/// Whether `fields` are a payload, or an entry or event of one.
pub(super) fn is_webhook(fields: &Fields) -> bool {
    let is_object = |value: &RawValue| value.get().starts_with('{');
    ["entry", "messaging", "standby"]
        .iter()
        .any(|name| fields.has(name))
        // Something else may name its sender, too, but not with an object.
        || ["sender", "recipient"]
            .iter()
            .any(|name| fields.get(name).is_some_and(is_object))
}

/// Calls `take` with each event of a payload, or of a single entry or event, as a message to send or with the reason
/// why it isn't sent. `fields` are those of the object `json`.
pub(super) fn expand_webhook(
    json: &str,
    fields: &Fields,
    options: &ExpandOptions,
    now: DateTime<Utc>,
    take: Take,
) -> anyhow::Result<()> {
    let mut payload = Payload {
        options,
        now,
        seen: HashSet::new(),
    };
    let mut is_empty = true;
    let mut count_and_take = |expanded| {
        is_empty = false;
        take(expanded)
    };
    let mut wrong_object = None;
    if let Some(list) = fields.get("entry") {
        let Some(mut entries) = elements(list.get()) else {
            return take(Err("the payload's entry is not an array".into()));
        };
        wrong_object = self::wrong_object(fields);
        let reason = wrong_object.as_deref();
        entries.try_for_each(|entry| payload.expand_entry(entry, reason, &mut count_and_take))?;
    } else if fields.has("messaging") || fields.has("standby") {
        payload.expand_entry(json, None, &mut count_and_take)?;
    } else {
        return take(match &options.account_id {
            Some(page) => payload.expand_event(json, Some(page), None),
            None => Err(NO_PAGE.into()),
        });
    }
    if is_empty {
        let reason = wrong_object.unwrap_or_else(|| "a payload without events".to_owned());
        take(Err(NotSent::skipped(reason)))?;
    }
    Ok(())
}

/// Why no event of `payload` is sent, unless it is about a Facebook page.
fn wrong_object(payload: &Fields) -> Option<String> {
    match payload.get("object").and_then(string) {
        Some(object) if object == "page" => None,
        Some(object) => Some(format!(
            "the payload is about {:?}, not about a Facebook page",
            truncated(&object)
        )),
        None => Some("the payload doesn't say that it is about a Facebook page".to_owned()),
    }
}

impl Payload<'_> {
    /// Calls `take` with each event of `entry`. With a `wrong_object`, all of them are skipped for that reason.
    fn expand_entry(
        &mut self,
        entry: &str,
        wrong_object: Option<&str>,
        take: Take,
    ) -> anyhow::Result<()> {
        let Some(entry) = Fields::parse(entry) else {
            return take(Err("an entry of the payload is not an object".into()));
        };
        let page = entry.get("id").and_then(id_or_integer);
        for name in ["messaging", "standby", "changes"] {
            let Some(list) = entry.get(name) else {
                continue;
            };
            let Some(events) = elements(list.get()) else {
                take(Err(format!("the payload's {name} is not an array").into()))?;
                continue;
            };
            let skip_reason = wrong_object.or(match name {
                "changes" => Some("a change on the page, not a Messenger message"),
                "standby" if !self.options.standby => {
                    Some("in standby: another app has the conversation")
                }
                _ => None,
            });
            for event in events {
                take(self.expand_event(event, page.as_deref(), skip_reason))?;
            }
        }
        Ok(())
    }

    /// Expands `event`, which must belong to `page`. With a `skip_reason`, it is skipped.
    fn expand_event(
        &mut self,
        event: &str,
        page: Option<&str>,
        skip_reason: Option<&str>,
    ) -> Expanded {
        let skipped = skip_reason.map(NotSent::skipped);
        let Some(event) = Fields::parse(event) else {
            return Err(skipped.unwrap_or("an event of the payload is not an object".into()));
        };
        let customer_id = ["sender", "recipient"]
            .iter()
            .find_map(|role| id_of(&event, role).filter(|id| page != Some(id)));
        let mut expanded = match skipped {
            Some(not_sent) => Err(not_sent),
            None => self.message(&event, page, customer_id.is_some()),
        };
        ids_of(&mut expanded).customer_id = customer_id;
        expanded
    }

    /// The message to send for `event`, or why nothing is sent.
    fn message(&mut self, event: &Fields, page: Option<&str>, has_customer: bool) -> Expanded {
        let (action, content) = self.content(event)?;
        self.message_of(action, &content, event, page, has_customer)
            .map_err(|not_sent| NotSent {
                action: Some(action),
                ids: Ids {
                    object_id: content.get("mid").and_then(id_string),
                    account_id: page.map(str::to_owned),
                    ..Ids::default()
                },
                ..not_sent
            })
    }

    /// The same for the message or postback `content` of `event`. The caller adds the IDs of one that is not sent.
    fn message_of(
        &mut self,
        action: Action,
        content: &Fields,
        event: &Fields,
        page: Option<&str>,
        has_customer: bool,
    ) -> Expanded {
        let page_role = match action {
            Action::Claim => "recipient",
            Action::Echo => "sender",
        };
        let mid = content.get("mid");
        let mid = mid.ok_or_else(|| NotSent::skipped("it has no message ID"))?;
        let object_id = id_string(mid).ok_or("mid is not a non-empty string")?;
        let account_id = id_of(event, page_role)
            .filter(|id| page == Some(id))
            .ok_or_else(|| NotSent::skipped(format!("its {page_role} is not the page")))?;
        if action == Action::Claim && !has_customer {
            if id_of(event, "sender").is_some() {
                return Err(NotSent::skipped("its sender is the page itself"));
            }
            if self.options.needs_customer {
                return Err(
                    "it names no customer, so it can't be compared with --handed-over".into(),
                );
            }
        }
        let published_at = published_at(event, self.now)?;
        // This comes last: an event that can't be sent doesn't prevent another one with the same message.
        if !self.seen.insert(object_id.clone()) {
            return Err(NotSent::skipped("the same message again"));
        }
        Ok(body::message(action, object_id, published_at, account_id))
    }

    /// The action that `event` calls for, and its message or postback, or why there is nothing to tell Lexer.
    fn content<'a>(&self, event: &Fields<'a>) -> Result<(Action, Fields<'a>), NotSent> {
        let name = ["message", "postback"]
            .into_iter()
            .find(|name| event.has(name))
            .ok_or_else(|| not_a_message(event))?;
        let content = event.object(name);
        let is_message = name == "message";
        let (action, not_wanted) = if is_message && content.is_true("is_echo") {
            (Action::Echo, "the page sent it")
        } else {
            (Action::Claim, "the customer sent it")
        };
        if self.options.action.is_some_and(|wanted| wanted != action) {
            return Err(NotSent::skipped(not_wanted));
        }
        if is_message && content.is_true("is_deleted") {
            return Err(NotSent::skipped(
                "a notice that an earlier message was unsent",
            ));
        }
        if action == Action::Echo {
            self.check_app(&content)?;
        }
        Ok((action, content))
    }

    /// Checks that the bot's own app sent `echo`.
    fn check_app(&self, echo: &Fields) -> Result<(), NotSent> {
        let app = echo.get("app_id").and_then(id_or_integer);
        Err(match (app, self.options.app_id.as_deref()) {
            (Some(app), _) if app == PAGE_INBOX_APP => {
                NotSent::skipped("a person sent it in Meta's Page Inbox")
            }
            (app, None) => NotSent {
                action: Some(Action::Echo),
                ids: Ids {
                    object_id: echo.get("mid").and_then(id_string),
                    ..Ids::default()
                },
                outcome: Outcome::NotSent,
                error: Some(unknown_app(app.as_deref())),
                ..NotSent::from("not sent: the bot's own app isn't known")
            },
            (_, Some(ANY_APP)) => return Ok(()),
            (Some(app), Some(own)) if app == own => return Ok(()),
            (Some(app), Some(_)) => {
                NotSent::skipped(format!("the app {} sent it", truncated(&app)))
            }
            (None, Some(_)) => NotSent::skipped("it doesn't say which app sent it"),
        })
    }
}

/// Why an event without a message is skipped: it names what the event has instead.
fn not_a_message(event: &Fields) -> NotSent {
    let mut fields = event.without(&COMMON_FIELDS);
    // Meta describes every kind of event in an object. Anything else is only about its delivery.
    NotSent::skipped(
        match fields.find(|(_, value)| value.get().starts_with('{')) {
            Some((name, _)) => format!("not a message, but {}", truncated(name.get())),
            None => "not a message".to_owned(),
        },
    )
}

/// The error for an echo of `app` where the bot's own app isn't known. Lexer posts agents' replies through an app of its
/// own, so a guess could mark a person's words as the bot's.
fn unknown_app(app: Option<&str>) -> CliError {
    let Some(app) = app.map(truncated) else {
        return CliError::configuration(
            "this echo names no app, and the bot's own app isn't known",
        )
        .hint("set app_id in the profile, or give --app-id: the App ID in Meta's App Dashboard");
    };
    CliError::configuration(format!(
        "app {app} sent this echo, and the bot's own app isn't known"
    ))
    .hint(format!(
        "if that is your bot (App ID in Meta's App Dashboard), set app_id = \"{app}\" in the profile, or give --app-id {app};\n\
         if not, set your bot's: this app may be Lexer's, through which agents answer"
    ))
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
