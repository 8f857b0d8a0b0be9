//! Which settings to use, and how to reach Lexer.

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{PathBufValueParser, TypedValueParser as _};
use clap::{Args, ValueHint};

use crate::settings::{Overrides, parse_client_id, parse_path, parse_text};

/// Which settings to use, and how to reach Lexer.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Connection")]
pub(crate) struct Connection {
    #[command(flatten)]
    pub(crate) config: ConfigFile,

    /// The API's base URL [env: LEXBOT_BASE_URL]
    ///
    /// Must be https, except for a server on this machine. The token goes nowhere else.
    ///
    /// [default: https://clients.lexer.io/api/clients]
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url)]
    pub(crate) base_url: Option<String>,

    /// The client ID, shown beside the token in Lexer [env: LEXBOT_CLIENT_ID]
    #[arg(long, value_name = "N", value_parser = parse_client_id)]
    pub(crate) client_id: Option<u64>,

    /// How many seconds to wait for a response [default: 30]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(crate) timeout: Option<Duration>,

    /// How often to try again when there was no final response
    ///
    /// That is: no connection, no response in time, 408, 425, 429, or a 5xx other than 500, 501 and 505. Waits half a
    /// second, then twice as long each time, up to 30 seconds; longer if the server's Retry-After says so, up to a minute.
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub(crate) retries: u32,
}

impl Connection {
    /// The settings that these options override.
    pub(crate) fn overrides(&self) -> Overrides<'_> {
        Overrides {
            config: self.config.config.as_deref(),
            profile: self.config.profile.as_deref(),
            base_url: self.base_url.as_deref(),
            client_id: self.client_id,
            timeout: self.timeout,
            ..Overrides::default()
        }
    }
}

/// Which profile of which file.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Connection")]
pub(crate) struct ConfigFile {
    /// The profile in the configuration file [env: LEXBOT_PROFILE]
    ///
    /// Else the file's default_profile, else the profile named "default".
    #[arg(short, long, value_name = "NAME", value_parser = parse_text)]
    pub(crate) profile: Option<String>,

    /// The configuration file [env: LEXBOT_CONFIG]
    ///
    /// Else lexbot/config.toml in the user's configuration directory: see lexbot config path.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath,
        value_parser = PathBufValueParser::new().try_map(parse_path))]
    pub(crate) config: Option<PathBuf>,
}

/// A number of seconds above zero and at most a day, with or without a fraction.
fn seconds(text: &str) -> Result<Duration, String> {
    const DAY: f64 = 86_400.0;
    text.parse::<f64>()
        .ok()
        .filter(|seconds| *seconds > 0.0 && *seconds <= DAY)
        .map(Duration::from_secs_f64)
        .filter(|duration| !duration.is_zero())
        .ok_or_else(|| "expected a number of seconds above 0 and at most 86400".to_owned())
}
