//! SIGINT and SIGTERM: the first one ends the run in an orderly way, the second one at once.

use std::io;

/// Calls `stop` with the number of the first signal; a second one ends the process.
#[cfg(unix)]
pub(crate) fn on_signal(stop: impl Fn(i32) + Send + 'static) -> io::Result<()> {
    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;

    let mut signals = Signals::new([SIGINT, SIGTERM])?;
    std::thread::Builder::new()
        .name("signals".to_owned())
        .spawn(move || {
            for (nth, signal) in signals.forever().enumerate() {
                if nth > 0 {
                    std::process::exit(128 + signal);
                }
                stop(signal);
            }
        })?;
    Ok(())
}

/// Windows has only Ctrl-C, which counts as SIGINT.
#[cfg(windows)]
pub(crate) fn on_signal(stop: impl Fn(i32) + Send + 'static) -> io::Result<()> {
    use std::sync::atomic::{AtomicBool, Ordering};

    const SIGINT: i32 = 2;
    let again = AtomicBool::new(false);
    ctrlc::set_handler(move || {
        if again.swap(true, Ordering::Relaxed) {
            std::process::exit(128 + SIGINT);
        }
        stop(SIGINT);
    })
    .map_err(io::Error::other)
}
