#pragma once

#include <functional>
#include <mutex>
#include <string>

#include "grpcpp/alarm.h"
#include "grpcpp/generic/async_generic_service.h"
#include "grpcpp/support/byte_buffer.h"
#include "scripted_upstream/script.h"

namespace vecgate::scripted_upstream {

// One call: reads its request, asks the script (or is a request to the script itself), answers. Deletes itself when
// gRPC is done with it.
class CallReactor final : public grpc::ServerGenericBidiReactor {
 public:
  // All but `context` outlive the call; gRPC keeps `context` until OnDone.
  CallReactor(Script* script, const std::function<void()>& close_connections,
              grpc::GenericCallbackServerContext* context);

  void OnReadDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override { delete this; }

 private:
  void Steer(const std::string& request);
  void Respond();
  void AwaitClose();

  Script* const script_;
  const std::function<void()>& close_connections_;
  grpc::GenericCallbackServerContext* const context_;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer reply_;
  Reaction reaction_;
  grpc::Alarm alarm_;

  std::mutex mutex_;
  bool cancelled_ = false;
  bool awaiting_close_ = false;
};

}  // namespace vecgate::scripted_upstream
