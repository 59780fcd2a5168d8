// A request as the bytes that its server gets.
#pragma once

#include <google/protobuf/message.h>

#include <cstddef>

namespace vecgate::runtime {

// Serializes `message`, whose ByteSizeLong() was just called and was `size`, to `to`, and gives the first entry of each
// map of values its own length (value_bytes.h). Every message that may hold what readers made is sent this way; of any
// other message these are its ordinary bytes. From any thread.
//
// The corrected length takes as many bytes as the one it replaces, so it may not be the shortest form of its number.
// The wire format allows that.
void WriteRequest(const google::protobuf::Message& message, size_t size, char* to);

}  // namespace vecgate::runtime
