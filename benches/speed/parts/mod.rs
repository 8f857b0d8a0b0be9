//! The parts of the table. Each measures one thing and adds its rows.

mod batch;
pub(crate) mod claim;
mod latency;
mod memory;
mod parse;
mod rate_limit;
mod requests;
mod start;

use crate::surroundings::Surroundings;
use crate::table::Table;

/// A part: its name on the command line, and what measures it.
pub(crate) type Part = fn(&Surroundings, &mut Table) -> anyhow::Result<()>;

/// All of them, in the order of the table.
pub(crate) const PARTS: [(&str, Part); 8] = [
    ("start", start::measure),
    ("claim", claim::measure),
    ("batch", batch::measure),
    ("requests", requests::measure),
    ("parse", parse::measure),
    ("memory", memory::measure),
    ("rate_limit", rate_limit::measure),
    ("latency", latency::measure),
];
