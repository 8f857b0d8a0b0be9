//! What a mistyped command line was probably meant to be. Quotes what was typed, unless it may be a token.

mod synonyms;

use std::ffi::OsString;
use std::path::Path;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, CommandFactory as _, ValueEnum as _};

use super::{Cli, ConfigKey};
use crate::error::CliError;
use crate::shell;
use crate::token::may_be_token;
use synonyms::{COMMANDS, OPTIONS};

/// Dashes that an editor or a chat program writes in place of "-" or "--".
const DASHES: [char; 8] = ['-', '‐', '‑', '‒', '–', '—', '―', '−'];

const NO_ARGUMENT: &str = "a token can't be an argument: other users of the machine can see those";

const GIVE_TOKEN: &str = "lexbot config set-token asks for the token and stores it; LEXBOT_TOKEN passes it on without storing it";

/// The error for an unknown option, command or argument in `args`, with what was probably meant. `None` for the others,
/// of which clap says enough.
pub(crate) fn usage_error(error: &clap::Error, args: &[OsString]) -> Option<CliError> {
    let typed = |kind| match error.get(kind)? {
        ContextValue::String(text) => Some(text.as_str()),
        // The closest comes last.
        ContextValue::Strings(texts) => texts.last().map(String::as_str),
        _ => None,
    };
    let line = CommandLine::new(args);
    if !error.use_stderr() {
        return None;
    }
    if let Some(option) = line.option_with_wrong_dash() {
        return Some(line.unknown_option(&option, None));
    }
    match error.kind() {
        ErrorKind::UnknownArgument => {
            let argument = typed(ContextKind::InvalidArg)?;
            Some(if argument.starts_with('-') && argument != "-" {
                line.unknown_option(argument, typed(ContextKind::SuggestedArg))
            } else {
                line.stray_argument(argument)
            })
        }
        ErrorKind::InvalidSubcommand => Some(line.unknown_command(
            typed(ContextKind::InvalidSubcommand)?,
            typed(ContextKind::SuggestedSubcommand),
        )),
        ErrorKind::InvalidValue if typed(ContextKind::InvalidArg)? == "<KEY>" => {
            let (key, closest) = (ContextKind::InvalidValue, ContextKind::SuggestedValue);
            Some(line.unknown_key(typed(key)?, typed(closest)))
        }
        _ => None,
    }
}

/// What was typed, and the command in it.
struct CommandLine {
    command: Command,
    /// The command with its parents, such as `lexbot config show`.
    name: String,
    /// The arguments of the command.
    args: Vec<String>,
}

impl CommandLine {
    fn new(args: &[OsString]) -> Self {
        let mut args = args
            .iter()
            .skip(1)
            .map(|arg| arg.to_string_lossy().into_owned());
        let mut line = CommandLine {
            command: root(),
            name: "lexbot".to_owned(),
            args: Vec::new(),
        };
        for arg in args.by_ref() {
            let Some(command) = line.command.find_subcommand(&arg).cloned() else {
                line.args.push(arg);
                break;
            };
            line.name = format!("{} {arg}", line.name);
            line.command = command;
        }
        line.args.extend(args.take_while(|arg| arg != "--"));
        line
    }

    /// The first argument that has one dash too few, or that of an editor, before the name of an option. clap takes
    /// `-input` for `-i nput`, and `–input` for an argument.
    fn option_with_wrong_dash(&self) -> Option<String> {
        let is_wrong = |arg: &&String| {
            let long = option_name(arg);
            let has_wrong_dash = match arg.strip_prefix('-') {
                Some(rest) => !rest.starts_with('-') && rest.len() > 1,
                None => arg.starts_with(DASHES) && !long.is_empty(),
            };
            has_wrong_dash && (!arg.starts_with('-') || has_option(&self.command, &long))
        };
        self.args.iter().find(is_wrong).cloned()
    }

    fn unknown_option(&self, typed: &str, closest: Option<&str>) -> CliError {
        let typed = typed.split('=').next().unwrap_or_default();
        let word = option_name(typed);
        let meant = OPTIONS
            .iter()
            .filter(|(others, _)| others.contains(&word.as_str()))
            .fold(long_of(&self.command, &word), |found, (_, here)| {
                found.or_else(|| long_of(&self.command, here))
            });
        let is_token = ["token", "password", "secret", "auth", "api-key", "apikey"]
            .iter()
            .any(|part| word.contains(part));
        if is_token && !has_option(&self.command, "token") {
            let problem = format!("unknown option {typed}: {NO_ARGUMENT}");
            return CliError::usage(problem).hint(GIVE_TOKEN);
        }
        if may_be_token(typed.trim_start_matches(DASHES)) {
            return hidden("option");
        }
        let hint = if let Some(option) = meant {
            match typed.chars().next() {
                Some('-') | None => format!("did you mean --{option}?"),
                Some(dash) => format!("write --{option}: {dash} is a dash that an editor made"),
            }
        } else if self.name == "lexbot config set" && ConfigKey::from_str(&word, true).is_ok() {
            format!("did you mean lexbot config set {word} VALUE?")
        } else if word.parse::<f64>().is_ok() {
            "no option takes a negative number".to_owned()
        } else if let Some(other) = self.owner_of_option(&word) {
            if self.command.has_subcommands() {
                format!("options follow the command, as in: {other} {typed}")
            } else {
                format!("it is an option of {other}")
            }
        } else if let Some(option) = closest {
            format!("did you mean {option}?")
        } else {
            format!("{} --help lists the options", self.name)
        };
        CliError::usage(format!("unknown option {typed}")).hint(hint)
    }

