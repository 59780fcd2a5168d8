// A restart without a refused connection: the gateway that runs hands its listening sockets to the one that replaces
// it.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/awaitable.h"
#include "base/descriptor.h"
#include "lifecycle/inherited_sockets.h"

namespace vecgate::lifecycle {

// The side of the gateway that comes. Blocks, within a bound of seconds: for the time before anything is served.
class Predecessor {
 public:
  // Asks whoever listens at `path` for its sockets; nothing when nobody does. Fails when the answer is not understood.
  static absl::StatusOr<std::optional<Predecessor>> Find(const std::string& path);

  std::vector<InheritedSocket> TakeSockets() { return std::move(sockets_); }
  // It may go: this process serves.
  void Replace();

 private:
  base::Descriptor connection_;
  std::vector<InheritedSocket> sockets_;
};

// The side of the gateway that goes. On the thread of `io`.
class Handover {
 public:
  // `sockets`: to be handed over; `replaced` is called once, when a successor serves.
  Handover(boost::asio::io_context& io, std::string path, std::vector<InheritedSocket> sockets,
           std::function<void()> replaced);
  ~Handover();
  Handover(const Handover&) = delete;
  Handover& operator=(const Handover&) = delete;

  // Takes the place at `path`, also from a predecessor that still runs. Only processes of the same user, and root, may
  // connect.
  absl::Status Listen();
  // Answers successors until Stop. Runs once.
  base::Awaitable<void> Run();
  // Closes the sockets and leaves the path, unless a successor has it already.
  void Stop();

 private:
  using Stream = boost::asio::posix::basic_stream_descriptor<base::Executor>;
  using Timer = boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                                  boost::asio::wait_traits<std::chrono::steady_clock>, base::Executor>;

  // True when the successor serves.
  base::Awaitable<bool> Serve(base::Descriptor connection);
  bool OwnsPath() const;

  const std::string path_;
  std::vector<InheritedSocket> sockets_;
  const std::function<void()> replaced_;
  Stream listener_;
  Stream connection_;
  Timer patience_;
  uint64_t device_ = 0;  // of the file at the path, when it was ours
  uint64_t inode_ = 0;
};

}  // namespace vecgate::lifecycle
