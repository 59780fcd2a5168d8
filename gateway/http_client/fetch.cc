#include "http_client/fetch.h"

#include <boost/asio/basic_waitable_timer.hpp>
#include <memory>
#include <utility>

#include "base/text.h"

namespace vecgate::http_client {
namespace {

namespace asio = boost::asio;

using Timer =
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, base::Executor>;

// What the clock may still touch. Its handler can run after the request's end, so it shares this and nothing else.
struct Watched {
  Connection* connection;  // null: over
  bool expired = false;
};

base::Awaitable<absl::Status> Talk(Connection& connection, const Target& target, const FetchRequest& request,
                                   const FetchLimits& limits, FetchAnswer* answer) {
  absl::Status status = co_await connection.Open(limits.time);
  if (!status.ok()) co_return status;
  std::string bytes = base::Concat(request.method, " ", request.path, " HTTP/1.1\r\nhost: ", target.authority(),
                                   "\r\nconnection: close\r\nuser-agent: vecgate\r\n", request.fields);
  if (!request.body.empty()) base::Append(&bytes, "content-length: ", request.body.size(), "\r\n");
  base::Append(&bytes, "\r\n", request.body);
  status = co_await connection.Write(bytes, limits.time);
  if (!status.ok()) co_return status;
  status = co_await connection.ReadHead(request.method == "HEAD");
  if (!status.ok()) co_return status;
  answer->status = connection.head().status;
  const absl::Status too_large = absl::ResourceExhaustedError(base::Concat("more than ", limits.body_bytes, " bytes"));
  if (connection.head().length.value_or(0) > limits.body_bytes) co_return too_large;
  for (;;) {
    std::string_view piece;
    status = co_await connection.ReadPiece(limits.time, &piece);
    if (!status.ok() || piece.empty()) co_return status;
    if (piece.size() > limits.body_bytes - answer->body.size()) co_return too_large;
    answer->body.append(piece);
  }
}

}  // namespace

base::Awaitable<absl::StatusOr<FetchAnswer>> Fetch(const Target& target, FetchRequest request, FetchLimits limits,
                                                   base::Executor executor, base::CancelSource* cancel) {
  if (cancel != nullptr && cancel->cancelled()) co_return absl::CancelledError("cancelled");
  const std::unique_ptr<Connection> connection = target.NewConnection(executor);
  const base::CancelSource::Target when_cancelled(
      cancel, [](void* other) { static_cast<Connection*>(other)->Abort(); }, connection.get());
  const auto watched = std::make_shared<Watched>(Watched{connection.get()});
  Timer clock(executor);
  clock.expires_after(limits.time);
  clock.async_wait([watched](boost::system::error_code error) {
    if (error || watched->connection == nullptr) return;
    watched->expired = true;
    watched->connection->Abort();
  });

  FetchAnswer answer;
  const absl::Status status = co_await Talk(*connection, target, request, limits, &answer);
  watched->connection = nullptr;
  clock.cancel();
  connection->Abort();
  if (status.ok()) co_return answer;
  if (watched->expired) co_return absl::DeadlineExceededError("no answer in time");
  if (cancel != nullptr && cancel->cancelled()) co_return absl::CancelledError("cancelled");
  co_return status;
}

Address AddressOf(const base::Url& url, std::string ca) { return {url.host, url.port, url.tls, std::move(ca)}; }

}  // namespace vecgate::http_client
