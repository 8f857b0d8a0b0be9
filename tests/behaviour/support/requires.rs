//! Programs that some tests need and some machines don't have.

/// Set in CI: a missing program then fails the test that needs it.
const REQUIRE_PROGRAMS: &str = "LEXBOT_REQUIRE_PROGRAMS";

/// Whether `program` is installed. If it isn't, the test has to return early: this prints a note, which
/// `--nocapture` shows, or fails where `LEXBOT_REQUIRE_PROGRAMS` is set.
#[must_use]
#[track_caller]
#[expect(clippy::print_stdout, reason = "a skipped test should say so")]
pub(crate) fn requires(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).any(|directory| directory.join(program).is_file());
    if !found {
        let demanded = std::env::var_os(REQUIRE_PROGRAMS).is_some();
        assert!(!demanded, "{program} is not installed");
        println!("skipped: {program} is not installed");
    }
    found
}
