#include <bit>
#include <cstring>
#include <new>
#include <type_traits>

#include "runtime/concat.h"
#include "runtime/json_reader.h"

namespace vecgate::runtime {

// Cursors live in raw storage and are never destroyed.
static_assert(std::is_trivially_destructible_v<ObjectCursor> && std::is_trivially_destructible_v<ArrayCursor>);

namespace {

// Whether the member at hand comes again later.
bool ComesAgain(ObjectCursor members) {
  const std::string_view key = members.key();
  for (members.Advance(); !members.Done(); members.Advance()) {
    if (members.key() == key) return true;
  }
  return false;
}

}  // namespace

ObjectReader::ObjectReader(JsonReader& reader, const JsonValue& value, const ObjectSpec& spec)
    : reader_(reader), spec_(spec), object_(value), ok_(true) {
  reader_.Push(&frame_);
  const Kind kind = value.kind();
  if (kind == Kind::kObject) {
    new (cursor_) ObjectCursor(value);
  } else if (kind == Kind::kArray && spec.or_list) {
    list_ = true;
    new (cursor_) ArrayCursor(value);
  } else {
    // The frame has no key yet: the path of this failure is the object's own.
    reader_.Pop();
    ok_ = reader_.FailType(value, spec.expecting);
    reader_.Push(&frame_);
  }
}

ObjectReader::~ObjectReader() { Leave(); }

void ObjectReader::Leave() {
  if (!inside_) return;
  reader_.Pop();
  inside_ = false;
}

bool ObjectReader::Next() {
  if (!ok_ || reader_.failed()) return false;
  return list_ ? NextElement() : NextMember();
}

// Sorted by (length, bytes); objects have few keys, so most are passed by length alone.
const KeySpec* ObjectReader::KeyOf(std::string_view key) const {
  for (const KeySpec& spec : spec_.keys) {
    if (spec.key.size() < key.size()) continue;
    if (spec.key.size() > key.size()) break;
    if (std::memcmp(spec.key.data(), key.data(), key.size()) == 0) return &spec;
  }
  return nullptr;
}

bool ObjectReader::NextMember() {
  ObjectCursor& cursor = members();
  if (started_) cursor.Advance();
  started_ = true;
  for (; !cursor.Done(); cursor.Advance()) {
    const std::string_view key = cursor.key();
    const KeySpec* const known = KeyOf(key);
    frame_.key = key;
    frame_.segment = JsonReader::kSameAsKey;
    if (known == nullptr) {
      if (!spec_.reject_unknown) continue;
      return ok_ = reader_.FailUnknownKey(cursor.key_resume_offset(), key, spec_.names);
    }
    if (spec_.last_key_wins && ComesAgain(cursor)) continue;
    // Passed members of the same key are not seen, so this is the key again or another name of it.
    if (Seen(known->index)) {
      return ok_ = reader_.FailDuplicate(cursor.key_resume_offset(), spec_.names[known->index]);
    }
    index_ = known->index;
    seen_ |= uint64_t{1} << index_;
    if (!spec_.segments.empty()) frame_.segment = spec_.segments[index_];
    value_ = cursor.value();
    return true;
  }
  return false;
}

bool ObjectReader::NextElement() {
  ArrayCursor& cursor = elements();
  if (started_) {
    cursor.Advance();
    ++index_;
  }
  started_ = true;
  if (cursor.Done()) return false;
  if (index_ >= spec_.names.size()) {
    const std::string expected = Concat(std::to_string(spec_.names.size()), " elements in sequence");
    return ok_ = reader_.FailLength(object_, object_.size(), expected);
  }
  frame_.key = spec_.names[index_];
  frame_.segment = spec_.segments.empty() ? JsonReader::kSameAsKey : spec_.segments[index_];
  seen_ |= uint64_t{1} << index_;
  value_ = cursor.value();
  return true;
}

bool ObjectReader::Finish() {
  if (!ok_ || reader_.failed()) return false;
  Leave();  // what is found from here on concerns the object itself, not its last member
  // A list has to reach a key, if only with a null.
  const uint64_t missing = list_ ? spec_.list_required & ~((uint64_t{1} << index_) - 1) : spec_.required & ~seen_;
  if (missing == 0) return true;
  const auto first = static_cast<size_t>(std::countr_zero(missing));
  return ok_ = list_ ? reader_.FailLength(
                           object_, first,
                           Concat(spec_.expecting, " with ", std::to_string(spec_.names.size()), " elements"))
                     : reader_.FailMissing(object_, spec_.names[first]);
}

}  // namespace vecgate::runtime
