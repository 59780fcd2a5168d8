// How simdjson keeps a document: a tape of 64-bit words. Its iterators look at each element several times (type, value,
// length); what reads many values walks the tape once. Private to runtime/.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "runtime/json_value.h"

namespace vecgate::runtime {

// The place of a value of the fast source.
struct FastAccess {
  struct Place {
    const simdjson::dom::document* document;
    size_t index;

    const uint64_t* tape() const { return document->tape.get(); }
    const uint64_t* word() const { return tape() + index; }
    const uint8_t* strings() const { return document->string_buf.get(); }
  };
  static_assert(sizeof(Place) == sizeof(simdjson::dom::element));

  static Place PlaceOf(const JsonValue& value) { return std::bit_cast<Place>(value.element_); }
};

// The type letter in the top byte.
constexpr char TapeType(uint64_t word) { return static_cast<char>(word >> 56); }
// Of a '[' or '{': index of the word behind the matching bracket.
constexpr uint32_t TapeEnd(uint64_t word) { return static_cast<uint32_t>(word); }
// A number's bits stand in the word behind its letter.
template <class T>
T TapeNumber(const uint64_t* word) {
  T number;
  std::memcpy(&number, word + 1, sizeof(number));
  return number;
}
// Of a '"': its length stands before the text.
inline std::string_view TapeText(const uint8_t* strings, uint64_t word) {
  constexpr uint64_t kOffset = (uint64_t{1} << 56) - 1;
  const uint8_t* const at = strings + (word & kOffset);
  uint32_t size;
  std::memcpy(&size, at, sizeof(size));
  return {reinterpret_cast<const char*>(at) + sizeof(size), size};
}
// The word behind the value that starts at `word`.
inline const uint64_t* TapeNext(const uint64_t* tape, const uint64_t* word) {
  switch (TapeType(*word)) {
    case '[':
    case '{':
      return tape + TapeEnd(*word);
    case 'l':
    case 'u':
    case 'd':
      return word + 2;
    default:
      return word + 1;
  }
}

}  // namespace vecgate::runtime
