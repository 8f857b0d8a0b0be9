//! Asks for a secret on the terminal without showing what is typed. However that ends, the terminal is restored.
//!
//! Only SIGKILL and SIGSTOP can't be handled.

use std::io;

#[cfg(unix)]
use signal_hook::consts::SIGINT;

/// The line that was typed, empty if the input ended; or the number of the signal that ended the prompt.
pub(super) type Answer = Result<String, i32>;

/// Prints `text` on the terminal and waits for a line.
///
/// A thread waits for the line, because a read can't be interrupted. Signals after the prompt end the process at once.
#[cfg(unix)]
pub(super) fn ask(text: &str) -> io::Result<Answer> {
    use std::sync::mpsc;
    use std::thread;

    use crate::shutdown::on_any_signal;
    use crate::terminal::SavedTerminal;

    let mut terminal = SavedTerminal::save()?;
    let text = text.to_owned();
    let (sender, receiver) = mpsc::channel();
    let signals = sender.clone();
    on_any_signal(move |signal| {
        if signals.send(Ok(Err(signal))).is_err() {
            std::process::exit(128 + signal);
        }
    })?;
    thread::Builder::new()
        .name("prompt".to_owned())
        .spawn(move || sender.send(read_line(&text)))?;
    let answer = receiver.recv().map_err(io::Error::other)??;
    if let Err(signal) = answer {
        terminal.restore()?;
        if signal != SIGINT {
            // After Ctrl-C, the line has ended already.
            terminal.end_line()?;
        }
    }
    Ok(answer)
}

/// Prints `text` on the console and reads keys until Enter.
///
/// Ctrl-C ends the process at once: the console's modes stay as they are, so there is nothing to restore.
#[cfg(windows)]
pub(super) fn ask(text: &str) -> io::Result<Answer> {
    use console::{Key, Term};

    let console = [Term::stderr(), Term::stdout()]
        .into_iter()
        .find(Term::is_term)
        .ok_or_else(|| io::Error::other("neither stdout nor stderr is a console"))?;
    let prompt = console.clone();
    let on_signal = move |signal| {
        // If this fails, the shell's prompt follows on the same line.
        let _ = prompt.write_line("");
        std::process::exit(128 + signal)
    };
    crate::shutdown::on_signal(on_signal, || {})?;
    console.write_str(text)?;
    let mut line = String::new();
    loop {
        match console.read_key()? {
            Key::Enter => break,
            Key::Backspace => drop(line.pop()),
            Key::Char(character) if !character.is_control() => line.push(character),
            _ => {}
        }
    }
    console.write_line("")?;
    Ok(Ok(line))
}

#[cfg(unix)]
fn read_line(text: &str) -> io::Result<Answer> {
    match rpassword::prompt_password(text) {
        Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(Err(SIGINT)),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(Ok(String::new())),
        typed => typed.map(Ok),
    }
}
