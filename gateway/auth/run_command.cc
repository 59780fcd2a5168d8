#include "auth/run_command.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "base/text.h"

namespace vecgate::auth {
namespace {

using Clock = std::chrono::steady_clock;

constexpr long kLookAround = 50;  // milliseconds

// A process of a group of its own, whose output comes through `output`.
struct Started {
  pid_t process = 0;
  int output = -1;
};

absl::StatusOr<Started> StartProcess(const std::vector<std::string>& arguments) {
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) return absl::InternalError("no pipe to be had");
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
  // Connections of clients are not the command's to keep open.
  posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  // The gateway ignores SIGPIPE, and ignored signals are inherited; so is the mask.
  sigset_t none;
  sigset_t defaults;
  sigemptyset(&none);
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);

  Started started;
  started.output = pipe[0];
  const int error = ::posix_spawnp(&started.process, argv[0], &actions, &attributes, argv.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  ::close(pipe[1]);
  if (error == 0) return started;
  ::close(pipe[0]);
  return absl::UnavailableError(base::Concat("cannot run ", arguments[0], ": ", std::strerror(error)));
}

// Everything it prints until it closes its output.
absl::Status ReadOutput(int descriptor, Clock::time_point end, size_t most, const std::atomic<bool>& give_up,
                        std::string* text) {
  for (;;) {
    if (give_up) return absl::CancelledError("given up");
    const long left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
    if (left <= 0) return absl::DeadlineExceededError("the command took too long");
    pollfd wait{descriptor, POLLIN, 0};
    if (::poll(&wait, 1, static_cast<int>(std::min(left, kLookAround))) <= 0) continue;
    std::array<char, 4096> piece;
    const ssize_t size = ::read(descriptor, piece.data(), piece.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return absl::UnavailableError("the command's output cannot be read");
    if (size == 0) return absl::OkStatus();
    text->append(piece.data(), static_cast<size_t>(size));
    if (text->size() > most) return absl::ResourceExhaustedError("the command printed too much");
  }
}

// It may go on after its output has ended, but not for longer than it has.
int WaitFor(pid_t process, Clock::time_point end) {
  for (;;) {
    int status = 0;
    const pid_t ended = ::waitpid(process, &status, WNOHANG);
    if (ended == process) return status;
    if (ended < 0 && errno != EINTR) return -1;
    if (Clock::now() >= end) {
      ::kill(-process, SIGKILL);
      while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
      }
      return status;
    }
    ::poll(nullptr, 0, 5);
  }
}

}  // namespace

absl::StatusOr<std::string> RunCommand(const std::vector<std::string>& arguments, std::chrono::milliseconds timeout,
                                       size_t most, const std::atomic<bool>& give_up) {
  const absl::StatusOr<Started> started = StartProcess(arguments);
  if (!started.ok()) return started.status();
  const Clock::time_point end = Clock::now() + timeout;
  std::string text;
  const absl::Status read = ReadOutput(started->output, end, most, give_up, &text);
  ::close(started->output);
  if (!read.ok()) ::kill(-started->process, SIGKILL);
  const int status = WaitFor(started->process, end);
  if (!read.ok()) return read;
  if (!WIFEXITED(status)) return absl::UnavailableError("the command was ended by a signal");
  if (WEXITSTATUS(status) != 0) {
    return absl::UnavailableError(base::Concat("the command ended with status ", WEXITSTATUS(status)));
  }
  return text;
}

}  // namespace vecgate::auth
