#include "scripted_upstream/server.h"

#include <chrono>
#include <limits>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server_builder.h"
#include "scripted_upstream/call_reactor.h"
#include "scripted_upstream/canned_reactor.h"

namespace vecgate::scripted_upstream {
namespace {

constexpr int kMaxMetadataBytes = 1 << 20;

class Service final : public grpc::CallbackGenericService {
 public:
  Service(Script* script, const CannedAnswers& canned, std::function<void()> close_connections)
      : script_(script), canned_(Prepare(canned)), close_connections_(std::move(close_connections)) {}

  grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext* context) override {
    if (const auto canned = canned_.find(context->method()); canned != canned_.end()) {
      return new CannedReactor(canned->second, context);
    }
    return new CallReactor(script_, close_connections_, context);
  }

 private:
  Script* const script_;
  const CannedReplies canned_;
  const std::function<void()> close_connections_;
};

}  // namespace

Server::Server(ServerOptions options, Script* script) : options_(std::move(options)), script_(script) {}

absl::StatusOr<std::unique_ptr<Server>> Server::Start(ServerOptions options, Script* script) {
  std::unique_ptr<Server> server(new Server(std::move(options), script));
  if (absl::Status status = server->Listen(); !status.ok()) return status;
  server->supervisor_ = std::thread(&Server::Supervise, server.get());
  return server;
}

Server::~Server() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_one();
  if (supervisor_.joinable()) supervisor_.join();
}

void Server::CloseConnections() {
  {
    const std::lock_guard lock(mutex_);
    close_ = true;
  }
  wake_.notify_one();
}

absl::Status Server::Listen() {
  service_ = std::make_unique<Service>(script_, options_.canned, [this] { CloseConnections(); });
  int port = 0;
  grpc::ServerBuilder builder;
  builder.RegisterCallbackGenericService(service_.get());
  builder.SetMaxReceiveMessageSize(-1);
  builder.SetMaxSendMessageSize(-1);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMaxMetadataBytes);
  builder.AddListeningPort(absl::StrCat(options_.host, ":", options_.port), grpc::InsecureServerCredentials(), &port);
  server_ = builder.BuildAndStart();
  if (server_ == nullptr || port == 0) {
    return absl::UnavailableError(absl::StrCat("cannot listen on ", options_.host, ":", options_.port));
  }
  // Read by anyone from here on: written once, by Start.
  if (options_.port == 0) options_.port = port;
  return absl::OkStatus();
}

void Server::Supervise() {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return close_ || stop_; });
      close_ = false;
    }
    server_->Shutdown(std::chrono::system_clock::now());
    server_->Wait();
    server_.reset();
    const std::lock_guard lock(mutex_);
    if (stop_) return;
    if (!Listen().ok()) return;
  }
}

}  // namespace vecgate::scripted_upstream
