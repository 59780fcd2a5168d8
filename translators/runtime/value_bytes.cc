#include "runtime/value_bytes.h"

#include <cassert>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "runtime/exact_source.h"
#include "runtime/simdjson_tape.h"
#include "runtime/wire.h"

namespace vecgate::runtime {
namespace {

using google::protobuf::UnknownFieldSet;

// --- the two sources, under one form: a value tells a visitor what it is, and its children one by one ----------------

class TapeValue {
 public:
  explicit TapeValue(const FastAccess::Place& place)
      : at_(place.word()), tape_(place.tape()), strings_(place.strings()) {}

  template <class Visitor>
  [[gnu::always_inline]] auto Visit(Visitor& visitor) const {
    switch (TapeType(*at_)) {
      case '"': return visitor.String(TapeText(strings_, *at_));
      case 'd': return visitor.Double(TapeNumber<double>(at_));
      case 'l': return visitor.Integer(TapeNumber<int64_t>(at_));
      case 'u': return visitor.Double(static_cast<double>(TapeNumber<uint64_t>(at_)));
      case 't': return visitor.Bool(true);
      case 'f': return visitor.Bool(false);
      case '{': return visitor.Object(*this);
      case '[': return visitor.List(*this);
      default: return visitor.Null();
    }
  }

  template <class Use>
  [[gnu::always_inline]] void EachMember(const Use& use) const {
    const uint64_t* const end = tape_ + TapeEnd(*at_) - 1;
    for (const uint64_t* at = at_ + 1; at != end; at = TapeNext(tape_, at + 1)) {
      use(TapeText(strings_, *at), TapeValue(at + 1, *this));
    }
  }
  template <class Use>
  [[gnu::always_inline]] void EachElement(const Use& use) const {
    const uint64_t* const end = tape_ + TapeEnd(*at_) - 1;
    for (const uint64_t* at = at_ + 1; at != end; at = TapeNext(tape_, at)) use(TapeValue(at, *this));
  }

 private:
  TapeValue(const uint64_t* at, const TapeValue& of) : at_(at), tape_(of.tape_), strings_(of.strings_) {}

  const uint64_t* at_;
  const uint64_t* tape_;
  const uint8_t* strings_;
};

class ExactValue {
 public:
  explicit ExactValue(const JsonValue& value) : value_(value) {}

  template <class Visitor>
  auto Visit(Visitor& visitor) const {
    switch (value_.kind()) {
      case Kind::kString: return visitor.String(value_.AsString());
      case Kind::kUnsigned:
      case Kind::kDouble: return visitor.Double(value_.AsDouble());
      case Kind::kInteger: return visitor.Integer(value_.AsInteger());
      case Kind::kBool: return visitor.Bool(value_.AsBool());
      case Kind::kObject: return visitor.Object(*this);
      case Kind::kArray: return visitor.List(*this);
      case Kind::kNull: break;
    }
    return visitor.Null();
  }

  template <class Use>
  void EachMember(const Use& use) const {
    for (ObjectCursor member(value_); !member.Done(); member.Advance()) use(member.key(), ExactValue(member.value()));
  }
  template <class Use>
  void EachElement(const Use& use) const {
    for (ArrayCursor element(value_); !element.Done(); element.Advance()) use(ExactValue(element.value()));
  }

 private:
  JsonValue value_;
};

// --- lengths ---------------------------------------------------------------------------------------------------------

// With a tag of one byte and its length before it.
constexpr size_t Delimited(size_t size) { return 1 + VarintSize(size) + size; }

constexpr size_t EntrySize(std::string_view key, size_t value) { return Delimited(key.size()) + Delimited(value); }

// Lengths come before what they count, so all are found first: of each value that is in a container, and of what is in
// each container, in the order in which they begin.
class Sizer {
 public:
  explicit Sizer(std::vector<size_t>* sizes) : sizes_(*sizes) { sizes_.clear(); }

  size_t Null() const { return 2; }
  size_t Bool(bool) const { return 2; }
  size_t Integer(int64_t value) const { return 1 + VarintSize(static_cast<uint64_t>(value)); }
  size_t Double(double) const { return 1 + sizeof(double); }
  size_t String(std::string_view text) const { return Delimited(text.size()); }
  template <class Value>
  size_t Object(const Value& object) {
    const size_t place = Next();
    return Delimited(sizes_[place] = Members(object, 1));
  }
  template <class Value>
  size_t List(const Value& list) {
    const size_t place = Next();
    size_t sum = 0;
    list.EachElement([&](const Value& element) { sum += Delimited(SizeOf(element)); });
    return Delimited(sizes_[place] = sum);
  }

  template <class Value>
  size_t Members(const Value& object, size_t tag_size) {
    size_t sum = 0;
    object.EachMember([&](std::string_view key, const Value& value) {
      const size_t entry = EntrySize(key, SizeOf(value));
      sum += tag_size + VarintSize(entry) + entry;
    });
    return sum;
  }

