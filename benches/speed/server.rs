//! The server for all programs: nginx with one process, or else `lexbot sandbox`.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

use crate::certificates::Certificates;

/// A server that runs until it is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    /// The base URL without TLS.
    pub(crate) http: String,
    /// The base URL with TLS, or the reason why there isn't one.
    pub(crate) https: Result<String, &'static str>,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// Starts nginx in `directory` on free ports; every request gets Lexer's response to a valid one.
    pub(crate) fn nginx(
        directory: &Path,
        certificates: Option<&Certificates>,
    ) -> anyhow::Result<Self> {
        let (http, https) = (free_port()?, free_port()?);
        let tls = certificates.map_or(String::new(), |files| {
            format!(
                "listen 127.0.0.1:{https} ssl; ssl_certificate {}; ssl_certificate_key {};",
                files.server.display(),
                files.key.display()
            )
        });
        // Only root may write to the default paths.
        let temporary = "client_body_temp_path a; proxy_temp_path b; fastcgi_temp_path c; uwsgi_temp_path d; scgi_temp_path e;";
        let configuration = directory.join("nginx.conf");
        fs::write(
            &configuration,
            format!(
                "daemon off; master_process off; pid nginx.pid; error_log error.log;\n\
                 events {{ worker_connections 256; }}\n\
                 http {{\n{temporary}\naccess_log off; default_type application/json;\n\
                 keepalive_requests 1000000000;\n\
                 server {{ listen 127.0.0.1:{http}; {tls}\n\
                 location / {{ return 201 '{{\"status\":\"ok\"}}'; }} }} }}\n"
            ),
        )?;
        let child = Command::new("nginx")
            .arg("-p")
            .arg(directory)
            .arg("-c")
            .arg(&configuration)
            .stderr(Stdio::null())
            .spawn()
            .context("cannot run nginx")?;
        let server = Server {
            child,
            http: format!("http://127.0.0.1:{http}"),
            https: certificates
                .map(|_| format!("https://127.0.0.1:{https}"))
                .ok_or("there is no openssl to make certificates"),
        };
        let start = Instant::now();
        while TcpStream::connect(("127.0.0.1", http)).is_err() {
            if start.elapsed() > Duration::from_secs(10) {
                let log = fs::read_to_string(directory.join("error.log")).unwrap_or_default();
                bail!("nginx doesn't listen: {log}");
            }
            thread::sleep(Duration::from_millis(10));
        }
        Ok(server)
    }

    /// Starts the sandbox of `lexbot`, which is slower and has no TLS.
    pub(crate) fn sandbox(lexbot: &Path, token: &str) -> anyhow::Result<Self> {
        let mut child = Command::new(lexbot)
            .args(["sandbox", "--rate", "0", "--token", token])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let stdout = child.stdout.take().context("no standard output")?;
        let mut http = String::new();
        BufReader::new(stdout).read_line(&mut http)?;
        Ok(Server {
            child,
            http: http.trim().to_owned(),
            https: Err("there is no nginx"),
        })
    }
}

/// A port that was free a moment ago.
fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
