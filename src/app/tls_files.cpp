#include "app/tls_files.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <memory>

#include "common/error.hpp"

namespace killrvideo {
namespace {

// A server has nobody to ask for the passphrase of an encrypted key.
int no_passphrase(char*, int, int, void*) { return 0; }

bool keys_differ() {
  const auto error = ERR_peek_last_error();
  if (ERR_GET_LIB(error) != ERR_LIB_X509) return false;
  const int reason = ERR_GET_REASON(error);
  return reason == X509_R_KEY_VALUES_MISMATCH || reason == X509_R_KEY_TYPE_MISMATCH;
}

}  // namespace

void check_tls_files(const TlsConfig& files) {
  if (!files.enabled()) return;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_server_method()),
                                                            SSL_CTX_free);
  SSL_CTX_set_default_passwd_cb(context.get(), no_passphrase);
  ERR_clear_error();
  if (SSL_CTX_use_certificate_chain_file(context.get(), files.certificate.c_str()) != 1)
    throw invalid("tls-certificate", files.certificate.string() + " is no certificate in PEM");
  if (SSL_CTX_use_PrivateKey_file(context.get(), files.key.c_str(), SSL_FILETYPE_PEM) != 1) {
    if (keys_differ())
      throw invalid("tls-key", files.key.string() + " is not the key of the certificate in " +
                                   files.certificate.string());
    throw invalid("tls-key", files.key.string() + " is no unencrypted private key in PEM");
  }
  if (files.client_ca.empty()) return;
  if (SSL_CTX_load_verify_file(context.get(), files.client_ca.c_str()) != 1)
    throw invalid("tls-client-ca", files.client_ca.string() + " has no certificates in PEM");
}

}  // namespace killrvideo
