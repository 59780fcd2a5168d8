// State of reading one body into one message: where we are, what went wrong first, what is invalid.
//
// Read functions return false after a format error; the reader keeps the first one. Validation errors do not
// stop reading; they are collected. With the fast source no text is built: a failure only says "read again with
// the exact source". With the exact source every failure has its text, place and JSON path.
//
// A type error is located at the end of its token, or before the bracket of a container; a missing key at the
// object's end; what is only found wrong once the value was read, where reading goes on (resume_offset()).
//
// Error texts are those of serde, the format of the first upstream's own server:
//   invalid type: string "x", expected u32 · invalid value: integer `-1`, expected usize · missing field `id`
// In a rephrased part (PhraseScope) they read: Missing field id · Invalid value integer `-1`. Expected usize
#pragma once

#include <cstdint>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/json_value.h"

namespace vecgate::runtime {

struct Violation {
  std::string path;     // in the API's own form: "search_request.limit"
  std::string message;  // "value 0 invalid, must be 1 or larger"
};

struct LocalTexts;  // route.h: the API's own texts

class JsonReader {
 public:
  // `exact`: values come from the exact source. `texts` outlives the reader.
  JsonReader(bool exact, const LocalTexts& texts) : exact_(exact), texts_(texts) {}

  const LocalTexts& texts() const { return texts_; }

  bool exact() const { return exact_; }

  // --- failures: all return false -----------------------------------------------------------------------
  bool FailType(const JsonValue& value, std::string_view expected);
  bool FailValue(const JsonValue& value, std::string_view expected);
  bool FailMissing(const JsonValue& object, std::string_view key);
  bool FailDuplicate(size_t offset, std::string_view key);
  bool FailUnknownKey(size_t offset, std::string_view key, std::span<const std::string_view> known);
  bool FailUnknownWord(const JsonValue& value, std::span<const std::string_view> known);
  bool FailNoWord(const JsonValue& value);  // not a string where a word of an enum should be
  bool FailLength(const JsonValue& list, size_t length, std::string_view expected);  // invalid length 1, expected ...
  bool FailText(const JsonValue& value, std::string_view text);  // the value was read and is refused

  // A fault of format that the API tells without its place.
  bool FailUnlocated(const JsonValue& value, std::string_view text);
  // Understood and refused: `text` is the whole answer, nothing is tried instead.
  bool Refuse(uint32_t status, std::string_view text);
  // The API knows `what`, gRPC has nothing for it.
  bool RefuseUnavailable(std::string_view what);

  bool failed() const { return failed_; }
  // HTTP status of a refusal; 0: there was none.
  uint32_t refused() const { return refused_; }
  bool located() const { return located_; }
  const std::string& error_text() const { return error_text_; }
  size_t error_offset() const { return error_offset_; }
  const std::string& error_path() const { return error_path_; }  // "points[3].vector"

  // --- attempts -----------------------------------------------------------------------------------------
  // A union tries variants: failures and violations since a mark can be taken back.
  struct Mark {
    size_t violations;
    bool invalid;
  };
  Mark mark() const { return {violations_.size(), invalid_}; }
  void Rewind(const Mark& mark);

  // serde reads some values whole before it looks at them; errors below such a value have its place.
  // Keeps the outermost one. RAII.
  enum class Buffered {
    kWhole,    // a union tried variant by variant: errors are located where reading goes on after the value
    kMembers,  // an object with flattened parts: errors are located at its closing brace
  };
  class BufferScope {
   public:
    BufferScope(JsonReader& reader, const JsonValue& value, Buffered buffered = Buffered::kWhole);
    ~BufferScope();
    BufferScope(const BufferScope&) = delete;

   private:
    JsonReader& reader_;
    bool outermost_;
  };
  // Rephrased texts inside. RAII.
  class PhraseScope {
   public:
    PhraseScope(JsonReader& reader, bool on) : reader_(reader), before_(reader.rephrased_) { reader.rephrased_ = on; }
    ~PhraseScope() { reader_.rephrased_ = before_; }
    PhraseScope(const PhraseScope&) = delete;

   private:
    JsonReader& reader_;
    bool before_;
  };

