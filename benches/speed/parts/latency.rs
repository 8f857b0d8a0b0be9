//! How long it takes from a line in a running pipe to its request at the server.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};

use crate::inputs::message;
use crate::strict::StrictServer;
use crate::surroundings::Surroundings;
use crate::table::{Row, Table, time};

/// How many lines, and the pause between them: with a rate, longer than its interval.
const WITHOUT_RATE: (usize, Duration) = (500, Duration::from_millis(5));
const WITH_RATE: (usize, Duration) = (100, Duration::from_millis(120));
const WITH_CURL: (usize, Duration) = (100, Duration::from_millis(30));

/// Adds the rows.
pub(crate) fn measure(surroundings: &Surroundings, table: &mut Table) -> anyhow::Result<()> {
    let server = StrictServer::http()?;
    let mut unlimited = surroundings.lexbot(&server.base_url);
    unlimited.args(["claim", "--rate", "0", "--input", "-"]);
    let unlimited = percentiles(&mut unlimited, &server, WITHOUT_RATE)?;
    let mut limited = surroundings.lexbot(&server.base_url);
    limited.args(["claim", "--input", "-"]);
    let limited = percentiles(&mut limited, &server, WITH_RATE)?;
    let mut sh = surroundings.command("sh".as_ref());
    sh.arg("-c").arg(format!(
        "while read -r line; do curl -s -o /dev/null -H 'Auth-Api-Token: {}' --data \"$line\" {}; done",
        Surroundings::token(),
        Surroundings::claim_url(&server.base_url)
    ));
    let beside = match surroundings.curl() {
        Some(_) => {
            let [half, most] = percentiles(&mut sh, &server, WITH_CURL)?;
            format!("curl {} / {}", time(half), time(most))
        }
        None => "there is no curl".to_owned(),
    };
    for (what, [half, most], beside, target) in [
        (
            "line to request, p50 / p99, --rate 0",
            unlimited,
            beside,
            "0.10 / 0.25 ms",
        ),
        (
            "line to request, p50 / p99, default rate",
            limited,
            String::new(),
            "0.15 ms",
        ),
    ] {
        table.row(&Row {
            what: what.to_owned(),
            lexbot: format!("{} / {}", time(half), time(most)),
            beside,
            ratio: None,
            target,
        })?;
    }
    Ok(())
}

/// The median and the 99th percentile for lines that are written to a running `command`.
fn percentiles(
    command: &mut Command,
    server: &StrictServer,
    (lines, pause): (usize, Duration),
) -> anyhow::Result<[Duration; 2]> {
    let before = server.arrivals().len();
    let mut child = command.stdin(Stdio::piped()).spawn()?;
    let mut stdin = child.stdin.take().context("no stdin")?;
    let mut written = Vec::with_capacity(lines);
    for number in 0..=lines {
        thread::sleep(pause);
        let line = message(number);
        written.push(Instant::now());
        stdin.write_all(line.as_bytes())?;
        // The first one opens the connection.
        if number == 0 {
            while server.arrivals().len() == before {
                thread::sleep(Duration::from_millis(1));
            }
            thread::sleep(pause);
        }
    }
    drop(stdin);
    ensure!(child.wait()?.success(), "a run failed");
    let arrivals = server.arrivals().split_off(before);
    ensure!(arrivals.len() == lines + 1, "{} requests", arrivals.len());
    let mut delays: Vec<Duration> = written
        .iter()
        .zip(&arrivals)
        .skip(1)
        .map(|(written, arrival)| arrival.at.saturating_duration_since(*written))
        .collect();
    delays.sort();
    Ok([delays[lines / 2], delays[lines * 99 / 100]])
}
