//! The exit code of a run, and which takes precedence if several apply: 4, then 5, then 1.

use crate::example::{claim_input, line};
use crate::support::{Reply, Server};
use crate::table::rows;

/// The statuses that the messages of a run get, or `invalid` for one that is never sent; and the exit code.
///
/// A refused token comes last: the run may stop there.
const RUNS: &str = "
201                     | 0
400                     | 1
invalid                 | 1
401                     | 4
503                     | 5
201 201                 | 0
invalid 201             | 1
201 invalid             | 1
400 invalid 201         | 1
invalid 400             | 1
503 400 invalid         | 5
invalid 400 503         | 5
201 invalid 400 503 401 | 4
";

#[test]
fn the_worst_result_decides() {
    for [results, code] in rows(RUNS) {
        let statuses = results.split(' ').filter_map(|status| status.parse().ok());
        let server = Server::answering(statuses.map(|status| Reply::status(status, "Whatever")));
        let input = results.split(' ').map(|result| match result {
            "invalid" => "garbage\n".to_owned(),
            _ => line("m_1") + "\n",
        });
        claim_input()
            .stdin(input.collect::<String>())
            .server(&server)
            .any_output()
            .code(code.parse().unwrap())
            .run();
        server.ignore_requests();
    }
}
