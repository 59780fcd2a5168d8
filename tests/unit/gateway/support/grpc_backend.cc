#include "support/grpc_backend.h"

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/wrappers.pb.h>
#include <grpcpp/grpcpp.h>

#include <cstdio>

#include "base/text.h"

namespace vecgate::test {
namespace {

grpc::ByteBuffer Bytes(const google::protobuf::Message& message) {
  const grpc::Slice slice(message.SerializeAsString());
  return grpc::ByteBuffer(&slice, 1);
}

grpc::ByteBuffer TextBytes(std::string text) {
  google::protobuf::StringValue value;
  value.set_value(std::move(text));
  return Bytes(value);
}

std::string TextOf(const grpc::ByteBuffer& bytes) {
  grpc::Slice slice;
  google::protobuf::StringValue value;
  if (bytes.DumpToSingleSlice(&slice).ok()) value.ParseFromArray(slice.begin(), static_cast<int>(slice.size()));
  return value.value();
}

grpc::ByteBuffer DeepBytes() {
  google::protobuf::Value root;
  google::protobuf::Value* inner = &root;
  for (int i = 0; i < 150; ++i) inner = inner->mutable_list_value()->add_values();
  inner->set_number_value(1);
  return Bytes(root);
}

}  // namespace

class GrpcBackend::Call final : public grpc::ServerGenericBidiReactor {
 public:
  Call(GrpcBackend& backend, grpc::GenericCallbackServerContext* context)
      : backend_(backend), context_(context), method_(context->method()) {
    {
      const std::lock_guard<std::mutex> lock(backend_.mutex_);
      backend_.last_metadata_.clear();
      for (const auto& [name, value] : context->client_metadata()) {
        backend_.last_metadata_.emplace(std::string(name.data(), name.size()), std::string(value.data(), value.size()));
      }
    }
    StartRead(&request_);
  }

  void OnReadDone(bool ok) override {
    if (!ok) return;
    const std::string name = method_.substr(method_.rfind('/') + 1);
    if (name == "Slow") {
      slow_ = true;
      backend_.Count(&Counts::slow_started);
      return;
    }
    if (name == "Fail") return Fail();
    if (name == "Prove") return Prove();
    if (name == "Echo") {
      backend_.Count(&Counts::echoed);
      reply_ = request_;
    } else if (name == "Big") {
      reply_ = TextBytes(std::string(8'000'000, 'x'));
    } else if (name == "Deep") {
      reply_ = DeepBytes();
    } else if (name == "Garbage") {
      const grpc::Slice slice("\xff\xff\xff");
      reply_ = grpc::ByteBuffer(&slice, 1);
    } else if (name == "Health") {
      reply_ = TextBytes("1.2.3");
    } else {
      Finish(grpc::Status(grpc::StatusCode::UNIMPLEMENTED, ""));
      return;
    }
    StartWriteAndFinish(&reply_, grpc::WriteOptions(), grpc::Status::OK);
  }

  void OnCancel() override {
    if (!slow_) return;
    backend_.Count(&Counts::slow_cancelled);
    Finish(grpc::Status::CANCELLED);
  }
  void OnDone() override { delete this; }

 private:
  void Fail() {
    int code = 0;
    int length = 0;
    std::sscanf(TextOf(request_).c_str(), "%d %d", &code, &length);
    context_->AddTrailingMetadata("retry-after", "7");
    Finish(grpc::Status(static_cast<grpc::StatusCode>(code), std::string(static_cast<size_t>(length), 'x')));
  }

  void Prove() {
    backend_.Count(&Counts::proofs);
    const auto found = context_->client_metadata().find("api-key");
    const std::string key = found == context_->client_metadata().end()
                                ? std::string()
                                : std::string(found->second.data(), found->second.size());
    if (key == "wrong") {
      Finish(grpc::Status(grpc::StatusCode::UNAUTHENTICATED, "Invalid key"));
    } else if (key == "denied") {
      Finish(grpc::Status(grpc::StatusCode::PERMISSION_DENIED, "Expired"));
    } else if (key == "limited") {
      Finish(grpc::Status(grpc::StatusCode::PERMISSION_DENIED, "Forbidden: not this"));
    } else {
      StartWriteAndFinish(&reply_, grpc::WriteOptions(), grpc::Status::OK);
    }
  }

  GrpcBackend& backend_;
  grpc::GenericCallbackServerContext* const context_;
  const std::string method_;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer reply_ = TextBytes("");
  bool slow_ = false;
};

class GrpcBackend::Service final : public grpc::CallbackGenericService {
 public:
  explicit Service(GrpcBackend& backend) : backend_(backend) {}
  grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext* context) override {
    return new Call(backend_, context);  // deletes itself when done
  }

 private:
  GrpcBackend& backend_;
};

GrpcBackend::GrpcBackend(int port) : service_(std::make_unique<Service>(*this)) {
  grpc::ServerBuilder builder;
  builder.AddListeningPort(base::Concat("127.0.0.1:", port), grpc::InsecureServerCredentials(), &port_);
  builder.SetMaxReceiveMessageSize(-1);
  builder.RegisterCallbackGenericService(service_.get());
  server_ = builder.BuildAndStart();
}

GrpcBackend::~GrpcBackend() { Stop(); }

void GrpcBackend::Stop() {
  if (server_ == nullptr) return;
  server_->Shutdown(std::chrono::system_clock::now());
  server_->Wait();
  server_.reset();
}

std::string GrpcBackend::address() const { return base::Concat("127.0.0.1:", port_); }

void GrpcBackend::Count(int Counts::*what) {
  const std::lock_guard<std::mutex> lock(mutex_);
  ++(counts_.*what);
  changed_.notify_all();
}

void GrpcBackend::Wait(int Counts::*what, int count) {
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait(lock, [&] { return counts_.*what >= count; });
}

void GrpcBackend::WaitForSlowStarted(int count) { Wait(&Counts::slow_started, count); }
void GrpcBackend::WaitForSlowCancelled(int count) { Wait(&Counts::slow_cancelled, count); }
void GrpcBackend::WaitForEchoed(int count) { Wait(&Counts::echoed, count); }

int GrpcBackend::proofs() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return counts_.proofs;
}

std::string GrpcBackend::LastMetadata(const std::string& name) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = last_metadata_.find(name);
  return found == last_metadata_.end() ? std::string() : found->second;
}

}  // namespace vecgate::test
