#include "runtime/request_bytes.h"

#include <google/protobuf/descriptor.h>

#include <cassert>
#include <memory>
#include <set>
#include <unordered_map>
#include <vector>

#include "runtime/wire.h"

namespace vecgate::runtime {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

// --- where maps of values are ----------------------------------------------------------------------------------------

bool Reaches(const Descriptor* type, const Descriptor* map_value, std::set<const Descriptor*>* seen) {
  if (!seen->insert(type).second) return false;
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* const field = type->field(i);
    const Descriptor* const below = field->message_type();
    if (below == nullptr) continue;
    if (field->is_map() && below->map_value()->message_type() == map_value) return true;
    if (Reaches(below, map_value, seen)) return true;
  }
  return false;
}

// A message for any JSON is known by holding maps of its own kind.
bool IsMapOfValues(const FieldDescriptor* field) {
  if (!field->is_map()) return false;
  const Descriptor* const value = field->message_type()->map_value()->message_type();
  std::set<const Descriptor*> seen;
  return value != nullptr && Reaches(value, value, &seen);
}

bool LeadsToMaps(const Descriptor* type, std::set<const Descriptor*>* seen) {
  if (!seen->insert(type).second) return false;
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* const field = type->field(i);
    if (field->message_type() == nullptr) continue;
    if (IsMapOfValues(field) || LeadsToMaps(field->message_type(), seen)) return true;
  }
  return false;
}

// The fields of a type that are maps of values or lead to some.
struct Way {
  struct Step {
    int number;
    const Way* below;  // null: a map of values
  };
  std::vector<Step> steps;
};

const Way& WayOf(const Descriptor* type) {
  thread_local std::unordered_map<const Descriptor*, std::unique_ptr<Way>> known;
  std::unique_ptr<Way>& kept = known[type];
  if (kept != nullptr) return *kept;
  kept = std::make_unique<Way>();
  Way& way = *kept;  // other types may move what holds it
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* const field = type->field(i);
    std::set<const Descriptor*> seen;
    if (field->message_type() == nullptr) continue;
    if (IsMapOfValues(field)) {
      way.steps.push_back({field->number(), nullptr});
    } else if (LeadsToMaps(field->message_type(), &seen)) {
      way.steps.push_back({field->number(), &WayOf(field->message_type())});
    }
  }
  return way;
}

// --- lengths set right -----------------------------------------------------------------------------------------------

// Walks bytes that were just serialized and so are well-formed.
class Bytes {
 public:
  Bytes(char* begin, char* end) : at_(begin), end_(end) {}

  bool Done() const { return at_ == end_; }
  char* at() const { return at_; }
  uint64_t Varint() {
    uint64_t value = 0;
    for (int shift = 0;; shift += 7) {
      assert(at_ < end_ && shift < 70);
      const auto byte = static_cast<unsigned char>(*at_++);
      value |= static_cast<uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return value;
    }
  }
  Bytes Take(uint64_t size) {
    assert(size <= static_cast<uint64_t>(end_ - at_));
    char* const begin = at_;
    at_ += size;
    return {begin, at_};
  }
  // The field's value behind its tag.
  void Skip(uint32_t tag) {
    switch (static_cast<WireType>(tag & 7)) {
      case WireType::kVarint: Varint(); break;
      case WireType::kFixed64: Take(8); break;
      case WireType::kBytes: Take(Varint()); break;
      case WireType::kFixed32: Take(4); break;
    }
  }
  // True and behind it when a field of bytes of that number is next.
  bool SkipIf(int number) {
    const uint32_t tag = WireTag(number, WireType::kBytes);
    if (Done() || static_cast<unsigned char>(*at_) != tag) return false;
    Varint();
    Skip(tag);
    return true;
  }

 private:
  char* at_;
  char* end_;
};

// In place, with as many bytes as there are.
void ReplaceVarint(uint64_t value, char* begin, const char* end) {
  for (; begin + 1 != end; value >>= 7) *begin++ = static_cast<char>(value | 0x80);
  *begin = static_cast<char>(value & 0x7F);
}

void SplitEntries(const Way& way, Bytes message) {
  while (!message.Done()) {
    const auto tag = static_cast<uint32_t>(message.Varint());
    const Way::Step* step = nullptr;
    for (const Way::Step& known : way.steps) {
      if (tag == WireTag(known.number, WireType::kBytes)) step = &known;
    }
    if (step == nullptr) {
      message.Skip(tag);
      continue;
    }
    char* const length = message.at();
    const uint64_t size = message.Varint();
    const char* const length_end = message.at();
    Bytes content = message.Take(size);
    if (step->below != nullptr) {
      SplitEntries(*step->below, content);
      continue;
    }
    // An entry is a key and a value. An ordinary one ends there, and nothing changes.
    const char* const begin = content.at();
    constexpr int kKey = 1;
    constexpr int kValue = 2;
    if (content.SkipIf(kKey) && content.SkipIf(kValue)) {
      ReplaceVarint(static_cast<uint64_t>(content.at() - begin), length, length_end);
    }
  }
}

}  // namespace

void WriteRequest(const google::protobuf::Message& message, size_t size, char* to) {
  message.SerializeWithCachedSizesToArray(reinterpret_cast<uint8_t*>(to));
  const Way& way = WayOf(message.GetDescriptor());
  if (!way.steps.empty()) SplitEntries(way, {to, to + size});
}

}  // namespace vecgate::runtime
