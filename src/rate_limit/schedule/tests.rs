//! The schedule of one token, and a simulation of machines that share one without knowing of each other.

use std::collections::VecDeque;
use std::time::Duration;

use proptest::prelude::*;

use super::{MAX_JITTER, MAX_LATENESS, MAX_PAUSE, State, Turn, interval};

const RATE: f64 = 10.0;
const NOW: Duration = Duration::from_secs(1_767_323_045);

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// Reserves a slot at `now`, which must not be paused.
fn slot(state: &mut State, now: Duration) -> Duration {
    match state.reserve(now, RATE) {
        Turn::At(slot) => slot,
        Turn::PausedUntil(time) => panic!("paused until {time:?}"),
    }
}

#[test]
fn the_first_request_leaves_at_once_and_so_does_one_after_a_while() {
    let mut state = State::default();
    assert_eq!(slot(&mut state, NOW), NOW);
    let later = NOW + ms(5000);
    assert_eq!(slot(&mut state, later), later);
}

#[test]
fn slots_are_an_interval_apart() {
    let mut state = State::default();
    let interval = interval(RATE);
    assert_eq!(interval, Duration::from_micros(105_200));
    for number in 0..20 {
        assert_eq!(slot(&mut state, NOW), NOW + interval * number);
    }
}

#[test]
fn a_small_delay_does_not_move_the_schedule_and_a_long_one_does() {
    let mut state = State::default();
    let first = slot(&mut state, NOW);
    let second = first + interval(RATE);
    assert_eq!(slot(&mut state, second + MAX_LATENESS), second);
    let late = second + interval(RATE) + ms(3);
    assert_eq!(slot(&mut state, late), late);
}

#[test]
fn a_late_request_moves_the_schedule_unless_another_process_has_the_next_slot() {
    let mut state = State::default();
    let first = slot(&mut state, NOW);
    let reserved = state;
    let late = first + ms(50);
    assert!(state.confirm(first, &reserved, late, MAX_LATENESS));
    assert_eq!(slot(&mut state, late), late + interval(RATE));

    let mut state = State::default();
    let first = slot(&mut state, NOW);
    let reserved = state;
    slot(&mut state, NOW);
    assert!(!state.confirm(first, &reserved, late, MAX_LATENESS));
    assert!(state.confirm(first, &reserved, first + MAX_LATENESS, MAX_LATENESS));
    assert!(state.confirm(first, &reserved, late, MAX_JITTER));
}

#[test]
fn a_process_without_a_limit_leaves_the_slots_of_others_alone() {
    let mut state = State::default();
    let slots = [slot(&mut state, NOW), slot(&mut state, NOW)];
    assert_eq!(state.reserve(NOW, 0.0), Turn::At(NOW));
    assert_eq!(slot(&mut state, NOW), slots[1] + interval(RATE));
}

#[test]
fn a_low_rate_keeps_its_interval() {
    assert_eq!(interval(0.02), Duration::from_millis(50_052));
    assert_eq!(interval(0.0), Duration::ZERO);
    assert_eq!(interval(f64::MIN_POSITIVE), Duration::from_hours(24 * 365));
}

#[test]
fn after_the_clock_was_set_back_no_request_waits_for_the_old_time() {
    for (last, written) in [
        (NOW + ms(60_000), NOW + ms(60_000)),
        (NOW * 2, Duration::ZERO),
    ] {
        let mut state = State {
            last,
            written,
            ..State::default()
        };
        assert_eq!(slot(&mut state, NOW), NOW);
    }
    let mut state = State {
        paused_until: NOW + MAX_PAUSE + ms(1),
        ..State::default()
    };
    assert_eq!(slot(&mut state, NOW), NOW);
}

#[test]
fn a_429_pauses_and_the_schedule_starts_afresh() {
    let mut state = State::default();
    let first = slot(&mut state, NOW);
    let reserved = state;
    assert!(state.throttle(first, NOW + ms(100), ms(1000)));
    let end = NOW + ms(1100);
    assert_eq!(state.reserve(NOW + ms(1099), RATE), Turn::PausedUntil(end));
    // A slot that was reserved before the pause is void, also after it.
    assert!(!state.confirm(first, &reserved, NOW + ms(200), MAX_LATENESS));
    assert!(!state.confirm(first, &reserved, end + ms(1), MAX_LATENESS));
    assert_eq!(slot(&mut state, end), end);
}

