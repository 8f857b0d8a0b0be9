//! How much longer a run takes than its rate limit requires.

use std::time::Duration;

use crate::inputs::{self, message};
use crate::measure::{ratio, run};
use crate::surroundings::Surroundings;
use crate::table::{Row, Table, time};

/// The number of messages, and the rate limit per second.
const MESSAGES: usize = 150;
const RATE: u32 = 10;

/// Adds the row.
pub(crate) fn measure(surroundings: &Surroundings, table: &mut Table) -> anyhow::Result<()> {
    let messages = surroundings.path("messages");
    inputs::write(&messages, MESSAGES, message)?;
    let mut lexbot = surroundings.lexbot(surroundings.http());
    lexbot
        .args(["claim", "--rate"])
        .arg(RATE.to_string())
        .arg("--input")
        .arg(&messages);
    let took = run(&mut lexbot)?;
    // The first message is sent at once.
    let ideal = Duration::from_secs_f64((MESSAGES - 1) as f64 / f64::from(RATE));
    table.row(&Row {
        what: format!("{MESSAGES} messages, --rate {RATE}"),
        lexbot: time(took.wall),
        beside: format!("ideal {}", time(ideal)),
        ratio: Some(ratio(took.wall, ideal)),
        target: "1.01",
    })?;
    Ok(())
}
