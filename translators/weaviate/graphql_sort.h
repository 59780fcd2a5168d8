// Hits in the order of their properties. The server sorts them for GraphQL, and refuses to over gRPC.
#pragma once

#include <weaviate/v1/search_get.pb.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vecgate::translators::weaviate {

using Sorts = std::span<const ::weaviate::v1::SortBy>;

// What the server says of a sort that it does not do; empty: it does. By the paths alone, by the kinds of values that
// the hits have, and by a failed search's text that names the property.
std::string SortFault(Sorts by);
std::string SortFault(Sorts by, const ::weaviate::v1::SearchReply& reply);
std::string SortFault(Sorts by, std::string_view property, std::string_view text);

// By the first of `by`, where equal by the next; objects that lack the property come first, last when descending.
void SortHits(Sorts by, std::vector<const ::weaviate::v1::SearchResult*>* hits);

}  // namespace vecgate::translators::weaviate
