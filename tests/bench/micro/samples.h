// What the benchmarks work on: messages made from a fixed seed, and their JSON.
#pragma once

#include <string>
#include <string_view>

#include "qdrant/points.pb.h"

namespace vecgate::bench {

// JSON with the padding behind it that the reader wants.
class Body {
 public:
  explicit Body(std::string json);
  std::string_view view() const { return {bytes_.data(), size_}; }

 private:
  size_t size_;
  std::string bytes_;
};

// `count` points with a vector of `length` floats, as embeddings have them, and one payload key.
qdrant::UpsertPoints Vectors(int count, int length);
// `count` points with a short vector and 50 payload keys: texts, numbers, flags, lists and objects `depth` deep.
qdrant::UpsertPoints Payloads(int count, int depth);

// As the gateway prints them. Stops the process when the text does not read back as the same message.
Body JsonOf(const qdrant::UpsertPoints& points);

// The same message, through protobuf's own JSON and back: what a generic transcoder does.
std::string ProtobufJsonOf(const google::protobuf::Message& message);

// Stops the process: the answer a benchmark would time is wrong.
void Require(bool holds, std::string_view what);

}  // namespace vecgate::bench
