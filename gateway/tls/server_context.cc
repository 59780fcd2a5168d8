#include "tls/server_context.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/sha.h>

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace vecgate::tls {
namespace {

namespace ssl = boost::asio::ssl;

absl::Status Fault(std::string_view setting) {
  return absl::InvalidArgumentError(base::Concat(setting, ": ", LastError()));
}

// HTTP/1.1 and nothing else. Who offers others only would misunderstand what comes.
int OnProtocolsOffered(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* in,
                       unsigned int in_size, void*) {
  static constexpr unsigned char kOurs[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, out_size, kOurs, sizeof(kOurs), in, in_size) != OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

// Puts all certificates, or all revocation lists, of a PEM text into the store. False: there was none, or a broken one.
bool AddAuthorities(const std::string& pem, SSL_CTX* context) {
  const BioPtr in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  size_t count = 0;
  while (const X509Ptr authority{PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr)}) {
    if (X509_STORE_add_cert(SSL_CTX_get_cert_store(context), authority.get()) != 1 ||
        SSL_CTX_add_client_CA(context, authority.get()) != 1) {
      return false;
    }
    ++count;
  }
  return count > 0;
}

bool AddRevocations(const std::string& pem, X509_STORE* store) {
  const BioPtr in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  size_t count = 0;
  while (const CrlPtr list{PEM_read_bio_X509_CRL(in.get(), nullptr, nullptr, nullptr)}) {
    if (X509_STORE_add_crl(store, list.get()) != 1) return false;
    ++count;
  }
  X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK);
  return count > 0;
}

}  // namespace

ServerContext::ServerContext(std::shared_ptr<TicketKeys> tickets)
    : context_(ssl::context::tls_server), tickets_(std::move(tickets)) {}

absl::StatusOr<std::shared_ptr<const ServerContext>> ServerContext::Make(const config::ServerTls& settings,
                                                                         std::shared_ptr<TicketKeys> tickets) {
  ERR_clear_error();
  std::shared_ptr<ServerContext> made(new ServerContext(std::move(tickets)));
  for (absl::Status (ServerContext::*step)(const config::ServerTls&) :
       {&ServerContext::SetProtocol, &ServerContext::LoadCertificates, &ServerContext::SetClients}) {
    if (absl::Status status = (made.get()->*step)(settings); !status.ok()) return status;
  }
  made->SetSessions(settings);
  return std::shared_ptr<const ServerContext>(std::move(made));
}

absl::Status ServerContext::SetProtocol(const config::ServerTls& settings) {
  SSL_CTX_set_min_proto_version(native(), settings.minimum_version == "TLSv1.3" ? TLS1_3_VERSION : TLS1_2_VERSION);
  SSL_CTX_set_options(native(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                    SSL_OP_PRIORITIZE_CHACHA);
  if (SSL_CTX_set_cipher_list(native(), settings.ciphers.c_str()) != 1) return Fault("tls.ciphers");
  if (SSL_CTX_set_ciphersuites(native(), settings.cipher_suites.c_str()) != 1) return Fault("tls.cipher_suites");
  if (SSL_CTX_set1_groups_list(native(), settings.curves.c_str()) != 1) return Fault("tls.curves");
  SSL_CTX_set_alpn_select_cb(native(), OnProtocolsOffered, nullptr);
  return absl::OkStatus();
}

absl::Status ServerContext::LoadCertificates(const config::ServerTls& settings) {
  if (settings.certificates.empty() || settings.certificates.size() != settings.keys.size()) {
    return absl::InvalidArgumentError("tls.certificates and tls.keys: there must be as many of one as of the other");
  }
  for (size_t i = 0; i < settings.certificates.size(); ++i) {
    absl::StatusOr<Certificate> loaded = LoadCertificate(settings.certificates[i], settings.keys[i]);
    if (!loaded.ok()) return loaded.status();
    // Also says whether the library finds it strong enough.
    if (SSL_CTX_use_cert_and_key(native(), loaded->leaf.get(), loaded->key.get(), loaded->chain.get(), 1) != 1) {
      return Fault(settings.certificates[i]);
    }
    for (const std::string& name : loaded->names) by_name_[name].push_back(i);
    const auto& first = certificates_.empty() ? loaded->names : certificates_.front().names;
    if (loaded->names == first) otherwise_.push_back(i);
    certificates_.push_back(*std::move(loaded));
  }
  SSL_CTX_set_cert_cb(native(), &ServerContext::OnCertificateWanted, this);
  return absl::OkStatus();
}

absl::Status ServerContext::SetClients(const config::ServerTls& settings) {
  if (settings.client_certificates == "off") return absl::OkStatus();
  const absl::StatusOr<std::string> authorities = ReadPem(settings.client_ca);
  if (!authorities.ok()) return authorities.status();
  if (!AddAuthorities(*authorities, native())) return Fault(settings.client_ca);
  client_pem_ = *authorities;
  if (!settings.client_crl.empty()) {
    const absl::StatusOr<std::string> revocations = ReadPem(settings.client_crl);
    if (!revocations.ok()) return revocations.status();
    if (!AddRevocations(*revocations, SSL_CTX_get_cert_store(native()))) return Fault(settings.client_crl);
    client_pem_ += *revocations;
  }
  ERR_clear_error();
  const bool required = settings.client_certificates == "required";
  SSL_CTX_set_verify(native(), SSL_VERIFY_PEER | (required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0), nullptr);
  return absl::OkStatus();
}

void ServerContext::SetSessions(const config::ServerTls& settings) {
  // Sessions lie with the clients, in tickets; nothing is kept here.
  SSL_CTX_set_session_cache_mode(native(), SSL_SESS_CACHE_OFF);
  if (settings.sessions.count() == 0) {
    SSL_CTX_set_options(native(), SSL_OP_NO_TICKET);
    SSL_CTX_set_num_tickets(native(), 0);
    return;
  }
  SSL_CTX_set_timeout(native(), std::chrono::duration_cast<std::chrono::seconds>(settings.sessions).count());
  tickets_->ServeTo(native());
  // A session whose client was verified otherwise is none: it begins anew.
  const std::string kind = base::Concat(settings.client_certificates, "\n", client_pem_);
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(kind.data()), kind.size(), digest);
  static_assert(sizeof(digest) <= SSL_MAX_SID_CTX_LENGTH);
  SSL_CTX_set_session_id_context(native(), digest, sizeof(digest));
}

const std::vector<size_t>& ServerContext::Select(std::string_view server_name) const {
  std::string name = base::ToLower(server_name);
  if (name.ends_with('.')) name.pop_back();
  if (const auto exact = by_name_.find(name); exact != by_name_.end()) return exact->second;
  if (const size_t dot = name.find('.'); dot != std::string::npos && dot > 0) {
    const auto wildcard = by_name_.find(base::Concat("*", std::string_view(name).substr(dot)));
    if (wildcard != by_name_.end()) return wildcard->second;
  }
  return otherwise_;
}

int ServerContext::OnCertificateWanted(SSL* ssl, void* self) {
  const auto& own = *static_cast<const ServerContext*>(self);
  const char* name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
  SSL_certs_clear(ssl);
  for (const size_t index : own.Select(name != nullptr ? name : "")) {
    const Certificate& chosen = own.certificates_[index];
    if (SSL_use_cert_and_key(ssl, chosen.leaf.get(), chosen.key.get(), chosen.chain.get(), 1) != 1) return 0;
  }
  return 1;
}

}  // namespace vecgate::tls
