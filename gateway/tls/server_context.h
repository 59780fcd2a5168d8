// What handshakes of a listener are made with: certificates, versions, ciphers, whom to believe.
#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/status/statusor.h>

#include <boost/asio/ssl/context.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "tls/certificate.h"
#include "tls/ticket_keys.h"

namespace vecgate::tls {

// Immutable; shared by all threads. Connections hold on to the one their handshake began with.
class ServerContext {
 public:
  // `tickets` serves whoever comes back. Errors name the setting or the file.
  static absl::StatusOr<std::shared_ptr<const ServerContext>> Make(const config::ServerTls& settings,
                                                                   std::shared_ptr<TicketKeys> tickets);
  ServerContext(const ServerContext&) = delete;
  ServerContext& operator=(const ServerContext&) = delete;

  // Making connections changes nothing in it that shows, but the library takes it by a reference to non-const.
  boost::asio::ssl::context& context() const { return context_; }
  const std::vector<Certificate>& certificates() const { return certificates_; }

  // Indexes of the certificates for the name a client asked for: those with that very name, else those with a wildcard
  // for it, else the first and what else has its names. Several differ by the kind of their keys.
  const std::vector<size_t>& Select(std::string_view server_name) const;

 private:
  explicit ServerContext(std::shared_ptr<TicketKeys> tickets);

  absl::Status SetProtocol(const config::ServerTls& settings);
  absl::Status LoadCertificates(const config::ServerTls& settings);
  absl::Status SetClients(const config::ServerTls& settings);
  void SetSessions(const config::ServerTls& settings);

  SSL_CTX* native() const { return context_.native_handle(); }
  static int OnCertificateWanted(SSL* ssl, void* self);

  mutable boost::asio::ssl::context context_;
  std::shared_ptr<TicketKeys> tickets_;
  std::vector<Certificate> certificates_;
  absl::flat_hash_map<std::string, std::vector<size_t>> by_name_;  // wildcards as "*.example.org"
  std::vector<size_t> otherwise_;
  std::string client_pem_;  // authorities and revocations, for telling sessions of other ones apart
};

}  // namespace vecgate::tls
