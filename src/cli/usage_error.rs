//! Usage errors: what was typed, and what was probably meant. What may be a token isn't repeated.

use std::ffi::OsString;
use std::iter;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, CommandFactory as _};

use super::Cli;
use crate::error::CliError;
use crate::shell;
use crate::token::{may_be_token, quoted};

/// Dashes that an editor or a chat program writes in place of "-" or "--".
const DASHES: [char; 8] = ['-', '‐', '‑', '‒', '–', '—', '―', '−'];

const NO_ARGUMENT: &str = "a token can't be an argument: other users of the machine can see those";

const GIVE_TOKEN: &str = "lexbot config set-token asks for the token and stores it; LEXBOT_TOKEN passes it on without storing it";

const OBJECT_ID_IS: &str = "a message ID looks like m_AbC123: it is message.mid in the webhook, or message_id in the response of the Send API";

const ACCOUNT_ID_IS: &str =
    "it is entry.id in the webhook, and the Page ID that Facebook shows for the page";

/// The usage error in `args`. `None` if `error` is the help or the version that was asked for.
pub(crate) fn usage_error(error: &clap::Error, args: &[OsString]) -> Option<CliError> {
    let is_help = error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
    if is_help || !error.use_stderr() {
        return None;
    }
    let command = command_of(args);
    let typed = |kind| match error.get(kind)? {
        ContextValue::String(text) => Some(text.as_str()),
        // The closest comes last.
        ContextValue::Strings(texts) => texts.last().map(String::as_str),
        _ => None,
    };
    let argument = typed(ContextKind::InvalidArg).unwrap_or_default();
    let value = typed(ContextKind::InvalidValue).unwrap_or_default();
    Some(match error.kind() {
        ErrorKind::UnknownArgument if argument.starts_with(DASHES) && argument != "-" => {
            unknown_option(&command, argument, typed(ContextKind::SuggestedArg))
        }
        ErrorKind::UnknownArgument => stray_argument(&command, argument),
        ErrorKind::InvalidSubcommand => {
            let name = typed(ContextKind::InvalidSubcommand).unwrap_or_default();
            unknown_command(&command, name, typed(ContextKind::SuggestedSubcommand))
        }
        ErrorKind::InvalidValue if argument == "<KEY>" => {
            unknown_key(&command, value, typed(ContextKind::SuggestedValue))
        }
        _ => {
            let text = error.render().to_string();
            let text = text.replace(&format!("'{value}'"), &quoted(value));
            // The first paragraph says what is wrong, in one or more lines.
            let problem = text.split("\n\n").next().unwrap_or_default();
            let problem = problem.trim_start_matches("error: ").replace("\n ", "");
            // The words of Rust's parser.
            let problem =
                problem.replace("invalid digit found in string", "must be a whole number");
            let hint = match (error.kind(), argument) {
                (ErrorKind::ValueValidation, "--object-id <ID>") => OBJECT_ID_IS.to_owned(),
                (ErrorKind::ValueValidation, "--account-id <PAGE>") => ACCOUNT_ID_IS.to_owned(),
                _ => see_help(&command),
            };
            CliError::usage(problem).hint(hint)
        }
    })
}

/// The command in `args`.
fn command_of(args: &[OsString]) -> Command {
    let mut command = Cli::command();
    command.build();
    for arg in args.iter().skip(1) {
        match command.find_subcommand(arg) {
            Some(subcommand) => command = subcommand.clone(),
            None => break,
        }
    }
    command
}

fn unknown_option(command: &Command, typed: &str, closest: Option<&str>) -> CliError {
    let typed = typed.split('=').next().unwrap_or_default();
    let name = typed.trim_start_matches(DASHES).to_lowercase();
    let name = name.replace('_', "-").replace(DASHES, "-");
    if ["token", "api-key"].iter().any(|word| name.contains(word)) {
        let problem = format!("unknown option {typed}: {NO_ARGUMENT}");
        return CliError::usage(problem).hint(GIVE_TOKEN);
    }
    if may_be_token(typed.trim_start_matches(DASHES)) {
        return hidden("option");
    }
    let has_option = |command: &Command| {
        let mut options = command.get_arguments().filter_map(clap::Arg::get_long);
        options.any(|option| option == name)
    };
    let root = command_of(&[]);
    let mut others = iter::once(&root).chain(root.get_subcommands());
    let hint = if has_option(command) {
        format!("did you mean --{name}?")
    } else if root.find_subcommand(command.get_name()).is_some()
        && !command.has_subcommands()
        && let Some(other) = others.find(|other| has_option(other))
    {
        format!("it is an option of {}", self::name(other))
    } else if let Some(option) = closest {
        format!("did you mean {option}?")
    } else if command.has_subcommands() {
        "options follow the command: lexbot COMMAND --help lists them".to_owned()
    } else {
        see_help(command)
    };
    CliError::usage(format!("unknown option {typed}")).hint(hint)
}

fn stray_argument(command: &Command, typed: &str) -> CliError {
    if command.get_name() == "set-token" {
        return CliError::usage(NO_ARGUMENT).hint(GIVE_TOKEN);
    }
    if may_be_token(typed) {
        return hidden("argument");
    }
    let (name, word) = (name(command), shell::word(typed));
    let hint = match command.get_name() {
        "claim" | "echo" if typed.starts_with("m_") => {
            format!("to name a message: {name} --object-id {word} --published-at TIME")
        }
        "claim" | "echo" | "relay" => {
            format!("to read a file: --input {word}; for several: cat FILES | {name} --input -")
        }
        "sandbox" => format!("to run a command: {name} -- {word}"),
        _ => see_help(command),
    };
    CliError::usage(format!("unexpected argument \"{typed}\"")).hint(hint)
}

/// What `config set` and `config unset` don't know.
fn unknown_key(command: &Command, typed: &str, closest: Option<&str>) -> CliError {
    if may_be_token(&typed.replace('=', " ")) {
        return hidden("argument");
    }
    let hint = match closest {
        _ if typed == "token" => {
            "lexbot config set-token stores the token, and remove-token removes it".to_owned()
        }
        Some(key) => format!("did you mean {key}?"),
        None => see_help(command),
    };
    CliError::usage(format!("unknown key \"{typed}\"")).hint(hint)
}

fn unknown_command(command: &Command, typed: &str, closest: Option<&str>) -> CliError {
    if may_be_token(typed) {
        return hidden("argument");
    }
    let config = command.find_subcommand("config");
    let hint = match (typed, closest) {
        // What other programs call it.
        ("login", _) => "did you mean lexbot config set-token?".to_owned(),
        ("logout", _) => "did you mean lexbot config remove-token?".to_owned(),
        ("version", _) => "did you mean lexbot --version?".to_owned(),
        _ if config.is_some_and(|config| config.find_subcommand(typed).is_some()) => {
            format!("did you mean lexbot config {typed}?")
        }
        (_, Some(closest)) => format!("did you mean {} {closest}?", name(command)),
        (_, None) => see_help(command),
    };
    CliError::usage(format!("unknown command \"{typed}\"")).hint(hint)
}

fn hidden(what: &str) -> CliError {
    CliError::usage(format!(
        "unexpected {what}, not shown because it may be a token"
    ))
    .hint(format!("{NO_ARGUMENT};\n{GIVE_TOKEN}"))
}

/// The command with its parents, such as `lexbot config show`.
fn name(command: &Command) -> &str {
    command.get_bin_name().unwrap_or("lexbot")
}

fn see_help(command: &Command) -> String {
    format!("{} --help shows how to use it", name(command))
}
