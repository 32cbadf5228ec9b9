// The settings of the servers that this program is a client of. All have TLS and logging in.
#pragma once

#include <iterator>

#include "app/setting_targets.hpp"

namespace killrvideo {

std::vector<Setting> cassandra_settings();
std::vector<Setting> kafka_settings();
std::vector<Setting> search_settings();
/// Where the registry of services is.
std::vector<Setting> etcd_settings();
/// What this process tells there of itself.
std::vector<Setting> announcement_settings();

/// The files of TLS. `server` begins their names ("etcd"), `certificates` are what authorities have
/// signed ("the certificates of https endpoints"), `peers` is who sees ours; `tls` is the part of
/// the configuration (a function of it) that has the members ca, certificate and key.
template <class Tls>
std::vector<Setting> client_tls_settings(const std::string& server, const std::string& certificates,
                                         const std::string& peers, Tls tls) {
  const auto name = server + "-tls";
  return {
      {.name = name + "-ca",
       .kind = kinds::readable_file(),
       .help = "Certificate authorities in PEM, one of which has to have signed " + certificates +
               "; by default those of the system.",
       .store = into([tls](Config& config) -> auto& { return tls(config).ca; })},
      {.name = name + "-certificate",
       .kind = kinds::readable_file(),
       .help = "The certificate chain to show to " + peers + ", in PEM.",
       .store = into([tls](Config& config) -> auto& { return tls(config).certificate; })},
      {.name = name + "-key",
       .kind = kinds::readable_file(),
       .help = "The private key of " + name + "-certificate in PEM.",
       .store = into([tls](Config& config) -> auto& { return tls(config).key; })},
  };
}

/// The user and the file with the password. `username` and `password_file` are functions of the
/// configuration.
template <class Username, class PasswordFile>
std::vector<Setting> login_settings(const std::string& server, Username username,
                                    PasswordFile password_file) {
  return {
      {.name = server + "-username",
       .kind = kinds::text("NAME"),
       .help = "The user to log in as.",
       .store = into(username)},
      {.name = server + "-password-file",
       .kind = kinds::readable_file(),
       .help = "Holds the user's password.",
       .store = into(password_file)},
  };
}

/// Whether a text is a name of letters, digits, dots, hyphens and underscores.
inline bool is_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_';
  });
}

/// Whether it is one with small letters only, at its beginning at least, and without dots.
inline bool is_small_name(std::string_view text) {
  return is_name(text) && text[0] >= 'a' && text[0] <= 'z' &&
         std::ranges::none_of(text, [](char c) { return (c >= 'A' && c <= 'Z') || c == '.'; });
}

/// All of `parts` in this order, under one heading.
inline std::vector<Setting> in_section(std::string_view section,
                                       std::vector<std::vector<Setting>> parts) {
  std::vector<Setting> all;
  for (auto& part : parts) std::ranges::move(part, std::back_inserter(all));
  for (auto& setting : all) setting.section = section;
  return all;
}

}  // namespace killrvideo
