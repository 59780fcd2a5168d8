#include "metrics/process.h"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <system_error>

#include "metrics/families.h"

namespace vecgate::metrics {
namespace {

// Fields of /proc/self/stat behind the program's name, which may hold anything; the first one is the process's state,
// the third of the manual's list.
std::vector<std::string> StatFields() {
  std::ifstream file("/proc/self/stat");
  std::string text{std::istreambuf_iterator<char>(file), {}};
  const size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return {};
  std::istringstream rest(text.substr(name_end + 1));
  return {std::istream_iterator<std::string>(rest), {}};
}

constexpr size_t kFirstField = 3;
constexpr size_t kUserTicks = 14 - kFirstField;
constexpr size_t kSystemTicks = 15 - kFirstField;
constexpr size_t kThreads = 20 - kFirstField;
constexpr size_t kVirtualBytes = 23 - kFirstField;
constexpr size_t kResidentPages = 24 - kFirstField;

double Number(const std::string& text) { return std::strtod(text.c_str(), nullptr); }

}  // namespace

std::vector<prometheus::MetricFamily> ProcessFamilies(double started) {
  std::vector<prometheus::MetricFamily> families;
  families.push_back(GaugeFamily("process_start_time_seconds", "When the process started, since 1970", started));
  if (const std::vector<std::string> stat = StatFields(); stat.size() > kResidentPages) {
    const double ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
    families.push_back(CounterFamily("process_cpu_seconds_total", "User and system CPU time",
                                     (Number(stat[kUserTicks]) + Number(stat[kSystemTicks])) / ticks));
    families.push_back(GaugeFamily("process_threads", "Threads of the process", Number(stat[kThreads])));
    families.push_back(
        GaugeFamily("process_virtual_memory_bytes", "Size of the address space", Number(stat[kVirtualBytes])));
    families.push_back(GaugeFamily("process_resident_memory_bytes", "Memory in use",
                                   Number(stat[kResidentPages]) * static_cast<double>(sysconf(_SC_PAGESIZE))));
  }
  std::error_code error;
  const std::filesystem::directory_iterator open("/proc/self/fd", error);
  if (!error) {
    // One of them is the folder that is being read.
    const auto count = std::distance(open, std::filesystem::directory_iterator()) - 1;
    families.push_back(GaugeFamily("process_open_fds", "Open file descriptors", static_cast<double>(count)));
  }
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    families.push_back(GaugeFamily("process_max_fds", "Most file descriptors that may be open",
                                   static_cast<double>(limit.rlim_cur)));
  }
  return families;
}

}  // namespace vecgate::metrics
