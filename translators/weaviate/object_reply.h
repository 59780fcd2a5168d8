// Objects in replies of the REST API.
#pragma once

#include <weaviate/v1/search_get.pb.h>

#include <span>
#include <string_view>
#include <vector>

#include "runtime/json_writer.h"

namespace vecgate::translators::weaviate {

struct ObjectForm {
  bool vector_weights = true;   // null, in what is read
  std::string_view tenant;      // empty: not told
  bool times = false;           // they are told among the properties, too
};

// `parts`: what searches for different references found of the same object; the first has all else.
void WriteObject(std::span<const ::weaviate::v1::SearchResult* const> parts, const ObjectForm& form,
                 runtime::JsonWriter& writer);

// For each result of the first reply: itself and the results of that id in the other replies.
std::vector<std::vector<const ::weaviate::v1::SearchResult*>> Join(
    std::span<const ::weaviate::v1::SearchReply* const> replies);

}  // namespace vecgate::translators::weaviate
