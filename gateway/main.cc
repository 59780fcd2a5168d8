// vecgate: the command line.
#include <absl/synchronization/mutex.h>

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <span>
#include <string>

#include "apis.h"
#include "app/gateway.h"
#include "auth/api_keys.h"
#include "base/log.h"
#include "base/status.h"
#include "config/loader.h"
#include "lifecycle/core_dumps.h"

namespace vecgate {
namespace {

const char* Variable(const char* name) { return std::getenv(name); }

// Says why nothing is served.
int Refuse(const absl::Status& status) {
  std::cerr << "vecgate: " << base::MessageOf(status) << "\n";
  return 2;
}

int Serve(const config::CommandLine& line, const config::Config& config) {
  std::signal(SIGPIPE, SIG_IGN);
  // Debian's library looks for deadlocks at every lock that gRPC takes.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  if (!config.lifecycle.core_dumps) lifecycle::ForbidCoreDumps();
  const absl::Status log = base::StartLog(app::LogLevelOf(config),
                                          {config.log.file, config.log.access_file, config.log.audit_file});
  if (!log.ok()) return Refuse(log);
  int exit_code = 0;
  {
    app::Gateway gateway({config, line.config_file, [&line] { return config::Load(line, Variable); }, line.port_file},
                         &ApiOf);
    const absl::Status status = gateway.Start();
    if (status.ok()) {
      gateway.Run();
    } else {
      base::LogLine(base::LogLevel::kError, "start_failed").Add("error", base::MessageOf(status));
      std::cerr << "vecgate: " << base::MessageOf(status) << "\n";
      exit_code = 1;
      gateway.GiveUp();
    }
  }
  base::StopLog();
  return exit_code;
}

int HashKey() {
  std::string key;
  std::getline(std::cin, key);
  const absl::StatusOr<auth::KeyHash> hash = auth::HashKey(key);
  if (!hash.ok()) return Refuse(hash.status());
  std::cout << auth::Format(*hash) << "\n";
  return 0;
}

int Main(std::span<const char* const> arguments) {
  using Action = config::CommandLine::Action;
  const absl::StatusOr<config::CommandLine> line = config::ParseCommandLine(arguments);
  if (!line.ok()) return Refuse(line.status());
  switch (line->action) {
    case Action::kHelp:
      std::cout << config::HelpText();
      return 0;
    case Action::kVersion:
      std::cout << "vecgate " << VECGATE_VERSION << "\n";
      return 0;
    case Action::kHashKey:
      return HashKey();
    case Action::kPrintSchema:
      std::cout << config::Schema();
      return 0;
    case Action::kCheckConfig:
    case Action::kPrintConfig:
    case Action::kServe:
      break;
  }
  const absl::StatusOr<config::Config> config = config::Load(*line, Variable);
  if (!config.ok()) return Refuse(config.status());
  if (line->action == Action::kServe) return Serve(*line, *config);
  const absl::Status status = app::Check(*config, &ApiOf);
  if (!status.ok()) return Refuse(status);
  if (line->action == Action::kPrintConfig) std::cout << config::Print(*config);
  return 0;
}

}  // namespace
}  // namespace vecgate

int main(int argc, char** argv) {
  return vecgate::Main(std::span<const char* const>(argv + 1, static_cast<size_t>(argc > 0 ? argc - 1 : 0)));
}
