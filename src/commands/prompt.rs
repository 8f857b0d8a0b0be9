//! Asks for a secret on the terminal without showing what is typed. However that ends, the terminal is restored.
//!
//! Only SIGKILL and SIGSTOP can't be handled.

use std::io;

/// Ctrl-C. It has the same number on all systems.
const SIGINT: i32 = 2;

/// What ended the prompt.
pub(super) enum Answer {
    /// The line that was typed; empty if the input ended.
    Typed(String),
    /// A signal, by its number.
    Signal(i32),
}

/// Prints `text` on the terminal and waits for a line.
///
/// A thread waits for the line, because a read can't be ended. Signals after the prompt end the process at once.
#[cfg(unix)]
pub(super) fn ask(text: String) -> io::Result<Answer> {
    use std::sync::mpsc;
    use std::thread;

    use crate::shutdown::on_any_signal;
    use crate::terminal::SavedTerminal;

    let mut terminal = SavedTerminal::save()?;
    let (sender, receiver) = mpsc::channel();
    let signals = sender.clone();
    on_any_signal(move |signal| {
        if signals.send(Ok(Answer::Signal(signal))).is_err() {
            std::process::exit(128 + signal);
        }
    })?;
    thread::Builder::new()
        .name("prompt".to_owned())
        .spawn(move || sender.send(read_line(text)))?;
    let answer = receiver.recv().map_err(io::Error::other)??;
    if let Answer::Signal(signal) = answer {
        terminal.restore()?;
        if signal != SIGINT {
            // After Ctrl-C, the line has ended already.
            terminal.end_line()?;
        }
    }
    Ok(answer)
}

/// Prints `text` on the terminal and waits for a line.
#[cfg(not(unix))]
pub(super) fn ask(text: String) -> io::Result<Answer> {
    read_line(text)
}

fn read_line(text: String) -> io::Result<Answer> {
    match rpassword::prompt_password(text) {
        Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(Answer::Signal(SIGINT)),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            Ok(Answer::Typed(String::new()))
        }
        typed => typed.map(Answer::Typed),
    }
}
