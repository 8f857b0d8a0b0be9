//! One claim, as in a shell script: a process, a connection, a request.

use crate::inputs::message;
use crate::measure::{by_turns, ratio};
use crate::surroundings::Surroundings;
use crate::table::{Row, Table, time};

/// Adds a row for each scheme.
pub(crate) fn measure(surroundings: &Surroundings, table: &mut Table) -> anyhow::Result<()> {
    for (scheme, base_url) in surroundings.base_urls() {
        let what = format!("one claim, {scheme}");
        let (Ok(base_url), Some(mut curl)) = (base_url, surroundings.curl()) else {
            table.missing(&what, base_url.err().unwrap_or("there is no curl"))?;
            continue;
        };
        // With a rate limit, the next run would wait for its turn.
        let mut lexbot = surroundings.lexbot(base_url);
        lexbot.args(
            "claim --object-id m_1 --published-at 1458692752478 --account-id 112233445566 --rate 0"
                .split(' '),
        );
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
        let [lexbot, curl] = by_turns(101, [lexbot, curl])?;
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
