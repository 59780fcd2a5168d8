// A gRPC server in the test's process that answers every method by name.
//
//   .../Echo    the request itself              .../Slow    nothing until the call is cancelled
//   .../Fail    the status its request asks for: "CODE LENGTH", with that long a message and a trailer "retry-after: 7"
//   .../Big     a StringValue of 8 MB           .../Deep    a Value of 150 nested lists
//   .../Garbage bytes that are no message       .../Health  a StringValue "1.2.3"
//   .../Prove   UNAUTHENTICATED for the api-key "wrong", PERMISSION_DENIED for "denied", else an empty message
#pragma once

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/server.h>

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace vecgate::test {

class GrpcBackend {
 public:
  // `port` 0: chosen by the system.
  explicit GrpcBackend(int port = 0);
  ~GrpcBackend();

  int port() const { return port_; }
  std::string address() const;
  // Ends all connections and frees the port.
  void Stop();

  // Wait until that many have been seen since the start.
  void WaitForSlowStarted(int count);
  void WaitForSlowCancelled(int count);
  void WaitForEchoed(int count);
  int proofs();
  // What the last call's metadata held under that name; empty when nothing.
  std::string LastMetadata(const std::string& name);

 private:
  class Service;
  class Call;
  struct Counts {
    int slow_started = 0;
    int slow_cancelled = 0;
    int echoed = 0;
    int proofs = 0;
  };
  void Count(int Counts::*what);
  void Wait(int Counts::*what, int count);

  std::mutex mutex_;
  std::condition_variable changed_;
  Counts counts_;
  std::multimap<std::string, std::string> last_metadata_;
  std::unique_ptr<Service> service_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace vecgate::test
