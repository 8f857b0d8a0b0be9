//! A certificate authority for one run, made with the `openssl` command.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, ensure};

/// Files with the certificates that a system trusts.
const SYSTEM_BUNDLES: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// The files that an https server and its clients need.
#[derive(Debug)]
pub(crate) struct Certificates {
    /// The server's certificate.
    pub(crate) server: PathBuf,
    /// The key of that certificate.
    pub(crate) key: PathBuf,
    /// The authority and everything that the system trusts, so that clients load as much as usual.
    pub(crate) trusted: PathBuf,
}

impl Certificates {
    /// Creates the files in `directory`, for 127.0.0.1.
    pub(crate) fn make(directory: &Path) -> anyhow::Result<Self> {
        let openssl = |args: &str| -> anyhow::Result<()> {
            let status = Command::new("openssl")
                .args(args.split(' '))
                .current_dir(directory)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .context("cannot run openssl")?;
            ensure!(status.success(), "openssl {args} failed");
            Ok(())
        };
        fs::write(
            directory.join("extensions"),
            "subjectAltName=IP:127.0.0.1\n",
        )?;
        let new = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
        openssl(&format!(
            "req -x509 {new} -keyout ca.key -out ca.pem -days 7 -subj /CN=bench-authority"
        ))?;
        openssl(&format!(
            "req {new} -keyout server.key -out server.csr -subj /CN=bench"
        ))?;
        openssl(
            "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out server.pem -days 7 -extfile extensions",
        )?;
        let bundle = SYSTEM_BUNDLES
            .iter()
            .find_map(|path| fs::read_to_string(path).ok());
        let trusted = directory.join("trusted.pem");
        let own = fs::read_to_string(directory.join("ca.pem"))?;
        fs::write(&trusted, bundle.unwrap_or_default() + &own)?;
        Ok(Certificates {
            server: directory.join("server.pem"),
            key: directory.join("server.key"),
            trusted,
        })
    }
}
