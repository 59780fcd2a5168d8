// What a caller may do, and the one decision whether a request is within it.
#pragma once

#include <absl/container/flat_hash_map.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/route.h"

namespace vecgate::auth {

// What may be done with one collection.
enum class Right : uint8_t {
  kRead,
  kPoints,  // reading and writing points, nothing of what surrounds them
  kWrite,
};

// What a request is about to do.
struct Wanted {
  runtime::Access access = runtime::Access::kRead;
  std::optional<std::string_view> collection;  // nothing: it concerns all of them
  bool beside_points = false;
  bool listed = false;  // its answer will be cut to what the caller may read
  bool named = false;   // the collections it concerns stand in its calls, and are judged there
};

// Immutable value. The default: everything.
class Grant {
 public:
  using Collections = absl::flat_hash_map<std::string, Right>;

  Grant() = default;
  static Grant Full() { return Grant(); }
  static Grant ReadOnly() { return Grant(Scope::kReadOnly, {}); }
  static Grant To(Collections collections) { return Grant(Scope::kCollections, std::move(collections)); }

  bool full() const { return scope_ == Scope::kFull; }
  // Some collections, not all.
  bool limited() const { return scope_ == Scope::kCollections; }
  // Of a limited grant.
  bool MayRead(std::string_view collection) const { return Find(collection) != nullptr; }

  // Nothing when `wanted` is allowed, else the refusal in the API's words.
  std::optional<std::string> Refuse(const Wanted& wanted, const runtime::AccessSpec& words) const;

 private:
  enum class Scope : uint8_t { kFull, kReadOnly, kCollections };
  Grant(Scope scope, Collections collections) : scope_(scope), collections_(std::move(collections)) {}
  const Right* Find(std::string_view collection) const;

  Scope scope_ = Scope::kFull;
  Collections collections_;
};

}  // namespace vecgate::auth
