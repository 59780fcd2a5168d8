// The searches that arguments ask for: near vectors, objects, texts and media, by keywords, hybrid.
#pragma once

#include <weaviate/v1/aggregate.pb.h>
#include <weaviate/v1/search_get.pb.h>

#include <string>
#include <string_view>

#include "runtime/json_reader.h"

namespace vecgate::translators::weaviate {

struct SearchesRead {
  std::string before;    // what the server says before the text of the fault that was recorded
  size_t near = 0;       // searches by distance
  bool bounded = false;  // one of them has a distance or certainty
  bool keywords = false;
  bool hybrid = false;
  bool any() const { return near > 0 || keywords || hybrid; }
};

// `arguments`: an object of all arguments of a field; those that are no searches are not looked at. `collection`: whose.
// False after recording a failure; a refusal with 501 is of what gRPC has nothing for.
bool ReadSearches(runtime::JsonReader& reader, const runtime::JsonValue& arguments, std::string_view collection,
                  ::weaviate::v1::SearchRequest* request, SearchesRead* read);
bool ReadSearches(runtime::JsonReader& reader, const runtime::JsonValue& arguments, std::string_view collection,
                  ::weaviate::v1::AggregateRequest* request, SearchesRead* read);

}  // namespace vecgate::translators::weaviate
