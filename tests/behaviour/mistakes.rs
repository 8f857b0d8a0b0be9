//! Mistyped command lines: the error quotes what was typed, and the hint leads to what was meant.

use crate::support::{Home, TOKEN, lexbot};
use crate::table::rows;

const HIDDEN: &str = "\
hint: a token can't be an argument: other users of the machine can see those;
      lexbot config set-token asks for the token and stores it; LEXBOT_TOKEN passes it on without storing it
";

/// What is typed after `lexbot`, the error, and the hint.
const MISTAKES: &str = r#"
claim --client_id 1          | unknown option --client_id            | did you mean --client-id?
claim --Client-ID=1          | unknown option --Client-ID            | did you mean --client-id?
claim --objct-id m_1         | unknown option --objct-id             | did you mean --object-id?
claim –client-id 1           | unknown option –client-id             | did you mean --client-id?
echo —input x                | unknown option —input                 | did you mean --input?
claim --client–id 1          | unknown option --client–id            | did you mean --client-id?
claim -input x.json          | unknown option -input                 | did you mean --input?
check -json                  | unknown option -json                  | did you mean --json?
claim -I x.json              | unknown option -I                     | did you mean --input?
claim --file x.json          | unknown option --file                 | did you mean --input?
claim --page 5               | unknown option --page                 | did you mean --account-id?
claim --time=5               | unknown option --time                 | did you mean --published-at?
echo --state closed          | unknown option --state                | it is an option of lexbot claim
check --nonsense             | unknown option --nonsense             | lexbot check --help lists the options
--profile acme claim         | unknown option --profile              | it is an option of lexbot claim
-v                           | unknown option -v                     | did you mean --version?
config set-token --clientid 5 | unknown option --clientid            | did you mean --client-id?
claim messages.ndjson        | unexpected argument "messages.ndjson" | to read a file: --input messages.ndjson
echo 2026-11-24-replies.json | unexpected argument "2026-11-24-replies.json" | to read a file: --input 2026-11-24-replies.json
claim -                      | unexpected argument "-"               | to read a file: --input -
claim --input a b c          | unexpected argument "b"               | --input takes one file; for several: cat FILES | lexbot claim --input -
claim m_AbC1234567890        | unexpected argument "m_AbC1234567890" | to name a message: --object-id m_AbC1234567890 --published-at TIME
relay webhooks.ndjson        | unexpected argument "webhooks.ndjson" | to read a file: --input webhooks.ndjson
claim help                   | unexpected argument "help"            | did you mean lexbot claim --help?
config path --json           | unknown option --json                 | it is an option of lexbot claim
check acme                   | unexpected argument "acme"            | to use a profile: --profile acme
completions bash zsh         | unexpected argument "zsh"             | lexbot completions --help shows how to use it
clame                        | unknown command "clame"               | did you mean lexbot claim?
Echo                         | unknown command "Echo"                | did you mean lexbot echo?
login                        | unknown command "login"               | did you mean lexbot config set-token?
logout                       | unknown command "logout"              | did you mean lexbot config remove-token?
version                      | unknown command "version"             | did you mean lexbot --version?
status                       | unknown command "status"              | did you mean lexbot check?
set-token                    | unknown command "set-token"           | did you mean lexbot config set-token?
help clame                   | unknown command "clame"               | did you mean lexbot claim?
config set_token             | unknown command "set_token"           | did you mean lexbot config set-token?
config sho                   | unknown command "sho"                 | did you mean lexbot config show?
config remove-tokn           | unknown command "remove-tokn"         | did you mean lexbot config remove-token?
config set client-idd 5      | unknown key "client-idd"              | did you mean client_id?
config set client_id=5       | unknown key "client_id"               | write it without the =: lexbot config set client_id VALUE
config unset everything      | unknown key "everything"              | lexbot config unset --help lists the keys
config set token s           | unknown key "token"                   | lexbot config set-token stores the token, and remove-token removes it
config unset token           | unknown key "token"                   | lexbot config set-token stores the token, and remove-token removes it
nonsense                     | unknown command "nonsense"            | lexbot --help lists the commands
saved.ndjson                 | unknown command "saved.ndjson"        | to read a file: lexbot claim --input saved.ndjson
"#;

#[test]
fn a_mistake_is_quoted_and_leads_to_what_was_meant() {
    let home = Home::new();
    home.write("saved.ndjson", "");
    for [typed, error, hint] in rows(MISTAKES) {
        lexbot(typed.split(' '))
            .home(&home)
            .stderr(format!("error: {error}\nhint: {hint}\n"))
            .code(2)
            .run();
    }
}

/// The harness fails a run that shows the token.
#[test]
fn what_may_be_a_token_is_hidden_and_the_error_says_why() {
    let option = format!("--{TOKEN}");
    let header = format!("Auth-Api-Token: {TOKEN}");
    for args in [
        &[TOKEN][..],
        &["config", TOKEN],
        &["claim", TOKEN],
        &["claim", &header],
        &["check", "--", TOKEN],
        &["config", "set", TOKEN, "x"],
    ] {
        lexbot(args)
            .stderr(format!(
                "error: unexpected argument, not shown because it may be a token\n{HIDDEN}"
            ))
            .code(2)
            .run();
    }
    lexbot(["check", &option])
        .stderr(format!(
            "error: unexpected option, not shown because it may be a token\n{HIDDEN}"
        ))
        .code(2)
        .run();
    lexbot(["check", "--client-id", TOKEN])
        .stderr_like(
            "error: invalid value '(not shown, because it may be a token)' for '--client-id <N>': \
             must be a whole number above 0\n...\n",
        )
        .code(2)
        .run();
    for (option, problem) in [
        ("--published-at", "is not a time (use [..])"),
        (
            "--source",
            "is not \"facebook\", the only value that Lexer takes",
        ),
    ] {
        lexbot(["claim", "--object-id", "m_1", option, TOKEN])
            .stderr_like(format!(
                "error: {option} (not shown, because it may be a token) {problem}\n..."
            ))
            .code(2)
            .run();
    }
    let assigned = format!("--token={TOKEN}");
    for (args, option) in [
        (&["check", "--token", TOKEN][..], "--token"),
        (&["check", &assigned], "--token"),
        (&["claim", "--auth-api-token", TOKEN], "--auth-api-token"),
        (&["config", "set-token", "--api_key", TOKEN], "--api_key"),
        (&["config", "show", "--token", TOKEN], "--token"),
    ] {
        lexbot(args)
            .stderr(format!(
                "error: unknown option {option}: a token can't be an argument: other users of the machine can see those\n\
                 hint: lexbot config set-token asks for the token and stores it; LEXBOT_TOKEN passes it on without storing it\n"
            ))
            .code(2)
            .run();
    }
}

#[test]
fn control_characters_in_a_mistake_are_escaped() {
    lexbot(["cl\u{1b}ame"])
        .stderr("error: unknown command \"cl\\u{1b}ame\"\nhint: did you mean lexbot claim?\n")
        .code(2)
        .run();
}

#[test]
fn help_in_place_of_a_command_is_the_option() {
    for (words, command) in [
        (&["help"][..], &[][..]),
        (&["help", "claim"], &["claim"]),
        (&["help", "config"], &["config"]),
        (&["help", "config", "set-token"], &["config", "set-token"]),
        (&["config", "help", "show"], &["config", "show"]),
        // What else was mistyped doesn't matter.
        (&["claim", "-input", "--help"], &["claim"]),
    ] {
        let help = lexbot(command).args(["--help"]).stdout_like("...").run();
        lexbot(words).stdout(help.stdout).run();
    }
}
