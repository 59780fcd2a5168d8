#include "tls/ticket_keys.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>

#include <algorithm>

namespace vecgate::tls {
namespace {

// What OpenSSL makes of the answers of the function below.
constexpr int kFailed = -1;
constexpr int kUnknownTicket = 0;
constexpr int kGood = 1;
constexpr int kGoodMakeNew = 2;

// Where a context keeps its TicketKeys.
int Slot() {
  static const int slot = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return slot;
}

bool Use(const TicketKeys::Key& key, unsigned char* iv, EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac, bool seal) {
  char digest[] = "SHA256";
  auto* const secret = const_cast<unsigned char*>(key.mac.data());  // read only, but the library's type has no const
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, secret, key.mac.size()),
                                   OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                                   OSSL_PARAM_construct_end()};
  return EVP_CipherInit_ex(cipher, EVP_aes_256_cbc(), nullptr, key.cipher.data(), iv, seal ? 1 : 0) == 1 &&
         EVP_MAC_CTX_set_params(mac, parameters) == 1;
}

int OnTicket(SSL* ssl, unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac, int seal) {
  auto* const keys = static_cast<TicketKeys*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), Slot()));
  const auto now = TicketKeys::Clock::now();
  const std::optional<TicketKeys::Key> current = keys->Current(now);
  if (!current.has_value()) return kFailed;
  if (seal != 0) {
    if (RAND_bytes(iv, EVP_CIPHER_get_iv_length(EVP_aes_256_cbc())) != 1) return kFailed;
    std::copy(current->name.begin(), current->name.end(), name);
    return Use(*current, iv, cipher, mac, true) ? kGood : kFailed;
  }
  const std::optional<TicketKeys::Key> key = keys->Find(name, now);
  if (!key.has_value()) return kUnknownTicket;
  if (!Use(*key, iv, cipher, mac, false)) return kFailed;
  return key->name == current->name ? kGood : kGoodMakeNew;
}

}  // namespace

std::optional<TicketKeys::Key> TicketKeys::Current(Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  if (current_.has_value() && now < current_->made + lifetime_) return current_;
  Key fresh;
  if (RAND_bytes(fresh.name.data(), static_cast<int>(fresh.name.size())) != 1 ||
      RAND_priv_bytes(fresh.cipher.data(), static_cast<int>(fresh.cipher.size())) != 1 ||
      RAND_priv_bytes(fresh.mac.data(), static_cast<int>(fresh.mac.size())) != 1) {
    return std::nullopt;
  }
  fresh.made = now;
  previous_ = current_;
  current_ = fresh;
  return current_;
}

std::optional<TicketKeys::Key> TicketKeys::Find(const unsigned char* name, Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  for (const std::optional<Key>* key : {&current_, &previous_}) {
    if (!key->has_value() || !std::equal((*key)->name.begin(), (*key)->name.end(), name)) continue;
    if (now < (*key)->made + 2 * lifetime_) return *key;
  }
  return std::nullopt;
}

void TicketKeys::ServeTo(SSL_CTX* context) {
  SSL_CTX_set_ex_data(context, Slot(), this);
  SSL_CTX_set_tlsext_ticket_key_evp_cb(context, OnTicket);
}

}  // namespace vecgate::tls
