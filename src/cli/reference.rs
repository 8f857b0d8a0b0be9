//! What help and man pages say beyond the options: examples of each command, exit codes, variables and files.
//!
//! In examples, lines indented by two say what a user may want, and those indented by four are the commands for it.

pub(super) use crate::exit::EXIT_CODES;

/// The environment variables. An empty one counts as unset.
pub(super) const VARIABLES: &str = "
  LEXBOT_TOKEN        the token
  LEXBOT_CLIENT_ID    the client ID, as --client-id
  LEXBOT_ACCOUNT_ID   the page to use if a message names none, as --account-id
  LEXBOT_APP_ID       the bot's Facebook app, as --app-id
  LEXBOT_BASE_URL     the API's base URL, as --base-url
  LEXBOT_PROFILE      the profile, as --profile
  LEXBOT_CONFIG       the configuration file, as --config
  LEXBOT_CACHE_DIR    the directory for the rate limit that processes share
  HTTPS_PROXY, ALL_PROXY
                      the proxy for https; the first that is set counts
  NO_PROXY            hosts that are reached without a proxy, in a list as for curl
  SSL_CERT_FILE       the authorities to trust in place of the system's (not on macOS and Windows)
  NO_COLOR            no colour, unless with --color always";

/// The files, where no option or variable names others.
pub(super) const FILES: &str = r"
  ~/.config/lexbot/config.toml
                      the configuration file (or below XDG_CONFIG_HOME)
  ~/Library/Application Support/lexbot/config.toml
                      the same on macOS
  %APPDATA%\lexbot\config.toml
                      the same on Windows";

/// The end of `lexbot --help`.
pub(super) fn help() -> String {
    let mut text = examples(LEXBOT);
    if cfg!(feature = "sandbox") {
        text.push_str(PRACTISE);
    }
    text + &section("Exit codes:", EXIT_CODES)
        + &section("Environment:", VARIABLES)
        + &section("Files:", FILES)
}

/// A part of the help, which starts with a line break.
pub(super) fn section(title: &str, text: &str) -> String {
    format!("\n\n{}{text}", heading(title))
}

/// The end of a command's `--help`; `text` is one of the constants below.
pub(super) fn examples(text: &str) -> String {
    format!("{}{text}", heading("Examples:"))
}

/// Styles `text` like the headings that clap prints. Without a terminal, clap removes the colours.
fn heading(text: &str) -> String {
    let style = *clap::builder::Styles::styled().get_header();
    format!("{style}{text}{style:#}")
}

/// `lexbot`
pub(super) const LEXBOT: &str = "
  Store the token and the client ID once:
    lexbot config set-token --client-id 123 --account-id 112233445566
  Check that everything works:
    lexbot check
  Claim a message:
    lexbot claim --object-id m_AbC123 --published-at now";

/// One more for `lexbot`, where the sandbox is built in.
pub(super) const PRACTISE: &str = "
  Practise with a local stand-in for Lexer:
    lexbot sandbox -- lexbot claim --object-id m_AbC123 --published-at now";

/// `lexbot claim`
pub(super) const CLAIM: &str = "
  One message, with the values of its webhook event:
    lexbot claim --object-id m_AbC123 --published-at 1458692752478 --account-id 112233445566
  See what would be sent; nothing is sent, and no token is needed:
    lexbot claim --input webhooks.ndjson --dry-run
  A script for a file of messages; after exit code 5 it tries again, in up to three runs:
    for run in 1 2 3; do
        [ $run -eq 1 ] || sleep 300
        lexbot claim --input webhooks.ndjson --journal claimed.journal
        code=$?
        [ $code -eq 5 ] || break
    done
    exit $code
  Everything that a bot prints, as soon as it prints it:
    ./bot.sh | lexbot claim --input -
  The messages that were not accepted, for a script:
    lexbot claim --input webhooks.ndjson --json | jq 'select(.ok | not)'";

