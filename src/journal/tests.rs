//! What a journal remembers, what it survives, and what it leaves alone.

use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, SystemTime};

use proptest::prelude::*;
use tempfile::TempDir;

use super::Journal;
use crate::api_facts::Action;
use crate::handed_over::HANDED_OVER;
use crate::message::{Ids, Message};
use crate::message_result::MessageResult;
use crate::outcome::Outcome;
use crate::output::json_line;
use crate::value_part::Lines;

/// A place for a journal, removed with its value.
struct Place(TempDir);

impl Place {
    fn new() -> Self {
        Place(tempfile::tempdir().unwrap())
    }

    fn holding(content: impl AsRef<[u8]>) -> Self {
        let place = Self::new();
        fs::write(place.path(), content).unwrap();
        place
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("journal")
    }

    fn open(&self) -> anyhow::Result<Journal> {
        let mut opened = Journal::open(&self.path());
        // A process that another test has just forked holds the lock, too, until it runs its program.
        for _ in 0..1000 {
            match &opened {
                Err(error) if error.to_string().contains("another lexbot") => {}
                _ => break,
            }
            thread::sleep(Duration::from_millis(1));
            opened = Journal::open(&self.path());
        }
        opened
    }

    fn content(&self) -> Vec<u8> {
        fs::read(self.path()).unwrap()
    }
}

fn result(action: Action, object_id: &str, outcome: Outcome) -> MessageResult {
    let message = Message {
        action,
        ids: ids(Some(object_id), Some("42")),
        body: String::new(),
    };
    let lines = Lines { first: 1, last: 1 };
    MessageResult {
        at: SystemTime::UNIX_EPOCH,
        ..MessageResult::not_sent(Some(lines), message.not_sent(outcome, ""))
    }
}

fn ids(object_id: Option<&str>, account_id: Option<&str>) -> Ids {
    Ids {
        object_id: object_id.map(str::to_owned),
        account_id: account_id.map(str::to_owned),
        ..Ids::default()
    }
}

/// Why the journal lets a message with these IDs be skipped.
fn reason(
    journal: &Journal,
    action: Action,
    object_id: Option<&str>,
    account_id: Option<&str>,
) -> Option<&'static str> {
    journal.earlier.reason_to_skip(&Message {
        action,
        ids: ids(object_id, account_id),
        body: String::new(),
    })
}

fn claimed(object_id: &str) -> MessageResult {
    result(Action::Claim, object_id, Outcome::Accepted)
}

fn has(journal: &Journal, object_id: &str) -> bool {
    reason(journal, Action::Claim, Some(object_id), Some("42")).is_some()
}

/// A journal of claims of these messages.
fn journal_of(ids: &[&str]) -> String {
    ids.iter()
        .map(|id| json_line(&claimed(id)).unwrap() + "\n")
        .collect()
}

#[test]
fn it_has_what_was_accepted_for_the_same_action_and_page() {
    let place = Place::new();
    let check = |journal: &Journal| {
        assert!(has(journal, "m_1"));
        assert!(!has(journal, "M_1"));
        for (action, object_id, account_id) in [
            (Action::Echo, Some("m_1"), Some("42")),
            (Action::Claim, Some("m_1"), Some("43")),
            (Action::Claim, Some("m_1"), None),
            (Action::Claim, None, Some("42")),
        ] {
            assert_eq!(reason(journal, action, object_id, account_id), None);
        }
    };
    let mut journal = place.open().unwrap();
    assert!(!has(&journal, "m_1"));
    journal.append(&claimed("m_1")).unwrap();
    check(&journal);
    drop(journal);
    check(&place.open().unwrap());
}

#[test]
fn only_what_was_accepted_counts() {
    let place = Place::new();
    let mut journal = place.open().unwrap();
    for outcome in [
        Outcome::Rejected,
        Outcome::Unauthorized,
        Outcome::Unavailable,
        Outcome::Invalid,
        Outcome::NotSent,
    ] {
        journal
            .append(&result(Action::Claim, "m_1", outcome))
            .unwrap();
    }
    assert!(!has(&journal, "m_1"));
    drop(journal);
    assert!(!has(&place.open().unwrap(), "m_1"));
    assert_eq!(fs::read_to_string(place.path()).unwrap().lines().count(), 5);
}

