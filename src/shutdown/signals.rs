//! SIGINT, SIGTERM and SIGHUP: the first one ends the run in an orderly way, the second one at once.

use std::io;

/// Calls `stop` with the number of the first signal; a second one ends the process.
///
/// A signal that is ignored already stays ignored: `nohup` relies on that for SIGHUP, and so does a shell for the
/// SIGINT of what it runs in the background.
#[cfg(unix)]
pub(crate) fn on_signal(stop: impl Fn(i32) + Send + 'static) -> io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

    watch(&[SIGINT, SIGTERM, SIGHUP], stop)
}

/// Does the same, and also for SIGQUIT, which would leave a core dump.
#[cfg(unix)]
pub(crate) fn on_any_signal(stop: impl Fn(i32) + Send + 'static) -> io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};

    watch(&[SIGINT, SIGTERM, SIGHUP, SIGQUIT], stop)
}

#[cfg(unix)]
fn watch(signals: &[i32], stop: impl Fn(i32) + Send + 'static) -> io::Result<()> {
    use signal_hook::consts::SIGXFSZ;
    use signal_hook::iterator::Signals;
    use std::sync::Arc;

    // A write beyond the limit for files then fails like any other, instead of ending the process.
    signal_hook::flag::register(SIGXFSZ, Arc::default())?;
    let ignored = ignored_signals();
    let handled = signals
        .iter()
        .filter(|signal| ignored & (1 << (*signal - 1)) == 0);
    let mut signals = Signals::new(handled)?;
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

/// The signals that this process ignores, the lowest bit for signal 1.
///
/// Only unsafe code can ask the system directly; Linux also says it in a file, and elsewhere none counts as ignored.
#[cfg(unix)]
fn ignored_signals() -> u64 {
    std::fs::read_to_string("/proc/self/status")
        .ok()
        .as_deref()
        .and_then(parse_ignored)
        .unwrap_or(0)
}

#[cfg(unix)]
fn parse_ignored(status: &str) -> Option<u64> {
    let mask = status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))?;
    u64::from_str_radix(mask.trim(), 16).ok()
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

#[cfg(all(test, unix))]
mod tests {
    use super::parse_ignored;

    #[test]
    fn the_mask_of_ignored_signals_is_read() {
        assert_eq!(
            parse_ignored("Name:\tx\nSigIgn:\t0000000000001003\n"),
            Some(0x1003)
        );
        assert_eq!(parse_ignored("Name:\tx\n"), None);
    }
}
