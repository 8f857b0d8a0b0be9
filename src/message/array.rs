//! The elements of a JSON array, one after another.

use std::fmt;

use serde::Deserializer as _;
use serde::de::{self, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// Gives the text of each element of the array `json` to `take`, without keeping them: there may be millions.
///
/// `json` must be valid JSON. Stops at the first error of `take`, which is the only error.
pub(super) fn each_element<'a, E>(
    json: &'a str,
    take: &mut dyn FnMut(&'a str) -> Result<(), E>,
) -> Result<(), E> {
    let mut failed = None;
    let elements = Elements {
        take,
        failed: &mut failed,
    };
    let _ = serde_json::Deserializer::from_str(json).deserialize_seq(elements);
    failed.map_or(Ok(()), Err)
}

struct Elements<'t, 'a, E> {
    take: &'t mut dyn FnMut(&'a str) -> Result<(), E>,
    failed: &'t mut Option<E>,
}

impl<'de, E> Visitor<'de> for Elements<'_, 'de, E> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut elements: S) -> Result<(), S::Error> {
        while let Some(element) = elements.next_element::<&RawValue>()? {
            if let Err(error) = (self.take)(element.get()) {
                *self.failed = Some(error);
                return Err(de::Error::custom("stopped"));
            }
        }
        Ok(())
    }
}
