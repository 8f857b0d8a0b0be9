//! Requests per second on one connection and on sixteen, compared with wrk, which only sends.

use std::fs;
use std::process::Command;

use anyhow::Context as _;

use crate::inputs::{self, message};
use crate::measure::{median, run};
use crate::surroundings::{Surroundings, is_installed};
use crate::table::{Row, Table, rate};

/// Connections, messages for about two seconds, and the target ratio.
const ROWS: [(u32, usize, &str); 2] = [(1, 20_000, "at least 1.0"), (16, 40_000, "at least 0.45")];

/// Adds a row for each number of connections.
pub(crate) fn measure(surroundings: &Surroundings, table: &mut Table) -> anyhow::Result<()> {
    let script = surroundings.path("wrk.lua");
    fs::write(
        &script,
        format!(
            "wrk.method = 'POST'\nwrk.body = '{}'\nwrk.headers['Content-Type'] = 'application/json'\n\
             wrk.headers['Auth-Api-Token'] = '{}'\n",
            message(1).trim_end(),
            Surroundings::token()
        ),
    )?;
    for (connections, count, target) in ROWS {
        let what = format!("requests a second, connections: {connections}");
        if !is_installed("wrk") {
            table.missing(&what, "there is no wrk")?;
            continue;
        }
        let messages = surroundings.path("messages");
        inputs::write(&messages, count, message)?;
        let mut lexbot = surroundings.lexbot(surroundings.http());
        lexbot
            .args(["claim", "--rate", "0", "--jobs"])
            .arg(connections.to_string())
            .arg("--input")
            .arg(&messages);
        let mut wrk = Command::new("wrk");
        wrk.arg(format!("-c{connections}"))
            .args(["-t1", "-d2s", "-s"])
            .arg(&script)
            .arg(Surroundings::claim_url(surroundings.http()));
        let (mut own, mut wrks) = (Vec::new(), Vec::new());
        for _ in 0..3 {
            own.push(count as f64 / run(&mut lexbot)?.wall.as_secs_f64());
            wrks.push(requests_a_second(&mut wrk)?);
        }
        let (own, wrks) = (median(own), median(wrks));
        table.row(&Row {
            what,
            lexbot: rate(own),
            beside: format!("wrk {}", rate(wrks)),
            ratio: Some(own / wrks),
            target,
        })?;
    }
    Ok(())
}

fn requests_a_second(wrk: &mut Command) -> anyhow::Result<f64> {
    let output = String::from_utf8(wrk.output()?.stdout)?;
    output
        .lines()
        .find_map(|line| line.strip_prefix("Requests/sec:")?.trim().parse().ok())
        .with_context(|| format!("wrk doesn't say how many requests it made: {output}"))
}
