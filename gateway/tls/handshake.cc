#include "tls/handshake.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/sslerr.h>

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>

#include "base/text.h"
#include "tls/certificate.h"
#include "tls/openssl.h"

namespace vecgate::tls {
namespace {

// Reasons of alerts that the other side sent begin here.
constexpr int kAlerts = SSL_AD_REASON_OFFSET;

HandshakeResult ResultOfReason(int reason) {
  switch (reason) {
    case SSL_R_HTTP_REQUEST:
    case SSL_R_HTTPS_PROXY_REQUEST:
      return HandshakeResult::kPlainHttp;
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_VERSION_TOO_LOW:
    case SSL_R_VERSION_TOO_HIGH:
    case SSL_R_INAPPROPRIATE_FALLBACK:
      return HandshakeResult::kVersion;
    case SSL_R_NO_SHARED_CIPHER:
    case SSL_R_NO_SHARED_SIGNATURE_ALGORITHMS:
    case SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM:
    case SSL_R_NO_SUITABLE_KEY_SHARE:
    case SSL_R_NO_SUITABLE_GROUPS:
      return HandshakeResult::kAlgorithm;
    case SSL_R_NO_APPLICATION_PROTOCOL:
      return HandshakeResult::kApplicationProtocol;
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
      return HandshakeResult::kNoCertificate;
    case SSL_R_CERTIFICATE_VERIFY_FAILED:
    case SSL_R_EE_KEY_TOO_SMALL:
    case SSL_R_CA_KEY_TOO_SMALL:
    case SSL_R_CA_MD_TOO_WEAK:
      return HandshakeResult::kBadCertificate;
    default:
      return reason > kAlerts ? HandshakeResult::kRefusedByClient : HandshakeResult::kMalformed;
  }
}

std::string_view TextOf(const ASN1_STRING* string) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(string)),
          static_cast<size_t>(ASN1_STRING_length(string))};
}

std::string AddressOf(const ASN1_OCTET_STRING* bytes) {
  const int size = ASN1_STRING_length(bytes);
  if (size != 4 && size != 16) return "";
  char text[INET6_ADDRSTRLEN] = {};
  inet_ntop(size == 4 ? AF_INET : AF_INET6, ASN1_STRING_get0_data(bytes), text, sizeof(text));
  return text;
}

std::string NameOf(const GENERAL_NAME& name) {
  switch (name.type) {
    case GEN_DNS:
      return base::Concat("DNS:", TextOf(name.d.dNSName));
    case GEN_URI:
      return base::Concat("URI:", TextOf(name.d.uniformResourceIdentifier));
    case GEN_EMAIL:
      return base::Concat("email:", TextOf(name.d.rfc822Name));
    case GEN_IPADD:
      return base::Concat("IP:", AddressOf(name.d.iPAddress));
    default:
      return "";
  }
}

}  // namespace

HandshakeResult ResultOf(const SSL* ssl, const boost::system::error_code& error) {
  if (!error) return SSL_session_reused(ssl) == 1 ? HandshakeResult::kResumed : HandshakeResult::kFull;
  if (error.category() == boost::asio::error::get_ssl_category()) {
    // What is told is the first of several faults, perhaps one of a layer below.
    if (SSL_get_verify_result(ssl) != X509_V_OK) return HandshakeResult::kBadCertificate;
    const auto code = static_cast<unsigned long>(error.value());
    return ERR_GET_LIB(code) == ERR_LIB_SSL ? ResultOfReason(ERR_GET_REASON(code)) : HandshakeResult::kMalformed;
  }
  // The one who watches the clock closes the socket.
  if (error == boost::asio::error::operation_aborted || error == boost::asio::error::bad_descriptor) {
    return HandshakeResult::kTimeout;
  }
  return HandshakeResult::kGone;
}

std::string_view VersionOf(const SSL* ssl) { return SSL_get_version(ssl); }

std::string_view CipherOf(const SSL* ssl) {
  const char* name = SSL_get_cipher_name(ssl);
  return name != nullptr ? name : "";
}

std::string_view ServerNameOf(const SSL* ssl) {
  const char* name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
  return name != nullptr ? name : "";
}

std::optional<ClientCertificate> ClientCertificateOf(const SSL* ssl) {
  X509* const shown = SSL_get0_peer_certificate(ssl);
  if (shown == nullptr || SSL_get_verify_result(ssl) != X509_V_OK) return std::nullopt;
  ClientCertificate client;
  client.subject = tls::TextOf(X509_get_subject_name(shown));
  client.issuer = tls::TextOf(X509_get_issuer_name(shown));
  client.serial = SerialOf(shown);
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  if (X509_digest(shown, EVP_sha256(), digest, &size) == 1) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    for (unsigned int i = 0; i < size; ++i) base::Append(&client.fingerprint, kDigits[digest[i] >> 4], kDigits[digest[i] & 15]);
  }
  const NamesPtr names(static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(shown, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    std::string name = NameOf(*sk_GENERAL_NAME_value(names.get(), i));
    // A zero byte inside is an attempt to be taken for somebody else.
    if (!name.empty() && name.find('\0') == std::string::npos) client.names.push_back(std::move(name));
  }
  return client;
}

}  // namespace vecgate::tls
