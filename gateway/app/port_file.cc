#include "app/port_file.h"

#include <cstdio>
#include <fstream>

#include "base/text.h"

namespace vecgate::app {

absl::Status WritePortFile(const std::string& path, const std::vector<Port>& ports) {
  if (path.empty()) return absl::OkStatus();
  const std::string draft = base::Concat(path, ".new");
  {
    std::ofstream file(draft);
    for (const Port& port : ports) file << port.name << "=" << port.address.port << "\n";
    if (!file.flush()) return absl::InternalError(base::Concat("cannot write ", draft));
  }
  if (std::rename(draft.c_str(), path.c_str()) != 0) return absl::InternalError(base::Concat("cannot write ", path));
  return absl::OkStatus();
}

}  // namespace vecgate::app
