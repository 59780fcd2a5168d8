// A token for the upstream that does not last: got, kept, and got again before it ends.
#pragma once

#include <absl/status/statusor.h>

#include <atomic>
#include <boost/asio/basic_waitable_timer.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/awaitable.h"
#include "base/cancel.h"
#include "base/live.h"

namespace vecgate::auth {

// What a provider hands out.
struct IssuedToken {
  std::string text;
  // From now until it ends; nothing: it does not say.
  std::optional<std::chrono::milliseconds> lifetime;
};

// Where tokens come from. Used on the executor's thread by one TokenSource, which owns it.
class TokenProvider {
 public:
  virtual ~TokenProvider() = default;
  // "file", "command", "oauth2": static storage, for the log.
  virtual std::string_view kind() const = 0;
  // Gets a token; may wait. Errors never hold a secret.
  virtual base::Awaitable<absl::StatusOr<IssuedToken>> Obtain(base::CancelSource& stop) = 0;
  // How long a token without a lifetime is used before the next one is got.
  virtual std::chrono::milliseconds interval() const = 0;
};

// Lives in a shared_ptr: its coroutine holds one until Stop.
class TokenSource : public std::enable_shared_from_this<TokenSource> {
 public:
  TokenSource(std::unique_ptr<TokenProvider> provider, base::Executor executor);

  // Begins to get tokens.
  void Start();
  // Ends that soon. From any thread.
  void Stop();
  // Null: there is none, or the last one has ended. From any thread.
  std::shared_ptr<const std::string> token() const;
  // Failed attempts so far. From any thread.
  uint64_t failures() const { return failures_.load(std::memory_order_relaxed); }

 private:
  using Clock = std::chrono::steady_clock;
  using Timer = boost::asio::basic_waitable_timer<Clock, boost::asio::wait_traits<Clock>, base::Executor>;
  struct Held {
    std::shared_ptr<const std::string> text;
    Clock::time_point until;
  };

  base::Awaitable<void> Run();
  // Keeps the token and returns when to get the next one.
  std::chrono::milliseconds Keep(IssuedToken token);

  const std::unique_ptr<TokenProvider> provider_;
  const base::Executor executor_;
  Timer timer_;
  base::CancelSource stop_;
  std::string last_fault_;
  std::atomic<uint64_t> failures_{0};
  base::Live<Held> held_{nullptr};
};

}  // namespace vecgate::auth
