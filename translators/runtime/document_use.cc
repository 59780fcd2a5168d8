#include "runtime/document_use.h"

#include <map>

namespace vecgate::runtime {
namespace {

JsonDocument& ThreadDocument(size_t max_depth) {
  thread_local std::map<size_t, JsonDocument> documents;
  return documents.try_emplace(max_depth, max_depth).first->second;
}

}  // namespace

DocumentUse::DocumentUse(size_t max_depth) : document_(ThreadDocument(max_depth)) {}
DocumentUse::~DocumentUse() { document_.Release(); }

}  // namespace vecgate::runtime
