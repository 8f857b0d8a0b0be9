//! `--handed-over`: the customers whose conversations a person has taken over. Their messages are not claimed.
//!
//! A bot adds a customer while that customer's message may be waiting for its turn. So the list is checked before each
//! attempt, and again right before the request leaves.

use std::cell::RefCell;
use std::collections::HashSet;
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use crate::env::Environment;
use crate::error::{CliError, reason};
use crate::locks::lock;
use crate::output::{Console, sanitize};

/// Why a message of such a customer is skipped. The journal recognises it by this text.
pub(crate) const HANDED_OVER: &str = "handed over: a person has the conversation";

/// A file that changed this recently may change again and keep its modification time.
const TIMESTAMP_STEP: Duration = Duration::from_millis(20);

#[cfg(unix)]
type Version = ((u64, u64), i64, i64, u64);
#[cfg(not(unix))]
type Version = (Option<std::time::SystemTime>, u64);

thread_local! {
    /// The customer whose message this thread sends, if it is a message to claim.
    static CUSTOMER: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// The list of customers in a file, which is read again whenever it changes.
#[derive(Debug)]
pub(crate) struct HandedOver {
    path: PathBuf,
    /// The path as warnings show it.
    shown_path: String,
    list: Mutex<List>,
    console: Console,
}

#[derive(Debug, Default)]
struct List {
    /// The version of the file that was read; `None` if it must be read again.
    version: Option<Version>,
    customers: HashSet<Box<str>>,
    /// The warnings so far: each is given once.
    warnings: HashSet<String>,
}

impl HandedOver {
    /// Reads the list at `path`, which need not exist. Warnings go to `console`.
    pub(crate) fn open(
        path: &Path,
        environment: &Environment,
        console: Console,
    ) -> Result<Self, CliError> {
        if path == "-" {
            return Err(CliError::usage("--handed-over must name a file")
                .hint("it is read again whenever it changes, so standard input can't be used"));
        }
        let handed_over = HandedOver {
            path: path.to_owned(),
            shown_path: environment.redact(&path.to_string_lossy()),
            list: Mutex::default(),
            console,
        };
        let read = handed_over.refresh(&mut lock(&handed_over.list));
        read.map_err(|problem| {
            CliError::configuration(format!("cannot use {}: {problem}", path.display()))
                .hint("give --handed-over a file with one customer ID on each line")
        })?;
        Ok(handed_over)
    }

    /// Whether a person has the conversation of `customer`, by the file as it is now.
    pub(crate) fn contains(&self, customer: &str) -> bool {
        let mut list = lock(&self.list);
        if let Err(problem) = self.refresh(&mut list) {
            let warning = format!(
                "cannot use {}: {problem}; the customer IDs that were read stay in force",
                self.shown_path
            );
            self.warn(&mut list, warning);
        }
        list.customers.contains(customer)
    }

    /// Sets the customer for [`HandedOver::contains_current`] in this thread.
    pub(crate) fn set_current(customer: Option<&str>) {
        CUSTOMER.set(customer.map(str::to_owned));
    }

    /// Whether a person has the conversation of the customer whose message this thread sends.
    pub(crate) fn contains_current(&self) -> bool {
        CUSTOMER.with_borrow(|customer| customer.as_ref().is_some_and(|id| self.contains(id)))
    }

    /// Reads the file again if it has changed. If it can't be read, the list stays as it is.
    fn refresh(&self, list: &mut List) -> Result<(), String> {
        let metadata = match fs::metadata(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                list.version = None;
                list.customers.clear();
                let warning = format!(
                    "{} doesn't exist: no conversation is handed over",
                    self.shown_path
                );
                self.warn(list, warning);
                return Ok(());
            }
            result => result.map_err(|error| reason(&error))?,
        };
        let version = version(&metadata);
        if list.version.as_ref() == Some(&version) {
            return Ok(());
        }
        // Opening a FIFO may block forever, and a device may have no end.
        if !metadata.is_file() {
            return Err("it is not a regular file".to_owned());
        }
        let text = fs::read(&self.path).map_err(|error| reason(&error))?;
        let text = String::from_utf8(text).map_err(|_| "it is not UTF-8 text")?;
        let (customers, wrong_line) = parse(&text);
        list.customers = customers;
        list.version = is_settled(&metadata).then_some(version);
        match wrong_line {
            Some(line) => Err(format!("line {line} is not a customer ID")),
            None => Ok(()),
        }
    }

    fn warn(&self, list: &mut List, warning: String) {
        if !list.warnings.contains(&warning) {
            self.console.warning(&sanitize(&warning));
            list.warnings.insert(warning);
        }
    }
}

