//! The man pages in `man/`, made from the definitions of the command line.
//!
//! A test and not a command, so that the generator isn't in the binary. It fails while a page is stale, and
//! `LEXBOT_BLESS=1 cargo test man_pages` writes them anew. Their date is that of the version in CHANGELOG.md.

mod sections;
mod tidy;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use clap::{Command, CommandFactory as _};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use super::Cli;
use super::examples::Example;
use super::reference::Entry;

#[test]
fn man_pages_are_up_to_date() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("man");
    let pages = pages();
    if std::env::var_os("LEXBOT_BLESS").is_some() {
        fs::create_dir_all(&directory).unwrap();
        for (name, text) in &pages {
            fs::write(directory.join(name), text).unwrap();
        }
    }
    let there_are: BTreeMap<String, String> = fs::read_dir(&directory)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect();
    let names = |pages: &BTreeMap<String, String>| pages.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&there_are), names(&pages), "the files in man/");
    for (name, text) in &pages {
        assert!(
            there_are[name] == *text,
            "man/{name} is stale; to write it anew: LEXBOT_BLESS=1 cargo test man_pages"
        );
    }
}

/// Every page: its file name and its text.
fn pages() -> BTreeMap<String, String> {
    let mut root = Cli::command();
    root.build();
    let mut pages = BTreeMap::new();
    add_pages(&root, None, &mut pages);
    pages
}

fn add_pages(command: &Command, parent: Option<&str>, pages: &mut BTreeMap<String, String>) {
    pages.insert(
        format!("{}.1", title(command)),
        page(command.clone(), parent),
    );
    for subcommand in command.get_subcommands() {
        add_pages(subcommand, Some(title(command)), pages);
    }
}

/// The sections in the order of man-pages(7).
fn page(mut command: Command, parent: Option<&str>) -> String {
    let usage = command.render_usage().to_string();
    let command = command.override_usage(usage.replace("Usage: ", ""));
    let man = Man::new(command.clone())
        .title(title(&command).to_uppercase())
        .date(date())
        .source(concat!("lexbot ", env!("CARGO_PKG_VERSION")))
        .manual("User Commands");
    let mut start = Vec::new();
    man.render_title(&mut start)
        .and_then(|()| man.render_name_section(&mut start))
        .and_then(|()| man.render_synopsis_section(&mut start))
        .and_then(|()| man.render_description_section(&mut start))
        .and_then(|()| man.render_options_section(&mut start))
        .unwrap();

    let name = command.get_name();
    let mut rest = Roff::new();
    if command.has_subcommands() {
        rest.control("SH", ["COMMANDS"]);
        for subcommand in command.get_subcommands() {
            let about = subcommand.get_about().unwrap().to_string();
            entry(&mut rest, &format!("{}(1)", title(subcommand)), &about);
        }
    }
    entries(&mut rest, "EXIT STATUS", &sections::exit_codes(name));
    entries(&mut rest, "ENVIRONMENT", &sections::variables(name));
    entries(&mut rest, "FILES", &sections::files(name));
    if name == "lexbot" {
        rest.control("PP", []);
        rest.text([roman("A configuration file with each of its keys:")]);
        lines(&mut rest, sections::CONFIGURATION);
    }
    examples(&mut rest, sections::examples(name));
    see_also(&mut rest, &command, parent);
    tidy::tidy(&format!(
        "{}{}",
        String::from_utf8(start).unwrap(),
        rest.render()
    ))
}

fn entries(page: &mut Roff, heading: &str, entries: &[Entry]) {
    page.control("SH", [heading]);
    for (name, meaning) in entries {
        entry(page, name, meaning);
    }
}

fn entry(page: &mut Roff, name: &str, meaning: &str) {
    page.control("TP", []);
    page.text([bold(name)]);
    page.text([roman(meaning)]);
}

fn examples(page: &mut Roff, examples: &[Example]) {
    page.control("SH", ["EXAMPLES"]);
    for (nth, Example { what, line }) in examples.iter().enumerate() {
        if nth > 0 {
            page.control("PP", []);
        }
        page.text([roman(format!("{what}:"))]);
        lines(page, &[line]);
    }
}

/// Lines as they are, indented.
fn lines(page: &mut Roff, lines: &[&str]) {
    page.control("PP", []);
    page.control("RS", ["4"]);
    page.control("nf", []);
    for line in lines {
        page.text([roman(*line)]);
    }
    page.control("fi", []);
    page.control("RE", []);
}

fn see_also(page: &mut Roff, command: &Command, parent: Option<&str>) {
    let related: Vec<String> = parent
        .into_iter()
        .chain(command.get_subcommands().map(title))
        .map(|name| format!("{name}(1)"))
        .collect();
    page.control("SH", ["SEE ALSO"]);
    page.text([roman(related.join(", "))]);
}

/// The page's name, such as "lexbot-config-show".
fn title(command: &Command) -> &str {
    command
        .get_display_name()
        .unwrap_or_else(|| command.get_name())
}

/// The day on which this version was released.
fn date() -> &'static str {
    let heading = concat!("\n## [", env!("CARGO_PKG_VERSION"), "] - ");
    include_str!("../../../CHANGELOG.md")
        .split_once(heading)
        .and_then(|(_, rest)| rest.lines().next())
        .expect("CHANGELOG.md has this version, with its date")
}
