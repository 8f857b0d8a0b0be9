//! Ends reading from an input, also where a read waits for a pipe that brings nothing.

use std::io::{self, Read};
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
    wakers: Vec<std::os::unix::net::UnixStream>,
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
#[cfg(unix)]
pub(crate) struct Interruptible<R> {
    reader: R,
    interrupt: ReadInterrupt,
    woken: std::os::unix::net::UnixStream,
}

#[cfg(unix)]
impl<R: Read + std::os::fd::AsFd> Interruptible<R> {
    /// Reads from `reader` until `interrupt` is triggered.
    pub(crate) fn new(reader: R, interrupt: &ReadInterrupt) -> io::Result<Self> {
        let (waker, woken) = std::os::unix::net::UnixStream::pair()?;
        let mut state = lock(&interrupt.0);
        if !state.is_triggered {
            state.wakers.push(waker);
        }
        drop(state);
        Ok(Interruptible {
            reader,
            interrupt: interrupt.clone(),
            woken,
        })
    }
}

#[cfg(unix)]
impl<R: Read + std::os::fd::AsFd> Read for Interruptible<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        use rustix::event::{PollFd, PollFlags, poll};

        loop {
            let mut fds = [
                PollFd::new(&self.woken, PollFlags::IN),
                PollFd::new(&self.reader, PollFlags::IN),
            ];
            match poll(&mut fds, None) {
                Ok(_) => {}
                Err(rustix::io::Errno::INTR) => continue,
                // Not every kind of file can be waited for.
                Err(_) => break,
            }
            if !fds[0].revents().is_empty() {
                return Ok(0);
            }
            if !fds[1].revents().is_empty() {
                break;
            }
        }
        if self.interrupt.is_triggered() {
            return Ok(0);
        }
        self.reader.read(buffer)
    }
}

/// An input whose reading can be ended between two reads; a read that waits can't be woken here.
#[cfg(not(unix))]
pub(crate) struct Interruptible<R> {
    reader: R,
    interrupt: ReadInterrupt,
}

#[cfg(not(unix))]
impl<R: Read> Interruptible<R> {
    /// Reads from `reader` until `interrupt` is triggered.
    #[expect(clippy::unnecessary_wraps, reason = "it can fail on Unix")]
    pub(crate) fn new(reader: R, interrupt: &ReadInterrupt) -> io::Result<Self> {
        Ok(Interruptible {
            reader,
            interrupt: interrupt.clone(),
        })
    }
}

#[cfg(not(unix))]
impl<R: Read> Read for Interruptible<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
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
