// Hits in the order of their properties. The server sorts them for GraphQL, and refuses to over gRPC.
#pragma once

#include <weaviate/v1/search_get.pb.h>

#include <span>
#include <vector>

namespace vecgate::translators::weaviate {

// By the first of `by`, where equal by the next; objects that lack the property come first, last when descending.
void SortHits(std::span<const ::weaviate::v1::SortBy> by, std::vector<const ::weaviate::v1::SearchResult*>* hits);

}  // namespace vecgate::translators::weaviate