    /// The first command that has the option `name`, which may be its letter.
    fn owner_of_option(&self, name: &str) -> Option<String> {
        let root = root();
        let mut commands: Vec<_> = root
            .get_subcommands()
            .map(|command| ("lexbot", command))
            .collect();
        if let Some(config) = root.find_subcommand("config") {
            commands.extend(
                config
                    .get_subcommands()
                    .map(|command| ("lexbot config", command)),
            );
        }
        // Those beside the command that was typed come first.
        let beside = self.name.rsplit_once(' ').map_or("", |(parent, _)| parent);
        commands.sort_by_key(|(parent, _)| *parent != beside);
        let (parent, command) = commands
            .into_iter()
            .find(|(_, command)| has_option(command, name))?;
        Some(format!("{parent} {}", command.get_name()))
    }

    fn stray_argument(&self, typed: &str) -> CliError {
        if self.name.ends_with("set-token") {
            return CliError::usage(NO_ARGUMENT).hint(GIVE_TOKEN);
        }
        if may_be_token(typed) {
            return hidden("argument");
        }
        let has = |option| has_option(&self.command, option);
        let word = shell::word(typed);
        let hint = if typed == "help" {
            format!("did you mean {} --help?", self.name)
        } else if has("input") {
            self.message_or_file(typed)
        } else if has("latency") {
            format!("to run a command: {} -- {word}", self.name)
        } else if has("profile") {
            format!("to use a profile: --profile {word}")
        } else {
            format!("{} --help shows how to use it", self.name)
        };
        CliError::usage(format!("unexpected argument \"{typed}\"")).hint(hint)
    }

    /// What an argument of a command that takes messages was meant to be.
    fn message_or_file(&self, typed: &str) -> String {
        let word = shell::word(typed);
        let given = |option: &str| {
            self.args
                .iter()
                .any(|arg| option_name(arg) == option && arg.starts_with('-'))
        };
        let is_number = typed.len() > 8 && typed.bytes().all(|byte| byte.is_ascii_digit());
        let is_id = typed.starts_with("m_") || typed.starts_with("mid.");
        let takes_messages = has_option(&self.command, "object-id");
        if takes_messages && (typed == "now" || is_number) {
            format!("to say when the message was sent: --published-at {word}")
        } else if takes_messages && is_id {
            format!("to name a message: --object-id {word} --published-at TIME")
        } else if given("input") || given("i") {
            format!(
                "--input takes one file; for several: cat FILES | {} --input -",
                self.name
            )
        } else {
            format!("to read a file: --input {word}")
        }
    }

    /// What `config set` and `config unset` don't know.
    fn unknown_key(&self, typed: &str, closest: Option<&str>) -> CliError {
        let name = typed.split('=').next().unwrap_or_default();
        if may_be_token(name) {
            return hidden("argument");
        }
        let is_set = self.name.ends_with(" set");
        let hint = match (name, closest) {
            ("token", _) if is_set => format!("lexbot config set-token stores it; {NO_ARGUMENT}"),
            ("token", _) => "lexbot config remove-token removes it".to_owned(),
            ("profile", _) => "did you mean default_profile?".to_owned(),
            _ if typed != name && ConfigKey::from_str(name, true).is_ok() => {
                format!("write it without the =: {} {name} VALUE", self.name)
            }
            (_, Some(key)) => format!("did you mean {key}?"),
            (_, None) => format!("{} --help lists the keys", self.name),
        };
        CliError::usage(format!("unknown key \"{name}\"")).hint(hint)
    }

    fn unknown_command(&self, typed: &str, closest: Option<&str>) -> CliError {
        if may_be_token(typed) {
            return hidden("argument");
        }
        let word = typed.to_lowercase().replace('_', "-");
        let named_otherwise = COMMANDS
            .iter()
            .find(|(others, _)| others.contains(&word.as_str()));
        let root = root();
        let config = root.find_subcommand("config");
        let hint = if let Some((_, command)) = named_otherwise {
            format!("did you mean {command}?")
        } else if config.is_some_and(|config| config.find_subcommand(&word).is_some()) {
            format!("did you mean lexbot config {word}?")
        } else if let Some(command) = closest {
            format!("did you mean {} {command}?", self.name)
        } else if Path::new(typed).is_file() {
            format!(
                "to read a file: lexbot claim --input {}",
                shell::word(typed)
            )
        } else {
            format!("{} --help lists the commands", self.name)
        };
        CliError::usage(format!("unknown command \"{typed}\"")).hint(hint)
    }
}

fn hidden(what: &str) -> CliError {
    CliError::usage(format!(
        "unexpected {what}, not shown because it may be a token"
    ))
    .hint(format!("{NO_ARGUMENT};\n{GIVE_TOKEN}"))
}

/// The name of the option that `typed` was meant to be, without dashes.
fn option_name(typed: &str) -> String {
    let name = typed.split('=').next().unwrap_or_default();
    name.trim_start_matches(DASHES)
        .replace(['_', '‐', '‑', '–', '—'], "-")
        .to_lowercase()
}

fn has_option(command: &Command, name: &str) -> bool {
    long_of(command, name).is_some()
}

/// The option of `command` whose name or letter is `name`.
fn long_of(command: &Command, name: &str) -> Option<String> {
    let mut options = command.get_arguments();
    let option = options.find(|option| {
        let letter = option.get_short().map(String::from);
        option.get_long() == Some(name) || letter.as_deref() == Some(name)
    })?;
    option.get_long().map(str::to_owned)
}

fn root() -> Command {
    let mut root = Cli::command();
    root.build();
    root
}
