//! Foreign text reaches a terminal only with its control and bidirectional characters escaped.

use super::{answered, objects};
use crate::example::{claim, claim_input, line};
use crate::support::{Reply, Run, lexbot, refused_port};

/// A title for the window, a colour, a bell, an 8-bit escape, text backwards, an invisible mark, a tag.
const NASTY: &str = "a\u{1b}]0;b\u{7}\u{1b}[31m\u{9b}0m\u{7f}\u{202e}c\u{2066}\u{200f}\u{e0041}";

/// The same as it may be printed.
const SAFE: &str = r"a\u{1b}]0;b\u{7}\u{1b}[31m\u{9b}0m\u{7f}\u{202e}c\u{2066}\u{200f}\u{e0041}";

/// Whether a terminal would do something else with `text` than show it.
fn is_nasty(text: &str) -> bool {
    text.chars().any(|character| {
        (character.is_control() && character != '\n')
            || matches!(
                character,
                '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{e0000}'..='\u{e007f}'
            )
    })
}

fn refused(run: Run) -> Run {
    run.stderr_like("hint: [..]\n").code(1)
}

#[test]
fn text_of_a_response_is_escaped() {
    for reply in [
        Reply::status(404, "Not Found").body(NASTY),
        Reply::status(404, "Not Found").json(&serde_json::json!({"error": NASTY}).to_string()),
    ] {
        answered(refused(claim()).stdout(format!("404 m_1 {SAFE}\n")), reply);
    }
    let page = format!("<title>{NASTY}</title>");
    answered(
        refused(claim()).stdout(format!(
            "404 m_1 {SAFE} (HTML page, {} bytes)\n",
            page.len()
        )),
        Reply::status(404, "Not Found").html(&page),
    );
}

#[test]
fn text_of_a_response_keeps_its_meaning_in_json() {
    let output = answered(
        refused(claim().args(["--json"])).stdout_like("[..]\n"),
        Reply::status(404, "Not Found").body(NASTY),
    );
    assert!(!is_nasty(&output.stdout), "{:?}", output.stdout);
    let object = &objects(&output)[0];
    assert_eq!(object["body"], NASTY);
    assert_eq!(object["error"], NASTY);
}

#[test]
fn ids_of_messages_are_escaped() {
    let message = line(&serde_json::json!(NASTY).to_string().replace('"', ""));
    answered(
        claim_input()
            .stdin(message.as_str())
            .stdout(format!("201 {SAFE} claimed\n")),
        Reply::created(),
    );
    let output = answered(
        claim_input()
            .args(["--json"])
            .stdin(message)
            .stdout_like("[..]\n"),
        Reply::created(),
    );
    assert!(!is_nasty(&output.stdout), "{:?}", output.stdout);
    assert_eq!(objects(&output)[0]["object_id"], NASTY);
}

#[test]
fn a_page_in_a_hint_is_escaped() {
    answered(
        claim_input()
            .stdin(line("m_1").replace("\"77\"", &serde_json::json!(NASTY).to_string()))
            .stdout("400 m_1 Bad Request (empty response)\n")
            .stderr_like(format!(
                "hint: is {SAFE} (in the message) a Facebook page[..]\n"
            ))
            .code(1),
        Reply::status(400, "Bad Request"),
    );
}

#[test]
fn the_verbose_exchange_is_escaped() {
    let output = answered(
        claim_input()
            .args(["-v"])
            .stdin(line(r"m_\u001b\u202e").replace('}', ",\"x\":\"\u{202e}\u{9b}\"}"))
            .stdout_like("404 m_[..]\n")
            .stderr_like("...")
            .code(1),
        Reply::status(404, "Not Found")
            .header("x-nasty", "\u{202e}\u{9b}31m")
            .body(NASTY),
    );
    assert!(!is_nasty(&output.stderr), "{:?}", output.stderr);
}

#[test]
fn whatever_is_refused_is_escaped_in_the_error() {
    let time = serde_json::json!(NASTY).to_string();
    let message = line("m_1").replace("1458692752478", &time);
    let invalid = |args: &[&str]| claim_input().args(args).stdin(message.as_str()).code(1);
    for run in [
        invalid(&[]),
        invalid(&["--json"]),
        invalid(&["--dry-run"]),
        lexbot(["claim", "--timeout", NASTY]).code(2),
        lexbot(["claim", "--input", NASTY]).code(3),
    ] {
        let output = run.base_url(&refused_port().url()).any_output().run();
        let printed = output.stdout + &output.stderr;
        assert!(
            printed.contains("{9b}0m") || printed.contains("u009b0m"),
            "{printed:?}"
        );
        assert!(!is_nasty(&printed), "{printed:?}");
    }
}
