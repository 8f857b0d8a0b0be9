use std::time::{Duration, Instant};

use super::{Target, Waiting, Words};
use crate::output::text::duration;
use crate::run_activity::{Attempt, Failed, Now, Phase};

/// A run that starts at second 0.
struct Run {
    start: Instant,
    now: Now,
    waiting: Waiting,
}

impl Run {
    fn new(is_batch: bool) -> Self {
        Run {
            start: Instant::now(),
            now: Now::default(),
            waiting: Waiting::new(Target {
                host: "lexer".to_owned(),
                timeout: Duration::from_secs(30),
                attempts: 4,
                is_batch,
            }),
        }
    }

    fn at(&self, second: f64) -> Instant {
        self.start + Duration::from_secs_f64(second)
    }

    /// An attempt waits for this from `second` on.
    fn attempt(&mut self, number: u32, phase: Phase, second: f64) {
        self.now.attempts = vec![Attempt::new(number, phase, self.at(second))];
    }

    fn words(&mut self, second: f64) -> Words {
        self.waiting.words(&self.now, self.at(second))
    }

    /// What a log shows at the end of each of these seconds.
    fn log(&mut self, seconds: std::ops::RangeInclusive<u32>) -> Vec<String> {
        let words = seconds.flat_map(|second| {
            let words = self.words(f64::from(second));
            let lines = words.event.into_iter().chain(words.line);
            lines.map(move |line| format!("{second}: {line}"))
        });
        words.collect()
    }
}

#[test]
fn a_silent_server_is_named_after_two_seconds_and_then_every_minute() {
    let mut run = Run::new(false);
    run.attempt(2, Phase::Response, 0.0);
    assert_eq!(run.words(1.9), Words::default());
    assert_eq!(
        run.log(0..=181),
        [2, 62, 122].map(|second| {
            let time = duration(Duration::from_secs(second));
            format!("{second}: waiting for lexer for {time} (attempt 2 of 4)")
        })[..]
    );
    // Another attempt is news.
    run.attempt(3, Phase::Response, 182.0);
    assert_eq!(
        run.log(182..=185),
        ["184: waiting for lexer for 2 s (attempt 3 of 4)"]
    );
}

#[test]
fn a_run_with_responses_waits_for_nothing() {
    let mut run = Run::new(true);
    run.attempt(1, Phase::Response, 0.0);
    run.now.last_end = Some(run.at(9.0));
    assert_eq!(run.words(10.9), Words::default());
    assert_eq!(
        run.words(11.0).live,
        "waiting for lexer for 11 s (attempt 1 of 4)"
    );
}

#[test]
fn each_kind_of_wait_has_its_words() {
    let mut run = Run::new(false);
    run.attempt(1, Phase::Connection, 0.0);
    assert_eq!(
        run.words(3.0).live,
        "waiting for a connection to lexer for 3 s (attempt 1 of 4)"
    );
    run.attempt(1, Phase::Turn, 0.0);
    assert_eq!(
        run.words(3.0).live,
        "waiting for the rate limit for 3 s (attempt 1 of 4)"
    );
    // A silent server is worse news than a turn that is waited for longer.
    let silent = Attempt::new(2, Phase::Response, run.at(0.5));
    run.now.attempts.extend([silent.clone(), silent]);
    assert_eq!(
        run.words(3.0).live,
        "waiting for lexer for 2 s (2 requests, attempt 2 of 4)"
    );
    run.now = Now {
        delayed: 1,
        failed: Some(Failed {
            cause: "lexer refused the connection".to_owned(),
            next: 3,
            due: run.at(7.0),
        }),
        ..Now::default()
    };
    assert_eq!(
        run.words(3.0).live,
        "waiting to try again in 4 s (attempt 3 of 4): lexer refused the connection"
    );
    run.now.last_end = Some(run.at(2.9));
    assert_eq!(run.words(3.0), Words::default());
    // Attempts that fail quickly are no better than those that get no response.
    run.now.outage = Some((run.at(0.0), "lexer refused the connection".to_owned()));
    assert_ne!(run.words(3.0), Words::default());
    run.now.delayed = 0;
    assert_eq!(run.words(3.0), Words::default());
}

#[test]
fn an_outage_has_a_start_a_line_a_minute_and_an_end() {
    let mut run = Run::new(true);
    run.now.delayed = 12;
    run.now.outage = Some((run.at(0.0), "lexer answered 503 Down".to_owned()));
    assert_eq!(
        run.log(0..=70),
        [
            "2: outage for 2 s, 12 messages waiting: lexer answered 503 Down",
            "62: outage for 1 min 2 s, 12 messages waiting"
        ]
    );
    assert_eq!(
        run.words(71.0).live,
        "outage for 1 min 11 s, 12 messages waiting: lexer answered 503 Down"
    );
    // While nothing waits, nothing is said.
    run.now.delayed = 0;
    assert_eq!(run.log(72..=200), [""; 0]);
    run.now.outage = None;
    run.now.last_final = Some(run.at(200.0));
    assert_eq!(run.log(200..=210), ["200: outage over after 3 min 20 s"]);
}

#[test]
fn a_short_outage_is_not_worth_a_word() {
    let mut run = Run::new(true);
    run.now.delayed = 1;
    run.now.outage = Some((run.at(0.0), "lexer answered 503 Down".to_owned()));
    assert_eq!(run.log(0..=1), [""; 0]);
    run.now = Now {
        last_final: Some(run.at(1.5)),
        ..Now::default()
    };
    assert_eq!(run.log(2..=9), [""; 0]);
}

#[test]
fn a_signal_says_once_what_is_pending_and_for_how_long() {
    let mut run = Run::new(true);
    run.attempt(1, Phase::Response, 0.0);
    let connecting = Attempt::new(1, Phase::Connection, run.at(0.0));
    let waiting = Attempt::new(1, Phase::Turn, run.at(0.0));
    run.now.attempts.extend([connecting, waiting]);
    run.now.is_stopping = true;
    assert_eq!(
        run.log(5..=29),
        ["5: stopping: 2 responses pending (at most 25 s); a second signal exits at once"]
    );
    run.now.attempts.clear();
    assert_eq!(run.words(10.0), Words::default());
}
