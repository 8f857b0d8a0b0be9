//! What a mistyped command line was probably meant to be. Quotes what was typed, unless it may be a token.

use std::ffi::OsString;
use std::path::Path;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, CommandFactory as _, ValueEnum as _};

use super::{Cli, ConfigKey};
use crate::error::CliError;
use crate::shell;
use crate::token::may_be_token;

/// Dashes that an editor or a chat program writes in place of "-" or "--".
const DASHES: [char; 8] = ['-', '‐', '‑', '‒', '–', '—', '―', '−'];

const NO_ARGUMENT: &str = "a token can't be an argument: other users of the machine can see those";

const GIVE_TOKEN: &str = "lexbot config set-token asks for the token and stores it; LEXBOT_TOKEN passes it on without storing it";

/// What other programs call an option, and its name here. clap finds names that look alike.
const OPTIONS: [(&str, &str); 5] = [
    ("file", "input"),
    ("id", "object-id"),
    ("page", "account-id"),
    ("time", "published-at"),
    ("v", "version"),
];

/// What other programs call a command, and the command here.
const COMMANDS: [(&str, &str); 4] = [
    ("login", "lexbot config set-token"),
    ("logout", "lexbot config remove-token"),
    ("status", "lexbot check"),
    ("version", "lexbot --version"),
];

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
        return Some(line.unknown_option(option, None));
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
        let args = args.iter().skip(1).take_while(|arg| *arg != "--");
        let mut args = args
            .map(|arg| arg.to_string_lossy().into_owned())
            .peekable();
        let (mut command, mut name) = (root(), "lexbot".to_owned());
        while let Some(subcommand) = args.peek().and_then(|arg| command.find_subcommand(arg)) {
            name = format!("{name} {}", subcommand.get_name());
            command = subcommand.clone();
            args.next();
        }
        CommandLine {
            command,
            name,
            args: args.collect(),
        }
    }

    /// The first argument that has one dash too few, or that of an editor, before the name of an option. clap takes
    /// `-input` for `-i nput`, and `–input` for an argument.
    fn option_with_wrong_dash(&self) -> Option<&String> {
        self.args.iter().find(|arg| {
            let name = option_name(arg);
            match arg.strip_prefix('-') {
                Some(rest) => {
                    name.len() > 1 && !rest.starts_with('-') && has_option(&self.command, &name)
                }
                None => arg.starts_with(DASHES) && !name.is_empty(),
            }
        })
    }

    fn unknown_option(&self, typed: &str, closest: Option<&str>) -> CliError {
        let typed = typed.split('=').next().unwrap_or_default();
        let word = option_name(typed);
        let is_token = ["token", "password", "secret", "api-key"]
            .iter()
            .any(|part| word.contains(part));
        if is_token && !has_option(&self.command, "token") {
            let problem = format!("unknown option {typed}: {NO_ARGUMENT}");
            return CliError::usage(problem).hint(GIVE_TOKEN);
        }
        if may_be_token(typed.trim_start_matches(DASHES)) {
            return hidden("option");
        }
        let renamed = OPTIONS.iter().find(|(other, _)| *other == word);
        let name = renamed.map_or(&*word, |(_, here)| here);
        let hint = if let Some(option) = long_of(&self.command, name) {
            format!("did you mean --{option}?")
        } else if let Some(other) = owner_of_option(&root(), "lexbot", &word) {
            format!("it is an option of {other}")
        } else if let Some(option) = closest {
            format!("did you mean {option}?")
        } else {
            format!("{} --help lists the options", self.name)
        };
        CliError::usage(format!("unknown option {typed}")).hint(hint)
    }

    fn stray_argument(&self, typed: &str) -> CliError {
        if self.name.ends_with("set-token") {
            return CliError::usage(NO_ARGUMENT).hint(GIVE_TOKEN);
        }
        if may_be_token(typed) {
            return hidden("argument");
        }
        let has = |option| has_option(&self.command, option);
        let has_input = self.args.iter().any(|arg| arg == "--input" || arg == "-i");
        let (name, word) = (&self.name, shell::word(typed));
        let hint = if typed == "help" {
            format!("did you mean {name} --help?")
        } else if has("input") && has_input {
            format!("--input takes one file; for several: cat FILES | {name} --input -")
        } else if has("object-id") && typed.starts_with("m_") {
            format!("to name a message: --object-id {word} --published-at TIME")
        } else if has("input") {
            format!("to read a file: --input {word}")
        } else if has("latency") {
            format!("to run a command: {name} -- {word}")
        } else if has("profile") {
            format!("to use a profile: --profile {word}")
        } else {
            format!("{name} --help shows how to use it")
        };
        CliError::usage(format!("unexpected argument \"{typed}\"")).hint(hint)
    }

    /// What `config set` and `config unset` don't know.
    fn unknown_key(&self, typed: &str, closest: Option<&str>) -> CliError {
        let key = typed.split('=').next().unwrap_or_default();
        if may_be_token(key) {
            return hidden("argument");
        }
        let name = &self.name;
        let hint = match closest {
            _ if key == "token" => {
                "lexbot config set-token stores the token, and remove-token removes it".to_owned()
            }
            _ if ConfigKey::from_str(key, true).is_ok() => {
                format!("write it without the =: {name} {key} VALUE")
            }
            Some(key) => format!("did you mean {key}?"),
            None => format!("{name} --help lists the keys"),
        };
        CliError::usage(format!("unknown key \"{key}\"")).hint(hint)
    }

    fn unknown_command(&self, typed: &str, closest: Option<&str>) -> CliError {
        if may_be_token(typed) {
            return hidden("argument");
        }
        let word = typed.to_lowercase().replace('_', "-");
        let root = root();
        let config = root.find_subcommand("config");
        let hint = if let Some((_, command)) = COMMANDS.iter().find(|(other, _)| *other == word) {
            format!("did you mean {command}?")
        } else if config.is_some_and(|config| config.find_subcommand(&word).is_some()) {
            format!("did you mean lexbot config {word}?")
        } else if let Some(command) = closest {
            format!("did you mean {} {command}?", self.name)
        } else if Path::new(typed).is_file() {
            let file = shell::word(typed);
            format!("to read a file: lexbot claim --input {file}")
        } else {
            format!("{} --help lists the commands", self.name)
        };
        CliError::usage(format!("unknown command \"{typed}\"")).hint(hint)
    }
}

/// The first among `command` and those below it that has the option `option`, which may be its letter.
fn owner_of_option(command: &Command, name: &str, option: &str) -> Option<String> {
    if has_option(command, option) {
        return Some(name.to_owned());
    }
    let mut below = command.get_subcommands();
    below.find_map(|below| owner_of_option(below, &format!("{name} {}", below.get_name()), option))
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
