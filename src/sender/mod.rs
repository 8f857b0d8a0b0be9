//! Sends one message: makes an attempt when the rate limit allows it, and says when the next one may help.

mod backoff;

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use crate::client::{Cause, Client, DepartureGate, NotDeparted, RequestError, Response};
use crate::env::Environment;
use crate::handed_over::HandedOver;
use crate::message::Message;
use crate::message_result::outcome_of;
use crate::outcome::Outcome;
use crate::output::{
    Console, Progress, Status, Target, print_request, print_response, response_text,
};
use crate::rate_limit::{RateLimit, SharedState};
use crate::run_activity::{Activity, AttemptEnd, Now, Phase};
use crate::settings::{Settings, cache_directory};
use crate::shutdown::Shutdown;
use backoff::{backoff, retry_after};

/// How often in a row a server may close a connection before a request leaves on it. Nothing was sent, so this doesn't
/// count as an attempt; one more time does.
const MAX_CLOSED: u32 = 5;

/// What the command line says about sending, apart from the settings.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SenderConfig {
    /// The limit of this process in requests a second, if there is one; 0: no limit at all.
    pub(crate) rate: Option<f64>,
    /// How many requests at once.
    pub(crate) jobs: u16,
    /// How many further attempts after the first.
    pub(crate) retries: u32,
    /// Whether to print each request and response.
    pub(crate) verbose: bool,
    /// Whether to leave out notices.
    pub(crate) quiet: bool,
}

/// Sends messages to Lexer. Several threads share one.
#[derive(Debug)]
pub(crate) struct Sender {
    /// The connection to Lexer.
    pub(crate) client: Client,
    /// Decides when a request may leave, and whether it still may.
    pub(crate) gate: Arc<Gate>,
    /// What the command line says.
    pub(crate) config: SenderConfig,
    console: Console,
    /// Why the run stops, if it does.
    pub(crate) shutdown: Arc<Shutdown>,
}

/// Decides when a request may leave: when its turn has come, unless its customer was handed over meanwhile.
#[derive(Debug)]
pub(crate) struct Gate {
    /// When requests may leave.
    pub(crate) rate_limit: RateLimit,
    handed_over: Option<HandedOver>,
    /// What the run is doing.
    pub(crate) activity: Arc<Activity>,
}

impl DepartureGate for Gate {
    fn connected(&self, time: Duration) {
        self.rate_limit.record_connection(time);
    }

    fn depart(&self) -> Result<(), NotDeparted> {
        self.activity.enter(Phase::Turn);
        self.rate_limit.depart()?;
        let list = self.handed_over.as_ref();
        if list.is_some_and(HandedOver::contains_current) {
            return Err(NotDeparted::Withdrawn);
        }
        self.activity.enter(Phase::Response);
        Ok(())
    }
}

/// How the attempts to send a message went so far.
#[derive(Debug, Default)]
pub(crate) struct Attempts {
    /// The response to the last attempt, or its error.
    pub(crate) last: Option<Result<Response, RequestError>>,
    /// The number of attempts.
    pub(crate) count: u32,
    /// From the start of the first attempt to the end of the last, without the time that the first waited for its turn.
    pub(crate) elapsed: Duration,
    /// Whether the last attempt ended an outage. Messages that wait for another attempt are then due at once.
    pub(crate) ended_outage: bool,
    started: Option<Instant>,
    /// When the request of the last attempt left, if it did.
    departed: Option<SystemTime>,
}

/// What to do after an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// Nothing more: the result is known, or the run stops.
    Report,
    /// Another attempt after this time.
    RetryAfter(Duration),
    /// A person took over the conversation before the attempt was made.
    HandedOver,
}

impl Sender {
    /// Prepares to send with `settings`, until `shutdown`. Asks for the token, which may run a command. Messages of
    /// customers in `handed_over` are not sent.
    pub(crate) fn new(
        config: SenderConfig,
        handed_over: Option<HandedOver>,
        settings: &Settings,
        environment: &Environment,
        console: Console,
        shutdown: Arc<Shutdown>,
    ) -> anyhow::Result<Self> {
        let client_id = settings.client_id()?;
        let token = settings.token()?;
        if let Some(warning) = token.warning() {
            console.warning(warning);
        }
        let cache = cache_directory(environment)?;
        let state = SharedState::new(cache.as_deref(), settings.base_url.value.as_str(), &token);
        let rate_limit = RateLimit::new(
            settings.rate.value,
            config.rate,
            state,
            Arc::clone(&shutdown),
            console,
        );
        let gate = Arc::new(Gate {
            rate_limit,
            handed_over,
            activity: Arc::default(),
        });
        let client = Client::new(
            &settings.base_url.value,
            client_id,
            token,
            settings.timeout.value,
            config.jobs.into(),
            environment,
            Arc::clone(&gate) as _,
        )?;
        Ok(Sender {
            client,
            gate,
            config,
            console,
            shutdown,
        })
    }

