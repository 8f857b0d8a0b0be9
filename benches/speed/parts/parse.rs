//! How fast input is read, validated and written as bodies, in a dry run.

use std::process::Stdio;

use crate::inputs::{self, message, payload};
use crate::measure::by_turns;
use crate::surroundings::Surroundings;
use crate::table::{Row, Table, rate};

/// Lines per input.
const MANY: usize = 300_000;

/// Adds a row for messages and one for webhook payloads.
pub(crate) fn measure(surroundings: &Surroundings, table: &mut Table) -> anyhow::Result<()> {
    let input = surroundings.path("input");
    for (what, target) in [
        ("messages", "at least 500 000 /s"),
        ("webhook payloads", "-"),
    ] {
        let line = if what == "messages" { message } else { payload };
        inputs::write(&input, MANY, line)?;
        let mut dry_run = surroundings.lexbot(surroundings.http());
        dry_run
            .args(["claim", "--dry-run", "--input"])
            .arg(&input)
            .stdout(Stdio::null());
        let [took] = by_turns(5, [dry_run])?;
        table.row(&Row {
            what: format!("{what}, --dry-run"),
            lexbot: rate(MANY as f64 / took.wall.as_secs_f64()),
            target,
            ..Row::default()
        })?;
    }
    Ok(())
}
