// A gRPC server that plays back recorded exchanges; see README.md beside this file.

#include <csignal>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "scripted_upstream/server.h"

ABSL_FLAG(std::vector<std::string>, corpus, {}, "files and folders of recorded exchanges, separated by commas");
ABSL_FLAG(std::string, equivalents, "", "list of request fields that mean the same as their absence");
ABSL_FLAG(std::string, canned, "", "fixed answers by method, for benchmarks");
ABSL_FLAG(std::string, host, "127.0.0.1", "address to listen on");
ABSL_FLAG(int, port, 0, "port to listen on; 0 takes a free one");

namespace vecgate::scripted_upstream {
namespace {

absl::Status Run() {
  // Before any thread exists, so that all of them leave the signals to sigwait.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  const absl::StatusOr<Corpus> corpus = Corpus::Load(absl::GetFlag(FLAGS_corpus));
  if (!corpus.ok()) return corpus.status();
  const absl::StatusOr<RequestMatcher> matcher = RequestMatcher::Load(absl::GetFlag(FLAGS_equivalents));
  if (!matcher.ok()) return matcher.status();
  ServerOptions options{.host = absl::GetFlag(FLAGS_host), .port = absl::GetFlag(FLAGS_port)};
  if (const std::string path = absl::GetFlag(FLAGS_canned); !path.empty()) {
    absl::StatusOr<CannedAnswers> canned = LoadCanned(path, *corpus);
    if (!canned.ok()) return canned.status();
    options.canned = *std::move(canned);
  }
  Script script(&*corpus, &*matcher);
  const std::string host = options.host;
  const absl::StatusOr<std::unique_ptr<Server>> server = Server::Start(std::move(options), &script);
  if (!server.ok()) return server.status();
  std::cout << "scripted_upstream listening on " << host << ":" << (*server)->port() << std::endl;
  int signal = 0;
  sigwait(&signals, &signal);
  return absl::OkStatus();
}

}  // namespace
}  // namespace vecgate::scripted_upstream

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage("plays back recorded gRPC exchanges");
  absl::ParseCommandLine(argc, argv);
  if (const absl::Status status = vecgate::scripted_upstream::Run(); !status.ok()) {
    std::cerr << "scripted_upstream: " << status.message() << "\n";
    return 1;
  }
  return 0;
}
