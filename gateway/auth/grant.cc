#include "auth/grant.h"

#include "auth/words.h"

namespace vecgate::auth {

using runtime::Access;

const Right* Grant::Find(std::string_view collection) const {
  // By a std::string: abseil's map is not transparent to std::string_view where abseil has one of its own.
  const auto found = collections_.find(std::string(collection));
  return found == collections_.end() ? nullptr : &found->second;
}

std::optional<std::string> Grant::Refuse(const Wanted& wanted, const runtime::AccessSpec& words) const {
  if (wanted.access == Access::kOpen || scope_ == Scope::kFull) return std::nullopt;
  if (scope_ == Scope::kReadOnly) {
    if (wanted.access == Access::kRead) return std::nullopt;
    return std::string(words.needs_global_write);
  }
  // What is managed concerns everyone, even where a collection is named.
  if (wanted.access == Access::kManage) return std::string(words.needs_global);
  if (!wanted.collection.has_value()) {
    if (wanted.named || (wanted.listed && wanted.access == Access::kRead)) return std::nullopt;
    return std::string(words.needs_global);
  }
  const Right* const right = Find(*wanted.collection);
  const auto refusal = [&wanted](std::string_view text) { return Filled(text, "{collection}", *wanted.collection); };
  if (right == nullptr) return refusal(words.needs_collection);
  if (wanted.beside_points && *right == Right::kPoints) return refusal(words.points_only);
  if (wanted.access == Access::kWrite && *right == Right::kRead) return refusal(words.needs_collection_write);
  return std::nullopt;
}

}  // namespace vecgate::auth
