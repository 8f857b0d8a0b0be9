//! Who waits for whom, and when the run is over.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::Queue;

/// Silence is no reason to end.
fn patient() -> Option<Duration> {
    None
}

#[test]
fn items_come_out_as_they_went_in() {
    let queue = Queue::new(3);
    for item in [1, 2, 3] {
        queue.push(item).unwrap();
    }
    queue.close();
    assert_eq!([queue.pop(), queue.pop(), queue.pop()], [1, 2, 3].map(Some));
    assert_eq!(queue.pop(), None);
    assert_eq!(queue.pop(), None);
}

#[test]
fn no_more_wait_than_there_is_room_for() {
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
            let Some(item) = queue.pop() else {
                assert_eq!(popped, 1000);
                break;
            };
            assert_eq!(item, popped);
            queue.done();
        }
    });
}

#[test]
fn a_refusal_gives_back_what_waits_for_room_and_nothing_that_was_taken_in() {
    let queue = Queue::new(1);
    queue.push("taken in").unwrap();
    thread::scope(|scope| {
        let pushing = scope.spawn(|| queue.push("waits for room"));
        queue.refuse();
        assert_eq!(pushing.join().unwrap(), Err("waits for room"));
    });
    assert_eq!(queue.push("too late"), Err("too late"));
    assert_eq!(queue.pop(), Some("taken in"));
    assert_eq!(queue.pop(), None);
}

#[test]
fn a_close_wakes_those_who_wait_for_an_item() {
    let queue = Queue::<()>::new(1);
    thread::scope(|scope| {
        let waiting = [scope.spawn(|| queue.pop()), scope.spawn(|| queue.pop())];
        queue.close();
        for worker in waiting {
            assert_eq!(worker.join().unwrap(), None);
        }
    });
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
fn the_end_is_when_nothing_waits_nobody_is_at_work_and_nothing_more_comes() {
    let queue = Queue::new(2);
    queue.push(1).unwrap();
    queue.push(2).unwrap();
    let pop = || {
        queue.pop().unwrap();
    };
    assert_ends_after(
        &queue,
        patient,
        &[&|| queue.close(), &pop, &pop, &|| queue.done(), &|| {
            queue.done();
        }],
    );
}

#[test]
fn a_refusal_is_an_end_too_once_the_work_is_done() {
    let queue = Queue::new(2);
    queue.push(1).unwrap();
    queue.pop().unwrap();
    assert_ends_after(&queue, patient, &[&|| queue.refuse(), &|| queue.done()]);
}

#[test]
fn silence_is_an_end_where_patience_is() {
    let queue = Queue::new(2);
    queue.push(1).unwrap();
    queue.pop().unwrap();
    assert_ends_after(&queue, || Some(Duration::ZERO), &[&|| queue.done()]);
    assert_eq!(queue.push(2), Err(2));
    assert_eq!(queue.pop(), None);
}

#[test]
fn who_waits_for_the_end_looks_again_when_woken() {
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
