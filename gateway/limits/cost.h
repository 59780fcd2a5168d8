// What a request costs, told by its message.
//
// What is found out of a type is kept for good, so its descriptor must stay, as those of generated types do.
#pragma once

#include <google/protobuf/message.h>

#include <cstdint>

namespace vecgate::limits {

struct Cost {
  uint64_t points = 0;         // written
  uint64_t vector_values = 0;  // vectors times dimensions
};

// Elements of repeated floating-point fields, at any depth: vectors times dimensions, whatever the API calls them. Types
// in which none can occur, as payloads, are not looked into. From any thread.
uint64_t VectorValues(const google::protobuf::Message& message);

// Of a write: the outermost elements of repeated fields that can hold vectors and something to tell them by, as an id. A
// point without a vector is one, too. A list of vectors is not one of points, nor is a list of operations (messages that
// are one thing or another), which is looked into. From any thread.
uint64_t Points(const google::protobuf::Message& message);

}  // namespace vecgate::limits
