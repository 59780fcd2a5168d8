#include "support/tls_client.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <csignal>

namespace vecgate::test {
namespace {

tls::BioPtr BioOf(const std::string& text) {
  return tls::BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

}  // namespace

TlsLayer::TlsLayer(int descriptor, const ClientTls& settings) : context_(SSL_CTX_new(TLS_client_method())) {
  std::signal(SIGPIPE, SIG_IGN);  // the library writes without MSG_NOSIGNAL
  SSL_CTX* const context = context_.get();
  SSL_CTX_set_security_level(context, 0);  // what is weak is for the server to refuse
  SSL_CTX_set_min_proto_version(context, settings.least);
  SSL_CTX_set_max_proto_version(context, settings.most);
  if (SSL_CTX_set_cipher_list(context, settings.ciphers.empty() ? "ALL" : settings.ciphers.c_str()) != 1) {
    error_ = tls::LastError();  // this library has none of them
    return;
  }
  // A cache would take its sessions along when it goes.
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  if (!settings.authorities.empty()) {
    const tls::X509Ptr authority(PEM_read_bio_X509(BioOf(settings.authorities).get(), nullptr, nullptr, nullptr));
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context), authority.get());
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  }
  if (!settings.certificate.empty()) {
    const tls::X509Ptr own(PEM_read_bio_X509(BioOf(settings.certificate).get(), nullptr, nullptr, nullptr));
    const tls::KeyPtr key(PEM_read_bio_PrivateKey(BioOf(settings.key).get(), nullptr, nullptr, nullptr));
    SSL_CTX_use_cert_and_key(context, own.get(), key.get(), nullptr, 1);
  }
  ssl_.reset(SSL_new(context));
  SSL* const ssl = ssl_.get();
  if (!settings.server_name.empty()) {
    SSL_set_tlsext_host_name(ssl, settings.server_name.c_str());
    SSL_set1_host(ssl, settings.server_name.c_str());
  }
  if (!settings.protocols.empty()) {
    SSL_set_alpn_protos(ssl, reinterpret_cast<const unsigned char*>(settings.protocols.data()),
                        static_cast<unsigned>(settings.protocols.size()));
  }
  if (settings.session != nullptr) SSL_set_session(ssl, settings.session);
  SSL_set_fd(ssl, descriptor);
  ERR_clear_error();
  ok_ = SSL_connect(ssl) == 1;
  if (!ok_) error_ = tls::LastError();
}

// A session whose connection ends without a word is no good for coming back.
TlsLayer::~TlsLayer() {
  if (ssl_ != nullptr) SSL_set_shutdown(ssl_.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
}

std::string TlsLayer::subject() const {
  const tls::X509Ptr shown(SSL_get1_peer_certificate(ssl_.get()));
  char name[256] = {};
  X509_NAME_get_text_by_NID(X509_get_subject_name(shown.get()), NID_commonName, name, sizeof(name));
  return name;
}

SessionPtr TlsLayer::session() const { return SessionPtr(SSL_get1_session(ssl_.get())); }

long TlsLayer::Send(std::string_view bytes) {
  size_t sent = 0;
  if (!ok_) return -1;
  return SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &sent) == 1 ? static_cast<long>(sent) : -1;
}

long TlsLayer::Receive(char* to, size_t size) {
  if (!ok_) return -1;
  size_t received = 0;
  ERR_clear_error();
  if (SSL_read_ex(ssl_.get(), to, size, &received) == 1) return static_cast<long>(received);
  if (SSL_get_error(ssl_.get(), 0) == SSL_ERROR_ZERO_RETURN) return 0;
  error_ = tls::LastError();
  return -1;
}

void TlsLayer::End() {
  if (ok_) SSL_shutdown(ssl_.get());
}

}  // namespace vecgate::test
