// Lists of numbers: what most bytes of a write are.

#include <bit>
#include <cstring>

#include "runtime/scalars.h"

namespace vecgate::runtime {

// A simdjson value is a place on the document's tape: 64-bit words, type letter in the top byte, and a number's
// bits in the word behind. Its iterators look at each element several times (type, value, length); here the tape
// is walked once.
struct FastAccess {
  struct Place {
    const simdjson::dom::document* document;
    size_t index;
  };
  static_assert(sizeof(Place) == sizeof(simdjson::dom::element));

  static Place PlaceOf(const JsonValue& value) { return std::bit_cast<Place>(value.element_); }
};

namespace {

constexpr char TypeOf(uint64_t word) { return static_cast<char>(word >> 56); }
// Of the '[' word: index of the word behind the matching ']'.
constexpr uint32_t EndOf(uint64_t word) { return static_cast<uint32_t>(word); }

template <class T>
T NumberAt(const uint64_t* word) {
  T number;
  std::memcpy(&number, word, sizeof(number));
  return number;
}

// Copies numbers from the tape until `end` or something else. Returns where it stopped.
const uint64_t* CopyNumbers(const uint64_t* at, const uint64_t* end, char* out) {
  for (; at != end; at += 2, out += sizeof(float)) {
    float number;
    switch (TypeOf(*at)) {
      case 'd':
        number = static_cast<float>(NumberAt<double>(at + 1));
        break;
      case 'l':  // through a double as any number; the direct way would round once less
        number = static_cast<float>(static_cast<double>(NumberAt<int64_t>(at + 1)));
        break;
      case 'u':
        number = static_cast<float>(static_cast<double>(NumberAt<uint64_t>(at + 1)));
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
  const uint64_t* const tape = place.document->tape.get();
  return {tape + place.index + 1, tape + EndOf(tape[place.index]) - 1};
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
