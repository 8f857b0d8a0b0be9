//! The body made from flags and input, and the messages that can't be sent.

mod dry_run;
mod fields;
mod no_validate;
mod published_at;
mod unsendable;
mod usage;
