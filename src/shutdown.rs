//! Why a run stops early, and how every thread that waits for something finds out.

#[cfg(unix)]
mod signals;

#[cfg(all(unix, feature = "sandbox"))]
pub(crate) use signals::ending_signals;
#[cfg(unix)]
pub(crate) use signals::{SignalWatch, on_any_signal, on_signal};

use std::io::{self, Read};
#[cfg(windows)]
use std::os::windows::io::AsHandle as Handle;
#[cfg(unix)]
use std::os::{fd::AsFd as Handle, unix::net::UnixStream};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use crate::locks::lock;

/// Why the run stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StopReason {
    /// A signal, by its number.
    Signal(i32),
    /// Lexer refused the token: it would refuse every other message, too.
    Unauthorized,
    /// Too many consecutive messages got no final response.
    Unavailable,
    /// Results can no longer be written.
    CannotReport,
}

impl StopReason {
    /// Whether the input is not read any further. Otherwise its rest is read and reported as not sent.
    pub(crate) fn ends_reading(self) -> bool {
        matches!(self, StopReason::Signal(_) | StopReason::CannotReport)
    }
}

/// Whether the run stops. The first reason counts, except that a signal replaces any other.
#[derive(Debug, Default)]
pub(crate) struct Shutdown {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    reason: Option<StopReason>,
    ends_reading: bool,
    /// Closed to wake a reader that waits.
    #[cfg(unix)]
    wakers: Vec<UnixStream>,
}

impl Shutdown {
    /// Stops the run.
    pub(crate) fn request(&self, reason: StopReason) {
        let mut state = lock(&self.state);
        if state.reason.is_none() || matches!(reason, StopReason::Signal(_)) {
            state.reason = Some(reason);
        }
        if reason.ends_reading() {
            state.ends_reading = true;
            #[cfg(unix)]
            state.wakers.clear();
        }
        drop(state);
        self.changed.notify_all();
    }

    /// Why the run stops, if it does.
    pub(crate) fn reason(&self) -> Option<StopReason> {
        lock(&self.state).reason
    }

    /// Whether reading is to end: every further read finds the end of the input. What was read before is not lost.
    pub(crate) fn ends_reading(&self) -> bool {
        lock(&self.state).ends_reading
    }

    /// Waits for `duration`. Returns false if the run stops first.
    pub(crate) fn sleep(&self, duration: Duration) -> bool {
        let (state, _) = self
            .changed
            .wait_timeout_while(lock(&self.state), duration, |state| state.reason.is_none())
            .unwrap_or_else(PoisonError::into_inner);
        state.reason.is_none()
    }
}

/// An input whose reading can be ended, on Unix also where a read waits for a pipe that brings nothing.
pub(crate) struct Interruptible<R> {
    reader: R,
    shutdown: Arc<Shutdown>,
    /// Its other end is closed once reading is to end, which ends a wait.
    #[cfg(unix)]
    woken: UnixStream,
}

impl<R: Read + Handle> Interruptible<R> {
    /// Reads from `reader` until `shutdown` ends that.
    #[cfg_attr(
        windows,
        expect(clippy::unnecessary_wraps, reason = "it can fail on Unix")
    )]
    pub(crate) fn new(reader: R, shutdown: &Arc<Shutdown>) -> io::Result<Self> {
        #[cfg(unix)]
        let (waker, woken) = UnixStream::pair()?;
        #[cfg(unix)]
        lock(&shutdown.state).wakers.push(waker);
        Ok(Interruptible {
            reader,
            shutdown: Arc::clone(shutdown),
            #[cfg(unix)]
            woken,
        })
    }

    /// Waits for something to read, or for the end of reading.
    #[cfg(unix)]
    fn wait(&self) {
        use rustix::event::{PollFd, PollFlags, poll};

        let fds = [self.woken.as_fd(), self.reader.as_fd()];
        let mut fds = fds.map(|fd| PollFd::from_borrowed_fd(fd, PollFlags::IN));
        // Other errors mean that this kind of file can't be waited for.
        while poll(&mut fds, None) == Err(rustix::io::Errno::INTR) {}
    }
}

impl<R: Read + Handle> Read for Interruptible<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        #[cfg(unix)]
        if !self.shutdown.ends_reading() {
            self.wait();
        }
        if self.shutdown.ends_reading() {
            return Ok(0);
        }
        self.reader.read(buffer)
    }
}

/// Windows has only Ctrl-C, which counts as SIGINT.
#[cfg(windows)]
pub(crate) fn on_signal(stop: impl Fn(i32) + Send + 'static, before_exit: fn()) -> io::Result<()> {
    use std::sync::atomic::{AtomicBool, Ordering};

    const SIGINT: i32 = 2;
    let again = AtomicBool::new(false);
    ctrlc::set_handler(move || {
        if again.swap(true, Ordering::Relaxed) {
            before_exit();
            std::process::exit(128 + SIGINT);
        }
        stop(SIGINT);
    })
    .map_err(io::Error::other)
}

/// Windows sends Ctrl-C to every process of the console.
#[cfg(windows)]
pub(crate) struct SignalWatch;

#[cfg(windows)]
impl SignalWatch {
    /// Catches nothing.
    #[expect(clippy::unnecessary_wraps, reason = "it can fail on Unix")]
    pub(crate) fn start() -> io::Result<Self> {
        Ok(SignalWatch)
    }

    /// Never a signal.
    #[expect(clippy::unused_self, reason = "it is used on Unix")]
    pub(crate) fn caught(&self) -> Option<i32> {
        None
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::{Interruptible, Shutdown, StopReason};
    use std::io::{Read as _, Write as _};
    use std::os::unix::net::UnixStream;
    use std::sync::Arc;
    use std::thread;

    #[test]
    fn a_read_that_waits_ends() {
        let (mut writer, reader) = UnixStream::pair().unwrap();
        let shutdown = Arc::<Shutdown>::default();
        let mut input = Interruptible::new(reader, &shutdown).unwrap();
        writer.write_all(b"ab").unwrap();
        let mut buffer = [0; 8];
        assert_eq!(input.read(&mut buffer).unwrap(), 2);
        thread::scope(|scope| {
            let reading = scope.spawn(|| input.read(&mut [0; 8]).unwrap());
            shutdown.request(StopReason::CannotReport);
            assert_eq!(reading.join().unwrap(), 0);
        });
        // What came later stays where it is.
        writer.write_all(b"cd").unwrap();
        assert_eq!(input.read(&mut buffer).unwrap(), 0);
        assert_eq!(input.reader.read(&mut buffer).unwrap(), 2);
    }

    #[test]
    fn a_reader_that_comes_late_finds_the_end() {
        let (_writer, reader) = UnixStream::pair().unwrap();
        let shutdown = Arc::<Shutdown>::default();
        shutdown.request(StopReason::CannotReport);
        let mut input = Interruptible::new(reader, &shutdown).unwrap();
        assert_eq!(input.read(&mut [0; 8]).unwrap(), 0);
    }
}
