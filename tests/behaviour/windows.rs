//! What is different on Windows: its shells, and how it finds programs.

use crate::example::{assert_sends_nothing, claim, claim_of};
use crate::support::{Home, Reply, Server, TOKEN, lexbot};
use crate::token_command::with_command;

#[test]
fn a_token_command_may_have_several_quoted_parts() {
    let home = Home::new();
    let script = home.write("a b/token of.cmd", format!("@echo {TOKEN}%~1\r\n"));
    for command in [
        format!("echo {TOKEN}"),
        format!("\"{}\" \"\"", script.display()),
        format!("\"{}\" & echo \"login: ana\"", script.display()),
    ] {
        let server = Server::answering([Reply::created()]);
        with_command(claim(), &command, &server)
            .stdout("201 m_1 claimed\n")
            .run();
        server.received([claim_of("m_1")]);
    }
}

/// `cmd` would show the word in its error.
#[test]
fn a_token_in_place_of_a_token_command_is_not_run() {
    let server = Server::answering([]);
    with_command(claim(), TOKEN, &server)
        .stderr_like(
            "error: token_command [..] names a program that does not exist\n\
             hint: token_command takes a command, [..]\n",
        )
        .code(3)
        .run();
    server.received([]);
}

#[test]
fn a_hint_sets_a_variable_in_powershell() {
    claim()
        .env("LEXBOT_CLIENT_ID", "x")
        .stderr_like(
            "error: LEXBOT_CLIENT_ID must [..]\n\
             hint: set it again: $env:LEXBOT_CLIENT_ID = '123'\n",
        )
        .code(3)
        .run();
}

#[test]
fn text_in_utf_16_is_converted_in_powershell() {
    let bytes: Vec<u8> = "\u{feff}{}"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let home = Home::new();
    home.write("m.txt", &bytes);
    for (input, hint) in [
        (
            "m.txt",
            "convert it in PowerShell, and read m.converted.json:\n      \
             Get-Content m.txt | Set-Content m.converted.json -Encoding UTF8",
        ),
        (
            "-",
            "send UTF-8 from PowerShell:\n      $OutputEncoding = [Text.UTF8Encoding]::new()",
        ),
    ] {
        assert_sends_nothing(
            lexbot(["claim", "--input", input])
                .home(&home)
                .stdin(bytes.clone())
                .stderr(format!(
                    "error: cannot read {input}: it is text in UTF-16, and lexbot reads UTF-8\nhint: {hint}\n"
                ))
                .code(3),
        );
    }
}

#[test]
fn the_null_device_is_an_empty_input() {
    assert_sends_nothing(lexbot(["claim", "--input", "NUL"]).summary_aside());
}

#[cfg(feature = "sandbox")]
#[test]
fn the_sandbox_runs_a_cmd_file_on_the_path() {
    let home = Home::new();
    home.write("tools/greet.cmd", "@lexbot claim %*\r\n@exit /b 7\r\n");
    let path = std::env::var("PATH").unwrap();
    let path = format!("{};{path}", home.path().join("tools").display());
    for name in ["greet", "greet.cmd", r"tools\greet"] {
        lexbot(["sandbox", "--", name])
            .args(crate::example::FLAGS)
            .home(&home)
            .env("PATH", &path)
            .stdout("201 m_1 claimed\n")
            .stderr_like("sandbox: 1 request: 1 message claimed\n[..]\n")
            .code(7)
            .run();
    }
}

#[cfg(feature = "sandbox")]
#[test]
fn a_program_that_the_sandbox_cannot_find_may_be_a_command_of_the_shell() {
    lexbot(["sandbox", "--", "nosuch"])
        .stderr(
            "error: cannot run nosuch: program not found\n\
             hint: check the spelling and the PATH; for a command of the shell, put cmd /C before it\n",
        )
        .code(127)
        .run();
}
