//! What comes out of the queue when, who waits for whom, and when the run is over.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use super::{MAX_DELAYED, Queue, lock};

/// Pops an item and is done with it.
fn take<T>(queue: &Queue<T>) -> Option<T> {
    let item = queue.pop(|| ())?;
    queue.done();
    Some(item)
}

/// Waits for the end however long it takes.
fn no_grace() -> Option<Duration> {
    None
}

#[test]
fn items_come_out_in_the_order_in_which_they_went_in() {
    let queue = Queue::new(3);
    for item in [1, 2, 3] {
        queue.push(item).unwrap();
    }
    queue.close();
    assert_eq!(
        [take(&queue), take(&queue), take(&queue)],
        [1, 2, 3].map(Some)
    );
    assert_eq!(take(&queue), None);
    assert_eq!(take(&queue), None);
}

#[test]
fn the_reader_waits_for_room() {
    let queue = Queue::new(2);
    let pushed = AtomicUsize::new(0);
    thread::scope(|scope| {
        scope.spawn(|| {
            for item in 0..1000 {
                queue.push(item).unwrap();
                pushed.fetch_add(1, Ordering::SeqCst);
            }
            queue.close();
        });
        for popped in 0.. {
            assert!(pushed.load(Ordering::SeqCst) <= popped + 2);
            let Some(item) = take(&queue) else {
                assert_eq!(popped, 1000);
                break;
            };
            assert_eq!(item, popped);
        }
    });
}

#[test]
fn a_refusal_gives_back_only_what_waits_for_room() {
    let queue = Queue::new(1);
    queue.push("taken in").unwrap();
    thread::scope(|scope| {
        let pushing = scope.spawn(|| queue.push("waits for room"));
        queue.stop(true);
        assert_eq!(pushing.join().unwrap(), Err("waits for room"));
    });
    assert_eq!(queue.push("too late"), Err("too late"));
    queue.close();
    assert_eq!(take(&queue), Some("taken in"));
    assert_eq!(take(&queue), None);
}

#[test]
fn a_close_wakes_waiting_workers() {
    let queue = Queue::<()>::new(1);
    thread::scope(|scope| {
        let waiting = [scope.spawn(|| take(&queue)), scope.spawn(|| take(&queue))];
        queue.close();
        for worker in waiting {
            assert_eq!(worker.join().unwrap(), None);
        }
    });
}

#[test]
fn a_delayed_item_comes_out_when_it_is_due_and_occupies_no_worker() {
    let queue = Queue::new(4);
    let start = Instant::now();
    for item in ["late", "early", "never", "fresh"] {
        queue.push(item).unwrap();
    }
    for due in [20, 10, 3_600_000] {
        let item = queue.pop(|| ()).unwrap();
        queue.delay(item, start + Duration::from_millis(due));
    }
    let mut order = vec![take(&queue).unwrap()];
    order.extend([take(&queue).unwrap(), take(&queue).unwrap()]);
    order.sort_unstable();
    assert_eq!(order, ["early", "fresh", "late"]);
    assert!(start.elapsed() >= Duration::from_millis(20));
}

#[test]
fn delayed_items_come_before_fresh_ones_in_the_order_in_which_they_are_due() {
    let queue = Queue::new(4);
    let past = Instant::now();
    for item in [1, 2, 3] {
        queue.push(item).unwrap();
    }
    for _ in 0..2 {
        let item = queue.pop(|| ()).unwrap();
        queue.delay(item, past);
    }
    assert_eq!([(); 3].map(|()| take(&queue)), [1, 2, 3].map(Some));
}

#[test]
fn a_hurry_makes_delayed_items_due() {
    let queue = Queue::new(2);
    let hour = Duration::from_hours(1);
    for item in [1, 2] {
        queue.push(item).unwrap();
        let item = queue.pop(|| ()).unwrap();
        queue.delay(item, Instant::now() + hour * item);
    }
    thread::scope(|scope| {
        let waiting = scope.spawn(|| [take(&queue), take(&queue)]);
        queue.hurry();
        assert_eq!(waiting.join().unwrap(), [1, 2].map(Some));
    });
}

#[test]
fn a_stop_makes_delayed_items_due_now_and_later() {
    let queue = Queue::new(1);
    queue.push(1).unwrap();
    queue.stop(false);
    let item = queue.pop(|| ()).unwrap();
    queue.delay(item, Instant::now() + Duration::from_hours(1));
    assert_eq!(take(&queue), Some(1));
}

#[test]
fn the_reader_waits_while_too_many_items_are_delayed() {
    let queue = Queue::new(8);
    let far = Instant::now() + Duration::from_hours(1);
    for item in 0..MAX_DELAYED {
        queue.push(item).unwrap();
        let item = queue.pop(|| ()).unwrap();
        queue.delay(item, far);
    }
    thread::scope(|scope| {
        let pushing = scope.spawn(|| queue.push(MAX_DELAYED));
        assert_eq!(lock(&queue.state).delayed.len(), MAX_DELAYED);
        queue.hurry();
        assert_eq!(take(&queue), Some(0));
        pushing.join().unwrap().unwrap();
    });
}

#[test]
fn a_worker_stays_while_another_one_may_delay_its_item() {
    let queue = Queue::new(1);
    queue.push(1).unwrap();
    let item = queue.pop(|| ()).unwrap();
    queue.close();
    thread::scope(|scope| {
        let waiting = scope.spawn(|| take(&queue));
        queue.delay(item, Instant::now());
        assert_eq!(waiting.join().unwrap(), Some(1));
    });
    assert_eq!(take(&queue), None);
}

/// Asserts that `queue` doesn't end before each of `steps` was made.
fn assert_ends_after(
    queue: &Queue<u8>,
    grace: impl Fn() -> Option<Duration> + Send,
    steps: &[&dyn Fn()],
) {
    let (ended, end) = mpsc::channel();
    thread::scope(|scope| {
        scope.spawn(move || {
            queue.wait_for_end(grace);
            ended.send(()).unwrap();
        });
        for step in steps {
            assert_eq!(end.try_recv(), Err(mpsc::TryRecvError::Empty));
            step();
        }
        end.recv_timeout(Duration::from_secs(20)).unwrap();
    });
}

#[test]
fn the_run_is_over_when_nothing_waits_no_worker_is_busy_and_the_reader_is_done() {
    let queue = Queue::new(2);
    queue.push(1).unwrap();
    queue.push(2).unwrap();
    let pop = || {
        queue.pop(|| ()).unwrap();
    };
    let done = || queue.done();
    assert_ends_after(
        &queue,
        no_grace,
        &[
            &|| queue.stop(true),
            &|| queue.close(),
            &pop,
            &pop,
            &done,
            &done,
        ],
    );
}

#[test]
fn a_silent_reader_is_abandoned_after_the_grace_period() {
    let queue = Queue::new(2);
    queue.push(1).unwrap();
    queue.pop(|| ()).unwrap();
    assert_ends_after(&queue, || Some(Duration::ZERO), &[&|| queue.done()]);
    assert_eq!(queue.push(2), Err(2));
    assert_eq!(take(&queue), None);
}

#[test]
fn the_grace_period_can_begin_while_the_end_is_waited_for() {
    let queue = Queue::<u8>::new(1);
    let grace = AtomicUsize::new(0);
    assert_ends_after(
        &queue,
        || (grace.load(Ordering::SeqCst) > 0).then_some(Duration::ZERO),
        &[&|| {
            grace.store(1, Ordering::SeqCst);
            queue.wake();
        }],
    );
}
