//! The TLS of connections.

use std::sync::{Arc, Mutex};

use openssl::error::ErrorStack;
use openssl::ssl::{SslConnector, SslFiletype, SslMethod, SslVerifyMode};
use openssl::x509::X509VerifyResult;
use scylla::client::session::{OpenSsl010Config, TlsContext};

const IP_ADDRESS_MISMATCH: i32 = 64; // OpenSSL's X509_V_ERR_IP_ADDRESS_MISMATCH

#[derive(Clone, Default)]
pub struct Files {
    pub ca: String,
    pub certificate: String,
    pub key: String,
    pub verify_host: bool,
}

pub struct Tls {
    pub context: TlsContext,
    pub distrust: Distrust,
}

/// Why a server's certificate was last not accepted, which OpenSSL does not say in its errors.
#[derive(Default)]
pub struct Distrust(Arc<Mutex<Option<X509VerifyResult>>>);

impl Distrust {
    /// The setting that decides it, and the reason.
    pub fn explain(&self) -> String {
        match *self.0.lock().unwrap() {
            Some(error) if error.as_raw() == IP_ADDRESS_MISMATCH => format!(
                "cassandra-tls-verify-host: the server's certificate is not for its address: {error}"
            ),
            Some(error) => {
                format!("cassandra-tls-ca: the server's certificate is not trusted: {error}")
            }
            None => "cassandra-tls-ca: the server's certificate is not trusted".into(),
        }
    }
}

/// The message names the setting whose file cannot be used.
pub fn context(files: &Files) -> Result<Tls, String> {
    let unusable = |setting: &str, file: &str, error: ErrorStack| {
        format!("{setting}: {file} cannot be used: {error}")
    };
    let mut builder = SslConnector::builder(SslMethod::tls_client()).map_err(|e| e.to_string())?;
    if !files.ca.is_empty() {
        builder.set_ca_file(&files.ca).map_err(|e| unusable("cassandra-tls-ca", &files.ca, e))?;
    }
    if !files.certificate.is_empty() {
        builder
            .set_certificate_chain_file(&files.certificate)
            .map_err(|e| unusable("cassandra-tls-certificate", &files.certificate, e))?;
        builder
            .set_private_key_file(&files.key, SslFiletype::PEM)
            .and_then(|()| builder.check_private_key())
            .map_err(|e| unusable("cassandra-tls-key", &files.key, e))?;
    }
    let distrust = Distrust::default();
    let (last, verify_host) = (distrust.0.clone(), files.verify_host);
    builder.set_verify_callback(SslVerifyMode::PEER, move |good, store| {
        if good {
            return true;
        }
        // The driver asks for the address in the certificate; let that alone be wrong.
        let error = store.error();
        if error.as_raw() == IP_ADDRESS_MISMATCH && !verify_host {
            store.set_error(X509VerifyResult::OK);
            return true;
        }
        *last.lock().unwrap() = Some(error);
        false
    });
    Ok(Tls { context: OpenSsl010Config::new(builder).into(), distrust })
}
