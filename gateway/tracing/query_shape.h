// What a request asked for, without what it asked with.
#pragma once

#include <string>
#include <string_view>

namespace vecgate::tracing {

// The shape of a JSON body for a log line: keys and kinds, no texts, no numbers but small ones of the outermost object.
//
//   {"query":[0.1,0.2,0.3],"limit":10,"filter":{"must":[{"key":"city","match":{"value":"Bern"}}]}}
//   {query: [3 numbers], limit: 10, filter: {must: [{key: text, match: {value: text}}]}}
//
// Of a list the first element is told and how many there are; deep, long or broken bodies end in "...". Reads at most the
// first 64 KiB, so it costs microseconds whatever the body is.
std::string QueryShape(std::string_view json);

}  // namespace vecgate::tracing
