//! Ends reading from an input, on Unix also where a read waits for a pipe that brings nothing.

use std::io::{self, Read};
#[cfg(windows)]
use std::os::windows::io::AsHandle as Handle;
#[cfg(unix)]
use std::os::{fd::AsFd as Handle, unix::net::UnixStream};
use std::sync::{Arc, Mutex};

use crate::sync::lock;

/// Ends the reading of the inputs that were made with it.
#[derive(Debug, Default, Clone)]
pub(crate) struct ReadInterrupt(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    is_triggered: bool,
    /// Closed to wake a reader that waits.
    #[cfg(unix)]
    wakers: Vec<UnixStream>,
}

impl ReadInterrupt {
    /// From now on, every read finds the end of the input. What was read before is not lost.
    pub(crate) fn trigger(&self) {
        let mut state = lock(&self.0);
        state.is_triggered = true;
        #[cfg(unix)]
        state.wakers.clear();
    }

    /// Whether reading was ended.
    pub(crate) fn is_triggered(&self) -> bool {
        lock(&self.0).is_triggered
    }
}

/// An input whose reading can be ended.
pub(crate) struct Interruptible<R> {
    reader: R,
    interrupt: ReadInterrupt,
    /// Has something to read, its end, once the interrupt is triggered.
    #[cfg(unix)]
    woken: UnixStream,
}

impl<R: Read + Handle> Interruptible<R> {
    /// Reads from `reader` until `interrupt` is triggered.
    #[cfg_attr(
        windows,
        expect(clippy::unnecessary_wraps, reason = "it can fail on Unix")
    )]
    pub(crate) fn new(reader: R, interrupt: &ReadInterrupt) -> io::Result<Self> {
        #[cfg(unix)]
        let (waker, woken) = UnixStream::pair()?;
        #[cfg(unix)]
        lock(&interrupt.0).wakers.push(waker);
        Ok(Interruptible {
            reader,
            interrupt: interrupt.clone(),
            #[cfg(unix)]
            woken,
        })
    }

    /// Waits for something to read, or for the interrupt.
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
        if !self.interrupt.is_triggered() {
            self.wait();
        }
        if self.interrupt.is_triggered() {
            return Ok(0);
        }
        self.reader.read(buffer)
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::{Interruptible, ReadInterrupt};
    use std::io::{Read as _, Write as _};
    use std::os::unix::net::UnixStream;
    use std::thread;

    #[test]
    fn a_read_that_waits_ends() {
        let (mut writer, reader) = UnixStream::pair().unwrap();
        let interrupt = ReadInterrupt::default();
        let mut input = Interruptible::new(reader, &interrupt).unwrap();
        writer.write_all(b"ab").unwrap();
        let mut buffer = [0; 8];
        assert_eq!(input.read(&mut buffer).unwrap(), 2);
        thread::scope(|scope| {
            let reading = scope.spawn(|| input.read(&mut [0; 8]).unwrap());
            interrupt.trigger();
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
        let interrupt = ReadInterrupt::default();
        interrupt.trigger();
        let mut input = Interruptible::new(reader, &interrupt).unwrap();
        assert_eq!(input.read(&mut [0; 8]).unwrap(), 0);
    }
}
