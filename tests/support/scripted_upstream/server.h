#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "absl/status/statusor.h"
#include "grpcpp/generic/async_generic_service.h"
#include "grpcpp/server.h"
#include "scripted_upstream/script.h"

namespace vecgate::scripted_upstream {

struct ServerOptions {
  std::string host = "127.0.0.1";
  int port = 0;          // 0: any free one
  CannedAnswers canned;  // methods answered the same every time, past the script: for benchmarks
};

// A gRPC server for every method there is. `/vecgate.test.Script/{Expect,Fault,Report}` take and give JSON and steer
// the script; all other methods are calls the script answers.
//
// Runs from Start until destruction. `script` outlives it. Thread-safe.
class Server {
 public:
  static absl::StatusOr<std::unique_ptr<Server>> Start(ServerOptions options, Script* script);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();

  int port() const { return options_.port; }

  // Closes every connection at once and listens again on the same port; returns before that is done.
  void CloseConnections();

 private:
  Server(ServerOptions options, Script* script);

  absl::Status Listen();
  void Supervise();

  ServerOptions options_;
  Script* const script_;
  // Both are touched by Start and then by the supervising thread only.
  std::unique_ptr<grpc::CallbackGenericService> service_;
  std::unique_ptr<grpc::Server> server_;

  std::mutex mutex_;
  std::condition_variable wake_;
  bool close_ = false;
  bool stop_ = false;
  std::thread supervisor_;
};

}  // namespace vecgate::scripted_upstream
