// The floor: what the same calls cost a bare gRPC client. Keeps a number of unary calls in flight; each serializes its
// request and parses its reply, and does nothing else. Prints a JSON object.

#include <sys/resource.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/synchronization/blocking_counter.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "grpcpp/security/credentials.h"
#include "histogram.h"

ABSL_FLAG(std::string, target, "", "the server, as host:port");
ABSL_FLAG(std::string, method, "", "as qdrant.Points.Query");
ABSL_FLAG(std::string, request, "", "file with the serialized request of every call");
ABSL_FLAG(int, in_flight, 32, "calls at a time");
ABSL_FLAG(double, seconds, 3, "how long to measure");
ABSL_FLAG(double, warmup, 0.5, "seconds of calls before that");

namespace vecgate::bench {
namespace {

namespace protobuf = google::protobuf;
using Clock = std::chrono::steady_clock;
using Stub = grpc::TemplatedGenericStub<protobuf::Message, protobuf::Message>;

enum class Phase { kWarmUp, kMeasured, kOver };

// What all calls have in common.
struct Work {
  Stub stub;
  const std::string method;  // as on the wire
  const protobuf::Message& request;
  const protobuf::Message& reply;  // of the right type, empty
  std::atomic<Phase> phase{Phase::kWarmUp};
  absl::BlockingCounter running;
};

// One call after the other. gRPC's threads run it, one at a time.
class Caller {
 public:
  explicit Caller(Work& work) : work_(work), reply_(work.reply.New()) {}

  void Start() {
    context_.emplace();
    begin_ = Clock::now();
    work_.stub.UnaryCall(&*context_, work_.method, grpc::StubOptions(), &work_.request, reply_.get(),
                         [this](const grpc::Status& status) { OnDone(status); });
  }

  const Histogram& latencies() const { return latencies_; }
  const std::string& failure() const { return failure_; }
  std::size_t reply_bytes() const { return reply_->ByteSizeLong(); }

 private:
  void OnDone(const grpc::Status& status) {
    const Phase phase = work_.phase.load(std::memory_order_relaxed);
    if (!status.ok()) failure_ = status.error_message();
    if (phase == Phase::kOver || !status.ok()) {
      work_.running.DecrementCount();
      return;
    }
    if (phase == Phase::kMeasured) latencies_.Record(static_cast<std::uint64_t>((Clock::now() - begin_).count()));
    Start();
  }

  Work& work_;
  const std::unique_ptr<protobuf::Message> reply_;
  std::optional<grpc::ClientContext> context_;
  Clock::time_point begin_;
  Histogram latencies_;
  std::string failure_;
};

double CpuSeconds() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) { return static_cast<double>(time.tv_sec) + time.tv_usec / 1e6; };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void Sleep(double seconds) { std::this_thread::sleep_for(std::chrono::duration<double>(seconds)); }

int Fail(const std::string& what) {
  std::cerr << "grpc_floor: " << what << "\n";
  return 1;
}

int Run() {
  const std::string name = absl::GetFlag(FLAGS_method);
  const auto* method = protobuf::DescriptorPool::generated_pool()->FindMethodByName(name);
  if (method == nullptr) return Fail("no method " + name);
  auto* factory = protobuf::MessageFactory::generated_factory();
  const std::unique_ptr<protobuf::Message> request(factory->GetPrototype(method->input_type())->New());
  std::ifstream file(absl::GetFlag(FLAGS_request), std::ios::binary);
  if (!file || !request->ParseFromIstream(&file)) return Fail(absl::GetFlag(FLAGS_request) + ": cannot be read");

  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);
  const auto channel =
      grpc::CreateCustomChannel(absl::GetFlag(FLAGS_target), grpc::InsecureChannelCredentials(), arguments);
  const int in_flight = absl::GetFlag(FLAGS_in_flight);
  Work work{.stub = Stub(channel),
            .method = "/" + method->service()->full_name() + "/" + method->name(),
            .request = *request,
            .reply = *factory->GetPrototype(method->output_type()),
            .running = absl::BlockingCounter(in_flight)};
  std::vector<std::unique_ptr<Caller>> callers;
  for (int i = 0; i < in_flight; ++i) callers.push_back(std::make_unique<Caller>(work));
  for (const auto& caller : callers) caller->Start();

  Sleep(absl::GetFlag(FLAGS_warmup));
  const double cpu_begin = CpuSeconds();
  const auto begin = Clock::now();
  work.phase = Phase::kMeasured;
  Sleep(absl::GetFlag(FLAGS_seconds));
  work.phase = Phase::kOver;
  const std::chrono::duration<double> elapsed = Clock::now() - begin;
  const double cpu = CpuSeconds() - cpu_begin;
  work.running.Wait();

  Histogram latencies;
  for (const auto& caller : callers) {
    if (!caller->failure().empty()) return Fail(caller->failure());
    latencies.Merge(caller->latencies());
  }
  const auto us = [&latencies](double percent) { return static_cast<double>(latencies.Percentile(percent)) / 1000; };
  // Calls that fail end the program, so none of these did.
  std::printf(
      "{\"requests\": %llu, \"failed\": 0, \"seconds\": %.6f, \"cpu_seconds\": %.6f, \"p50_us\": %.1f, "
      "\"p99_us\": %.1f, \"reply_bytes\": %zu, \"bytes\": %.0f}\n",
      static_cast<unsigned long long>(latencies.total()), elapsed.count(), cpu, us(50), us(99),
      callers.front()->reply_bytes(),
      static_cast<double>(callers.front()->reply_bytes()) * static_cast<double>(latencies.total()));
  return 0;
}

}  // namespace
}  // namespace vecgate::bench

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage("keeps unary calls in flight with a bare gRPC client");
  absl::ParseCommandLine(argc, argv);
  return vecgate::bench::Run();
}
