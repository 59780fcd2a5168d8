// The keys of one element of `listeners`.
#include "config/listeners.h"

#include "config/rows.h"

namespace vecgate::config {
namespace {

using Owner = Listener;

const Setting kSettings[] = {
    VECGATE_TEXT("name", "name in logs, metrics and socket activation", name),
    VECGATE_ROW("address", "", "HOST:PORT or unix:/PATH where REST clients connect", ParseListenAddress(t),
                c.address.ToString(), address)
        .As(Kind::kAddress),
    Number(VECGATE_ROW("unix_mode", "", "permissions of a unix-domain socket, octal", ParseMode(t),
                       FormatMode(c.unix_mode), unix_mode),
           0, 777),
    VECGATE_TEXT("upstream", "name of the one behind it, of several; empty: by the request's Host, else the first",
                 upstream),
    VECGATE_WORDS("tls.certificates", "PEM files, each with the chain behind its certificate; one makes it TLS",
                  tls.certificates)
        .As(Kind::kFile)
        .Reloads(),
    VECGATE_WORDS("tls.keys", "PEM files of their keys, in the same order", tls.keys).As(Kind::kFile).Reloads(),
    VECGATE_CHOICE("tls.minimum_version", "", "oldest version of TLS", tls.minimum_version, "TLSv1.2,TLSv1.3").Reloads(),
    VECGATE_TEXT("tls.ciphers", "ciphers of TLS 1.2, as OpenSSL writes them", tls.ciphers).Reloads(),
    VECGATE_TEXT("tls.cipher_suites", "cipher suites of TLS 1.3, as OpenSSL writes them", tls.cipher_suites).Reloads(),
    VECGATE_TEXT("tls.curves", "groups of the key exchange, separated by colons", tls.curves).Reloads(),
    VECGATE_CHOICE("tls.client_certificates", "", "whether clients are asked for a certificate", tls.client_certificates,
                   "off,optional,required")
        .Reloads(),
    VECGATE_FILE("tls.client_ca", "PEM file of the authorities that client certificates must come from", tls.client_ca)
        .Reloads(),
    VECGATE_FILE("tls.client_crl", "PEM file of their revocation lists; empty means none", tls.client_crl).Reloads(),
    VECGATE_DURATION_OR_0("tls.sessions", "how long clients may come back without a full handshake; 0 means never",
                          tls.sessions),
};

absl::Status CheckTls(const ServerTls& tls) {
  if (tls.certificates.size() != tls.keys.size()) {
    return absl::InvalidArgumentError("tls.keys: must be as many as tls.certificates");
  }
  const bool asks = tls.client_certificates != "off";
  if (asks && !tls.enabled()) return absl::InvalidArgumentError("tls.client_certificates: needs tls.certificates");
  if (asks == tls.client_ca.empty()) {
    return absl::InvalidArgumentError("tls.client_ca: must be given with tls.client_certificates, and only then");
  }
  if (!asks && !tls.client_crl.empty()) {
    return absl::InvalidArgumentError("tls.client_crl: needs tls.client_certificates");
  }
  return absl::OkStatus();
}

}  // namespace

std::span<const Setting> ListenerSettings() { return kSettings; }

absl::Status CheckListener(const Listener& listener) {
  if (listener.name.empty()) return absl::InvalidArgumentError("name: must be given");
  if (listener.name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.") !=
      std::string::npos) {
    return absl::InvalidArgumentError("name: must consist of letters, digits, '_', '-' and '.'");
  }
  if (listener.name == "admin") return absl::InvalidArgumentError("name: admin is the name of another");
  if (listener.address.empty()) return absl::InvalidArgumentError("address: must be given");
  return CheckTls(listener.tls);
}

}  // namespace vecgate::config
