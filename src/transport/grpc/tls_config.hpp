// Where the keys and certificates of a TLS server are.
#pragma once

#include <filesystem>

namespace killrvideo {

/// The files of TLS in PEM; without a certificate, connections are plain.
struct TlsConfig {
  std::filesystem::path certificate;
  std::filesystem::path key;
  std::filesystem::path client_ca;  ///< If set, clients must show a certificate that it signed.

  bool enabled() const { return !certificate.empty(); }
};

}  // namespace killrvideo