#[test]
fn a_skipped_message_leaves_no_trace() {
    let place = Place::new();
    let mut journal = place.open().unwrap();
    journal
        .append(&result(Action::Claim, "m_1", Outcome::Skipped))
        .unwrap();
    assert_eq!(place.content(), b"");
}

#[test]
fn a_message_that_was_handed_over_is_not_sent_by_a_later_run() {
    let place = Place::new();
    let mut journal = place.open().unwrap();
    let mut handed_over = result(Action::Claim, "m_1", Outcome::Skipped);
    handed_over.reason = HANDED_OVER.to_owned();
    journal.append(&handed_over).unwrap();
    journal.append(&claimed("m_2")).unwrap();
    drop(journal);
    let journal = place.open().unwrap();
    let claim = |id| reason(&journal, Action::Claim, Some(id), Some("42"));
    assert_eq!(claim("m_1"), Some("the journal has it as handed over"));
    assert_eq!(claim("m_2"), Some("the journal has it as accepted"));
    assert_eq!(
        reason(&journal, Action::Echo, Some("m_1"), Some("42")),
        None
    );
}

#[test]
fn a_message_is_known_by_all_of_its_id() {
    let known = ["m_1\n42", "m_1", "42\nm_1", "", " m_1", "m_1 ", "mé"];
    let place = Place::holding(journal_of(&known[..1]));
    let journal = place.open().unwrap();
    assert!(has(&journal, known[0]));
    for other in &known[1..] {
        assert!(!has(&journal, other), "{other:?}");
    }
    assert_eq!(
        reason(&journal, Action::Claim, Some("42"), Some("42\nm_1")),
        None
    );
}

#[test]
fn what_follows_the_last_whole_line_goes_and_the_next_result_takes_its_place() {
    let whole = journal_of(&["m_1"]);
    let both = journal_of(&["m_1", "m_2"]);
    for end in whole.len() + 1..both.len() {
        let place = Place::holding(&both[..end]);
        let mut journal = place.open().unwrap();
        assert!(has(&journal, "m_1") && !has(&journal, "m_2"), "{end}");
        journal.append(&claimed("m_2")).unwrap();
        drop(journal);
        assert_eq!(place.content(), both.as_bytes(), "{end}");
    }
}