  // --- validation ---------------------------------------------------------------------------------------
  // Records a violation at the current place plus `segment` (may be empty).
  void Violate(std::string_view segment, std::string_view message);
  bool invalid() const { return invalid_; }
  const std::vector<Violation>& violations() const { return violations_; }
  // What all violation paths start with ("search_request").
  void set_path_prefix(std::string_view prefix) { prefix_ = prefix; }

  // A validation that the API's own server leaves out below this place (a filter that is not checked). RAII.
  class UncheckedScope {
   public:
    explicit UncheckedScope(JsonReader& reader) : reader_(reader) { ++reader.unchecked_; }
    ~UncheckedScope() { --reader_.unchecked_; }
    UncheckedScope(const UncheckedScope&) = delete;

   private:
    JsonReader& reader_;
  };

  // --- items that were split ----------------------------------------------------------------------------
  // Element `index` of the request's list belongs to the same item as the one before it, and so do their results.
  void NoteMerged(size_t index) { merged_.push_back(index); }
  const std::vector<size_t>& merged_items() const { return merged_; }

  // Memory for whoever reads one value, kept for the next.
  std::vector<size_t>* scratch() { return &scratch_; }

  // --- place --------------------------------------------------------------------------------------------
  // One step of the path from the root to the value being read. Frames live on the stack of read functions.
  struct Frame {
    std::string_view key;                   // object key; unused for an element
    size_t index = SIZE_MAX;                // element of a list; SIZE_MAX: a key
    std::string_view segment = kSameAsKey;  // in validation paths; kSameAsKey: the key or [index]; "": none
    Frame* parent = nullptr;
    // Members of a map: how many had violations so far, the current one included when `entry_violated`.
    bool is_entry = false;
    bool entry_violated = false;
    size_t violated_entries = 0;
    size_t first_violation = 0;  // index of the first violation below the map
    size_t ordinal = 0;          // of the member
  };
  static constexpr std::string_view kSameAsKey{"\0", 1};
  // Segments of the members of a map: "?", numbered "?[0]", "?[1]" when several are invalid; or [ordinal].
  static constexpr std::string_view kAnyEntry{"?"};
  static constexpr std::string_view kEntryOrdinal{"[]"};
  void Push(Frame* frame) {
    frame->parent = top_;
    top_ = frame;
  }
  void Pop() { top_ = top_->parent; }
  std::string JsonPath() const;

 private:
  // Located at the outermost buffered value, if any, else at `offset`.
  bool Fail(size_t offset, std::string text);
  void AppendViolationPath(const Frame* frame, std::string* path) const;
  void CountEntry(Frame* map);

  const bool exact_;
  const LocalTexts& texts_;
  bool failed_ = false;
  bool invalid_ = false;
  bool rephrased_ = false;
  bool located_ = true;
  uint32_t refused_ = 0;
  int unchecked_ = 0;
  size_t buffered_end_ = SIZE_MAX;  // end of the outermost buffered value; SIZE_MAX: none
  std::string_view prefix_;
  Frame* top_ = nullptr;
  std::string error_text_;
  size_t error_offset_ = 0;
  std::string error_path_;
  std::vector<Violation> violations_;
  std::vector<size_t> merged_;
  std::vector<size_t> scratch_;
};

// --- containers -------------------------------------------------------------------------------------------

struct KeySpec {
  std::string_view key;  // a name or an alias
  uint8_t index;         // of the canonical key
};

// Keys of an object shape. At most 64 canonical keys.
struct ObjectSpec {
  std::string_view expecting;                  // "struct Filter"
  std::span<const KeySpec> keys;               // names and aliases, sorted by (length, bytes)
  std::span<const std::string_view> names;     // canonical names by index, in the order texts list them
  std::span<const std::string_view> segments;  // validation path segments by index (JsonReader::kSameAsKey)
  uint64_t required;                           // bit per index
  bool reject_unknown;
  bool last_key_wins;
  bool or_list;            // a JSON list holds the values in order of index ...
  uint64_t list_required;  // ... and reaches these
};

// Walks the known keys of an object; keeps the path; checks type, duplicates, unknown and missing keys.
//
//   ObjectReader object(reader, value, kSpec);
//   while (object.Next()) switch (object.index()) { case 0: if (!Read...(reader, object.value(), ...)) return false; }
//   if (!object.Finish()) return false;
//
// The destructor takes its path frame away; returning early after a failure is fine.
class ObjectReader {
 public:
  ObjectReader(JsonReader& reader, const JsonValue& value, const ObjectSpec& spec);
  ~ObjectReader();
  ObjectReader(const ObjectReader&) = delete;

