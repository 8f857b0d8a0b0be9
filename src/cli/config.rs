//! `lexbot config`: the token and the settings in the configuration file.

use clap::{Args, Subcommand, ValueEnum, ValueHint};

use super::{ConfigFile, Connection, reference};
use crate::settings::{parse_account_id, parse_app_id, parse_client_id};

/// `lexbot config …`
#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Store the token in a profile; asks for it, or reads it from standard input
    ///
    /// Lexer shows the token and the client ID on the bot user's page (Manage > Team > Our Team). On a
    /// terminal, the token isn't shown as you type it; otherwise it is the first line of standard input. It can't be an
    /// argument: other users of the machine can see those.
    ///
    /// The file is readable only by its owner. Everything else in it stays as it is.
    #[command(after_long_help = reference::examples(reference::SET_TOKEN))]
    SetToken(SetToken),
    /// Remove the token, or the command for it, from a profile
    ///
    /// For a computer that others use, too. Everything else in the file stays as it is.
    #[command(after_long_help = reference::examples(reference::REMOVE_TOKEN))]
    RemoveToken(ConfigFile),
    /// Change one setting in the configuration file
    ///
    /// Checks the value as the option of the same name does. Everything else in the file stays as it is. The token has
    /// a command of its own: set-token.
    #[command(after_long_help = reference::examples(reference::SET))]
    Set(ConfigSet),
    /// Remove one setting from the configuration file
    ///
    /// Everything else in the file stays as it is. The token has a command of its own: remove-token.
    #[command(after_long_help = reference::examples(reference::UNSET))]
    Unset(ConfigUnset),
    /// Print every setting in use and its source
    ///
    /// Prints what a command with the same options would use, and the profiles in the file. Of the token, only
    /// the last four characters are shown.
    #[command(after_long_help = reference::examples(reference::SHOW))]
    Show(ConfigShow),
    /// Print the path of the configuration file
    ///
    /// Prints it whether or not the file exists.
    #[command(after_long_help = reference::examples(reference::PATH))]
    Path(ConfigFile),
}

/// `lexbot config set-token`
#[derive(Debug, Args)]
pub(crate) struct SetToken {
    #[command(flatten)]
    pub(crate) config: ConfigFile,

    /// The client ID, shown beside the token in Lexer
    #[arg(long, value_name = "N", value_parser = parse_client_id, help_heading = "Stored with the token")]
    pub(crate) client_id: Option<u64>,

    /// The Facebook page to use if a message names none
    #[arg(long, value_name = "PAGE", value_parser = parse_account_id, help_heading = "Stored with the token")]
    pub(crate) account_id: Option<String>,

    /// The bot's Facebook app, for webhook echoes: its App ID in Meta's App Dashboard, or "any"
    #[arg(long, value_name = "ID", value_parser = parse_app_id, help_heading = "Stored with the token")]
    pub(crate) app_id: Option<String>,

    /// The API's base URL
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url, help_heading = "Stored with the token")]
    pub(crate) base_url: Option<String>,
}

/// `lexbot config set`
#[derive(Debug, Args)]
pub(crate) struct ConfigSet {
    /// The setting
    #[arg(value_enum)]
    pub(crate) key: ConfigKey,

    /// Its new value
    pub(crate) value: String,

    #[command(flatten)]
    pub(crate) config: ConfigFile,
}

/// `lexbot config unset`
#[derive(Debug, Args)]
pub(crate) struct ConfigUnset {
    /// The setting
    #[arg(value_enum)]
    pub(crate) key: ConfigKey,

    #[command(flatten)]
    pub(crate) config: ConfigFile,
}

/// What `lexbot config set` changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum ConfigKey {
    /// The profile to use if none is named
    #[value(alias = "default-profile")]
    DefaultProfile,
    /// The client ID, shown beside the token in Lexer
    #[value(alias = "client-id")]
    ClientId,
    /// The Facebook page to use if a message names none
    #[value(alias = "account-id")]
    AccountId,
    /// The bot's Facebook app, or any
    #[value(alias = "app-id")]
    AppId,
    /// The API's base URL
    #[value(alias = "base-url")]
    BaseUrl,
    /// The token's rate limit, in requests per second
    Rate,
    /// A command that prints the token
    #[value(alias = "token-command")]
    TokenCommand,
}

impl ConfigKey {
    /// Its name in the file.
    pub(crate) fn name(self) -> String {
        let value = self.to_possible_value();
        value.map_or_else(String::new, |value| value.get_name().to_owned())
    }
}

/// `lexbot config show`
#[derive(Debug, Args)]
pub(crate) struct ConfigShow {
    #[command(flatten)]
    pub(crate) connection: Connection,

    /// The page to use if a message names none [env: LEXBOT_ACCOUNT_ID]
    #[arg(long, value_name = "PAGE", value_parser = parse_account_id, help_heading = "Message")]
    pub(crate) account_id: Option<String>,

    /// The bot's Facebook app [env: LEXBOT_APP_ID]
    #[arg(long, value_name = "ID", value_parser = parse_app_id, help_heading = "Message")]
    pub(crate) app_id: Option<String>,

    /// Print a JSON object
    #[arg(long, help_heading = "Output")]
    pub(crate) json: bool,
}
