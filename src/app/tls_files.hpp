// The files of TLS, looked at before a server is made of them: what gRPC says of wrong ones tells
// neither which file it is nor what is wrong with it.
#pragma once

#include "app/config.hpp"

namespace killrvideo {

/// Throws Error invalid_argument that names the setting if the certificate, its key or the
/// authorities cannot be used, or if certificate and key do not belong together.
void check_tls_files(const TlsConfig& files);

}  // namespace killrvideo
