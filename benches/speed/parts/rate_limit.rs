//! How close a run comes to the rate limit without exceeding it, as a server that counts strictly sees it.

use std::time::Duration;

use crate::inputs::{self, message};
use crate::measure::{ratio, run};
use crate::strict::StrictServer;
use crate::surroundings::Surroundings;
use crate::table::{Row, Table, time};

/// How many messages, and how many of them a second.
const MESSAGES: usize = 120;
const RATE: u32 = 10;

/// How long a connection takes to open.
const HANDSHAKES: [Duration; 2] = [Duration::ZERO, Duration::from_millis(150)];

/// Adds a row for each time that a connection takes.
pub(crate) fn measure(surroundings: &Surroundings, table: &mut Table) -> anyhow::Result<()> {
    for handshake in HANDSHAKES {
        let what = format!(
            "{MESSAGES} messages, {RATE} a second, {} ms to connect",
            handshake.as_millis()
        );
        let Some(certificates) = surroundings.certificates() else {
            table.missing(&what, "there is no openssl to make certificates")?;
            continue;
        };
        let server = StrictServer::https(RATE as usize, handshake, certificates)?;
        let messages = surroundings.path("messages");
        inputs::write(&messages, MESSAGES, message)?;
        let mut lexbot = surroundings.lexbot(&server.base_url);
        lexbot.args(["claim", "--input"]).arg(&messages);
        let took = run(&mut lexbot)?;
        let refused = server
            .arrivals()
            .iter()
            .filter(|arrival| !arrival.accepted)
            .count();
        // The first leaves at once.
        let ideal = Duration::from_secs_f64((MESSAGES - 1) as f64 / f64::from(RATE)) + handshake;
        table.row(&Row {
            what,
            lexbot: format!("{}, {refused} x 429", time(took.wall)),
            beside: format!("ideal {}", time(ideal)),
            ratio: Some(ratio(took.wall, ideal)),
            target: "1.07, 0 x 429",
        })?;
    }
    Ok(())
}
