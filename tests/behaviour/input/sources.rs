//! Files and stdin, and inputs that can't be read.

use crate::example::{assert_sends, assert_sends_nothing, claim_input, claim_of, line};
use crate::support::{Home, Run, lexbot};

fn claim_file(home: &Home, path: &str) -> Run {
    lexbot(["claim", "--input", path]).home(home)
}

#[test]
fn messages_come_from_a_file() {
    let home = Home::new();
    home.write("some messages.json", line("m_1"));
    for option in ["-i", "--input"] {
        assert_sends(
            lexbot(["claim", option, "some messages.json"])
                .summary_aside()
                .home(&home)
                .stdin(line("m_2"))
                .stdout("201 m_1 claimed\n"),
            claim_of("m_1"),
        );
    }
}

#[test]
fn messages_come_from_standard_input() {
    for option in ["-i-", "-i=-", "--input=-"] {
        assert_sends(
            lexbot(["claim", option])
                .summary_aside()
                .stdin(line("m_1"))
                .stdout("201 m_1 claimed\n"),
            claim_of("m_1"),
        );
    }
}

#[test]
fn an_input_without_messages_sends_nothing() {
    for input in ["", "\n", " \r\n\t\n", "\u{feff}", "[]", "[[], []]"] {
        assert_sends_nothing(claim_input().stdin(input));
    }
}

#[test]
fn a_missing_file_is_named() {
    // Windows' text depends on the user's language.
    let reason = if cfg!(unix) {
        "no such file or directory"
    } else {
        "[..]"
    };
    assert_sends_nothing(
        claim_file(&Home::new(), "missing.json")
            .code(3)
            .stderr_like(format!(
                "error: cannot read missing.json: {reason}\n\
                 hint: give --input a file of JSON messages, or - for standard input\n"
            )),
    );
}

#[test]
fn a_directory_is_refused() {
    let home = Home::new();
    home.write("messages/1.json", line("m_1"));
    assert_sends_nothing(claim_file(&home, "messages").code(3).stderr(
        "error: cannot read messages: it is a directory\n\
         hint: give --input a file of JSON messages, or - for standard input\n",
    ));
}

/// `/proc/self/mem` opens, and can't be read at its beginning: no page is mapped there.
#[cfg(target_os = "linux")]
#[test]
fn a_file_that_can_t_be_read_to_its_end_is_named() {
    assert_sends_nothing(
        claim_file(&Home::new(), "/proc/self/mem")
            .code(3)
            .stderr("error: cannot read /proc/self/mem: input/output error\n"),
    );
}
