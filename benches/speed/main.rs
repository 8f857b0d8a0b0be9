//! `cargo bench`: the speed of lexbot compared with curl and wrk, on this machine and in one run.
//!
//! `cargo bench -- batch memory` measures only these parts; `LEXBOT_BENCH_PROGRAM=FILE cargo bench` measures another
//! build. Every figure is a median, and the programs of a row take turns. Client and server share the machine, so only
//! the ratios are meaningful. A slow lexbot fails neither this nor any test.

#![expect(
    clippy::cast_precision_loss,
    reason = "counts are divided for figures of three digits"
)]

mod certificates;
mod inputs;
mod measure;
mod parts;
mod server;
mod strict;
mod surroundings;
mod table;

use std::env;

use anyhow::{Context as _, bail};

use parts::PARTS;
use surroundings::Surroundings;
use table::Table;

fn main() -> anyhow::Result<()> {
    if let [_, first, base_url] = env::args().collect::<Vec<_>>().as_slice()
        && first == parts::claim::FLOOR
    {
        return parts::claim::floor(base_url);
    }
    // Cargo adds `--bench`.
    let wanted: Vec<String> = env::args()
        .skip(1)
        .filter(|arg| !arg.starts_with("--"))
        .collect();
    let names: Vec<&str> = PARTS.iter().map(|(name, _)| *name).collect();
    if let Some(unknown) = wanted.iter().find(|name| !names.contains(&name.as_str())) {
        bail!("there is no part {unknown}; there are {}", names.join(", "));
    }
    let surroundings = Surroundings::new()?;
    let mut table = Table::begin(&surroundings.description())?;
    for (name, part) in PARTS {
        if wanted.is_empty() || wanted.iter().any(|wanted| wanted == name) {
            part(&surroundings, &mut table).with_context(|| format!("cannot measure {name}"))?;
        }
    }
    Ok(())
}
