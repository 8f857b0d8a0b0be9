//! Generates the man pages in `man/` from each command's `--help`.
//!
//! A test rather than a command, so that the generator isn't in the binary. It fails if a page is out of date;
//! `LEXBOT_BLESS=1 cargo test man_pages` rewrites them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use clap::{Command, CommandFactory as _};

use crate::cli::Cli;
use crate::cli::reference::{EXIT_CODES, FILES, VARIABLES, section};

/// `mandoc -Tlint` complains about longer lines of text.
const MAX_WIDTH: usize = 80;

/// What lexbot(1) has beyond the help. An indent of four stands for lines to show as they are.
const CONFIGURATION: &str = r#"

Configuration file, with each of its keys:
    default_profile = "acme"

    [profiles.acme]
    token_command = "pass show lexer/acme"  # or: token = "TOKEN"
    client_id = 123
    account_id = "112233445566"
    base_url = "https://clients.lexer.io/api/clients"
    rate = 10                                # requests a second
    app_id = "998877665544"                  # echo only what this app sent"#;

#[test]
fn man_pages_are_up_to_date() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("man");
    let mut root = Cli::command();
    root.build();
    let mut pages = BTreeMap::new();
    add_pages(&root, &[], &mut pages);
    if std::env::var_os("LEXBOT_BLESS").is_some() {
        for (name, text) in &pages {
            fs::write(directory.join(name), text).unwrap();
        }
    }
    for (name, text) in &pages {
        assert!(
            fs::read_to_string(directory.join(name)).is_ok_and(|page| page == *text),
            "man/{name} is out of date; to rewrite it: LEXBOT_BLESS=1 cargo test man_pages"
        );
    }
    let files = fs::read_dir(&directory).unwrap().count();
    assert_eq!(files, pages.len(), "man/ has a page of no command");
}

/// Adds the pages of `command` and its subcommands, by file name.
fn add_pages(command: &Command, parents: &[&str], pages: &mut BTreeMap<String, String>) {
    let name = command.get_display_name().unwrap_or("lexbot");
    pages.insert(format!("{name}.1"), page(command, name, parents));
    let parents = [parents, &[name]].concat();
    for subcommand in command.get_subcommands() {
        add_pages(subcommand, &parents, pages);
    }
}

fn page(command: &Command, name: &str, parents: &[&str]) -> String {
    let end = command.get_after_long_help().unwrap().ansi().to_string();
    let help = command
        .clone()
        .term_width(0)
        .after_long_help(end + &more(command.get_name()))
        .render_long_help()
        .to_string();
    let (description, rest) = help.split_once("\n\nUsage: ").unwrap();
    let (usage, sections) = rest.split_once("\n\n").unwrap();

    let (title, date) = (name.to_uppercase(), release_date());
    let version = env!("CARGO_PKG_VERSION");
    let mut page =
        format!(".TH {title} 1 {date} \"lexbot {version}\" \"User Commands\"\n.SH NAME\n");
    push_text(
        &format!("{name} - {}", command.get_about().unwrap()),
        &mut page,
    );
    page.push_str(".SH SYNOPSIS\n");
    for line in usage.lines() {
        push_verbatim(line.trim(), &mut page);
    }
    page.push_str(".SH DESCRIPTION\n");
    push_help(description, &mut page);
    push_help(sections, &mut page);
    let related: Vec<_> = parents
        .iter()
        .copied()
        .chain(
            command
                .get_subcommands()
                .filter_map(Command::get_display_name),
        )
        .map(|name| format!("{name}(1)"))
        .collect();
    page.push_str(".SH \"SEE ALSO\"\n");
    push_text(&related.join(", "), &mut page);
    page.replace(".fi\n.nf\n", "")
}

/// What the page of the command `name` has beyond its help, in the same layout.
fn more(name: &str) -> String {
    let files = section("Files:", FILES);
    let shared = "\n  ~/.cache/lexbot/\n          \
                  the rate limit that all lexbot processes with one token share (or in LEXBOT_CACHE_DIR, or below XDG_CACHE_HOME)";
    let sends = section("Environment:", VARIABLES) + &files + shared;
    match name {
        "claim" | "echo" | "relay" => section("Exit codes:", EXIT_CODES) + &sends,
        "check" => {
            let (_, others) = EXIT_CODES.split_once("\n  3 ").unwrap();
            section("Exit codes:", &format!("{CHECK}\n  3 {others}")) + &sends
        }
        "show" => sends,
        "config" | "path" | "set" | "unset" | "remove-token" => files,
        "set-token" => section("Exit codes:", SET_TOKEN) + &files,
        "sandbox" => SANDBOX.to_owned(),
        "completions" => COMPLETIONS.to_owned(),
        _ => shared.to_owned() + CONFIGURATION,
    }
}

