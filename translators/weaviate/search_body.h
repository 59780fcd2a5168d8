// Bodies of the REST search, of all its kinds.
#pragma once

#include <weaviate/v1/search_get.pb.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/translation.h"
#include "runtime/json_reader.h"

namespace vecgate::translators::weaviate {

enum class SearchKind : uint8_t { kBm25, kHybrid, kNearObject, kNearText, kNearVector };
std::optional<SearchKind> SearchKindOf(std::string_view word);

// As the request has it; what is not given is empty.
struct SearchBody {
  std::optional<int64_t> limit, offset, auto_limit;
  std::optional<std::vector<std::string>> properties;  // returnProperties
  std::vector<std::string> metadata;                   // returnMetadata
  std::string tenant, consistency_level;
  bool has_where = false;
  bool where_failed = false;                           // the fault that was found is the filter's
  ::weaviate::v1::Filters where;
  std::string reserved;                                // a member that is not supported yet, and is given

  std::optional<std::string> text;                     // query of bm25 and hybrid
  std::optional<std::vector<std::string>> concepts;    // query of near-text
  std::vector<std::string> query_properties;
  std::optional<double> alpha, max_vector_distance, distance, certainty;
  std::string fusion_type, target_vector;
  std::optional<std::string> id;
  std::optional<::weaviate::v1::Vectors> vector;
};

bool ReadSearchBody(runtime::JsonReader& reader, const runtime::JsonValue& root, SearchKind kind, SearchBody* body);

// The request, but for its collection. The answer when the body is no good; `facts` bounds its page.
std::optional<runtime::Reply> FillSearch(const SearchBody& body, SearchKind kind, const runtime::UpstreamFacts& facts,
                                         ::weaviate::v1::SearchRequest* search);

}  // namespace vecgate::translators::weaviate
