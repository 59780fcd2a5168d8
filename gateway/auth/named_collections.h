// Collections that stand inside of messages: those a request names beside its route's own, and those a reply lists.
#pragma once

#include <absl/container/flat_hash_map.h>
#include <google/protobuf/message.h>

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "auth/grant.h"
#include "runtime/route.h"

namespace vecgate::auth {

// Immutable; shared by all threads.
class NamedCollections {
 public:
  // Learns from the descriptors of all requests of the API where such names can stand.
  explicit NamedCollections(const runtime::ApiSpec& api);

  // Whether all calls that the route can make name their collections, so that Refuse() judges all that it reaches.
  bool AreAllThatConcern(const runtime::RouteSpec& route) const;

  // Nothing when every collection that `request` names is within the grant, else the refusal of the first that is not.
  std::optional<std::string> Refuse(const google::protobuf::Message& request, const Grant& grant) const;

  // The first collection that `request` names, of a list by its first element; empty: it names none.
  std::string First(const google::protobuf::Message& request) const;

 private:
  using Descriptor = google::protobuf::Descriptor;
  using Field = google::protobuf::FieldDescriptor;
  struct Name {
    const Field* field;
    runtime::Access access;
  };
  // Where to look in messages of one type.
  struct Place {
    std::vector<Name> names;
    std::vector<const Field*> below;  // fields whose messages hold names, at any depth
  };

  const runtime::AccessSpec& words_;
  absl::flat_hash_map<const Descriptor*, Place> places_;  // types without names are not in it
};

// Takes out of `reply` what the grant does not reach.
void KeepReadable(const runtime::ListedSpec& listed, const Grant& grant, google::protobuf::Message* reply);

}  // namespace vecgate::auth
