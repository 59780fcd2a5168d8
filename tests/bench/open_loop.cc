// Sends the same HTTP/1.1 request on a fixed schedule, whatever becomes of the answers, and measures each one from the
// moment it was due: a server that stalls is charged for all requests that became due meanwhile. Prints a JSON object.

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <deque>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "boost/asio/connect.hpp"
#include "boost/asio/io_context.hpp"
#include "boost/asio/ip/tcp.hpp"
#include "boost/asio/steady_timer.hpp"
#include "boost/asio/write.hpp"
#include "boost/beast/core/flat_buffer.hpp"
#include "boost/beast/http.hpp"
#include "histogram.h"

ABSL_FLAG(std::string, host, "127.0.0.1", "the server's address");
ABSL_FLAG(std::string, port, "", "its port");
ABSL_FLAG(std::string, method, "GET", "of every request");
ABSL_FLAG(std::string, target, "/", "of every request");
ABSL_FLAG(std::string, body, "", "file with the JSON body of every request");
ABSL_FLAG(double, rate, 1000, "requests a second");
ABSL_FLAG(double, seconds, 10, "how long the measured schedule is");
ABSL_FLAG(double, warmup, 1, "seconds of the same schedule before it, not measured");
ABSL_FLAG(bool, wake_only, false, "send nothing: measures how late this core wakes a sleeper on the same schedule");
ABSL_FLAG(int, connections, 32, "open connections; a request that finds none free waits, and its clock runs");

namespace vecgate::bench {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;
using Socket = asio::basic_stream_socket<asio::ip::tcp, asio::io_context::executor_type>;
using Timer = asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, asio::io_context::executor_type>;

// What still runs this long after the end of the schedule is counted as unanswered.
constexpr std::chrono::seconds kPatience{5};

// Where a connection tells what became of its request.
class Schedule {
 public:
  virtual ~Schedule() = default;
  virtual void OnAnswer(std::size_t connection, bool ok) = 0;
};

// One connection with at most one request on it. A connection that failed stays unused.
class Connection {
 public:
  Connection(asio::io_context& io, std::size_t index, const std::string& request, Schedule& schedule)
      : socket_(io), index_(index), request_(request), schedule_(schedule) {}

  void Open(const asio::ip::tcp::resolver::results_type& server) {
    asio::connect(socket_, server);
    socket_.set_option(asio::ip::tcp::no_delay(true));
  }

  void Send() {
    asio::async_write(socket_, asio::buffer(request_), [this](error_code error, std::size_t) {
      if (error) return schedule_.OnAnswer(index_, false);
      Receive();
    });
  }

  void Close() {
    error_code ignored;
    socket_.close(ignored);
  }

 private:
  void Receive() {
    parser_.emplace();
    parser_->body_limit(boost::none);
    http::async_read(socket_, buffer_, *parser_, [this](error_code error, std::size_t) {
      schedule_.OnAnswer(index_, !error && parser_->get().result() == http::status::ok);
    });
  }

  Socket socket_;
  const std::size_t index_;
  const std::string& request_;
  Schedule& schedule_;
  boost::beast::flat_buffer buffer_;
  std::optional<http::response_parser<http::string_body>> parser_;
};

class Load final : public Schedule {
 public:
  Load(asio::io_context& io, std::string request)
      : io_(io),
        timer_(io),
        request_(std::move(request)),
        interval_(1e9 / absl::GetFlag(FLAGS_rate)),
        warmup_(static_cast<std::uint64_t>(absl::GetFlag(FLAGS_rate) * absl::GetFlag(FLAGS_warmup))),
        count_(warmup_ + static_cast<std::uint64_t>(absl::GetFlag(FLAGS_rate) * absl::GetFlag(FLAGS_seconds))) {
    if (wake_only_) return;
    asio::ip::tcp::resolver resolver(io);
    const auto server = resolver.resolve(absl::GetFlag(FLAGS_host), absl::GetFlag(FLAGS_port));
    for (int i = 0; i < absl::GetFlag(FLAGS_connections); ++i) {
      connections_.push_back(std::make_unique<Connection>(io, connections_.size(), request_, *this));
      connections_.back()->Open(server);
      free_.push_back(connections_.size() - 1);
    }
    running_.resize(connections_.size());
  }

  // Returns when every request is answered, or given up.
  void Run() {
    begin_ = Clock::now();
    Tick();
    io_.run();
  }