const CHECK: &str = "
  0                   Lexer is reachable and accepts the token
  1                   Lexer, or another server in its place, responded otherwise
  2                   usage error";

const SET_TOKEN: &str = "
  0                   the token is stored
  2                   usage error, or the input is not a valid token
  3                   the configuration file can't be read or written
  130                 interrupted at the prompt";

const SANDBOX: &str = "

Exit codes:
  any       that of COMMAND
  1         the number of accepted messages is not what --expect says
  2         usage error
  3         the port, the temporary directory or the file of --record can't be used
  126       COMMAND can't be run
  127       COMMAND was not found
  130, 143  interrupted (SIGINT, SIGTERM)

Environment:
  LEXBOT_CONFIG  set for COMMAND, like LEXBOT_TOKEN and the others: a configuration file of its own
  TMPDIR         where COMMAND's configuration file is, else /tmp

Files:
  /tmp/lexbot-sandbox-*/
          holds the settings of COMMAND while it runs";

const COMPLETIONS: &str = "

Files:
  /usr/share/bash-completion/completions/lexbot
          where the Debian package has the completions for bash
  /usr/share/zsh/vendor-completions/_lexbot
          those for zsh
  /usr/share/fish/vendor_completions.d/lexbot.fish
          those for fish";

/// Adds a part of `--help`, in which the indent tells what a line is.
fn push_help(help: &str, page: &mut String) {
    let mut paragraph_ends = false;
    for line in help.lines() {
        let text = line.trim_start();
        match line.len() - text.len() {
            _ if text.is_empty() => {}
            0 if text.ends_with(':') => {
                let heading = text.trim_end_matches(':').to_uppercase();
                let heading = heading.replace("EXIT CODES", "EXIT STATUS");
                writeln!(page, ".SH \"{heading}\"").unwrap();
            }
            // An option with a short form, or without.
            2 | 6 => {
                let (name, meaning) = text.split_once("  ").unwrap_or((text, ""));
                writeln!(page, ".TP\n\\fB{}\\fR", escape(name)).unwrap();
                push_text(meaning, page);
            }
            indent => {
                if paragraph_ends {
                    page.push_str(".sp\n");
                } else if text.starts_with("- ") {
                    page.push_str(".br\n");
                }
                // A command, or the body of a loop.
                if matches!(indent, 4 | 8) {
                    push_verbatim(&line[4..], page);
                } else {
                    push_text(text, page);
                }
            }
        }
        paragraph_ends = text.is_empty();
    }
}

/// Adds text to fill, in lines that aren't too long.
fn push_text(text: &str, page: &mut String) {
    let mut width = 0;
    for word in text.split_whitespace().map(escape) {
        if width + word.len() >= MAX_WIDTH {
            page.push('\n');
            width = 0;
        } else if width > 0 {
            page.push(' ');
        }
        page.push_str(&word);
        width += word.len() + 1;
    }
    if width > 0 {
        page.push('\n');
    }
}

fn push_verbatim(line: &str, page: &mut String) {
    writeln!(page, ".nf\n{}\n.fi", escape(line)).unwrap();
}

/// `text` without characters that are special to roff: it has hyphens, quotes and accents of its own.
fn escape(text: &str) -> String {
    let text = text
        .replace('\\', r"\(rs")
        .replace('-', r"\-")
        .replace('\'', r"\(aq")
        .replace('~', r"\(ti");
    // At the start of a line, a period begins a request.
    if text.starts_with('.') {
        format!(r"\&{text}")
    } else {
        text
    }
}

/// The day on which this version was released.
fn release_date() -> &'static str {
    let heading = concat!("\n## [", env!("CARGO_PKG_VERSION"), "] - ");
    include_str!("../../../CHANGELOG.md")
        .split_once(heading)
        .and_then(|(_, rest)| rest.lines().next())
        .expect("CHANGELOG.md has this version, with its date")
}