    /// Tells the user what the run waits for, and shows its `progress` if there is one, until the result is dropped.
    /// Returns `None` if the run is quiet.
    pub(crate) fn watch(&self, is_batch: bool, progress: Option<Arc<Progress>>) -> Option<Status> {
        if self.config.quiet {
            return None;
        }
        let target = Target {
            host: self.client.host.clone(),
            timeout: self.client.timeout,
            attempts: self.config.retries.saturating_add(1),
            is_batch,
        };
        let gate = Arc::clone(&self.gate);
        let now = move || Now {
            paused_until: gate.rate_limit.paused_until(),
            ..gate.activity.now()
        };
        Some(Status::start(self.console, now, target, progress))
    }

    /// Sends `message` to the end: makes attempts until the result is known or the run stops.
    pub(crate) fn send(&self, message: &Message) -> Attempts {
        let mut attempts = Attempts::default();
        loop {
            match self.attempt(message, &mut attempts) {
                Next::RetryAfter(wait) if self.shutdown.sleep(wait) => {}
                _ => return attempts,
            }
        }
    }

    /// Makes an attempt, which may have been announced to the rate limit before.
    pub(crate) fn attempt(&self, message: &Message, attempts: &mut Attempts) -> Next {
        self.gate.activity.begin(attempts.count + 1);
        attempts.ended_outage = false;
        let sent = self.request(message, attempts);
        self.gate.rate_limit.withdraw();
        let last = match sent {
            Ok(last) => last,
            Err(next) => {
                self.gate.activity.cancel();
                return next;
            }
        };
        attempts.count += 1;
        let outcome = outcome_of(&last);
        let may_help = match &last {
            Ok(_) => outcome == Outcome::Unavailable,
            Err(error) => error.cause.is_retryable(),
        };
        let asked_for = asked_for(&last).unwrap_or_default();
        let wait = backoff(attempts.count, fastrand::f64()).max(asked_for);
        let end = match &last {
            Ok(response) if response.status == 429 => AttemptEnd::Throttled,
            _ if outcome.is_failure() => AttemptEnd::Failure,
            _ => AttemptEnd::Final,
        };
        if end == AttemptEnd::Throttled {
            let departed = attempts.departed.unwrap_or_else(SystemTime::now);
            let lowered = self.gate.rate_limit.throttle(departed, asked_for);
            if let Some(rate) = lowered.filter(|_| !self.config.quiet) {
                self.console.notice(&format!(
                    "429: now {rate:.1} requests a second; is the token used elsewhere?"
                ));
            }
        }
        let retries =
            may_help && attempts.count <= self.config.retries && self.shutdown.reason().is_none();
        attempts.ended_outage = self
            .gate
            .activity
            .end(end, retries.then_some(wait), || self.cause(&last));
        attempts.last = Some(last);
        if retries {
            Next::RetryAfter(wait)
        } else {
            Next::Report
        }
    }

    /// Why an attempt failed.
    fn cause(&self, last: &Result<Response, RequestError>) -> String {
        match last {
            Ok(response) => {
                let (host, status) = (&self.client.host, response.status);
                format!("{host} answered {status} {}", response_text(response))
            }
            Err(error) => error.message.clone(),
        }
    }

    /// Sends a request when its turn comes. The error says what to do if the run stops first, or if the message is no
    /// longer to be sent.
    fn request(
        &self,
        message: &Message,
        attempts: &mut Attempts,
    ) -> Result<Result<Response, RequestError>, Next> {
        if let Some(list) = &self.gate.handed_over {
            HandedOver::set_current(message.customer_to_claim());
            if list.contains_current() {
                return Err(Next::HandedOver);
            }
        }
        let mut closed = 0;
        let mut is_printed = false;
        loop {
            if !self.gate.rate_limit.approach() {
                return Err(Next::Report);
            }
            let request = self.client.request(message.action, &message.body);
            if self.config.verbose && !is_printed {
                print_request(self.console, &request, &self.client.token);
                is_printed = true;
            }
            let start = Instant::now();
            self.gate.activity.enter(Phase::Connection);
            let (sent, departure) = self.client.send(request);
            match sent.as_ref().map_err(|error| error.cause) {
                Err(Cause::NotSent(NotDeparted::Stopped)) => return Err(Next::Report),
                Err(Cause::NotSent(NotDeparted::Withdrawn)) => return Err(Next::HandedOver),
                Err(Cause::NotSent(NotDeparted::Later)) => continue,
                Err(Cause::NotSent(NotDeparted::Closed)) if closed < MAX_CLOSED => {
                    closed += 1;
                    self.gate.activity.enter(Phase::Turn);
                    continue;
                }
                Err(Cause::HostNotFound | Cause::NotConnected) => {
                    self.gate.rate_limit.record_no_connection();
                }
                _ => {}
            }
            let waited = departure.map_or(Duration::ZERO, |departure| departure.waited);
            attempts.departed = departure.map(|departure| departure.at);
            let started = *attempts.started.get_or_insert(start + waited);
            attempts.elapsed = started.elapsed();
            if self.config.verbose {
                let response = sent.as_ref().map_err(|error| error.message.as_str());
                let elapsed = start.elapsed().saturating_sub(waited);
                print_response(self.console, response, elapsed);
            }
            return Ok(sent);
        }
    }
}

/// How long the server asks to wait.
fn asked_for(last: &Result<Response, RequestError>) -> Option<Duration> {
    let mut headers = last.as_ref().ok()?.headers.iter();
    let (_, value) = headers.find(|(name, _)| name == "retry-after")?;
    retry_after(value, SystemTime::now())
}
