// The body of a REST search as a request of gRPC. Checks and texts are those of the server.
#include <algorithm>
#include <cstdint>

#include "runtime/concat.h"
#include "weaviate/go_numbers.h"
#include "weaviate/ids.h"
#include "weaviate/replies.h"
#include "weaviate/request.h"
#include "weaviate/search_body.h"

namespace vecgate::translators::weaviate {
namespace {

using runtime::Concat;
using runtime::Reply;
using ::weaviate::v1::Hybrid;
using ::weaviate::v1::MetadataRequest;
using ::weaviate::v1::PropertiesRequest;
using ::weaviate::v1::RefPropertiesRequest;
using ::weaviate::v1::SearchRequest;
using Refusal = std::optional<Reply>;

constexpr int64_t kDefaultLimit = 10;  // the server's own

std::string Quoted(std::string_view text) {
  runtime::OutputBuffer out;
  runtime::AppendQuoted(text, out);
  return std::string(out.view());
}

std::string Upper(std::string_view text) {
  std::string upper(text);
  for (char& c : upper)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 0x20);
  return upper;
}

Refusal FillLevel(const SearchBody& body, SearchRequest* search) {
  if (body.consistency_level.empty()) return std::nullopt;
  ::weaviate::v1::ConsistencyLevel level;
  if (!ConsistencyLevelOf(Upper(body.consistency_level), &level))
    return HandlerError(400, Concat("consistencyLevel must be one of ONE, QUORUM, ALL, got ",
                                    Quoted(body.consistency_level)));
  search->set_consistency_level(level);
  return std::nullopt;
}

Refusal FillPage(const SearchBody& body, const runtime::UpstreamFacts& facts, SearchRequest* search) {
  const auto most = static_cast<int64_t>(facts.max_results);
  const std::string maximum = Concat("QUERY_MAXIMUM_RESULTS (", std::to_string(most), "), got ");
  for (const auto& [name, number] :
       {std::pair{"limit", body.limit}, {"offset", body.offset}, {"autoLimit", body.auto_limit}})
    if (number && *number < 0)
      return HandlerError(400, Concat(name, " must not be negative, got ", std::to_string(*number)));
  for (const auto& [name, number] : {std::pair{"limit", body.limit}, {"offset", body.offset}})
    if (number && *number > most)
      return HandlerError(400, Concat(name, " must not exceed ", maximum, std::to_string(*number)));
  const int64_t limit = body.limit.value_or(0);
  const int64_t end = body.offset.value_or(0) + (limit > 0 ? limit : kDefaultLimit);
  if (end > most) return HandlerError(400, Concat("offset + limit must not exceed ", maximum, std::to_string(end)));
  search->set_limit(static_cast<uint32_t>(limit));
  search->set_offset(static_cast<uint32_t>(body.offset.value_or(0)));
  search->set_autocut(static_cast<uint32_t>(std::min<int64_t>(body.auto_limit.value_or(0), UINT32_MAX)));
  return std::nullopt;
}

// A property behind a reference is told as "reference.property".
Refusal AddProperty(const std::string& name, PropertiesRequest* properties) {
  if (name.empty()) return HandlerError(400, "returnProperties entries must not be empty");
  const size_t dot = name.find('.');
  if (dot == std::string::npos) {
    properties->add_non_ref_properties(name);
    return std::nullopt;
  }
  const std::string root = name.substr(0, dot);
  const std::string sub = name.substr(dot + 1);
  if (const size_t next = sub.find('.'); next != std::string::npos)
    return HandlerError(422, Concat("returnProperties: ", Quoted(name),
                                    " is not yet supported, only one reference hop is supported (e.g. ", root, ".",
                                    sub.substr(0, next), ")"));
  RefPropertiesRequest* reference = nullptr;
  for (RefPropertiesRequest& one : *properties->mutable_ref_properties())
    if (one.reference_property() == root) reference = &one;
  if (reference == nullptr) {
    reference = properties->add_ref_properties();
    reference->set_reference_property(root);
    reference->mutable_metadata()->set_uuid(true);
  }
  reference->mutable_properties()->add_non_ref_properties(sub);
  return std::nullopt;
}

Refusal FillProperties(const SearchBody& body, SearchRequest* search) {
  if (!body.properties) return std::nullopt;
  PropertiesRequest* properties = search->mutable_properties();
  for (const std::string& name : *body.properties)
    if (auto refusal = AddProperty(name, properties)) return refusal;
  return std::nullopt;
}

Refusal FillMetadata(const SearchBody& body, SearchKind kind, SearchRequest* search) {
  MetadataRequest* metadata = search->mutable_metadata();
  metadata->set_uuid(true);
  for (const std::string& name : body.metadata) {
    if (name == "distance") metadata->set_distance(true);
    else if (name == "certainty") metadata->set_certainty(kind != SearchKind::kBm25);
    else if (name == "score") metadata->set_score(true);
    else if (name == "explainScore") metadata->set_explain_score(true);
    else if (name == "creationTime") metadata->set_creation_time_unix(true);
    else if (name == "lastUpdateTime") metadata->set_last_update_time_unix(true);
    else
      return HandlerError(400, Concat("unknown returnMetadata entry ", Quoted(name),
                                      ", expected one of distance, certainty, score, explainScore, creationTime, "
                                      "lastUpdateTime"));
  }
  // Certainty is told from the distance.
  if (metadata->certainty()) metadata->set_distance(true);
  return std::nullopt;
}

// Members that all near searches have. `name`: of the search in texts.
template <class Near>
Refusal FillNear(const SearchBody& body, std::string_view name, Near* near) {
  if (body.certainty && body.distance)
    return HandlerError(400, Concat(name, ": cannot provide both distance and certainty"));
  if (body.certainty && (*body.certainty < 0 || *body.certainty > 1))
    return HandlerError(400, Concat("certainty must be between 0 and 1, got ", GoText(*body.certainty)));
  if (body.certainty) near->set_certainty(*body.certainty);
  if (body.distance) near->set_distance(*body.distance);
  if (!body.target_vector.empty()) near->mutable_targets()->add_target_vectors(body.target_vector);
  return std::nullopt;
}

Refusal FillBm25(const SearchBody& body, SearchRequest* search) {
  if (body.text->empty()) return HandlerError(400, "query must not be empty");
  search->mutable_bm25_search()->set_query(*body.text);
  for (const std::string& name : body.query_properties) search->mutable_bm25_search()->add_properties(name);
  return std::nullopt;
}

Refusal FillHybrid(const SearchBody& body, SearchRequest* search) {
  if (body.text->empty()) return HandlerError(400, "query must not be empty");
  if (body.alpha && (*body.alpha < 0 || *body.alpha > 1))
    return HandlerError(400, Concat("alpha must be between 0 and 1, got ", GoText(*body.alpha)));
  Hybrid* hybrid = search->mutable_hybrid_search();
  hybrid->set_query(*body.text);
  for (const std::string& name : body.query_properties) hybrid->add_properties(name);
  if (body.fusion_type == "ranked") hybrid->set_fusion_type(Hybrid::FUSION_TYPE_RANKED);
  else if (body.fusion_type == "relativeScore") hybrid->set_fusion_type(Hybrid::FUSION_TYPE_RELATIVE_SCORE);
  else if (!body.fusion_type.empty())
    return HandlerError(422, "fusionType in body should be one of [ranked relativeScore]");
  // Without it the server would take an alpha that is not given for 0.
  hybrid->set_use_alpha_param(true);
  if (body.alpha) hybrid->set_alpha_param(static_cast<float>(*body.alpha));
  if (body.max_vector_distance) hybrid->set_vector_distance(static_cast<float>(*body.max_vector_distance));
  if (!body.target_vector.empty()) hybrid->mutable_targets()->add_target_vectors(body.target_vector);
  return std::nullopt;
}

Refusal FillNearText(const SearchBody& body, SearchRequest* search) {
  const std::vector<std::string>& concepts = *body.concepts;
  if (concepts.empty() || std::any_of(concepts.begin(), concepts.end(), [](const auto& text) { return text.empty(); }))
    return HandlerError(400, "query must not be empty");
  for (const std::string& text : concepts) search->mutable_near_text()->add_query(text);
  return FillNear(body, "near_text", search->mutable_near_text());
}

Refusal FillKind(const SearchBody& body, SearchKind kind, SearchRequest* search) {
  switch (kind) {
    case SearchKind::kBm25: return FillBm25(body, search);
    case SearchKind::kHybrid: return FillHybrid(body, search);
    case SearchKind::kNearText: return FillNearText(body, search);
    case SearchKind::kNearObject:
      search->mutable_near_object()->set_id(CanonicalId(*body.id));
      return FillNear(body, "near_object", search->mutable_near_object());
    case SearchKind::kNearVector:
      *search->mutable_near_vector()->add_vectors() = *body.vector;
      return FillNear(body, "near_vector", search->mutable_near_vector());
  }
  return std::nullopt;
}

}  // namespace

Refusal FillSearch(const SearchBody& body, SearchKind kind, const runtime::UpstreamFacts& facts, SearchRequest* search) {
  if (!body.reserved.empty()) return HandlerError(422, body.reserved + " is not yet supported");
  if (auto refusal = FillLevel(body, search)) return refusal;
  if (auto refusal = FillPage(body, facts, search)) return refusal;
  if (auto refusal = FillKind(body, kind, search)) return refusal;
  if (auto refusal = FillMetadata(body, kind, search)) return refusal;
  if (auto refusal = FillProperties(body, search)) return refusal;
  search->set_tenant(body.tenant);
  if (body.has_where) *search->mutable_filters() = body.where;
  search->set_uses_127_api(true);
  return std::nullopt;
}

}  // namespace vecgate::translators::weaviate
