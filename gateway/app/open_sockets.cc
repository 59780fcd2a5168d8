#include "app/open_sockets.h"

#include <utility>

#include "base/text.h"
#include "lifecycle/activation.h"

namespace vecgate::app {
namespace {

constexpr std::string_view kAdmin = "admin";

absl::StatusOr<OpenListener> Open(const config::Listener& listener, size_t count, bool alone,
                                  lifecycle::InheritedSockets& activated, lifecycle::InheritedSockets& handed_over) {
  std::vector<base::Descriptor> given = activated.Take(listener.name, "");
  // A socket unit that names none is for the listener, when there is but one.
  if (given.empty() && alone) given = activated.TakeAll();
  if (given.empty()) given = handed_over.Take(listener.name, listener.address.ToString());
  absl::StatusOr<http::ListeningSockets> sockets =
      given.empty() ? http::ListeningSockets::Open(listener.address, count, listener.unix_mode)
                    : http::ListeningSockets::Adopt(std::move(given), count);
  if (!sockets.ok()) return sockets.status();
  return OpenListener{listener, *std::move(sockets)};
}

absl::Status AddSockets(const OpenListener& open, std::vector<lifecycle::InheritedSocket>* out) {
  absl::StatusOr<std::vector<base::Descriptor>> copies = open.sockets.Duplicate();
  if (!copies.ok()) return copies.status();
  for (base::Descriptor& copy : *copies) {
    out->push_back({open.listener.name, open.listener.address.ToString(), std::move(copy)});
  }
  return absl::OkStatus();
}

Port PortOf(const OpenListener& open) {
  return {open.listener.name, {open.listener.address.host, open.sockets.port(), open.listener.address.unix_path}};
}

}  // namespace

std::vector<Port> Sockets::ports() const {
  std::vector<Port> ports;
  for (const OpenListener& open : rest) ports.push_back(PortOf(open));
  if (admin.has_value()) ports.push_back(PortOf(*admin));
  return ports;
}

absl::StatusOr<std::vector<lifecycle::InheritedSocket>> Sockets::Duplicate() const {
  std::vector<lifecycle::InheritedSocket> sockets;
  for (const OpenListener& open : rest) {
    if (absl::Status status = AddSockets(open, &sockets); !status.ok()) return status;
  }
  if (admin.has_value()) {
    if (absl::Status status = AddSockets(*admin, &sockets); !status.ok()) return status;
  }
  return sockets;
}

absl::StatusOr<Sockets> OpenSockets(const config::Config& config, size_t threads) {
  Sockets sockets;
  lifecycle::InheritedSockets activated;
  lifecycle::InheritedSockets handed_over;
  absl::StatusOr<std::vector<lifecycle::InheritedSocket>> given = lifecycle::ActivatedSockets();
  if (!given.ok()) return given.status();
  activated.Add(*std::move(given));
  if (!config.lifecycle.handover.empty()) {
    absl::StatusOr<std::optional<lifecycle::Predecessor>> found =
        lifecycle::Predecessor::Find(config.lifecycle.handover);
    if (!found.ok()) return found.status();
    sockets.predecessor = *std::move(found);
    if (sockets.predecessor.has_value()) handed_over.Add(sockets.predecessor->TakeSockets());
  }

  if (!config.admin.empty()) {
    absl::StatusOr<OpenListener> open =
        Open({.name = std::string(kAdmin), .address = config.admin}, 1, false, activated, handed_over);
    if (!open.ok()) return open.status();
    sockets.admin = *std::move(open);
  }
  const std::vector<config::Listener> wanted = config.Listeners();
  for (const config::Listener& listener : wanted) {
    absl::StatusOr<OpenListener> open = Open(listener, threads, wanted.size() == 1, activated, handed_over);
    if (!open.ok()) return open.status();
    sockets.rest.push_back(*std::move(open));
  }
  // Nobody would ever answer there. What a predecessor listened on and this one does not is closed.
  if (const std::vector<std::string> left = activated.Left(); !left.empty()) {
    return absl::InvalidArgumentError(
        base::Concat("socket activation: there is no listener called '", base::Join(left, "', '"), "'"));
  }
  return sockets;
}

}  // namespace vecgate::app
