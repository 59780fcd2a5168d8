#include "json_tree.h"

#include <rapidjson/reader.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cerrno>
#include <cmath>
#include <cstdlib>

namespace vecgate::property {
namespace {

class Builder {
 public:
  explicit Builder(size_t max_depth) : max_depth_(max_depth) {}

  bool Null() { return Put({}) != nullptr; }
  bool Bool(bool value) {
    JsonTree* tree = Put({});
    tree->type = JsonTree::Type::kBool;
    tree->boolean = value;
    return true;
  }
  bool RawNumber(const char* text, rapidjson::SizeType size, bool) {
    JsonTree* tree = Put({});
    tree->type = JsonTree::Type::kNumber;
    tree->text.assign(text, size);
    return std::isfinite(std::strtod(tree->text.c_str(), nullptr));
  }
  bool String(const char* text, rapidjson::SizeType size, bool) {
    JsonTree* tree = Put({});
    tree->type = JsonTree::Type::kString;
    tree->text.assign(text, size);
    return !HasSurrogate(tree->text);
  }
  bool Key(const char* text, rapidjson::SizeType size, bool) {
    open_.back()->members.emplace_back(std::string(text, size), JsonTree());
    return !HasSurrogate(open_.back()->members.back().first);
  }
  bool StartObject() { return Open(JsonTree::Type::kObject); }
  bool StartArray() { return Open(JsonTree::Type::kList); }
  bool EndObject(rapidjson::SizeType) { return Close(); }
  bool EndArray(rapidjson::SizeType) { return Close(); }
  // Numbers come as they are spelled.
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(int64_t) { return false; }
  bool Uint64(uint64_t) { return false; }
  bool Double(double) { return false; }

  JsonTree& root() { return root_; }

 private:
  static bool HasSurrogate(std::string_view text) {
    for (size_t i = 0; i + 1 < text.size(); ++i)
      if (text[i] == '\xED' && static_cast<unsigned char>(text[i + 1]) >= 0xA0) return true;
    return false;
  }

  // Where the value at hand stands. A container that is open does not move: nothing is put beside it meanwhile.
  JsonTree* Put(JsonTree tree) {
    JsonTree* place = &root_;
    if (!open_.empty() && open_.back()->is_list()) place = &open_.back()->elements.emplace_back();
    else if (!open_.empty()) place = &open_.back()->members.back().second;
    *place = std::move(tree);
    return place;
  }
  bool Open(JsonTree::Type type) {
    JsonTree* tree = Put({});
    tree->type = type;
    open_.push_back(tree);
    return open_.size() <= max_depth_;
  }
  bool Close() {
    open_.pop_back();
    return true;
  }

  const size_t max_depth_;
  JsonTree root_;
  std::vector<JsonTree*> open_;
};

void Write(const JsonTree& tree, rapidjson::Writer<rapidjson::StringBuffer>* writer) {
  switch (tree.type) {
    case JsonTree::Type::kNull:
      writer->Null();
      break;
    case JsonTree::Type::kBool:
      writer->Bool(tree.boolean);
      break;
    case JsonTree::Type::kNumber:
      writer->RawValue(tree.text.data(), tree.text.size(), rapidjson::kNumberType);
      break;
    case JsonTree::Type::kString:
      writer->String(tree.text.data(), static_cast<rapidjson::SizeType>(tree.text.size()));
      break;
    case JsonTree::Type::kList:
      writer->StartArray();
      for (const JsonTree& element : tree.elements) Write(element, writer);
      writer->EndArray();
      break;
    case JsonTree::Type::kObject:
      writer->StartObject();
      for (const auto& [key, value] : tree.members) {
        writer->Key(key.data(), static_cast<rapidjson::SizeType>(key.size()));
        Write(value, writer);
      }
      writer->EndObject();
      break;
  }
}

}  // namespace

const JsonTree* JsonTree::Find(std::string_view key) const {
  const JsonTree* found = nullptr;
  for (const auto& [name, value] : members)
    if (name == key) found = &value;
  return found;
}

bool JsonTree::IsInteger() const {
  if (type != Type::kNumber || text == "-0" || text.find_first_of(".eE") != std::string::npos) return false;
  errno = 0;
  if (text.front() == '-') (void)std::strtoll(text.c_str(), nullptr, 10);
  else (void)std::strtoull(text.c_str(), nullptr, 10);
  return errno == 0;
}

std::string JsonTree::ToText() const {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  Write(*this, &writer);
  return {buffer.GetString(), buffer.GetSize()};
}

std::optional<JsonTree> ParseTree(std::string_view text, size_t max_depth) {
  if (text.find('\0') != std::string_view::npos) return std::nullopt;  // would end RapidJSON's stream
  const std::string ended(text);
  rapidjson::StringStream stream(ended.c_str());
  Builder builder(max_depth);
  constexpr unsigned kFlags = rapidjson::kParseNumbersAsStringsFlag | rapidjson::kParseValidateEncodingFlag;
  if (rapidjson::Reader().Parse<kFlags>(stream, builder).IsError()) return std::nullopt;
  return std::move(builder.root());
}

}  // namespace vecgate::property
