//! SIGINT, SIGTERM and SIGHUP: the first one ends the run in an orderly way, the second one at once.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};
use std::{process, thread};

use signal_hook::consts::{
    SIGABRT, SIGALRM, SIGHUP, SIGINT, SIGPROF, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGVTALRM,
    SIGXCPU, SIGXFSZ,
};
use signal_hook::flag;
use signal_hook::iterator::Signals;

/// Whether SIGINT, SIGTERM and SIGHUP end the process although they are registered: after a [`SignalWatch`] is over.
static ENDS_PROCESS: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);

/// The signals that end a process which doesn't catch them, except those that this process ignores.
#[cfg(feature = "sandbox")]
pub(crate) fn ending_signals() -> impl Iterator<Item = i32> {
    not_ignored(&[SIGINT, SIGTERM, SIGHUP, SIGQUIT])
}

/// The same with signals that are seldom meant to end a process, but do.
fn all_ending_signals() -> impl Iterator<Item = i32> {
    not_ignored(&[
        SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGABRT, SIGALRM, SIGPROF, SIGUSR1, SIGUSR2, SIGVTALRM,
        SIGXCPU,
    ])
}

/// The `signals` that this process doesn't ignore.
///
/// `nohup` relies on a signal that is ignored to stay ignored, and so does a shell for the SIGINT of what it runs in
/// the background. Only unsafe code can ask the system directly which ones are; Linux also says it in a file, and
/// elsewhere none counts as ignored.
fn not_ignored(signals: &'static [i32]) -> impl Iterator<Item = i32> {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mut lines = status.lines();
    let mask = lines.find_map(|line| line.strip_prefix("SigIgn:"));
    // The lowest bit stands for signal 1.
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    let ignored = mask.unwrap_or(0);
    let signals = signals.iter().copied();
    signals.filter(move |signal| ignored & (1 << (signal - 1)) == 0)
}

/// Keeps signals from ending the process, so that it can clean up first. Once dropped, they end it again.
pub(crate) struct SignalWatch {
    caught: Arc<AtomicUsize>,
    is_over: Arc<AtomicBool>,
}

impl SignalWatch {
    /// Catches signals from now on.
    pub(crate) fn start() -> io::Result<Self> {
        let watch = SignalWatch {
            caught: Arc::default(),
            is_over: Arc::default(),
        };
        ENDS_PROCESS.store(false, Ordering::SeqCst);
        for signal in all_ending_signals() {
            let value = usize::try_from(signal).unwrap_or_default();
            flag::register_usize(signal, Arc::clone(&watch.caught), value)?;
            // A signal that was caught once never has its default effect again by itself.
            let ends_process = match signal {
                SIGINT | SIGTERM | SIGHUP => &*ENDS_PROCESS,
                _ => &watch.is_over,
            };
            flag::register_conditional_default(signal, Arc::clone(ends_process))?;
        }
        Ok(watch)
    }

    /// The last signal that was caught.
    pub(crate) fn caught(&self) -> Option<i32> {
        let signal = self.caught.load(Ordering::SeqCst);
        i32::try_from(signal).ok().filter(|signal| *signal != 0)
    }
}

impl Drop for SignalWatch {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
        ENDS_PROCESS.store(true, Ordering::SeqCst);
    }
}

/// Calls `stop` with the number of the first signal; a second one ends the process, after `before_exit`.
pub(crate) fn on_signal(stop: impl Fn(i32) + Send + 'static, before_exit: fn()) -> io::Result<()> {
    watch(not_ignored(&[SIGINT, SIGTERM, SIGHUP]), stop, before_exit)
}

/// Does the same for every signal that would end the process.
pub(crate) fn on_any_signal(stop: impl Fn(i32) + Send + 'static) -> io::Result<()> {
    watch(all_ending_signals(), stop, || {})
}

fn watch(
    signals: impl Iterator<Item = i32>,
    stop: impl Fn(i32) + Send + 'static,
    before_exit: fn(),
) -> io::Result<()> {
    // A write beyond the limit for files then fails like any other, instead of ending the process.
    flag::register(SIGXFSZ, Arc::default())?;
    let mut signals = Signals::new(signals)?;
    ENDS_PROCESS.store(false, Ordering::SeqCst);
    thread::Builder::new()
        .name("signals".to_owned())
        .spawn(move || {
            for (nth, signal) in signals.forever().enumerate() {
                if nth > 0 {
                    before_exit();
                    process::exit(128 + signal);
                }
                stop(signal);
            }
        })?;
    Ok(())
}
