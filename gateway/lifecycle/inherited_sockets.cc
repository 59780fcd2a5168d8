#include "lifecycle/inherited_sockets.h"

#include <iterator>
#include <utility>

namespace vecgate::lifecycle {

void InheritedSockets::Add(std::vector<InheritedSocket> sockets) {
  std::move(sockets.begin(), sockets.end(), std::back_inserter(sockets_));
}

std::vector<base::Descriptor> InheritedSockets::Take(std::string_view name, std::string_view address) {
  std::vector<base::Descriptor> taken;
  std::vector<InheritedSocket> left;
  for (InheritedSocket& socket : sockets_) {
    if (socket.name == name && (socket.address.empty() || socket.address == address)) {
      taken.push_back(std::move(socket.descriptor));
    } else {
      left.push_back(std::move(socket));
    }
  }
  sockets_ = std::move(left);
  return taken;
}

std::vector<base::Descriptor> InheritedSockets::TakeAll() {
  std::vector<base::Descriptor> taken;
  for (InheritedSocket& socket : sockets_) taken.push_back(std::move(socket.descriptor));
  sockets_.clear();
  return taken;
}

std::vector<std::string> InheritedSockets::Left() const {
  std::vector<std::string> names;
  for (const InheritedSocket& socket : sockets_) names.push_back(socket.name);
  return names;
}

}  // namespace vecgate::lifecycle
