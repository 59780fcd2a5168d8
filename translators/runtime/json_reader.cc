#include "runtime/json_reader.h"

#include <absl/strings/ascii.h>

#include <algorithm>

#include "runtime/concat.h"
#include "runtime/error_text.h"

namespace vecgate::runtime {
namespace {

constexpr size_t kNone = SIZE_MAX;

Phrasing PhrasingOf(bool rephrased) { return rephrased ? Phrasing::kRephrased : Phrasing::kSerde; }

// serde_json looks at the first byte of a container only; any other value it has read.
size_t TypeErrorOffset(const JsonValue& value) {
  const Kind kind = value.kind();
  return kind == Kind::kArray || kind == Kind::kObject ? value.begin_offset() : value.end_offset();
}

bool IsIdentifier(std::string_view key) {
  return !key.empty() && !absl::ascii_isdigit(static_cast<unsigned char>(key[0])) &&
         std::all_of(key.begin(), key.end(),
                     [](unsigned char c) { return absl::ascii_isalnum(c) || c == '_' || c == '-'; });
}

void AppendStep(const JsonReader::Frame* frame, std::string* path) {
  if (frame == nullptr) return;
  AppendStep(frame->parent, path);
  if (frame->key.data() == nullptr && frame->index == kNone) return;  // a step of validation texts only
  if (frame->index != kNone) {
    *path += Concat("[", std::to_string(frame->index), "]");
  } else if (IsIdentifier(frame->key)) {
    *path += Concat(path->empty() ? "" : ".", frame->key);
  } else {
    *path += Concat("[", DebugText(frame->key), "]");
  }
}

void AppendSegment(std::string_view segment, std::string* path) {
  if (segment.empty()) return;
  if (!path->empty()) *path += '.';
  path->append(segment);
}

}  // namespace

bool JsonReader::Fail(size_t offset, std::string text) {
  if (failed_) return false;
  failed_ = true;
  if (!exact_) return false;
  error_text_ = std::move(text);
  error_offset_ = buffered_end_ == kNone ? offset : buffered_end_;
  error_path_ = JsonPath();
  return false;
}

// Texts are built for the exact source only: failing must stay cheap where a union tries its variants.

bool JsonReader::FailType(const JsonValue& value, std::string_view expected) {
  if (!exact_) return Fail(0, {});
  return Fail(TypeErrorOffset(value), InvalidText("type", value, expected, PhrasingOf(rephrased_)));
}

bool JsonReader::FailValue(const JsonValue& value, std::string_view expected) {
  if (!exact_) return Fail(0, {});
  return Fail(value.end_offset(), InvalidText("value", value, expected, PhrasingOf(rephrased_)));
}

bool JsonReader::FailMissing(const JsonValue& object, std::string_view key) {
  if (!exact_) return Fail(0, {});
  return Fail(object.end_offset(), MissingText(key, PhrasingOf(rephrased_)));
}

bool JsonReader::FailDuplicate(size_t offset, std::string_view key) {
  if (!exact_) return Fail(0, {});
  return Fail(offset, DuplicateText(key, PhrasingOf(rephrased_)));
}

bool JsonReader::FailUnknownKey(size_t offset, std::string_view key, std::span<const std::string_view> known) {
  if (!exact_) return Fail(0, {});
  return Fail(offset, UnknownText("field", key, known, PhrasingOf(rephrased_)));
}

bool JsonReader::FailUnknownWord(const JsonValue& value, std::span<const std::string_view> known) {
  if (!exact_) return Fail(0, {});
  return Fail(value.end_offset(), UnknownText("variant", value.AsString(), known, PhrasingOf(rephrased_)));
}

bool JsonReader::FailNoWord(const JsonValue& value) {
  // Read directly, an enum must start with a quote; anything else is a fault of syntax to serde_json.
  if (buffered_end_ == kNone && !rephrased_) return Fail(value.begin_offset() + 1, "expected value");
  return FailType(value, "string or map");
}

bool JsonReader::FailLength(const JsonValue& list, size_t length, std::string_view expected) {
  if (!exact_) return Fail(0, {});
  return Fail(list.end_offset(), InvalidLengthText(length, expected, PhrasingOf(rephrased_)));
}

bool JsonReader::FailText(const JsonValue& value, std::string_view text) {
  if (!exact_) return Fail(0, {});
  return Fail(value.resume_offset(), std::string(text));
}

void JsonReader::Rewind(const Mark& mark) {
  failed_ = false;
  located_ = true;
  error_text_.clear();
  error_path_.clear();
  invalid_ = mark.invalid;
  for (Frame* frame = top_; frame != nullptr; frame = frame->parent) {
    if (frame->is_entry && frame->first_violation >= mark.violations) {
      frame->violated_entries = 0;
      frame->entry_violated = false;
    }
  }
  if (violations_.size() > mark.violations) violations_.resize(mark.violations);
}

JsonReader::BufferScope::BufferScope(JsonReader& reader, const JsonValue& value, Buffered buffered)
    : reader_(reader), outermost_(reader.buffered_end_ == kNone && reader.exact_) {
  if (!outermost_) return;
  reader_.buffered_end_ = buffered == Buffered::kWhole ? value.resume_offset() : value.end_offset();
}

JsonReader::BufferScope::~BufferScope() {
  if (outermost_) reader_.buffered_end_ = kNone;
}

void JsonReader::Violate(std::string_view segment, std::string_view message) {
  if (unchecked_ > 0) return;
  invalid_ = true;
  if (!exact_) return;
  for (Frame* frame = top_; frame != nullptr; frame = frame->parent) {
    if (frame->is_entry && !frame->entry_violated) CountEntry(frame);
  }
  std::string path(prefix_);
  AppendViolationPath(top_, &path);
  AppendSegment(segment, &path);
  violations_.push_back({std::move(path), std::string(message)});
}

void JsonReader::CountEntry(Frame* map) {
  map->entry_violated = true;
  ++map->violated_entries;
  if (map->violated_entries == 1) map->first_violation = violations_.size();
  if (map->violated_entries != 2 || map->segment != kAnyEntry) return;
  // A second invalid member: the first one, a plain "?" so far, gets its number.
  std::string before(prefix_);
  AppendViolationPath(map->parent, &before);
  AppendSegment(kAnyEntry, &before);
  for (size_t i = map->first_violation; i < violations_.size(); ++i) violations_[i].path.insert(before.size(), "[0]");
}

void JsonReader::AppendViolationPath(const Frame* frame, std::string* path) const {
  if (frame == nullptr) return;
  AppendViolationPath(frame->parent, path);
  if (frame->is_entry && frame->segment == kEntryOrdinal) {
    *path += Concat("[", std::to_string(frame->ordinal), "]");
  } else if (frame->is_entry && frame->segment == kAnyEntry && frame->violated_entries > 1) {
    AppendSegment(Concat("?[", std::to_string(frame->violated_entries - 1), "]"), path);
  } else if (frame->segment != kSameAsKey) {
    AppendSegment(frame->segment, path);
  } else if (frame->index != kNone) {
    *path += Concat("[", std::to_string(frame->index), "]");
  } else {
    AppendSegment(frame->key, path);
  }
}

std::string JsonReader::JsonPath() const {
  std::string path;
  AppendStep(top_, &path);
  return path;
}

}  // namespace vecgate::runtime
