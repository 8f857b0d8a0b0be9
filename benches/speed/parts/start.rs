//! How long lexbot takes to start and end.

use crate::measure::by_turns;
use crate::surroundings::Surroundings;
use crate::table::{Row, Table, time};

/// Adds the row.
pub(crate) fn measure(surroundings: &Surroundings, table: &mut Table) -> anyhow::Result<()> {
    let mut version = surroundings.lexbot(surroundings.http());
    version.arg("--version");
    // The time that the system needs to run any program.
    let nothing = surroundings.command("true".as_ref());
    let [lexbot, nothing] = by_turns(101, [version, nothing])?;
    table.row(&Row {
        what: "lexbot --version".to_owned(),
        lexbot: time(lexbot.wall),
        beside: format!("true {}", time(nothing.wall)),
        ratio: None,
        target: "2 ms",
    })?;
    Ok(())
}
