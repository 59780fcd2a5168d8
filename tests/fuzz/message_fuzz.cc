// A message from the wire, as any upstream may send it: it prints as JSON, whatever it holds, and the same again.
//
// Input: two bytes for the shape, then the message's bytes.
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/stubs/logging.h>

#include <memory>
#include <string>

#include "qdrant/api.h"
#include "support/api.h"
#include "support/input.h"
#include "support/ring.h"

namespace vecgate::fuzz {
namespace {

namespace pb = google::protobuf;
using runtime::ShapeEntry;

constexpr int kRecursionLimit = 400;  // the gateway's

const Ring<ShapeEntry>& ShapeRing() {
  static const Ring<ShapeEntry>& shapes = []() -> Ring<ShapeEntry>& {
    auto& ring = *new Ring<ShapeEntry>;
    for (const ShapeEntry& shape : translators::qdrant::Shapes()) ring.Add(shape.name, &shape);
    return ring;
  }();
  return shapes;
}

bool Parse(std::string_view bytes, pb::Message* message) {
  // Of texts that are not UTF-8, which are refused.
  [[maybe_unused]] static auto* const log = pb::SetLogHandler(nullptr);
  pb::io::CodedInputStream coded(reinterpret_cast<const uint8_t*>(bytes.data()), static_cast<int>(bytes.size()));
  coded.SetRecursionLimit(kRecursionLimit);
  return message->ParseFromCodedStream(&coded) && coded.ConsumedEntireMessage();
}

std::string Print(const ShapeEntry& shape, const pb::Message& message, runtime::Flags flags) {
  runtime::OutputBuffer buffer;
  runtime::JsonWriter writer(buffer);
  writer.set_flags(flags);
  shape.write(message, writer);
  return std::string(buffer.view());
}

void Try(const ShapeEntry& shape, std::string_view bytes) {
  std::unique_ptr<pb::Message> message(shape.prototype()->New());
  if (!Parse(bytes, message.get())) return;
  for (const runtime::Flags flags : {runtime::Flags{0}, ~runtime::Flags{0}}) {
    const std::string text = Print(shape, *message, flags);
    // Nothing at all: an object that has no member to print, inside another one.
    Require(text.empty() || IsJson(text), "a message prints as JSON");
    std::unique_ptr<pb::Message> again(message->New());
    again->CopyFrom(*message);
    Require(Print(shape, *again, flags) == text, "equal messages print alike");
  }
}

}  // namespace
}  // namespace vecgate::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  vecgate::fuzz::Input input(data, size);
  const auto& shape = vecgate::fuzz::ShapeRing().At(input.Word());
  vecgate::fuzz::Try(shape, input.rest());
  return 0;
}
