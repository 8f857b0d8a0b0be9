//! SIGINT and SIGTERM: the first ends the run in an orderly way, the second at once.

use std::io;
use std::sync::Arc;

use super::Delivery;

/// Watches for signals in a thread of its own, which ends with the process.
#[cfg(unix)]
pub(super) fn watch(delivery: &Arc<Delivery>) -> io::Result<()> {
    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;

    let mut signals = Signals::new([SIGINT, SIGTERM])?;
    let delivery = Arc::clone(delivery);
    std::thread::Builder::new()
        .name("signals".to_owned())
        .spawn(move || {
            for (nth, signal) in signals.forever().enumerate() {
                if nth > 0 {
                    std::process::exit(128 + signal);
                }
                delivery.stop(super::Reason::Signal(signal));
            }
        })?;
    Ok(())
}

/// Windows has Ctrl-C only, which counts as SIGINT.
#[cfg(windows)]
pub(super) fn watch(delivery: &Arc<Delivery>) -> io::Result<()> {
    use std::sync::atomic::{AtomicBool, Ordering};

    const SIGINT: i32 = 2;
    let delivery = Arc::clone(delivery);
    let again = AtomicBool::new(false);
    ctrlc::set_handler(move || {
        if again.swap(true, Ordering::Relaxed) {
            std::process::exit(128 + SIGINT);
        }
        delivery.stop(super::Reason::Signal(SIGINT));
    })
    .map_err(io::Error::other)
}
