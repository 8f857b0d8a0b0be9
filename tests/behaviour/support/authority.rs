//! A certificate authority of a test, trusted only by runs whose `SSL_CERT_FILE` names it.

use std::path::Path;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose, date_time_ymd,
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
        Self::from_issuer(CertifiedIssuer::self_signed(params, key()).expect("a certificate"))
    }

    /// The file with its certificate.
    pub(crate) fn path(&self) -> &Path {
        self.file.path()
    }

    /// A certificate for `name` that it signs itself, and that may claim to be an authority's.
    pub(crate) fn self_signed(name: &str, is_ca: bool) -> (Self, Certificate) {
        let mut params = CertificateParams::new([name.to_owned()]).expect("a server's name");
        if is_ca {
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        }
        let issuer = CertifiedIssuer::self_signed(params, key()).expect("a certificate");
        let certificate = Certificate {
            der: issuer.der().clone(),
            key: PrivateKeyDer::try_from(issuer.key().serialize_der()).expect("a key"),
        };
        (Self::from_issuer(issuer), certificate)
    }

    fn from_issuer(issuer: CertifiedIssuer<'static, KeyPair>) -> Self {
        let file = NamedTempFile::new().expect("a temporary file");
        std::fs::write(file.path(), issuer.pem()).expect("a file that can be written");
        Authority { issuer, file }
    }

    /// A certificate for the client `name`, which is not for servers.
    pub(crate) fn certify_client(&self, name: &str) -> Certificate {
        let mut params = CertificateParams::new([name.to_owned()]).expect("a client's name");
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        self.sign(&params)
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
        self.sign(&params)
    }

    fn sign(&self, params: &CertificateParams) -> Certificate {
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
