// A request as its server reads it. Readers leave values of any JSON as bytes (runtime/value_bytes.h); protobuf's own parser
// says what those are.
#pragma once

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/message.h>

#include <cstdint>
#include <string>

#include "runtime/request_bytes.h"

namespace vecgate {

// False when the bytes are no message. Payloads may nest deeper than parsers allow unasked.
inline bool TakeAsSent(google::protobuf::Message* message) {
  std::string bytes(message->ByteSizeLong(), '\0');
  runtime::WriteRequest(*message, bytes.size(), bytes.data());
  google::protobuf::io::CodedInputStream input(reinterpret_cast<const uint8_t*>(bytes.data()),
                                               static_cast<int>(bytes.size()));
  input.SetRecursionLimit(1000);
  return message->ParseFromCodedStream(&input) && input.ConsumedEntireMessage();
}

}  // namespace vecgate
