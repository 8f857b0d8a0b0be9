//! The forms of `published_at`, from flags and from messages.

use crate::example::{
    CLAIM, assert_sends, assert_sends_nothing, body, claim_input, line, now_millis,
};
use crate::support::{Reply, Request, Run, Server, lexbot};
use crate::table::rows;

const FORMS: &str =
    "(use epoch milliseconds, ISO 8601 with an offset such as 2017-08-01T05:29:44Z, or now)";

const HOUR: u64 = 3_600_000;

fn claim_at(time: &str) -> Run {
    lexbot(["claim", "--object-id", "m_1", "--account-id", "77"]).args(["--published-at", time])
}

/// Claims a message whose `published_at` is this JSON.
fn claim_of_message_at(json: &str) -> Run {
    claim_input().stdin(line("m_1").replace("1458692752478", json))
}

/// A message body for `m_1` with this JSON as `published_at`.
fn claim_on_the_wire(published_at: &str) -> Request {
    Request::post(CLAIM).json(&body("m_1").replace("1458692752478", published_at))
}

/// A time in a flag and in the input, and what is sent.
const TIMES: &str = r#"
1458692752478                 | 1458692752478
946684800000                  | 946684800000
946684800                     | 946684800000
1458692752                    | 1458692752000
2017-08-01T05:29:44Z          | "2017-08-01T05:29:44Z"
2017-08-01t05:29:44z          | "2017-08-01T05:29:44Z"
2017-08-01T05:29:44.250+00:00 | "2017-08-01T05:29:44.250Z"
2017-08-01T05:29:44+10:00     | "2017-08-01T05:29:44+10:00"
2017-08-01T05:29:44+0000      | "2017-08-01T05:29:44Z"
2017-08-01t05:29:44-0930      | "2017-08-01T05:29:44-09:30"
2017-08-01T05:29:44+00        | "2017-08-01T05:29:44Z"
2017-08-01T05:29Z             | "2017-08-01T05:29:00Z"
20170801T052944Z              | "2017-08-01T05:29:44Z"
20170801T0529+1000            | "2017-08-01T05:29:00+10:00"
2017-08-01T05:29:44,25Z       | "2017-08-01T05:29:44.250Z"
2017-08-01 05:29:44 +10:00    | "2017-08-01T05:29:44+10:00"
1999-12-31T23:59:59-00:01     | "1999-12-31T23:59:59-00:01"
"#;

#[test]
fn every_form_is_accepted_from_flags_and_messages() {
    for [time, on_the_wire] in rows(TIMES) {
        let quoted = format!("\"{time}\"");
        let mut runs = vec![claim_at(time), claim_of_message_at(&quoted)];
        if time.parse::<u64>().is_ok() {
            runs.push(claim_of_message_at(time));
        }
        for run in runs {
            let request = claim_on_the_wire(on_the_wire);
            assert_sends(run.stdout("201 m_1 claimed\n"), request);
        }
    }
}

