//! Examples of each command, for the end of its `--help` and for its man page.

use std::fmt::Write as _;

use super::reference::heading;

/// What somebody may want, and the command line that does it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Example {
    /// What it does, for a person.
    pub(super) what: &'static str,
    /// The line to type.
    pub(super) line: &'static str,
}

const fn example(what: &'static str, line: &'static str) -> Example {
    Example { what, line }
}

/// `lexbot`
pub(super) const LEXBOT: &[Example] = &[
    example(
        "Store the token and the client ID once",
        "lexbot config set-token --client-id 123 --account-id 112233445566",
    ),
    example("See whether all is well", "lexbot check"),
    example(
        "Claim a message",
        "lexbot claim --object-id m_AbC123 --published-at now",
    ),
    #[cfg(feature = "sandbox")]
    example(
        "Practise: the same, with a stand-in for Lexer",
        "lexbot sandbox -- lexbot claim --object-id m_AbC123 --published-at now",
    ),
];

/// `lexbot claim`
pub(super) const CLAIM: &[Example] = &[
    example(
        "One message, with the values of its webhook event",
        "lexbot claim --object-id m_AbC123 --published-at 1458692752478 --account-id 112233445566",
    ),
    example(
        "See what would be sent; nothing is sent, and no token is needed",
        "lexbot claim --input webhooks.ndjson --dry-run",
    ),
    example(
        "A file of messages; run it again until it exits 0, and none is sent twice",
        "lexbot claim --input webhooks.ndjson --journal claimed.journal",
    ),
    example(
        "All that a bot prints, as it prints it",
        "./bot.sh | lexbot claim --input -",
    ),
    example(
        "The messages that were not accepted, for a script",
        "lexbot claim --input webhooks.ndjson --json | jq 'select(.ok | not)'",
    ),
];

/// `lexbot echo`
pub(super) const ECHO: &[Example] = &[
    example(
        "A reply that was sent just now",
        "lexbot echo --object-id m_DeF456 --published-at now --account-id 112233445566",
    ),
    example(
        "Replies as the Send API confirmed them",
        "lexbot echo --input responses.ndjson --account-id 112233445566",
    ),
    example(
        "The page's own messages in webhook payloads, where other apps write to customers too",
        "lexbot echo --input webhooks.ndjson --app-id 998877665544",
    ),
    example(
        "See what would be sent; nothing is sent, and no token is needed",
        "lexbot echo --input webhooks.ndjson --dry-run",
    ),
];

/// `lexbot check`
pub(super) const CHECK: &[Example] = &[
    example("The settings in force", "lexbot check"),
    example("Another profile", "lexbot check --profile acme"),
    example(
        "In a script: print nothing unless something is wrong",
        "lexbot check --quiet",
    ),
    example(
        "See each request and answer, the token redacted",
        "lexbot check --verbose",
    ),
];

/// `lexbot config`
pub(super) const CONFIG: &[Example] = &[
    example(
        "Store the token and the client ID",
        "lexbot config set-token --client-id 123",
    ),
    example("See what is in force", "lexbot config show"),
    example("Edit the file", "vi \"$(lexbot config path)\""),
];

/// `lexbot config set-token`
pub(super) const SET_TOKEN: &[Example] = &[
    example(
        "Everything for one client; the token is asked for",
        "lexbot config set-token --client-id 123 --account-id 112233445566",
    ),
    example(
        "Another client, in a profile of its own",
        "lexbot config set-token --profile acme --client-id 456",
    ),
    example(
        "From a password manager",
        "pass show lexer/acme | lexbot config set-token --profile acme",
    ),
];

/// `lexbot config show`
pub(super) const SHOW: &[Example] = &[
    example("The settings in force", "lexbot config show"),
    example("Those of a profile", "lexbot config show --profile acme"),
    example(
        "One of them, for a script",
        "lexbot config show --json | jq -r .base_url.value",
    ),
];

/// `lexbot config path`
pub(super) const PATH: &[Example] = &[
    example("Where the file is", "lexbot config path"),
    example("Edit it", "vi \"$(lexbot config path)\""),
];

/// `lexbot sandbox`
#[cfg(feature = "sandbox")]
pub(super) const SANDBOX: &[Example] = &[
    example(
        "Practise a claim",
        "lexbot sandbox -- lexbot claim --object-id m_AbC123 --published-at now",
    ),
    example(
        "Test a script, with one known page and slow answers",
        "lexbot sandbox --account-id 112233445566 --latency 500 -- ./nightly.sh",
    ),
    example(
        "Keep it running, and point a bot at the URL that it prints",
        "lexbot sandbox --port 8080",
    ),
];

/// `lexbot completions`
pub(super) const COMPLETIONS: &[Example] = &[
    example(
        "bash, with the package bash-completion",
        "lexbot completions bash > ~/.local/share/bash-completion/completions/lexbot",
    ),
    example(
        "zsh, with fpath=(~/.zfunc $fpath) before compinit in ~/.zshrc",
        "lexbot completions zsh > ~/.zfunc/_lexbot",
    ),
    example(
        "fish",
        "lexbot completions fish > ~/.config/fish/completions/lexbot.fish",
    ),
    example(
        "PowerShell, as a line of $PROFILE",
        "lexbot completions powershell | Out-String | Invoke-Expression",
    ),
    example(
        "elvish, as a line of ~/.config/elvish/rc.elv",
        "eval (lexbot completions elvish | slurp)",
    ),
];

/// The examples as they stand at the end of `--help`.
pub(super) fn help(examples: &[Example]) -> String {
    let mut text = heading("Examples:");
    for Example { what, line } in examples {
        let _ = write!(text, "\n  {what}:\n    {line}");
    }
    text
}

#[cfg(all(test, feature = "sandbox"))]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::cli::Cli;

    #[test]
    fn every_example_is_a_command_line() {
        let all = [
            LEXBOT,
            CLAIM,
            ECHO,
            CHECK,
            CONFIG,
            SET_TOKEN,
            SHOW,
            PATH,
            SANDBOX,
            COMPLETIONS,
        ];
        for Example { line, .. } in all.concat() {
            let words = line
                .split([' ', '(', ')', '"'])
                .skip_while(|word| *word != "lexbot")
                .take_while(|word| !matches!(*word, "|" | ">" | ">>" | ""));
            if let Err(error) = Cli::try_parse_from(words) {
                panic!("{line}: {error}");
            }
        }
    }
}