  // False at the end and after a failure.
  bool Next();
  size_t index() const { return index_; }
  const JsonValue& value() const { return value_; }
  // True when nothing failed and every required key was there.
  bool Finish();
  bool Seen(size_t index) const { return (seen_ >> index) & 1; }
  // Treats the current key as absent (a null that means "not given").
  void Unsee() { seen_ &= ~(uint64_t{1} << index_); }

 private:
  ObjectCursor& members() { return *std::launder(reinterpret_cast<ObjectCursor*>(cursor_)); }
  ArrayCursor& elements() { return *std::launder(reinterpret_cast<ArrayCursor*>(cursor_)); }
  bool NextMember();
  bool NextElement();
  void Leave();
  const KeySpec* KeyOf(std::string_view key) const;

  JsonReader& reader_;
  const ObjectSpec& spec_;
  JsonValue object_;
  JsonValue value_;
  JsonReader::Frame frame_;
  // One of the two cursors is live, depending on the JSON type.
  alignas(ObjectCursor) unsigned char cursor_[sizeof(ObjectCursor) > sizeof(ArrayCursor) ? sizeof(ObjectCursor)
                                                                                         : sizeof(ArrayCursor)];
  size_t index_ = 0;
  uint64_t seen_ = 0;
  bool ok_;
  bool inside_ = true;  // the frame stands for the key being read
  bool list_ = false;
  bool started_ = false;
};

// Walks a list, or (with one_or_many) a lone value as a list of one. Keeps the path.
class ListReader {
 public:
  // `expecting`: for the type error, "a sequence"; of a lone value that is no object, too, when not empty. `segment`:
  // of the elements in validation paths, "" for none.
  ListReader(JsonReader& reader, const JsonValue& value, std::string_view expecting, bool one_or_many = false,
             std::string_view segment = JsonReader::kSameAsKey);
  ~ListReader();
  ListReader(const ListReader&) = delete;

  bool Next();
  const JsonValue& value() const { return value_; }
  // False when the value was no list (already recorded as a failure).
  bool ok() const { return ok_; }
  size_t size() const;

 private:
  ArrayCursor& elements() { return *std::launder(reinterpret_cast<ArrayCursor*>(cursor_)); }

  JsonReader& reader_;
  JsonValue list_;
  JsonValue value_;
  JsonReader::Frame frame_;
  alignas(ArrayCursor) unsigned char cursor_[sizeof(ArrayCursor)];
  bool ok_ = true;
  bool many_ = false;
  bool started_ = false;
};

// Walks the members of an object used as a map. Keeps the path. Repeated keys come again (the last one wins).
class MapReader {
 public:
  // `segment`: of the members in validation paths.
  MapReader(JsonReader& reader, const JsonValue& value, std::string_view expecting,
            std::string_view segment = JsonReader::kAnyEntry);
  ~MapReader();
  MapReader(const MapReader&) = delete;

  bool Next();
  std::string_view key() const { return frame_.key; }
  const JsonValue& value() const { return value_; }
  bool ok() const { return ok_; }

 private:
  ObjectCursor& members() { return *std::launder(reinterpret_cast<ObjectCursor*>(cursor_)); }

  JsonReader& reader_;
  JsonValue value_;
  JsonReader::Frame frame_;
  alignas(ObjectCursor) unsigned char cursor_[sizeof(ObjectCursor)];
  bool ok_ = true;
  bool started_ = false;
};

// What a variant of a union needs at the least: a JSON type of `kinds` and, for objects, all of `keys`.
struct Guard {
  uint16_t kinds;
  std::span<const std::string_view> keys;
};
bool Fits(const JsonValue& value, const Guard& guard);

}  // namespace vecgate::runtime