  void Print() const {
    const auto us = [](std::uint64_t nanoseconds) { return static_cast<double>(nanoseconds) / 1000; };
    Histogram all = halves_[0];
    all.Merge(halves_[1]);
    std::printf(
        "{\"rate\": %.1f, \"sent\": %llu, \"answered\": %llu, \"failed\": %llu, \"unanswered\": %llu, "
        "\"p50_us\": %.1f, \"p90_us\": %.1f, \"p99_us\": %.1f, \"p999_us\": %.1f, \"max_us\": %.1f, "
        "\"first_half_p99_us\": %.1f, \"second_half_p99_us\": %.1f, "
        "\"waiting_at_most\": %zu, \"waiting_at_end\": %zu, "
        "\"late_p99_us\": %.1f, \"late_p999_us\": %.1f, \"late_max_us\": %.1f}\n",
        1e9 / interval_, Number(next_ - std::min(next_, warmup_)), Number(all.total()), Number(failed_),
        Number(unanswered_), us(all.Percentile(50)), us(all.Percentile(90)), us(all.Percentile(99)),
        us(all.Percentile(99.9)), us(all.max()), us(halves_[0].Percentile(99)), us(halves_[1].Percentile(99)),
        waiting_at_most_, waiting_at_end_, us(late_.Percentile(99)), us(late_.Percentile(99.9)), us(late_.max()));
  }

  void OnAnswer(std::size_t connection, bool ok) override {
    const std::uint64_t request = running_[connection];
    --outstanding_;
    if (!ok) {
      ++failed_;
      connections_[connection]->Close();
    } else {
      if (request >= warmup_) HalfOf(request).Record(Since(request));
      free_.push_back(connection);
    }
    Dispatch();
    if (next_ == count_ && outstanding_ == 0) timer_.cancel();
  }

 private:
  static unsigned long long Number(std::uint64_t value) { return value; }

  Clock::time_point Due(std::uint64_t request) const {
    return begin_ + std::chrono::nanoseconds(static_cast<std::int64_t>(interval_ * static_cast<double>(request)));
  }
  std::uint64_t Since(std::uint64_t request) const {
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - Due(request)).count());
  }
  Histogram& HalfOf(std::uint64_t request) { return halves_[request < warmup_ + (count_ - warmup_) / 2 ? 0 : 1]; }

  // Everything that is due by now; then sleeps until the next request is.
  void Tick() {
    while (next_ < count_ && Due(next_) <= Clock::now()) {
      // How late this program itself is: it shares its core with others.
      if (next_ >= warmup_) late_.Record(Since(next_));
      if (wake_only_) {
        ++next_;
        continue;
      }
      waiting_.push_back(next_++);
      ++outstanding_;
    }
    Dispatch();
    if (next_ < count_) {
      timer_.expires_at(Due(next_));
      timer_.async_wait([this](error_code) { Tick(); });
      return;
    }
    waiting_at_end_ = waiting_.size();
    if (outstanding_ == 0) return;
    timer_.expires_after(kPatience);
    timer_.async_wait([this](error_code cancelled) {
      if (cancelled) return;
      unanswered_ = outstanding_;
      io_.stop();
    });
  }

  void Dispatch() {
    while (!waiting_.empty() && !free_.empty()) {
      const std::size_t connection = free_.front();
      free_.pop_front();
      running_[connection] = waiting_.front();
      waiting_.pop_front();
      connections_[connection]->Send();
    }
    waiting_at_most_ = std::max(waiting_at_most_, waiting_.size());
  }

  asio::io_context& io_;
  Timer timer_;
  const std::string request_;
  const bool wake_only_ = absl::GetFlag(FLAGS_wake_only);
  const double interval_;  // nanoseconds
  const std::uint64_t warmup_;
  const std::uint64_t count_;
  Clock::time_point begin_;
  std::uint64_t next_ = 0;

  std::vector<std::unique_ptr<Connection>> connections_;
  std::vector<std::uint64_t> running_;  // by connection
  std::deque<std::size_t> free_;        // the longest free is used first, so all are
  std::deque<std::uint64_t> waiting_;
  std::uint64_t outstanding_ = 0;

  Histogram halves_[2];
  Histogram late_;
  std::uint64_t failed_ = 0;
  std::uint64_t unanswered_ = 0;
  std::size_t waiting_at_most_ = 0;
  std::size_t waiting_at_end_ = 0;
};

std::string RequestText() {
  std::string body;
  if (const std::string path = absl::GetFlag(FLAGS_body); !path.empty()) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error(path + ": cannot be read");
    body.assign(std::istreambuf_iterator<char>(file), {});
  }
  return absl::GetFlag(FLAGS_method) + " " + absl::GetFlag(FLAGS_target) +
         " HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\ncontent-length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace
}  // namespace vecgate::bench

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage("sends HTTP/1.1 requests on a fixed schedule and tells how long answers took");
  absl::ParseCommandLine(argc, argv);
  try {
    boost::asio::io_context io{1};
    vecgate::bench::Load load(io, vecgate::bench::RequestText());
    load.Run();
    load.Print();
  } catch (const std::exception& error) {
    std::cerr << "open_loop: " << error.what() << "\n";
    return 1;
  }
  return 0;
}
