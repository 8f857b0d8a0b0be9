//! A certificate authority of a test, trusted only by runs whose `SSL_CERT_FILE` names it.

use std::path::Path;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tempfile::NamedTempFile;

/// An authority, with its certificate in a file for `SSL_CERT_FILE`.
pub(crate) struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    file: NamedTempFile,
}

/// A server's certificate with its key.
pub(crate) struct Certificate {
    pub(super) der: CertificateDer<'static>,
    pub(super) key: PrivateKeyDer<'static>,
}

impl Authority {
    /// A new authority; several can have the same name.
    pub(crate) fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let issuer = CertifiedIssuer::self_signed(params, key()).expect("a certificate");
        let file = NamedTempFile::new().expect("a temporary file");
        std::fs::write(file.path(), issuer.pem()).expect("a file that can be written");
        Authority { issuer, file }
    }

    /// The file with its certificate.
    pub(crate) fn path(&self) -> &Path {
        self.file.path()
    }

    /// A certificate for the server `name`, good for a long time.
    pub(crate) fn certify(&self, name: &str) -> Certificate {
        self.certify_for(name, 2000, 4000)
    }

    /// A certificate for the server `name`, good from the first day of one year to the first of another.
    pub(crate) fn certify_for(&self, name: &str, from: i32, until: i32) -> Certificate {
        let mut params = CertificateParams::new([name.to_owned()]).expect("a server's name");
        params.not_before = date_time_ymd(from, 1, 1);
        params.not_after = date_time_ymd(until, 1, 1);
        let key = key();
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        Certificate {
            der: certificate.der().clone(),
            key: key.into(),
        }
    }
}

fn key() -> KeyPair {
    KeyPair::generate().expect("a key pair")
}
