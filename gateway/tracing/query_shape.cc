#include "tracing/query_shape.h"

#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <cstdint>
#include <vector>

#include "base/text.h"

namespace vecgate::tracing {
namespace {

constexpr size_t kReadBytes = 64 * 1024;
constexpr size_t kShapeBytes = 1024;
constexpr size_t kDepth = 8;
constexpr int64_t kSmallNumber = 100'000;

// One place in the document: an object, or a list.
struct Level {
  bool is_list = false;
  size_t count = 0;           // elements so far
  bool all_numbers = true;    // of a list
  size_t begin = 0;           // of a list: where in the text the first element goes
  bool told = true;           // false: within something that is not told
};

// Called by the reader for each token; returning false ends the reading.
class Shaper : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Shaper> {
 public:
  bool Null() { return Scalar("null"); }
  bool Bool(bool value) { return Scalar(levels_.size() == 1 && value ? "true" : levels_.size() == 1 ? "false" : "flag"); }
  bool Int(int value) { return Integer(value); }
  bool Uint(unsigned value) { return Integer(value); }
  bool Int64(int64_t value) { return Integer(value); }
  bool Uint64(uint64_t) { return Number("number"); }
  bool Double(double) { return Number("number"); }
  bool String(const char*, rapidjson::SizeType, bool) { return Scalar("text"); }

  bool Key(const char* text, rapidjson::SizeType size, bool) {
    Level& level = levels_.back();
    if (level.told) base::Append(&shape_, level.count > 0 ? ", " : "", std::string_view(text, size), ": ");
    return Fits();
  }
  bool StartObject() { return Begin(false); }
  bool EndObject(rapidjson::SizeType) {
    if (levels_.back().told) shape_ += "}";
    levels_.pop_back();
    return Fits();
  }
  bool StartArray() { return Begin(true); }
  bool EndArray(rapidjson::SizeType) {
    const Level level = levels_.back();
    levels_.pop_back();
    if (level.told) EndList(level, "");
    return Fits();
  }

  // What there is, with everything closed that is still open.
  std::string TakeCutOff() {
    bool first = true;
    while (!levels_.empty()) {
      const Level level = levels_.back();
      levels_.pop_back();
      if (!level.told) continue;
      if (level.is_list) {
        EndList(level, "...");
      } else {
        shape_ += first ? " ...}" : "}";
      }
      first = false;
    }
    return std::move(shape_);
  }
  std::string Take() { return std::move(shape_); }

 private:
  bool Fits() const { return shape_.size() <= kShapeBytes; }

  // The next value's place; false: it is not told.
  bool Enter(bool is_number) {
    if (levels_.empty()) return true;
    Level& level = levels_.back();
    ++level.count;
    level.all_numbers = level.all_numbers && is_number;
    return level.told && (!level.is_list || level.count == 1);
  }
  bool Scalar(std::string_view text) {
    if (Enter(false)) shape_ += text;
    return Fits();
  }
  bool Number(std::string_view text) {
    if (Enter(true)) shape_ += text;
    return Fits();
  }
  bool Integer(int64_t value) {
    if (levels_.size() != 1 || levels_[0].is_list || value < 0 || value > kSmallNumber) return Number("number");
    return Number(base::Concat(value));
  }
  bool Begin(bool is_list) {
    Level level;
    level.is_list = is_list;
    level.told = Enter(false);
    if (level.told && levels_.size() >= kDepth) {
      shape_ += is_list ? "[...]" : "{...}";
      level.told = false;
    }
    if (level.told) shape_ += is_list ? "[" : "{";
    level.begin = shape_.size();
    levels_.push_back(level);
    return Fits();
  }
  void EndList(const Level& level, std::string_view more) {
    if (level.count > 0 && level.all_numbers) {
      shape_.resize(level.begin);
      base::Append(&shape_, level.count, more, level.count == 1 && more.empty() ? " number]" : " numbers]");
    } else if (level.count > 1 || !more.empty()) {
      shape_.insert(level.begin, base::Concat(level.count, more, " x "));
      shape_ += "]";
    } else {
      shape_ += "]";
    }
  }

  std::string shape_;
  std::vector<Level> levels_;
};

}  // namespace

std::string QueryShape(std::string_view json) {
  const std::string_view head = json.substr(0, kReadBytes);
  rapidjson::MemoryStream stream(head.data(), head.size());
  rapidjson::Reader reader;
  Shaper shaper;
  // Without recursion: bodies may be deep.
  const rapidjson::ParseResult result = reader.Parse<rapidjson::kParseIterativeFlag>(stream, shaper);
  return result.IsError() ? shaper.TakeCutOff() : shaper.Take();
}

}  // namespace vecgate::tracing
