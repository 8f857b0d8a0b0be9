//! The table that the benchmark prints, row by row.

use std::io::{self, Write as _};
use std::time::Duration;

/// The table on standard output.
#[derive(Debug)]
pub(crate) struct Table;

/// A row: a figure of lexbot, and one to compare it with.
#[derive(Debug, Default)]
pub(crate) struct Row {
    /// What was measured.
    pub(crate) what: String,
    /// lexbot's figure.
    pub(crate) lexbot: String,
    /// The other program and its figure.
    pub(crate) beside: String,
    /// lexbot's figure divided by the other.
    pub(crate) ratio: Option<f64>,
    /// The target for the ratio, or for the figure if there is no other.
    pub(crate) target: &'static str,
}

impl Table {
    /// Prints the head.
    pub(crate) fn begin(description: &str) -> io::Result<Self> {
        writeln!(io::stdout(), "{description}\n")?;
        print(["", "lexbot", "beside", "ratio", "target"])?;
        Ok(Table)
    }

    /// Prints a row.
    #[expect(clippy::unused_self, reason = "a row needs the head above it")]
    pub(crate) fn row(&mut self, row: &Row) -> io::Result<()> {
        let ratio = row.ratio.map(|ratio| format!("{ratio:.3}"));
        print([
            &row.what,
            &row.lexbot,
            &row.beside,
            ratio.as_deref().unwrap_or("-"),
            row.target,
        ])
    }

    /// Prints, instead of a row, why it can't be measured here.
    #[expect(clippy::unused_self, reason = "a row needs the head above it")]
    pub(crate) fn missing(&mut self, what: &str, why: &str) -> io::Result<()> {
        writeln!(io::stdout(), "{what:<44}  not measured: {why}")
    }
}

fn print([what, lexbot, beside, ratio, target]: [&str; 5]) -> io::Result<()> {
    writeln!(
        io::stdout(),
        "{what:<44}  {lexbot:>14}  {beside:>23}  {ratio:>6}  {target}"
    )
}

/// A time in a unit that leaves few digits.
pub(crate) fn time(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    if seconds >= 1.0 {
        format!("{seconds:.2} s")
    } else if seconds >= 1e-3 {
        format!("{:.2} ms", seconds * 1e3)
    } else {
        format!("{:.1} us", seconds * 1e6)
    }
}

/// A rate, such as `12 345 /s`.
pub(crate) fn rate(a_second: f64) -> String {
    let mut digits = format!("{a_second:.0}");
    let mut at = digits.len();
    while at > 3 {
        at -= 3;
        digits.insert(at, ' ');
    }
    format!("{digits} /s")
}
