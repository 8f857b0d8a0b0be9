#!/usr/bin/env python3
"""Makes session.svg, the picture in README, from the output of the built lexbot.

    cargo build --release && python3 .github/picture/make.py
"""

import html
import os
import pathlib
import subprocess
import tempfile

HERE = pathlib.Path(__file__).parent
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", HERE.parent.parent / "target"))
LEXBOT = TARGET / "release" / "lexbot"
COMMANDS = [
    "lexbot sandbox -- lexbot claim --object-id m_AbC123 --published-at now",
    "lexbot sandbox --account-id 42 -- lexbot claim --object-id m_AbC123 --published-at now --account-id 12345",
    "lexbot claim --object-id m_AbC123 --published-at yesterday",
    "lexbot sandbox --latency 2500 -- lexbot claim --object-id m_AbC123 --published-at now",
]
COLUMNS, LINE, LEFT = 112, 20, 16
COLOURS = {"$": "#8be9fd", "2": "#50fa7b", "4": "#ff5555", "e": "#ff5555", "h": "#f1fa8c", "time": "#6272a4"}


def colour(line):
    is_time = line[4:5] == "-"
    return COLOURS.get("time" if is_time else line[:1], "#f8f8f2")


def printed(command, home):
    environment = {"PATH": f"{LEXBOT.parent}:/usr/bin:/bin", "HOME": home}
    run = subprocess.run(["sh", "-c", f"exec 2>&1; {command}"], env=environment, capture_output=True, text=True)
    return run.stdout.splitlines()


def wrapped(line):
    while len(line) > COLUMNS:
        cut = line.rfind(" ", 0, COLUMNS)
        yield line[:cut]
        line = "    " + line[cut + 1 :]
    yield line


def main():
    lines = []
    with tempfile.TemporaryDirectory() as home:
        for command in COMMANDS:
            lines += [f"$ {command}", *printed(command, home), ""]
    rows = [(part, colour(line)) for line in lines[:-1] for part in wrapped(line)]
    height = LINE * len(rows) + 2 * LEFT
    text = "\n".join(
        f'<text x="{LEFT}" y="{LEFT + LINE * (row + 1) - 6}" fill="{colour}" xml:space="preserve">{html.escape(part)}</text>'
        for row, (part, colour) in enumerate(rows)
    )
    (HERE / "session.svg").write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {COLUMNS * 8 + 2 * LEFT} {height}" role="img"\n'
        'font-family="ui-monospace, Menlo, Consolas, monospace" font-size="13">\n'
        "<title>A terminal session with lexbot</title>\n"
        f'<rect width="100%" height="100%" rx="8" fill="#282a36"/>\n{text}\n</svg>\n',
        encoding="utf-8",
    )


main()
