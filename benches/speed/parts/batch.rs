//! Many messages, 16 at once and without a rate limit: time and processor time compared with `curl --parallel` and
//! with a plain shell loop.

use std::fs;
use std::process::Command;
use std::time::Duration;

use crate::inputs::{self, message};
use crate::measure::{by_turns, ratio, run};
use crate::surroundings::Surroundings;
use crate::table::{Row, Table, time};

/// How many messages.
const MANY: usize = 20_000;

/// How many of them the loop sends. Its time is scaled, because all of them would take minutes.
const FEW: usize = 200;

/// The loop. $1 is the URL, $2 the token; the other arguments are curl's options.
const LOOP: &str = r#"url=$1 token=$2; shift 2
while IFS= read -r body; do
    curl "$@" --silent --output /dev/null --write-out '%{http_code}\n' --header 'Content-Type: application/json' \
        --header "Auth-Api-Token: $token" --data "$body" "$url"
done"#;

/// Adds the rows for each scheme.
pub(crate) fn measure(surroundings: &Surroundings, table: &mut Table) -> anyhow::Result<()> {
    let messages = surroundings.path("messages");
    inputs::write(&messages, MANY, message)?;
    inputs::write(&surroundings.path("few"), FEW, message)?;
    for (scheme, base_url) in surroundings.base_urls() {
        let what = format!("{MANY} messages, 16 at once, {scheme}");
        let (Ok(base_url), Some(mut curl)) = (base_url, surroundings.curl()) else {
            table.missing(&what, base_url.err().unwrap_or("there is no curl"))?;
            continue;
        };
        let mut lexbot = surroundings.lexbot(base_url);
        lexbot.args(["claim", "--rate", "0", "--jobs", "16", "--input"]);
        lexbot.arg(&messages);
        let config = surroundings.path("curl.config");
        let url = Surroundings::claim_url(base_url);
        fs::write(
            &config,
            inputs::curl_config(&url, Surroundings::token(), surroundings.trusted(), MANY),
        )?;
        curl.args(["--parallel", "--parallel-max", "16", "--config"]);
        curl.arg(&config);
        let [lexbot, curl] = by_turns(3, [lexbot, curl])?;
        let https = scheme == "https";
        table.row(&Row {
            what: what.clone(),
            lexbot: time(lexbot.wall),
            beside: format!("curl --parallel {}", time(curl.wall)),
            ratio: Some(ratio(lexbot.wall, curl.wall)),
            target: if https { "0.60" } else { "0.40" },
        })?;
        if let (Some(own), Some(curls)) = (lexbot.cpu, curl.cpu) {
            let each = |cpu: Duration| time(cpu.div_f64(MANY as f64));
            table.row(&Row {
                what: "  user and system time a message".to_owned(),
                lexbot: each(own),
                beside: format!("curl --parallel {}", each(curls)),
                ratio: Some(ratio(own, curls)),
                target: if https { "-" } else { "0.45" },
            })?;
        }
        let looped = run(&mut shell_loop(surroundings, &url)?)?
            .wall
            .mul_f64(MANY as f64 / FEW as f64);
        table.row(&Row {
            what: format!("  a loop over curl, scaled from {FEW}"),
            lexbot: time(lexbot.wall),
            beside: format!("loop {}", time(looped)),
            ratio: Some(ratio(lexbot.wall, looped)),
            target: "-",
        })?;
    }
    Ok(())
}

fn shell_loop(surroundings: &Surroundings, url: &str) -> std::io::Result<Command> {
    let mut shell = surroundings.command("sh".as_ref());
    shell
        .args(["-c", LOOP, "sh", url, Surroundings::token()])
        .args(surroundings.trust_for_curl())
        .stdin(fs::File::open(surroundings.path("few"))?);
    Ok(shell)
}