/// `lexbot echo`
pub(super) const ECHO: &str = "
  A reply that was sent just now:
    lexbot echo --object-id m_DeF456 --published-at now --account-id 112233445566
  Replies as the Send API confirmed them:
    lexbot echo --input responses.ndjson --account-id 112233445566
  The page's own messages in webhook payloads, where other apps write to customers too:
    lexbot echo --input webhooks.ndjson --app-id 998877665544";

/// `lexbot relay`
pub(super) const RELAY: &str = "
  All webhooks of a bot, as they come in:
    ./webhook-server | lexbot relay --input - --app-id 1517776481860111
  Leave conversations to the people who have taken them over:
    ./webhook-server | lexbot relay --input - --handed-over handed-over.txt";

/// `lexbot check`
pub(super) const CHECK: &str = "
  The settings in use:
    lexbot check
  In a script; prints nothing unless something is wrong:
    lexbot check --quiet
  See each request and response, the token redacted:
    lexbot check --verbose";

/// `lexbot config`
pub(super) const CONFIG: &str = "
  Store the token and the client ID:
    lexbot config set-token --client-id 123
  Change one setting:
    lexbot config set account_id 112233445566
  See the settings in use:
    lexbot config show
  Remove the token:
    lexbot config remove-token";

/// `lexbot config remove-token`
pub(super) const REMOVE_TOKEN: &str = "
  Before somebody else uses this computer:
    lexbot config remove-token
  The token of another profile:
    lexbot config remove-token --profile acme";

/// `lexbot config set`
pub(super) const SET: &str = "
  The client ID of a profile:
    lexbot config set client_id 456 --profile acme
  The profile to use if none is named:
    lexbot config set default_profile acme
  The rate limit, if Lexer has raised it:
    lexbot config set rate 20";

/// `lexbot config unset`
pub(super) const UNSET: &str = "
  Remove the page:
    lexbot config unset account_id
  Back to Lexer's default rate limit:
    lexbot config unset rate --profile acme";

/// `lexbot config set-token`
pub(super) const SET_TOKEN: &str = "
  Everything for one client; the token is asked for:
    lexbot config set-token --client-id 123 --account-id 112233445566
  Another client, in a profile of its own:
    lexbot config set-token --profile acme --client-id 456
  From a password manager:
    pass show lexer/acme | lexbot config set-token --profile acme";

/// `lexbot config show`
pub(super) const SHOW: &str = "
  The settings in use:
    lexbot config show
  One of them, for a script:
    lexbot config show --json | jq -r .base_url.value";

/// `lexbot config path`
pub(super) const PATH: &str = "
  Where the file is:
    lexbot config path
  Edit it:
    vi \"$(lexbot config path)\"
  Edit it, in PowerShell:
    notepad (lexbot config path)";

/// `lexbot sandbox`
#[cfg(feature = "sandbox")]
pub(super) const SANDBOX: &str = "
  Practise a claim:
    lexbot sandbox -- lexbot claim --object-id m_AbC123 --published-at now
  Test a script, with one known page and slow responses:
    lexbot sandbox --account-id 112233445566 --latency 500 -- ./nightly.sh
  In CI: fail unless a script claims three messages, although its second request gets a 503:
    lexbot sandbox --expect claim=3 --fail 201:1 --fail 503:1 -- ./nightly.sh
  Keep it running, and point a bot at the URL that it prints:
    lexbot sandbox --port 8080";

/// `lexbot completions`
pub(super) const COMPLETIONS: &str = "
  bash, with the package bash-completion:
    lexbot completions bash > ~/.local/share/bash-completion/completions/lexbot
  zsh, with fpath=(~/.zfunc $fpath) before compinit in ~/.zshrc:
    lexbot completions zsh > ~/.zfunc/_lexbot
  fish:
    lexbot completions fish > ~/.config/fish/completions/lexbot.fish
  PowerShell, as a line of $PROFILE:
    lexbot completions powershell | Out-String | Invoke-Expression
  elvish, as a line of ~/.config/elvish/rc.elv:
    eval (lexbot completions elvish | slurp)";