#[test]
fn a_torn_line_leaves_nothing_behind_a_shorter_one() {
    let whole = journal_of(&["m_1"]);
    let place =
        Place::holding(whole.clone() + r#"{"action":"claim","object_id":""# + &"x".repeat(4000));
    let mut journal = place.open().unwrap();
    assert_eq!(place.content(), whole.as_bytes());
    journal.append(&claimed("m_2")).unwrap();
    drop(journal);
    assert_eq!(place.content(), journal_of(&["m_1", "m_2"]).as_bytes());
}

#[test]
fn lines_of_an_editor_on_windows_are_read_and_continued() {
    let both = journal_of(&["m_1", "m_2"]);
    let place = Place::holding(both.replace('\n', "\r\n"));
    let mut journal = place.open().unwrap();
    assert!(has(&journal, "m_1") && has(&journal, "m_2"));
    journal.append(&claimed("m_3")).unwrap();
    drop(journal);
    let journal = place.open().unwrap();
    assert!(["m_1", "m_2", "m_3"].iter().all(|id| has(&journal, id)));
}

#[test]
fn a_result_of_a_later_lexbot_may_say_more() {
    let place = Place::holding(
        r#"{"action":"claim","object_id":"m_1","account_id":"42","outcome":"accepted","new":{"a":[1]}}
{"action":"archive","outcome":"postponed"}
"#,
    );
    assert!(has(&place.open().unwrap(), "m_1"));
}

#[test]
fn what_is_not_a_journal_is_left_as_it_is() {
    let whole = journal_of(&["m_1"]);
    for (content, line) in [
        ("precious\n".to_owned(), 1),
        ("precious".to_owned(), 1),
        ("\n".to_owned(), 1),
        ("{}\n".to_owned(), 1),
        ("{}".to_owned(), 1),
        ("[]\n".to_owned(), 1),
        ("{\n".to_owned(), 1),
        ("{\n  \"action\": \"claim\"\n}\n".to_owned(), 1),
        ("\u{feff}".to_owned() + &whole, 1),
        (
            r#"{"object_id":"m_1","published_at":1,"account_id":"42"}"#.to_owned() + "\n",
            1,
        ),
        (
            r#"{"action":"claim","object_id":7,"outcome":"accepted"}"#.to_owned() + "\n",
            1,
        ),
        (whole.clone() + "precious\n", 2),
        (whole.clone() + "precious", 2),
        (whole.clone() + &whole[..40] + "\n" + &whole, 2),
        (whole.clone() + "\n" + &whole, 2),
        ("[profiles.acme]\ntoken = \"x\"\n".to_owned(), 1),
        ("\0".repeat(40), 1),
        ("x".repeat(3 << 20), 1),
    ] {
        let place = Place::holding(&content);
        let error = place.open().expect_err(&content[..content.len().min(99)]);
        assert_eq!(
            error.to_string(),
            format!(
                "{} is not a journal of lexbot: line {line} is not a result",
                place.path().display()
            )
        );
        assert_eq!(place.content(), content.as_bytes());
    }
}

#[test]
fn a_result_of_any_length_can_be_read_again() {
    let long = "\u{1}".repeat(1 << 20);
    let place = Place::new();
    let mut journal = place.open().unwrap();
    journal.append(&claimed(&long)).unwrap();
    journal.append(&claimed("m_2")).unwrap();
    drop(journal);
    let journal = place.open().unwrap();
    assert!(has(&journal, &long) && has(&journal, "m_2"));
}

#[test]
fn it_is_for_one_at_a_time() {
    let place = Place::new();
    let first = place.open().unwrap();
    assert_eq!(
        Journal::open(&place.path()).unwrap_err().to_string(),
        format!(
            "another lexbot is using the journal {}",
            place.path().display()
        )
    );
    drop(first);
    place.open().unwrap();
}

#[cfg(unix)]
#[test]
fn only_its_owner_reads_it() {
    use std::os::unix::fs::PermissionsExt as _;

    let place = Place::new();
    place.open().unwrap();
    let mode = fs::metadata(place.path()).unwrap().permissions().mode();
    assert_eq!(mode & 0o7777, 0o600);
}

#[test]
fn only_a_file_can_be_one() {
    let place = Place::new();
    fs::create_dir(place.path()).unwrap();
    assert_eq!(
        place.open().unwrap_err().to_string(),
        format!(
            "{} is not a regular file, so it can't be a journal",
            place.path().display()
        )
    );
}

proptest! {
    #![proptest_config(crate::proptest_config::config())]

    #[test]
    fn wherever_it_is_cut_the_lines_before_are_kept(ids in prop::collection::vec("\\PC{1,12}", 1..6), cut in any::<prop::sample::Index>()) {
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let whole = journal_of(&ids);
        let cut = cut.index(whole.len() + 1);
        let place = Place::holding(&whole.as_bytes()[..cut]);
        let kept = String::from_utf8_lossy(&whole.as_bytes()[..cut]).matches('\n').count();
        let mut journal = place.open().unwrap();
        for (number, id) in ids.iter().enumerate() {
            prop_assert_eq!(has(&journal, id), ids[..kept].contains(id), "{}", number);
        }
        for id in &ids[kept..] {
            journal.append(&claimed(id)).unwrap();
        }
        drop(journal);
        prop_assert_eq!(place.content(), whole.as_bytes());
    }

    #[test]
    fn whatever_it_holds_it_is_read_or_left_alone(content in prop::collection::vec(any::<u8>(), 0..80), text in "(\\{\"action\":\"[a-z\",:{}\n]{0,40}){0,3}") {
        for content in [content.as_slice(), text.as_bytes()] {
            let place = Place::holding(content);
            if let Err(error) = place.open() {
                prop_assert!(error.to_string().contains(" is not a journal of lexbot: line "));
                prop_assert_eq!(&place.content(), content);
            }
        }
    }
}
