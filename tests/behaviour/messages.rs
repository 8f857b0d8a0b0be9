//! The body made from flags and input, and the messages that can't be sent.

mod published_at;
mod unsendable;
mod usage;
