//! Mistyped command lines: the error quotes what was typed, and the hint leads to what was meant. `errors.txt` has tokens
//! among the arguments.

use crate::support::lexbot;
use crate::table::rows;

/// What is typed after `lexbot`, the error, and the hint.
const MISTAKES: &str = r#"
relay --object-id m_1        | unknown option --object-id            | it is an option of lexbot claim
claim --version              | unknown option --version              | it is an option of lexbot
claim m_AbC123               | unexpected argument "m_AbC123"        | to name a message: lexbot claim --object-id m_AbC123 --published-at TIME
claim --client_id 1          | unknown option --client_id            | did you mean --client-id?
claim --Client-ID=1          | unknown option --Client-ID            | did you mean --client-id?
claim --objct-id m_1         | unknown option --objct-id             | did you mean --object-id?
claim –client-id 1           | unknown option –client-id             | did you mean --client-id?
echo —input x                | unknown option —input                 | did you mean --input?
claim --client–id 1          | unknown option --client–id            | did you mean --client-id?
echo --state closed          | unknown option --state                | it is an option of lexbot claim
check --nonsense             | unknown option --nonsense             | lexbot check --help shows how to use it
--profile acme claim         | unknown option --profile              | options follow the command: lexbot COMMAND --help lists them
config set-token --clientid 5 | unknown option --clientid            | did you mean --client-id?
claim messages.ndjson        | unexpected argument "messages.ndjson" | to read a file: --input messages.ndjson; for several: cat FILES | lexbot claim --input -
echo 2026-11-24-replies.json | unexpected argument "2026-11-24-replies.json" | to read a file: --input 2026-11-24-replies.json; for several: cat FILES | lexbot echo --input -
claim -                      | unexpected argument "-"               | to read a file: --input -; for several: cat FILES | lexbot claim --input -
claim --input a b c          | unexpected argument "b"               | to read a file: --input b; for several: cat FILES | lexbot claim --input -
relay webhooks.ndjson        | unexpected argument "webhooks.ndjson" | to read a file: --input webhooks.ndjson; for several: cat FILES | lexbot relay --input -
config path --json           | unknown option --json                 | lexbot config path --help shows how to use it
check acme                   | unexpected argument "acme"            | lexbot check --help shows how to use it
completions bash zsh         | unexpected argument "zsh"             | lexbot completions --help shows how to use it
clame                        | unknown command "clame"               | did you mean lexbot claim?
Echo                         | unknown command "Echo"                | did you mean lexbot echo?
login                        | unknown command "login"               | did you mean lexbot config set-token?
logout                       | unknown command "logout"              | did you mean lexbot config remove-token?
version                      | unknown command "version"             | did you mean lexbot --version?
set-token                    | unknown command "set-token"           | did you mean lexbot config set-token?
help clame                   | unknown command "clame"               | did you mean lexbot claim?
config set_token             | unknown command "set_token"           | did you mean lexbot config set-token?
config sho                   | unknown command "sho"                 | did you mean lexbot config show?
config remove-tokn           | unknown command "remove-tokn"         | did you mean lexbot config remove-token?
config set client-idd 5      | unknown key "client-idd"              | did you mean client_id?
config set client_id=5       | unknown key "client_id=5"            | did you mean client_id?
config unset everything      | unknown key "everything"              | lexbot config unset --help shows how to use it
config set token s           | unknown key "token"                   | lexbot config set-token stores the token, and remove-token removes it
config unset token           | unknown key "token"                   | lexbot config set-token stores the token, and remove-token removes it
nonsense                     | unknown command "nonsense"            | lexbot --help shows how to use it
sandbox lexbot check         | unexpected argument "lexbot"          | to run a command: lexbot sandbox -- lexbot
relay                        | the following required arguments were not provided: --input <FILE> | lexbot relay --help shows how to use it
check --color x              | invalid value "x" for '--color <WHEN>' [possible values: auto, always, never] | lexbot check --help shows how to use it
check -q -v                  | the argument '--quiet' cannot be used with '--verbose' | lexbot check --help shows how to use it
"#;

#[test]
fn a_mistake_is_quoted_and_leads_to_what_was_meant() {
    for [typed, error, hint] in rows(MISTAKES) {
        lexbot(typed.split(' '))
            .stderr(format!("error: {error}\nhint: {hint}\n"))
            .code(2)
            .run();
    }
}

#[test]
fn help_in_place_of_a_command_is_the_option() {
    for (words, command) in [
        (&["help"][..], &[][..]),
        (&["help", "claim"], &["claim"]),
        (&["help", "config"], &["config"]),
        (&["help", "config", "set-token"], &["config", "set-token"]),
        (&["config", "help", "show"], &["config", "show"]),
        (&["claim", "help"], &["claim"]),
        // What else was mistyped doesn't matter.
        (&["claim", "-input", "--help"], &["claim"]),
    ] {
        let help = lexbot(command).args(["--help"]).stdout_like("...").run();
        lexbot(words).stdout(help.stdout).run();
    }
}
