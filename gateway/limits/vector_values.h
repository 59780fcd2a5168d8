// How many vector values a message holds.
#pragma once

#include <google/protobuf/message.h>

#include <cstdint>

namespace vecgate::limits {

// Elements of repeated floating-point fields, at any depth: vectors times dimensions, whatever the API calls them. Types
// in which none can occur, as payloads, are not looked into. From any thread.
uint64_t VectorValues(const google::protobuf::Message& message);

}  // namespace vecgate::limits
