//! What a Messenger webhook payload has to be claimed or echoed, event by event.
//!
//! `{"object":"page","entry":[{"id":…,"messaging":[event…],"standby":[…],"changes":[…]}]}` (Meta's page "Webhooks").
//! When in doubt an event is skipped with a reason: a message ID is never taken from a key that isn't known to
//! hold one, and a customer's ID never goes out as the page's.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use serde_json::value::RawValue;

use super::array::each_element;
use super::body::{Parts, published_at};
use super::fields::{Fields, id_or_integer, id_string, string};
use super::{ExpandOptions, Expanded, Ids, NotSent};
use crate::api::Action;

/// The app that sends the echo when a person answers in Meta's Page Inbox (Meta's page "Message Echoes").
const PAGE_INBOX_APP: &str = "263902037430900";

/// Why a notice that a message was deleted is skipped.
const UNSENT: &str = "a notice that an earlier message was unsent";

/// What events report besides messages and postbacks, with the reason why each is skipped.
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

/// One payload while its events are looked at.
struct Payload<'r> {
    options: &'r ExpandOptions,
    now: DateTime<Utc>,
    /// Why none of its events can be sent, whatever they are.
    refused: Option<String>,
    seen: HashSet<String>,
}

/// Gives what each event of the payload `fields` comes to to `take`.
pub(super) fn each_event<E>(
    fields: &Fields,
    options: &ExpandOptions,
    now: DateTime<Utc>,
    take: &mut dyn FnMut(Expanded) -> Result<(), E>,
) -> Result<(), E> {
    let object = fields.get("object").and_then(string);
    let mut payload = Payload {
        options,
        now,
        refused: (object.as_deref() != Some("page")).then(|| match object {
            Some(object) => format!("the payload is about {object:?}, not about a Facebook page"),
            None => "the payload doesn't say that it is about a Facebook page".to_owned(),
        }),
        seen: HashSet::new(),
    };
    let Some(entries) = array(fields, "entry") else {
        return take(Expanded::Invalid(
            "the payload's entry is not an array".into(),
        ));
    };
    let refused = payload.refused.clone();
    let mut items = 0;
    let mut count_and_take = |item| {
        items += 1;
        take(item)
    };
    each_element(entries, &mut |entry| match Fields::parse(entry) {
        Some(entry) => payload.each_event_of(&entry, &mut count_and_take),
        None => count_and_take(Expanded::Invalid(
            "an entry of the payload is not an object".into(),
        )),
    })?;
    // A payload about something else may have no events as we know them: its reason is told all the same.
    match refused.filter(|_| items == 0) {
        Some(why) => take(Expanded::Skipped(why.as_str().into())),
        None => Ok(()),
    }
}

