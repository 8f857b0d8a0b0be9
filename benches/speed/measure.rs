//! Runs programs and measures their time, processor time and peak memory.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};

/// The time that a run took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Took {
    /// From its start to its end.
    pub(crate) wall: Duration,
    /// User and system time, including child processes; `None` if the system doesn't report it.
    pub(crate) cpu: Option<Duration>,
}

/// Runs `command`, which must succeed.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<Took> {
    let before = cpu_of_children();
    let start = Instant::now();
    let status = command
        .status()
        .with_context(|| format!("cannot run {}", command.get_program().display()))?;
    let wall = start.elapsed();
    ensure!(
        status.success(),
        "{} failed: {status}",
        command.get_program().display()
    );
    let cpu = cpu_of_children()
        .zip(before)
        .map(|(after, before)| after.saturating_sub(before));
    Ok(Took { wall, cpu })
}

/// Runs each command `times` times, in turn, so that a slow minute of the machine affects all of them.
pub(crate) fn by_turns<const N: usize>(
    times: usize,
    mut commands: [Command; N],
) -> anyhow::Result<[Took; N]> {
    let mut all = [(); N].map(|()| Vec::with_capacity(times));
    for _ in 0..times {
        for (command, all) in commands.iter_mut().zip(&mut all) {
            all.push(run(command)?);
        }
    }
    Ok(all.map(|all| Took {
        wall: median(all.iter().map(|took| took.wall)),
        cpu: all
            .iter()
            .map(|took| took.cpu)
            .collect::<Option<Vec<_>>>()
            .map(median),
    }))
}

/// The median; the upper one of two.
pub(crate) fn median<T: PartialOrd + Copy>(values: impl IntoIterator<Item = T>) -> T {
    let mut values: Vec<T> = values.into_iter().collect();
    values.sort_by(|a, b| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
    values[values.len() / 2]
}

/// `part` divided by `whole`.
pub(crate) fn ratio(part: Duration, whole: Duration) -> f64 {
    part.as_secs_f64() / whole.as_secs_f64()
}

/// The peak memory of `command` in KiB, after it has printed a line for each line of `input`.
///
/// Its input stays open until then, because the memory of a process can't be read after its end.
pub(crate) fn peak_memory(
    command: &mut Command,
    input: impl Iterator<Item = String> + Send + 'static,
    lines: usize,
) -> anyhow::Result<Option<u64>> {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut stdin = child.stdin.take().context("no standard input")?;
    let stdout = child.stdout.take().context("no standard output")?;
    let writer = thread::spawn(move || {
        let mut all = std::io::BufWriter::new(&mut stdin);
        let written = input
            .map(|line| all.write_all(line.as_bytes()))
            .try_for_each(|written| written)
            .and_then(|()| all.flush());
        drop(all);
        written.map(|()| stdin)
    });
    let answered = BufReader::new(stdout).lines().take(lines).count();
    let status = fs::read_to_string(format!("/proc/{}/status", child.id()));
    if let Ok(stdin) = writer.join() {
        drop(stdin.context("cannot write to a standard input")?);
    }
    child.wait()?;
    ensure!(answered == lines, "{answered} of {lines} lines came back");
    Ok(status.ok().and_then(|status| {
        let peak = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))?;
        peak.trim().strip_suffix(" kB")?.trim().parse().ok()
    }))
}

/// User and system time of all ended child processes and their descendants, in steps of 10 ms.
fn cpu_of_children() -> Option<Duration> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The name before the last parenthesis may contain spaces.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = fields.get(13)?.parse::<u64>().ok()? + fields.get(14)?.parse::<u64>().ok()?;
    Some(Duration::from_millis(ticks * 10))
}
