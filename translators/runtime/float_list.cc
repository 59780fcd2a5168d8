// Lists of numbers: what most bytes of a write are.

#include <bit>
#include <cstring>

#include "runtime/scalars.h"
#include "runtime/simdjson_tape.h"

namespace vecgate::runtime {

namespace {

// Copies numbers from the tape until `end` or something else. Returns where it stopped.
const uint64_t* CopyNumbers(const uint64_t* at, const uint64_t* end, char* out) {
  for (; at != end; at += 2, out += sizeof(float)) {
    float number;
    switch (TapeType(*at)) {
      case 'd':
        number = static_cast<float>(TapeNumber<double>(at));
        break;
      case 'l':  // through a double as any number; the direct way would round once less
        number = static_cast<float>(static_cast<double>(TapeNumber<int64_t>(at)));
        break;
      case 'u':
        number = static_cast<float>(static_cast<double>(TapeNumber<uint64_t>(at)));
        break;
      default:
        return at;
    }
    std::memcpy(out, &number, sizeof(number));
  }
  return end;
}

// The words of a list's elements.
struct Elements {
  const uint64_t* begin;
  const uint64_t* end;
  // Each number takes two words, so there are never more of them than this, whatever else is in the list.
  size_t room() const { return static_cast<size_t>(end - begin) / 2; }
};

Elements ElementsOf(const JsonValue& list) {
  const FastAccess::Place place = FastAccess::PlaceOf(list);
  return {place.word() + 1, place.tape() + TapeEnd(*place.word()) - 1};
}

bool ReadFast(const JsonValue& list, google::protobuf::RepeatedField<float>* out) {
  const Elements elements = ElementsOf(list);
  const auto room = static_cast<int>(elements.room());
  const int before = out->size();
  out->Reserve(before + room);
  float* const at = out->AddNAlreadyReserved(room);
  if (CopyNumbers(elements.begin, elements.end, reinterpret_cast<char*>(at)) == elements.end) return true;
  out->Truncate(before);
  return false;
}

bool ReadFast(const JsonValue& list, std::string* out) {
  static_assert(std::endian::native == std::endian::little);
  const Elements elements = ElementsOf(list);
  const size_t before = out->size();
  out->resize(before + elements.room() * sizeof(float));
  if (CopyNumbers(elements.begin, elements.end, out->data() + before) == elements.end) return true;
  out->resize(before);
  return false;
}

}  // namespace

bool ReadFloats(JsonReader& reader, const JsonValue& value, google::protobuf::RepeatedField<float>* out) {
  if (!value.located() && value.kind() == Kind::kArray) return ReadFast(value, out) || reader.FailType(value, "f32");
  ListReader list(reader, value, "a sequence");
  if (list.ok()) out->Reserve(out->size() + static_cast<int>(list.size()));
  while (list.Next()) {
    if (!ReadFloat(reader, list.value(), out->Add())) return false;
  }
  return list.ok();
}

bool ReadPackedFloats(JsonReader& reader, const JsonValue& value, std::string* out) {
  if (!value.located() && value.kind() == Kind::kArray) return ReadFast(value, out) || reader.FailType(value, "f32");
  ListReader list(reader, value, "a sequence");
  while (list.Next()) {
    float number;
    if (!ReadFloat(reader, list.value(), &number)) return false;
    out->append(reinterpret_cast<const char*>(&number), sizeof(number));
  }
  return list.ok();
}

}  // namespace vecgate::runtime
