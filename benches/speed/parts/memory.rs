//! Peak memory, which must not grow with the input.

use crate::inputs::message;
use crate::measure::peak_memory;
use crate::surroundings::Surroundings;
use crate::table::{Row, Table};

/// How many messages.
const SIZES: [usize; 3] = [1_000, 100_000, 1_000_000];

/// Adds a row for each size.
pub(crate) fn measure(surroundings: &Surroundings, table: &mut Table) -> anyhow::Result<()> {
    let mut first = None;
    for size in SIZES {
        let what = format!("peak memory, 16 at once, {size} messages");
        let mut lexbot = surroundings.lexbot(surroundings.http());
        lexbot.args(["claim", "--rate", "0", "--jobs", "16", "--input", "-"]);
        let Some(peak) = peak_memory(&mut lexbot, (0..size).map(message), size)? else {
            table.missing(&what, "this system has no /proc")?;
            continue;
        };
        let first = *first.get_or_insert(peak);
        table.row(&Row {
            what,
            lexbot: format!("{:.1} MiB", mebibytes(peak)),
            beside: format!("{:+.1} MiB", mebibytes(peak) - mebibytes(first)),
            ratio: None,
            target: "12 MiB, +2 MiB",
        })?;
    }
    Ok(())
}

fn mebibytes(kibibytes: u64) -> f64 {
    kibibytes as f64 / 1024.0
}
