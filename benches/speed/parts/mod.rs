//! The parts of the table. Each measures one thing and adds its rows.

mod batch;
mod claim;
mod memory;
mod parse;
mod rate_limit;
mod requests;
mod start;

use crate::surroundings::Surroundings;
use crate::table::Table;

/// Measures one part of the table.
pub(crate) type Part = fn(&Surroundings, &mut Table) -> anyhow::Result<()>;

/// The parts with their names on the command line, in the order of the table.
pub(crate) const PARTS: [(&str, Part); 7] = [
    ("start", start::measure),
    ("claim", claim::measure),
    ("batch", batch::measure),
    ("requests", requests::measure),
    ("parse", parse::measure),
    ("memory", memory::measure),
    ("rate", rate_limit::measure),
];
