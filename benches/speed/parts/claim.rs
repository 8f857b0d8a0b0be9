//! One claim, as a shell script makes it: a process, a connection, a request.

use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;

use anyhow::ensure;

use crate::inputs::message;
use crate::measure::{by_turns, ratio};
use crate::surroundings::Surroundings;
use crate::table::{Row, Table, time};

/// The first argument with which this program makes the system calls of a claim, and nothing else.
pub(crate) const FLOOR: &str = "--floor";

/// Connects to `base_url`, sends a claim, reads the response and prints a line.
pub(crate) fn floor(base_url: &str) -> anyhow::Result<()> {
    let address = base_url.trim_start_matches("http://");
    let body = message(1);
    let body = body.trim_end();
    let request = format!(
        "POST /1/bots/objects/claim HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\n\
         auth-api-token: {}\r\ncontent-length: {}\r\n\r\n{body}",
        Surroundings::token(),
        body.len()
    );
    let mut stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    stream.write_all(request.as_bytes())?;
    let count = stream.read(&mut [0; 4096])?;
    ensure!(count > 0, "no response");
    writeln!(io::stdout(), "201 m_1 claimed")?;
    Ok(())
}

/// Adds a row for each scheme.
pub(crate) fn measure(surroundings: &Surroundings, table: &mut Table) -> anyhow::Result<()> {
    for (scheme, base_url) in surroundings.base_urls() {
        let what = format!("one claim, {scheme}");
        let (Ok(base_url), Some(mut curl)) = (base_url, surroundings.curl()) else {
            table.missing(&what, base_url.err().unwrap_or("there is no curl"))?;
            continue;
        };
        // Without a rate: the next run would wait for its turn.
        let claim = || {
            let mut lexbot = surroundings.lexbot(base_url);
            lexbot.args(
                "claim --object-id m_1 --published-at 1458692752478 --account-id 112233445566 --rate 0"
                    .split(' '),
            );
            lexbot
        };
        curl.args(surroundings.trust_for_curl());
        curl.args([
            "--silent",
            "--output",
            "/dev/null",
            "--write-out",
            "%{http_code}\n",
        ])
        .args(["--header", "Content-Type: application/json", "--header"])
        .arg(format!("Auth-Api-Token: {}", Surroundings::token()))
        .args(["--data", message(1).trim_end()])
        .arg(Surroundings::claim_url(base_url));
        if scheme == "http" {
            let mut floor = surroundings.command(&std::env::current_exe()?);
            floor.arg(FLOOR).arg(base_url);
            let [lexbot, floor] = by_turns(101, [claim(), floor])?;
            table.row(&Row {
                what: "one claim, http, and its system calls alone".to_owned(),
                lexbot: time(lexbot.wall),
                beside: format!("floor {}", time(floor.wall)),
                ratio: Some(ratio(lexbot.wall, floor.wall)),
                target: "2.2",
            })?;
        }
        let [lexbot, curl] = by_turns(101, [claim(), curl])?;
        table.row(&Row {
            what,
            lexbot: time(lexbot.wall),
            beside: format!("curl {}", time(curl.wall)),
            ratio: Some(ratio(lexbot.wall, curl.wall)),
            target: if scheme == "https" { "0.25" } else { "0.35" },
        })?;
    }
    Ok(())
}
