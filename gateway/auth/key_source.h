// Key sets that live elsewhere: read from a file or fetched from who signs, and kept fresh.
#pragma once

#include <absl/status/statusor.h>

#include <boost/asio/basic_waitable_timer.hpp>
#include <chrono>
#include <memory>
#include <string>

#include "auth/key_set.h"
#include "base/awaitable.h"
#include "base/cancel.h"
#include "base/live.h"

namespace vecgate::auth {

// Lives in a shared_ptr: its coroutine holds one until Stop. Everything but keys(), Stop and Ask runs on the thread of
// the executor it was made with.
class KeySource : public std::enable_shared_from_this<KeySource> {
 public:
  struct Settings {
    std::string name;      // of the issuer, for the log
    std::string location;  // a file's path or a URL; empty: asked for at the issuer (OpenID Connect Discovery)
    std::string issuer;    // URL; needed when there is no location
    std::string ca;        // PEM file of authorities for https; empty: the system's
    std::chrono::milliseconds refresh{3'600'000};
    std::chrono::milliseconds file_check{1'000};
    std::chrono::milliseconds least_between{5'000};  // two fetches that tokens with unknown keys ask for

    friend bool operator==(const Settings&, const Settings&) = default;
  };

  // A file is read here; fails when it holds no keys. URLs are only looked at.
  static absl::StatusOr<std::shared_ptr<KeySource>> Open(Settings settings, base::Executor executor);

  const Settings& settings() const { return settings_; }
  // Begins to keep the keys fresh.
  void Start();
  // Ends that soon. From any thread.
  void Stop();

  // Null: none were had yet. From any thread; a failed refresh leaves the last ones.
  std::shared_ptr<const KeySet> keys() const { return keys_.Get(); }
  // Looks for newer keys, unless that was done a moment ago, and returns when it is known what there is. From the
  // thread of any executor: the coroutine goes on on its own.
  base::Awaitable<void> Ask();

 private:
  using Clock = std::chrono::steady_clock;
  using Timer = boost::asio::basic_waitable_timer<Clock, boost::asio::wait_traits<Clock>, base::Executor>;

  KeySource(Settings settings, base::Executor executor);
  bool is_file() const { return file_; }
  base::Awaitable<void> Run();
  base::Awaitable<void> AskHere();
  // Gets the keys once. True: there are keys, new or as they were.
  base::Awaitable<bool> Refresh();
  base::Awaitable<absl::StatusOr<std::string>> Get(std::string url);
  base::Awaitable<absl::StatusOr<std::string>> FindLocation();
  absl::Status ReadFile();
  absl::Status Take(std::string_view json);

  const Settings settings_;
  const bool file_;
  const base::Executor executor_;
  Timer timer_;
  Timer refreshed_;  // never expires; cancelled when a refresh ends
  base::CancelSource stop_;
  bool refreshing_ = false;
  bool tried_ = false;
  Clock::time_point last_try_;
  std::string last_fault_;
  std::string text_;  // of the keys in force
  base::Live<KeySet> keys_{nullptr};
};

}  // namespace vecgate::auth
