// Listening sockets that this process was given instead of opening them itself.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/descriptor.h"

namespace vecgate::lifecycle {

struct InheritedSocket {
  std::string name;     // of the listener
  std::string address;  // as it was configured where the socket comes from; empty: whatever the listener's is
  base::Descriptor descriptor;
};

class InheritedSockets {
 public:
  void Add(std::vector<InheritedSocket> sockets);

  // Those for the listener; none when it was not given any, or only for another address.
  std::vector<base::Descriptor> Take(std::string_view name, std::string_view address);
  // All that are left, whatever their names: for a listener that is the only one.
  std::vector<base::Descriptor> TakeAll();

  // Names of the sockets that were not taken.
  std::vector<std::string> Left() const;

 private:
  std::vector<InheritedSocket> sockets_;
};

}  // namespace vecgate::lifecycle
