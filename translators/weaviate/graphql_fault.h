// Faults of GraphQL requests, and how answers tell them.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "graphql/fault.h"
#include "runtime/concat.h"
#include "runtime/json_writer.h"

namespace vecgate::translators::weaviate {

struct GraphQlFault {
  std::string message;
  std::vector<graphql::Location> locations;
  // Keys of the answer down to what is null; empty: the document as a whole is refused, and nothing is answered.
  std::vector<std::string> path;
  uint32_t code = 0;  // told as an extension; 0: none
};

// As many of a document are told; finding the place of one takes time.
inline constexpr size_t kMostFaults = 20;

// {"errors":[...]}'s element.
void WriteFault(const GraphQlFault& fault, runtime::JsonWriter& writer);

// What gRPC has nothing for.
inline constexpr uint32_t kNotAvailable = 501;
inline std::string NotAvailable(std::string_view what) {
  return runtime::Concat(what, " is not available through the gRPC upstream");
}

}  // namespace vecgate::translators::weaviate