impl Payload<'_> {
    fn each_event_of<E>(
        &mut self,
        entry: &Fields,
        take: &mut dyn FnMut(Expanded) -> Result<(), E>,
    ) -> Result<(), E> {
        let page = entry.get("id").and_then(id_or_integer);
        for (list, why_not) in [
            ("messaging", None),
            (
                "standby",
                (!self.options.standby).then_some("in standby: another app has the conversation"),
            ),
            (
                "changes",
                Some("a change on the page, not a Messenger message"),
            ),
        ] {
            let Some(events) = entry.get(list) else {
                continue;
            };
            if !events.get().starts_with('[') {
                take(Expanded::Invalid(
                    format!("the payload's {list} is not an array")
                        .as_str()
                        .into(),
                ))?;
                continue;
            }
            each_element(events.get(), &mut |event| {
                take(match (&self.refused, why_not) {
                    (Some(why), _) => Expanded::Skipped(why.as_str().into()),
                    (None, Some(why)) => Expanded::Skipped(why.into()),
                    (None, None) => self.event(event, page.as_deref()),
                })
            })?;
        }
        Ok(())
    }

    fn event(&mut self, event: &str, page: Option<&str>) -> Expanded {
        let Some(event) = Fields::parse(event) else {
            return Expanded::Invalid("an event of the payload is not an object".into());
        };
        let skipped = |why: &str| Expanded::Skipped(why.into());
        let id = |end: &str| event.object(end).get("id").and_then(id_or_integer);
        let (what, page_end) = match self.options.action {
            Action::Claim => match customers_message(&event) {
                Ok(what) => (what, "recipient"),
                Err(why) => return skipped(why),
            },
            Action::Echo => match self.bots_message(&event) {
                Ok(what) => (what, "sender"),
                Err(why) => return skipped(&why),
            },
        };
        let Some(mid) = what.get("mid") else {
            return skipped("it has no message ID");
        };
        let Some(object_id) = id_string(mid) else {
            return Expanded::Invalid("mid is not a non-empty string".into());
        };
        let account_id = id(page_end);
        let item = |reason: &str| NotSent {
            ids: Ids {
                object_id: Some(object_id.clone()),
                account_id: page.map(str::to_owned),
            },
            reason: reason.to_owned(),
        };
        if account_id.is_none() || account_id.as_deref() != page {
            return Expanded::Skipped(item(&format!(
                "its {page_end} is not the page of its entry"
            )));
        }
        if self.options.action == Action::Claim && id("sender") == account_id {
            return Expanded::Skipped(item("its sender is the page itself"));
        }
        let published_at = match event
            .get("timestamp")
            .filter(|value| value.get().trim_matches('"') != "0")
        {
            None => return Expanded::Invalid(item("timestamp is missing")),
            Some(value) => match published_at(value, self.now) {
                Ok(time) => time,
                Err(why) => return Expanded::Invalid(item(&format!("timestamp {why}"))),
            },
        };
        // A message that can't be sent leaves the way to another notice of it that can.
        if !self.seen.insert(object_id.clone()) {
            return Expanded::Skipped(item("the same message again"));
        }
        let parts = Parts {
            object_id,
            published_at,
            account_id: account_id.unwrap_or_default(),
        };
        Expanded::Message(parts.message(self.options.action, std::iter::empty()))
    }

    /// The message of an event that says what the bot sent, or why there is none.
    fn bots_message<'a>(&self, event: &Fields<'a>) -> Result<Fields<'a>, String> {
        if event.get("message").is_none() {
            let why = if event.get("postback").is_some() {
                "the customer sent it"
            } else {
                other_event(event)
            };
            return Err(why.to_owned());
        }
        let message = event.object("message");
        if !message.is_true("is_echo") {
            return Err("the customer sent it".to_owned());
        }
        if message.is_true("is_deleted") {
            return Err(UNSENT.to_owned());
        }
        let app = message.get("app_id").and_then(id_or_integer);
        if app.as_deref() == Some(PAGE_INBOX_APP) {
            return Err("a person sent it in Meta's Page Inbox".to_owned());
        }
        match (&self.options.app_id, app) {
            (Some(wanted), Some(app)) if *wanted != app => Err(format!("the app {app} sent it")),
            (Some(_), None) => Err("it doesn't say which app sent it".to_owned()),
            _ => Ok(message),
        }
    }
}

/// The message or postback of an event that says what a customer sent, or why there is none.
fn customers_message<'a>(event: &Fields<'a>) -> Result<Fields<'a>, &'static str> {
    if event.get("message").is_some() {
        let message = event.object("message");
        if message.is_true("is_echo") {
            return Err("the page sent it");
        }
        if message.is_true("is_deleted") {
            return Err(UNSENT);
        }
        return Ok(message);
    }
    if event.get("postback").is_some() {
        return Ok(event.object("postback"));
    }
    Err(other_event(event))
}

fn other_event(event: &Fields) -> &'static str {
    OTHER_EVENTS
        .iter()
        .find(|(name, _)| event.get(name).is_some())
        .map_or("not a message", |(_, why)| why)
}

/// The text of the array in the field `name`.
fn array<'a>(fields: &Fields<'a>, name: &str) -> Option<&'a str> {
    fields
        .get(name)
        .map(RawValue::get)
        .filter(|text| text.starts_with('['))
}

#[cfg(test)]
mod tests;