#[test]
fn a_pause_lowers_the_rate_once_and_it_recovers_steadily() {
    let mut state = State::default();
    let departures = [0, 10, 20].map(|millis| NOW + ms(millis));
    let lowered = departures.map(|departed| state.throttle(departed, NOW + ms(50), ms(1000)));
    assert_eq!(lowered, [true, false, false]);
    let now = NOW + ms(1050);
    assert!((state.factor(now) - 2.0 / 3.0).abs() < 1e-9);
    let factors = [0, 5, 10, 15, 20].map(|seconds| state.factor(now + ms(seconds * 1000)));
    assert!(factors.is_sorted(), "{factors:?}");
    assert!(factors[3] < 1.0 && factors[4] >= 1.0, "{factors:?}");
}

#[test]
fn however_many_pauses_a_hundredth_of_the_rate_is_left() {
    let mut state = State::default();
    for second in 0..100 {
        let now = NOW + ms(second);
        state.throttle(now, now, ms(0));
    }
    assert!((state.factor(NOW + ms(99)) - 0.01).abs() < 1e-3);
}

#[test]
fn two_records_of_one_token_become_one() {
    let mut one = State::default();
    slot(&mut one, NOW);
    let mut other = State::default();
    slot(&mut other, NOW + ms(10));
    other.throttle(NOW + ms(10), NOW + ms(20), ms(1000));
    one.merge(&other);
    assert_eq!(one, other);
    let mut empty = State::default();
    empty.merge(&one);
    assert_eq!(empty, one);
}

/// A server that accepts at most ten requests in any one second, and refuses the others.
#[derive(Default)]
struct StrictServer {
    accepted: VecDeque<Duration>,
}

impl StrictServer {
    fn accepts(&mut self, now: Duration) -> bool {
        while self
            .accepted
            .front()
            .is_some_and(|first| *first + ms(1000) <= now)
        {
            self.accepted.pop_front();
        }
        let accepts = self.accepted.len() < 10;
        if accepts {
            self.accepted.push_back(now);
        }
        accepts
    }
}

proptest! {
    #![proptest_config(crate::proptest_config::config())]

    #[test]
    fn no_second_has_a_request_too_many(lateness in prop::collection::vec(0_u64..2000, 12..80), jitter in prop::collection::vec(0_u64..50_000, 80), pauses in prop::collection::vec(0_u64..400, 80)) {
        let mut state = State::default();
        let mut server = StrictServer::default();
        let mut now = NOW;
        let mut arrivals = Vec::new();
        for (number, late) in lateness.into_iter().enumerate() {
            // Sometimes a request comes late, and nothing may be made up for.
            if pauses[number] > 390 {
                now += ms(pauses[number]);
            }
            let slot = slot(&mut state, now);
            now = now.max(slot) + Duration::from_micros(late);
            let reserved = state;
            prop_assert!(state.confirm(slot, &reserved, now, MAX_LATENESS));
            arrivals.push(now + Duration::from_micros(jitter[number]));
        }
        arrivals.sort();
        for arrival in arrivals {
            prop_assert!(server.accepts(arrival));
        }
    }

    /// Whatever the shared file says, no request waits for longer than a thousand processes could take.
    #[test]
    fn no_state_makes_a_request_wait_for_ever(times in prop::array::uniform5(any::<u64>()), lowered in -10.0_f64..10.0, now in 0_u64..1 << 62, rate in 0.1_f64..1000.0) {
        let [last, written, paused_at, paused_until, lowered_until] = times.map(Duration::from_nanos);
        let now = Duration::from_nanos(now);
        let mut state = State { last, written, paused_at, paused_until, lowered, lowered_until };
        let (Turn::At(time) | Turn::PausedUntil(time)) = state.reserve(now, rate);
        prop_assert!(time <= now + MAX_PAUSE + interval(rate * 0.01) * 1001, "{:?}", time);
    }

    #[test]
    fn a_throttled_schedule_never_panics(times in prop::array::uniform5(any::<u64>()), lowered in -10.0_f64..10.0, now in 0_u64..1 << 62, departed in any::<u64>(), pause in any::<u64>()) {
        let [last, written, paused_at, paused_until, lowered_until] = times.map(Duration::from_nanos);
        let mut state = State { last, written, paused_at, paused_until, lowered, lowered_until };
        let now = Duration::from_nanos(now);
        state.throttle(Duration::from_nanos(departed), now, Duration::from_nanos(pause));
        prop_assert!((0.01..=1.0).contains(&state.factor(now)));
    }
}

/// A machine with messages to send and a schedule of its own.
struct Machine {
    state: State,
    left: u32,
    next: Duration,
    reserved: Option<(Duration, State)>,
    attempts: u32,
    /// The requests on their way: when their responses arrive, when they left, and whether they were accepted.
    awaited: Vec<(Duration, Duration, bool)>,
    /// For each attempt of the second half, whether it was accepted.
    second_half: Vec<bool>,
    finished: Duration,
    total: u32,
}