/// What changes when a file does: its identity, the time of its last change, and its size.
#[cfg(unix)]
fn version(metadata: &Metadata) -> Version {
    use std::os::unix::fs::MetadataExt as _;
    let identity = (metadata.dev(), metadata.ino());
    (
        identity,
        metadata.ctime(),
        metadata.ctime_nsec(),
        metadata.len(),
    )
}

#[cfg(not(unix))]
fn version(metadata: &Metadata) -> Version {
    (metadata.modified().ok(), metadata.len())
}

/// Whether another change of the file would be noticed.
fn is_settled(metadata: &Metadata) -> bool {
    let modified = metadata.modified().ok();
    let age = modified.and_then(|time| time.elapsed().ok());
    age.is_none_or(|age| age > TIMESTAMP_STEP)
}

/// The customers in `text`, and the first line that is wrong.
fn parse(text: &str) -> (HashSet<Box<str>>, Option<usize>) {
    let mut customers = HashSet::new();
    let mut wrong_line = None;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for (index, line) in text.lines().enumerate() {
        let entry = line.split('#').next().unwrap_or_default().trim();
        // As jq prints a string without --raw-output.
        let unquoted = entry
            .strip_prefix('"')
            .and_then(|entry| entry.strip_suffix('"'));
        let customer = unquoted.unwrap_or(entry);
        if customer.contains(|c: char| !c.is_alphanumeric() && !"_-:.".contains(c)) {
            wrong_line.get_or_insert(index + 1);
        } else if !customer.is_empty() {
            customers.insert(customer.into());
        }
    }
    (customers, wrong_line)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::time::{Duration, SystemTime, UNIX_EPOCH};

    use super::{HandedOver, lock, parse};
    use crate::env::Environment;
    use crate::output::{ColorWhen, Console};

    #[test]
    fn a_list_is_kept_unless_it_has_just_changed() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let is_kept = |modified| {
            file.as_file().set_modified(modified).unwrap();
            let console = Console::new(ColorWhen::Never, &Environment::default());
            let handed_over =
                HandedOver::open(file.path(), &Environment::default(), console).unwrap();
            lock(&handed_over.list).version.is_some()
        };
        assert!(is_kept(UNIX_EPOCH));
        // A machine that is busy may look too late.
        assert!((0..100).any(|_| !is_kept(SystemTime::now())));
    }

    #[test]
    fn a_list_that_was_kept_is_read_again_after_a_change() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let environment = Environment::default();
        let set_modified = |time| file.as_file().set_modified(time).unwrap();
        set_modified(UNIX_EPOCH);
        let console = Console::new(ColorWhen::Never, &environment);
        let handed_over = HandedOver::open(file.path(), &environment, console).unwrap();
        fs::write(file.path(), "111\n").unwrap();
        set_modified(UNIX_EPOCH);
        assert!(handed_over.contains("111"), "another size");
        fs::write(file.path(), "222\n").unwrap();
        set_modified(UNIX_EPOCH + Duration::from_secs(1));
        assert!(handed_over.contains("222"), "another time");
    }

    #[test]
    fn a_list_has_one_customer_a_line() {
        let text = "\u{feff}111\r\n  222 # Anna\n\n# 333\n\"444\"\n555";
        let (customers, wrong_line) = parse(text);
        let mut customers: Vec<_> = customers.into_iter().collect();
        customers.sort_unstable();
        assert_eq!(customers.join(" "), "111 222 444 555");
        assert_eq!(wrong_line, None);
    }

    #[test]
    fn the_first_wrong_line_is_named_and_the_others_count() {
        for wrong in ["1 2", "1,2", "\"1", "{\"id\":1}", "1\u{0}"] {
            let (customers, wrong_line) = parse(&format!("7\n{wrong}\n8\n9 9\n"));
            assert_eq!((customers.len(), wrong_line), (2, Some(2)), "{wrong}");
        }
    }
}