 private:
  size_t Next() {
    sizes_.push_back(0);
    return sizes_.size() - 1;
  }
  template <class Value>
  size_t SizeOf(const Value& value) {
    const size_t place = Next();
    const size_t size = value.Visit(*this);
    return sizes_[place] = size;
  }

  std::vector<size_t>& sizes_;
};

// --- bytes -----------------------------------------------------------------------------------------------------------

class Writer {
 public:
  Writer(const ValueFields& fields, const std::vector<size_t>& sizes, char* to)
      : fields_(fields), size_(sizes.data()), to_(to) {}

  void Null() { to_ = PutVarint(0, PutTag(fields_.null_value, WireType::kVarint, to_)); }
  void Bool(bool value) { to_ = PutVarint(value ? 1 : 0, PutTag(fields_.bool_value, WireType::kVarint, to_)); }
  void Integer(int64_t value) {
    to_ = PutVarint(static_cast<uint64_t>(value), PutTag(fields_.integer_value, WireType::kVarint, to_));
  }
  void Double(double value) {
    static_assert(std::endian::native == std::endian::little);
    char* const to = PutTag(fields_.double_value, WireType::kFixed64, to_);
    std::memcpy(to, &value, sizeof(value));
    to_ = to + sizeof(value);
  }
  void String(std::string_view text) { to_ = PutText(fields_.string_value, text, to_); }
  template <class Value>
  void Object(const Value& object) {
    to_ = PutHead(fields_.struct_value, *size_++, to_);
    Members(object, WireTag(fields_.struct_fields, WireType::kBytes), /*bare=*/false);
  }
  template <class Value>
  void List(const Value& list) {
    to_ = PutHead(fields_.list_value, *size_++, to_);
    list.EachElement([&](const Value& element) {
      to_ = PutHead(fields_.list_values, *size_++, to_);
      element.Visit(*this);
    });
  }

  // `bare`: the first entry goes without its tag and length.
  template <class Value>
  void Members(const Value& object, uint32_t tag, bool bare) {
    object.EachMember([&](std::string_view key, const Value& value) {
      const size_t size = *size_++;
      char* to = to_;
      if (!std::exchange(bare, false)) to = PutVarint(EntrySize(key, size), PutVarint(tag, to));
      to_ = PutHead(kMapValue, size, PutText(kMapKey, key, to));
      value.Visit(*this);
    });
  }

  const char* end() const { return to_; }

 private:
  static constexpr uint8_t kMapKey = 1;
  static constexpr uint8_t kMapValue = 2;

  // Each returns where the next byte goes.
  static char* PutTag(uint8_t number, WireType type, char* to) {
    *to = static_cast<char>(WireTag(number, type));
    return to + 1;
  }
  static char* PutHead(uint8_t number, size_t size, char* to) {
    return PutVarint(size, PutTag(number, WireType::kBytes, to));
  }
  static char* PutText(uint8_t number, std::string_view text, char* to) {
    to = PutHead(number, text.size(), to);
    std::memcpy(to, text.data(), text.size());
    return to + text.size();
  }

  const ValueFields fields_;
  const size_t* size_;  // the next
  char* to_;
};

template <class Value>
void AddValueAs(const Value& value, const ValueFields& fields, std::vector<size_t>* sizes, UnknownFieldSet* to) {
  Sizer sizer(sizes);
  std::string bytes(value.Visit(sizer), '\0');
  Writer writer(fields, *sizes, bytes.data());
  value.Visit(writer);
  assert(writer.end() == bytes.data() + bytes.size());
  to->ParseFromString(bytes);
}

template <class Value>
void AddMapAs(const Value& object, const ValueFields& fields, int number, std::vector<size_t>* sizes,
              UnknownFieldSet* to) {
  const uint32_t tag = WireTag(number, WireType::kBytes);
  const size_t tag_size = VarintSize(tag);
  Sizer sizer(sizes);
  const size_t size = sizer.Members(object, tag_size);
  if (size == 0) return;
  std::string& bytes = *to->AddLengthDelimited(number);
  bytes.resize(size - tag_size);
  Writer writer(fields, *sizes, bytes.data());
  writer.Members(object, tag, /*bare=*/true);
  bytes.resize(static_cast<size_t>(writer.end() - bytes.data()));  // without the first length
}

}  // namespace

void AddValue(JsonReader& reader, const JsonValue& value, const ValueFields& fields, UnknownFieldSet* to) {
  if (value.located()) return AddValueAs(ExactValue(value), fields, reader.scratch(), to);
  AddValueAs(TapeValue(FastAccess::PlaceOf(value)), fields, reader.scratch(), to);
}

void AddValueMap(JsonReader& reader, const JsonValue& object, const ValueFields& fields, int number,
                 UnknownFieldSet* to) {
  if (object.located()) return AddMapAs(ExactValue(object), fields, number, reader.scratch(), to);
  AddMapAs(TapeValue(FastAccess::PlaceOf(object)), fields, number, reader.scratch(), to);
}

}  // namespace vecgate::runtime