/// The results of a simulation.
#[derive(Debug)]
struct Simulated {
    /// The part of the responses in the second half of the messages that are 429.
    refused: f64,
    /// The part of the server's limit that is used while all machines have messages.
    used: f64,
    /// The slowest machine's rate as a part of the fastest one's.
    fairness: f64,
}

/// The next thing that happens on any machine: a departure, or a response.
fn next_event(fleet: &[Machine]) -> Option<(usize, bool, Duration)> {
    let events = fleet.iter().enumerate().flat_map(|(index, machine)| {
        let departure = (machine.left > 0).then_some((index, false, machine.next));
        let response = machine.awaited.iter().map(|awaited| awaited.0).min();
        departure
            .into_iter()
            .chain(response.map(|time| (index, true, time)))
    });
    events.min_by_key(|(_, _, time)| *time)
}

/// Lets `machines` send `messages` each to a strict server. `random` gives numbers from 0 to 1.
fn simulate(machines: usize, messages: u32, random: &mut dyn FnMut() -> f64) -> Simulated {
    const LATENCY: Duration = Duration::from_millis(60);
    let mut server = StrictServer::default();
    let mut fleet: Vec<Machine> = (0..machines)
        .map(|_| Machine {
            state: State::default(),
            left: messages,
            next: NOW + LATENCY.mul_f64(random()),
            reserved: None,
            attempts: 0,
            awaited: Vec::new(),
            second_half: Vec::new(),
            finished: Duration::ZERO,
            total: messages,
        })
        .collect();
    let mut accepted = Vec::new();
    while let Some((index, is_response, now)) = next_event(&fleet) {
        let machine = &mut fleet[index];
        if is_response {
            let position = machine.awaited.iter().position(|awaited| awaited.0 == now);
            let (_, departed, is_accepted) = machine.awaited.swap_remove(position.unwrap());
            if machine.left < machine.total / 2 {
                machine.second_half.push(is_accepted);
            }
            if is_accepted {
                machine.finished = now;
            } else {
                machine.left += 1;
                let spread = interval(RATE).mul_f64(random());
                machine.state.throttle(departed, now, ms(1000) + spread);
                machine.next = machine.next.max(now);
            }
            continue;
        }
        let (slot, reserved) = match machine.reserved.take() {
            Some(reserved) => reserved,
            None => match machine.state.reserve(now, RATE) {
                Turn::PausedUntil(time) => {
                    machine.next = time;
                    continue;
                }
                Turn::At(slot) => (slot, machine.state),
            },
        };
        if slot > now {
            machine.next = slot;
            machine.reserved = Some((slot, reserved));
            continue;
        }
        if !machine.state.confirm(slot, &reserved, now, MAX_LATENESS) {
            continue;
        }
        machine.left -= 1;
        machine.attempts += 1;
        let delay = LATENCY / 2 + MAX_JITTER.mul_f64(random());
        let is_accepted = server.accepts(now + delay);
        if is_accepted {
            accepted.push((now, index));
        }
        let response = now + delay + LATENCY / 2;
        machine.awaited.push((response, now, is_accepted));
    }
    let first_done = fleet.iter().map(|machine| machine.finished).min().unwrap();
    let busy: Vec<usize> = accepted
        .iter()
        .filter(|(time, _)| *time <= first_done)
        .map(|(_, index)| *index)
        .collect();
    let share = |index: usize| busy.iter().filter(|other| **other == index).count();
    let shares: Vec<usize> = (0..machines).map(share).collect();
    let responses: Vec<bool> = fleet
        .iter()
        .flat_map(|machine| machine.second_half.clone())
        .collect();
    let refused = responses.iter().filter(|accepted| !**accepted).count();
    let float = |count: usize| f64::from(u32::try_from(count).unwrap());
    Simulated {
        refused: float(refused) / float(responses.len()),
        used: float(busy.len()) / first_done.saturating_sub(NOW).as_secs_f64() / RATE,
        fairness: float(*shares.iter().min().unwrap()) / float(*shares.iter().max().unwrap()),
    }
}

#[test]
fn machines_that_share_a_token_without_knowing_converge() {
    for (machines, max_refused, min_used, min_fairness) in [
        (1, 0.0, 0.9, 1.0),
        (2, 0.1, 0.6, 0.4),
        (5, 0.1, 0.6, 0.35),
        (20, 0.3, 0.6, 0.3),
    ] {
        for seed in 0..4 {
            let mut random = fastrand::Rng::with_seed(seed);
            let result = simulate(machines, 300, &mut || random.f64());
            assert!(result.refused <= max_refused, "{machines}: {result:?}");
            assert!(result.used >= min_used, "{machines}: {result:?}");
            assert!(result.fairness >= min_fairness, "{machines}: {result:?}");
        }
    }
}