#[test]
fn now_is_the_time_of_this_machine() {
    for run in [
        claim_at("now"),
        claim_at("NOW"),
        claim_of_message_at(r#""Now""#),
    ] {
        let server = Server::answering([Reply::created()]);
        let before = now_millis();
        run.server(&server).stdout("201 m_1 claimed\n").run();
        let after = now_millis();
        let requests = server.requests();
        let sent: serde_json::Value = serde_json::from_str(requests[0].text()).unwrap();
        let sent = sent["published_at"].as_u64().unwrap();
        assert!((before..=after).contains(&sent), "{before} {sent} {after}");
    }
}

#[test]
fn a_time_less_than_a_day_ahead_is_accepted() {
    let ahead = (now_millis() + 23 * HOUR).to_string();
    assert_sends(
        claim_at(&ahead).stdout("201 m_1 claimed\n"),
        claim_on_the_wire(&ahead),
    );
}

/// What is not a time in a flag, and why.
const NO_TIMES: &str = "
yesterday             | is not a time
                      | is not a time
2017-02-30T05:29:44Z  | is not a time
1458692752.5          | is not a time
99999999999999999999  | is not a time
12345678              | is before the year 2000
946684799999          | is before the year 2000
1999-12-31T23:59:59Z  | is before the year 2000
9999-12-31T23:59:59Z  | is more than a day ahead
";

/// The same for JSON values.
const NO_JSON_TIMES: &str = r#"
"yesterday"           | is not a time
1458692752478.5       | is not a time
-1458692752478        | is before the year 2000
true                  | is not a time
0                     | is before the year 2000
9458692752478         | is more than a day ahead
"#;

/// What is printed for the flag.
fn usage_error(time: &str, problem: &str) -> String {
    format!(
        "error: invalid value {time:?} for '--published-at <TIME>': it {problem}\n\
         hint: lexbot claim --help shows how to use it\n"
    )
}

#[test]
fn other_times_are_refused_with_the_accepted_forms() {
    let ahead = (now_millis() + 25 * HOUR).to_string();
    let ahead = [&*ahead, "is more than a day ahead"];
    for [time, reason] in rows(NO_TIMES).chain([ahead]) {
        let error = usage_error(time, &format!("{reason} {FORMS}"));
        assert_sends_nothing(claim_at(time).code(2).stderr(error));
    }
    for [json, reason] in rows(NO_JSON_TIMES).chain([ahead]) {
        let error = format!("--- line 1: published_at {json} {reason} {FORMS}\n");
        assert_sends_nothing(claim_of_message_at(json).code(1).stdout(error));
    }
}

/// What people write, the time zone, and how the error says to write it.
const LOCAL_TIMES: &str = "
2026-11-24T15:04:05   | SYDNEY    | 2026-11-24T15:04:05+11:00
2026-11-24 15:04      | SYDNEY    | 2026-11-24T15:04:00+11:00
2026-07-24 15:04      | SYDNEY    | 2026-07-24T15:04:00+10:00
20261124T1504         | KATHMANDU | 2026-11-24T15:04:00+05:45
24.11.2026, 15:04     | BERLIN    | 2026-11-24T15:04:00+01:00
24/11/2026 3:04 PM    | UTC       | 2026-11-24T15:04:00Z
11/24/2026 3:04 am    | UTC       | 2026-11-24T03:04:00Z
3/4/2026 15:04        | UTC       | 2026-04-03T15:04:00Z or 2026-03-04T15:04:00Z
4/4/2026 15:04        | UTC       | 2026-04-04T15:04:00Z
Nov 24, 2026 15:04:05 | EST5      | 2026-11-24T15:04:05-05:00
2026-10-25 02:30      | BERLIN    | 2026-10-25T02:30:00+02:00 or 2026-10-25T02:30:00+01:00
24.11.2026            | SYDNEY    | 2026-11-24THH:MM+11:00
24/11/2026            | SYDNEY    | 2026-11-24THH:MM+11:00
03/04/2026            | UTC       | 2026-04-03THH:MM+00:00 or 2026-03-04THH:MM+00:00
2026-11-24            | KATHMANDU | 2026-11-24THH:MM+05:45
20261124              | UTC       | 2026-11-24THH:MM+00:00
";

/// The rules of a zone, which need no files of the system.
fn time_zone(name: &str) -> &str {
    match name {
        "SYDNEY" => "AEST-10AEDT,M10.1.0,M4.1.0/3",
        "BERLIN" => "CET-1CEST,M3.5.0,M10.5.0/3",
        "KATHMANDU" => "<+0545>-5:45",
        other => other,
    }
}

/// Windows has its own setting in place of TZ.
#[cfg(unix)]
#[test]
fn a_local_time_is_refused_with_its_accepted_spelling() {
    for [time, zone, spelling] in rows(LOCAL_TIMES) {
        let zone = time_zone(zone);
        let problem = if spelling.contains("HH") {
            format!("has no time of day (write {spelling})")
        } else {
            format!("has no offset from UTC (in the time zone of this machine: {spelling})")
        };
        assert_sends_nothing(
            claim_at(time)
                .env("TZ", zone)
                .code(2)
                .stderr(usage_error(time, &problem)),
        );
        assert_sends_nothing(
            claim_of_message_at(&format!("{time:?}"))
                .env("TZ", zone)
                .code(1)
                .stdout(format!("--- line 1: published_at {time:?} {problem}\n")),
        );
    }
}
