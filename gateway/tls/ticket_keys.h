// Keys of session tickets: with them a client comes back without a full handshake.
//
// The keys outlive reloads, so clients come back across them. A key seals tickets for one lifetime and opens them for
// one more; then nobody can open what was recorded with it.
#pragma once

#include <openssl/types.h>

#include <array>
#include <chrono>
#include <mutex>
#include <optional>

namespace vecgate::tls {

// Safe to use from any thread.
class TicketKeys {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr size_t kNameBytes = 16;
  struct Key {
    std::array<unsigned char, kNameBytes> name;
    std::array<unsigned char, 32> cipher;  // AES-256
    std::array<unsigned char, 32> mac;     // HMAC-SHA-256
    Clock::time_point made;
  };

  explicit TicketKeys(std::chrono::milliseconds lifetime) : lifetime_(lifetime) {}

  // The key for new tickets; none when the system has no random bytes.
  std::optional<Key> Current(Clock::time_point now);
  // The key that sealed a ticket; none when it is unknown or too old.
  std::optional<Key> Find(const unsigned char* name, Clock::time_point now);

  // Makes connections of `context` use these keys. The object outlives the context and its connections.
  void ServeTo(SSL_CTX* context);

 private:
  const std::chrono::milliseconds lifetime_;
  std::mutex mutex_;
  std::optional<Key> current_;
  std::optional<Key> previous_;
};

}  // namespace vecgate::tls
