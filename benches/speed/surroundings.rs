//! What every part needs: the programs, the server, and a directory for the time of the run.

use std::env;
use std::ffi::OsStr;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use tempfile::TempDir;

use crate::certificates::Certificates;
use crate::server::Server;

/// A made-up token.
const TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// Where and with what is measured.
#[derive(Debug)]
pub(crate) struct Surroundings {
    directory: TempDir,
    lexbot: PathBuf,
    certificates: Option<Certificates>,
    server: Server,
    server_name: &'static str,
}

impl Surroundings {
    /// Starts the server.
    pub(crate) fn new() -> anyhow::Result<Self> {
        let directory = tempfile::tempdir()?;
        let lexbot = env::var_os("LEXBOT_BENCH_PROGRAM")
            .map_or_else(|| env!("CARGO_BIN_EXE_lexbot").into(), PathBuf::from);
        let certificates = is_installed("openssl")
            .then(|| Certificates::make(directory.path()))
            .transpose()?;
        let (server, server_name) = if is_installed("nginx") {
            let server = Server::nginx(directory.path(), certificates.as_ref())?;
            (server, "nginx, one process")
        } else {
            let server = Server::sandbox(&lexbot, TOKEN)?;
            (server, "lexbot sandbox, for there is no nginx")
        };
        Ok(Surroundings {
            directory,
            lexbot,
            certificates,
            server,
            server_name,
        })
    }

    /// What is measured with what, and on what.
    pub(crate) fn description(&self) -> String {
        let version = |program: &str, option: &str| {
            let output = Command::new(program).arg(option).output().ok()?;
            let text = [output.stdout, output.stderr].concat();
            let text = String::from_utf8_lossy(&text);
            let words: Vec<&str> = text.split_whitespace().take(2).collect();
            Some(words.join(" "))
        };
        let programs: Vec<String> = [
            version(&self.lexbot.to_string_lossy(), "--version"),
            version("curl", "--version"),
            version("wrk", "-v"),
        ]
        .into_iter()
        .flatten()
        .collect();
        let processors = thread::available_parallelism().map_or(1, usize::from);
        format!(
            "{}; server: {}; processors for all of them: {processors}",
            programs.join(", "),
            self.server_name
        )
    }

    /// A path for a file of the run.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// The base URLs there are, each with the name of its scheme, or why it can't be used.
    pub(crate) fn base_urls(&self) -> [(&'static str, Result<&str, &'static str>); 2] {
        let https = self.server.https.as_deref().map_err(|why| *why);
        [("http", Ok(&self.server.http)), ("https", https)]
    }

    /// The base URL without TLS.
    pub(crate) fn http(&self) -> &str {
        &self.server.http
    }

    /// The URL to which lexbot sends a claim.
    pub(crate) fn claim_url(base_url: &str) -> String {
        format!("{base_url}/1/bots/objects/claim")
    }

    /// The token that the server takes.
    pub(crate) fn token() -> &'static str {
        TOKEN
    }

    /// lexbot with nothing of the user's own settings.
    pub(crate) fn lexbot(&self, base_url: &str) -> Command {
        let mut command = self.command(&self.lexbot);
        command
            .env("LEXBOT_BASE_URL", base_url)
            .env("LEXBOT_TOKEN", TOKEN)
            .env("LEXBOT_CLIENT_ID", "1");
        if let Some(trusted) = self.trusted() {
            command.env("SSL_CERT_FILE", trusted);
        }
        command
    }

    /// curl, where it is installed.
    pub(crate) fn curl(&self) -> Option<Command> {
        is_installed("curl").then(|| self.command("curl".as_ref()))
    }

    /// The file of certificates that lexbot trusts, and others are to trust as well.
    pub(crate) fn trusted(&self) -> Option<&Path> {
        self.certificates
            .as_ref()
            .map(|files| files.trusted.as_path())
    }

    /// The certificates for https, if there are any.
    pub(crate) fn certificates(&self) -> Option<&Certificates> {
        self.certificates.as_ref()
    }

    /// The options that make curl trust them.
    pub(crate) fn trust_for_curl(&self) -> Vec<&OsStr> {
        self.trusted().map_or_else(Vec::new, |trusted| {
            vec!["--cacert".as_ref(), trusted.as_ref()]
        })
    }

    /// Any program, in a home of its own and with its output in a file, as in a script.
    pub(crate) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("PATH", env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.directory.path())
            .stdin(Stdio::null())
            .stdout(self.output())
            .stderr(Stdio::null());
        command
    }

    fn output(&self) -> Stdio {
        File::options()
            .create(true)
            .append(true)
            .open(self.path("output"))
            .map_or_else(|_| Stdio::null(), Stdio::from)
    }
}

/// Whether `program` is on the PATH.
pub(crate) fn is_installed(program: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|directory| directory.join(program).is_file())
}
