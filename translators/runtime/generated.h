// What generated translators use: the one header they include from the runtime.
#pragma once

#include <google/protobuf/map.h>

#include <array>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/checks.h"
#include "runtime/json_reader.h"
#include "runtime/json_writer.h"
#include "runtime/named.h"
#include "runtime/route.h"
#include "runtime/scalars.h"
#include "runtime/sorted_entries.h"

namespace vecgate::runtime {

// One key of the path, for as long as the value under it is read.
class PathScope {
 public:
  PathScope(JsonReader& reader, std::string_view key, std::string_view segment = JsonReader::kSameAsKey)
      : reader_(reader) {
    frame_.key = key;
    frame_.segment = segment;
    reader_.Push(&frame_);
  }
  ~PathScope() { reader_.Pop(); }
  PathScope(const PathScope&) = delete;

 private:
  JsonReader& reader_;
  JsonReader::Frame frame_;
};

// An untagged union being read: its value is buffered, its variants are tried in order.
class UnionReader {
 public:
  UnionReader(JsonReader& reader, const JsonValue& value)
      : reader_(reader), value_(value), buffered_(reader, value), mark_(reader.mark()) {}
  // Takes back what a failed attempt left.
  void Retry() { reader_.Rewind(mark_); }
  bool NoMatch(std::string_view text) { return reader_.FailText(value_, text); }

 private:
  JsonReader& reader_;
  const JsonValue& value_;
  JsonReader::BufferScope buffered_;
  JsonReader::Mark mark_;
};

// The object has the key, and not as null.
inline bool Given(const JsonValue& value, std::string_view key) {
  JsonValue given;
  return value.kind() == Kind::kObject && value.Find(key, &given) && !given.is_null();
}

// While it lives, `flag` is on exactly when `on`.
class FlagScope {
 public:
  FlagScope(JsonWriter& writer, Flags flag, bool on) : writer_(writer), before_(writer.flags()) {
    writer.set_flags(on ? before_ | flag : before_ & ~flag);
  }
  ~FlagScope() { writer_.set_flags(before_); }
  FlagScope(const FlagScope&) = delete;

 private:
  JsonWriter& writer_;
  Flags before_;
};

// A word of a fixed set; a number that has none prints as null.
inline void WriteWord(JsonWriter& writer, std::string_view word) {
  if (word.empty()) writer.Null();
  else writer.String(word);
}

// Takes elements appended since `size` away again.
template <class Repeated>
void Truncate(Repeated* field, int size) {
  while (field->size() > size) field->RemoveLast();
}

}  // namespace vecgate::runtime
