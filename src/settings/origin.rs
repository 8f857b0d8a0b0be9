//! Where a setting's value came from, for `config show` and for errors.

use std::fmt;

/// A value and where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Setting<T> {
    /// The value in force.
    pub(crate) value: T,
    /// Where it came from.
    pub(crate) origin: Origin,
}

impl<T> Setting<T> {
    /// `value`, from `origin`.
    pub(crate) fn new(value: T, origin: Origin) -> Self {
        Setting { value, origin }
    }
}

/// The places that a value can come from, in the order in which they are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// An option of the command, such as `--base-url`.
    Flag(&'static str),
    /// A variable of the environment, such as `LEXBOT_BASE_URL`.
    Variable(&'static str),
    /// A key of the profile in force, such as `base_url`.
    Profile(&'static str),
    /// A key at the top of the configuration file, such as `default_profile`.
    File(&'static str),
    /// Nobody said anything.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Flag(name) | Origin::Variable(name) => f.write_str(name),
            Origin::Profile(key) => write!(f, "{key} in the profile"),
            Origin::File(key) => write!(f, "{key} in the file"),
            Origin::Default => f.write_str("default"),
        }
    }
}
