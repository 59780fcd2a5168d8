#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <thread>
#include <utility>

#include "auth/run_command.h"
#include "auth/token_providers.h"

namespace vecgate::auth {
namespace {

constexpr size_t kLargestOutput = 32 * 1024;

class Command final : public TokenProvider {
 public:
  Command(std::vector<std::string> arguments, std::chrono::milliseconds interval, std::chrono::milliseconds timeout,
          base::Executor executor)
      : arguments_(std::move(arguments)), interval_(interval), timeout_(timeout), executor_(executor) {}

  std::string_view kind() const override { return "command"; }
  std::chrono::milliseconds interval() const override { return interval_; }

  // Waiting for a program blocks, so it has a thread of its own, which ends within the timeout.
  base::Awaitable<absl::StatusOr<IssuedToken>> Obtain(base::CancelSource& stop) override {
    const base::CancelSource::Target when_stopped(
        &stop, [](void* self) { static_cast<Command*>(self)->give_up_ = true; }, this);
    const auto start = [](Command* self) {
      // The executor must not run out of work before the program has ended.
      self->thread_ = std::thread([self, work = boost::asio::make_work_guard(self->executor_)] {
        self->output_ = RunCommand(self->arguments_, self->timeout_, kLargestOutput, self->give_up_);
        boost::asio::post(self->executor_, [self] { self->ended_.Resume(); });
      });
    };
    co_await ended_.WaitAfter<Command>(start, this);
    thread_.join();
    if (!output_.ok()) co_return output_.status();
    std::string text = *std::move(output_);
    while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
    if (absl::Status status = CheckToken(text); !status.ok()) co_return status;
    co_return IssuedToken{std::move(text), std::nullopt};
  }

 private:
  const std::vector<std::string> arguments_;
  const std::chrono::milliseconds interval_;
  const std::chrono::milliseconds timeout_;
  const base::Executor executor_;
  std::atomic<bool> give_up_{false};
  base::Suspension ended_;
  std::thread thread_;
  absl::StatusOr<std::string> output_;
};

}  // namespace

std::unique_ptr<TokenProvider> CommandProvider(std::vector<std::string> arguments, std::chrono::milliseconds interval,
                                               std::chrono::milliseconds timeout, base::Executor executor) {
  return std::make_unique<Command>(std::move(arguments), interval, timeout, executor);
}

}  // namespace vecgate::auth
