#include "slow_reader.h"

#include <absl/strings/str_split.h>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <memory>

#include "any_json.h"
#include "qdrant/api.h"
#include "reflected.h"
#include "runtime/json_value.h"
#include "runtime/named/datetime_parse.h"
#include "runtime/named/json_path_text.h"

namespace vecgate::property {
namespace pb = google::protobuf;
using pb::FieldDescriptor;

namespace {

constexpr size_t kNone = static_cast<size_t>(-1);

size_t KeyNamed(const std::vector<RuleKey>& keys, const std::string& name) {
  for (size_t i = 0; i < keys.size(); ++i) {
    const auto& aliases = keys[i].rule->alias();
    if (keys[i].name() == name || std::find(aliases.begin(), aliases.end(), name) != aliases.end()) return i;
  }
  return kNone;
}

// Null is as good as no key at all.
bool NullIsAbsent(const RuleKey& key, const Message& message) {
  switch (key.rule->null()) {
    case rules::NULL_ABSENT:
      return true;
    case rules::NULL_REJECT:
    case rules::NULL_VALUE:
      return false;
    default:
      break;
  }
  if (key.rule->required()) return false;
  if (key.rule->value().field().empty()) return true;
  if (key.rule->value().field().find('.') != std::string::npos) return true;
  const FieldDescriptor* field = FieldAt(message.GetDescriptor(), key.field());
  return field->has_presence() || field->is_repeated();
}

bool IsString(const FieldDescriptor* field) { return field->cpp_type() == FieldDescriptor::CPPTYPE_STRING; }
bool IsMessage(const FieldDescriptor* field) { return field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE; }

bool IsGiven(const JsonTree& object, const std::string& key) {
  const JsonTree* value = object.is_object() ? object.Find(key) : nullptr;
  return value != nullptr && !value->is_null();
}

}  // namespace

SlowOutcome SlowReader::Read(const std::string& shape, const JsonTree& tree, Message* message) {
  outcome_ = {};
  unchecked_ = 0;
  outcome_.read = ReadShape(rules_.FindShape(message->GetDescriptor(), shape), tree, message);
  return outcome_;
}

// --- shapes -----------------------------------------------------------------------------------------------

bool SlowReader::ReadShape(const rules::Shape* shape, const JsonTree& tree, Message* message) {
  static const rules::Shape& plain = *new rules::Shape;
  if (shape == nullptr)
    return ReadObject({rules_.KeysOf(message->GetDescriptor(), nullptr), false, false, false, &plain.check()}, tree,
                      message);
  if (!shape->runtime().empty()) return ReadRuntimeShape(*shape, tree, message);
  if (shape->part_size() > 0) return ReadParts(*shape, tree, message);
  if (shape->has_union_()) return ReadUnion(shape->union_(), tree, message);
  if (shape->has_is()) {
    if (!ReadValue(shape->is(), "", tree, message)) return false;
    return std::all_of(shape->check().begin(), shape->check().end(),
                       [&](const rules::Check& check) { return Check(check, {}, {}, *message); });
  }
  return ReadObject({rules_.KeysOf(message->GetDescriptor(), shape), shape->reject_unknown_keys(),
                     shape->last_key_wins(), shape->or_list(), &shape->check()},
                    tree, message);
}

// Through the generated reader, which for such a shape does nothing but call the function.
bool SlowReader::ReadRuntimeShape(const rules::Shape& shape, const JsonTree& tree, Message* message) {
  if (shape.runtime() == "Value") {
    MakeValue(tree, message);
    return true;
  }
  std::string name = rules_.NameOf(message->GetDescriptor());
  std::erase(name, '.');
  if (!shape.name().empty()) name += "_" + shape.name();
  const auto shapes = translators::qdrant::Shapes();
  const auto entry = std::find_if(shapes.begin(), shapes.end(), [&](const auto& one) { return one.name == name; });
  const std::string text = tree.ToText();
  runtime::JsonDocument document(1000);
  runtime::SyntaxError error;
  if (!document.ParseExact(text, &error)) std::abort();
  runtime::JsonReader reader(true, translators::qdrant::ApiSpec().texts);
  if (!entry->read(reader, document.root(), message)) return reader.refused() != 0 ? Refuse() : false;
  if (reader.invalid()) Violate();
  return true;
}

bool SlowReader::ReadParts(const rules::Shape& shape, const JsonTree& tree, Message* message) {
  bool any = false;
  for (const rules::Part& part : shape.part()) {
    if (!IsGiven(tree, part.when_key())) continue;
    if (!ReadValue(part.value(), "", tree, message)) return false;
    any = true;
  }
  return any || Refuse();
}

// --- unions -----------------------------------------------------------------------------------------------

bool SlowReader::ReadUnion(const rules::Union& rule, const JsonTree& tree, Message* message) {
  if (!rule.tag().empty()) {
    const JsonTree* tag = tree.is_object() ? tree.Find(rule.tag()) : nullptr;
    if (tag == nullptr || !tag->is_string()) return false;
    for (const rules::Variant& variant : rule.variant()) {
      if (variant.print_only() || variant.tag() != tag->text) continue;
      return variant.unavailable().empty() ? ReadVariant(variant, tree, message) : Refuse();
    }
    return false;
  }
  for (const rules::Variant& variant : rule.variant()) {
    if (variant.print_only()) continue;
    // Only of some variants it matters that type and keys come first; others would fail all the same.
    const bool fits = Fits(variant, rule, *message, tree);
    if (!variant.unavailable().empty()) {
      if (fits) return Refuse();
      continue;
    }
    if (!fits && (variant.final() || !variant.value().runtime().empty())) continue;
    const bool invalid = outcome_.invalid;
    std::unique_ptr<Message> attempt(message->New());
    attempt->CopyFrom(*message);
    if (ReadVariant(variant, tree, attempt.get())) {
      message->CopyFrom(*attempt);
      return true;
    }
    if (outcome_.refused || variant.final()) return false;
    outcome_.invalid = invalid;
  }
  return false;
}

bool SlowReader::ReadVariant(const rules::Variant& variant, const JsonTree& tree, Message* message) {
  if (variant.has_literal()) {
    if (!tree.is_string() || tree.text != variant.literal()) return false;
  } else {
    const JsonTree* inner = &tree;
    if (!variant.key().empty()) {
      inner = tree.is_object() ? tree.Find(variant.key()) : nullptr;
      if (inner == nullptr) return false;
    }
    const bool read = variant.keys_size() > 0
                          ? ReadObject({rules_.Expanded(message->GetDescriptor(), variant.keys()),
                                        variant.reject_unknown_keys(), variant.last_key_wins(), variant.or_list(),
                                        &variant.check()},
                                       *inner, message)
                          : ReadValue(variant.value(), "", *inner, message);
    if (!read) return false;
  }
  for (const rules::Set& set : variant.set()) Assign(set.field(), set.value(), message);
  return true;
}

// --- objects ----------------------------------------------------------------------------------------------

bool SlowReader::ReadObject(const ObjectRule& rule, const JsonTree& tree, Message* message) {
  const std::vector<RuleKey>& keys = rule.keys;
  std::vector<bool> seen(keys.size());
  const auto read = [&](size_t at, const JsonTree& value) {
    seen[at] = true;
    bool counts = true;
    if (!ReadKey(rule, keys[at], tree, value, message, &counts)) return false;
    seen[at] = counts;
    return true;
  };

  if (tree.is_list() && rule.or_list) {
    const bool some =
        std::any_of(keys.begin(), keys.end(), [](const RuleKey& key) { return key.rule->required_in_list(); });
    for (size_t i = 0; i < tree.elements.size(); ++i)
      if (i >= keys.size() || !read(i, tree.elements[i])) return false;
    for (size_t i = tree.elements.size(); i < keys.size(); ++i)
      if (!some || keys[i].rule->required_in_list()) return false;
  } else {
    if (!tree.is_object()) return false;
    for (size_t i = 0; i < tree.members.size(); ++i) {
      const auto& [name, value] = tree.members[i];
      const size_t at = KeyNamed(keys, name);
      if (at == kNone) {
        if (rule.reject_unknown) return false;
        continue;
      }
      const auto again = [&, &name = name](const auto& later) { return later.first == name; };
      const auto next = tree.members.begin() + static_cast<ptrdiff_t>(i) + 1;
      if (rule.last_key_wins && std::any_of(next, tree.members.end(), again)) continue;
      if (seen[at] || !read(at, value)) return false;
    }
    for (size_t i = 0; i < keys.size(); ++i)
      if (keys[i].rule->required() && !seen[i]) return false;
  }

  for (size_t i = 0; i < keys.size(); ++i) {
    const rules::Key& key = *keys[i].rule;
    if (!seen[i] && !key.default_().empty()) Assign(keys[i].field(), key.default_(), message);
    if (!seen[i])
      for (const rules::Set& set : key.when_absent()) Assign(keys[i].prefix + set.field(), set.value(), message);
    if (key.always_set()) Assign(keys[i].field(), "{}", message);
  }
  return std::all_of(rule.checks->begin(), rule.checks->end(),
                     [&](const rules::Check& check) { return Check(check, keys, seen, *message); });
}

bool SlowReader::ReadKey(const ObjectRule& rule, const RuleKey& key, const JsonTree& object, const JsonTree& value,
                         Message* message, bool* seen) {
  if (key.ignored()) return true;
  if (value.is_null() && (key.rule->when_null_size() > 0 || NullIsAbsent(key, *message))) {
    for (const rules::Set& set : key.rule->when_null()) Assign(key.prefix + set.field(), set.value(), message);
    *seen = key.rule->required() || key.rule->when_null_size() > 0;
    return true;
  }
  const std::string& other = key.rule->yields_to();
  if (!other.empty() && KeyNamed(rule.keys, other) != kNone && IsGiven(object, other)) {
    const std::unique_ptr<Message> dropped(message->New());
    return ReadValue(key.rule->value(), key.prefix, value, dropped.get());
  }
  if (key.rule->unchecked()) ++unchecked_;
  const bool read = ReadValue(key.rule->value(), key.prefix, value, message);
  if (read && key.rule->has_limits()) CheckLimits(*key.rule, key.field(), *message);
  if (key.rule->unchecked()) --unchecked_;
  return read;
}

// --- values -----------------------------------------------------------------------------------------------

bool SlowReader::ReadValue(const rules::Value& value, const std::string& prefix, const JsonTree& tree,
                           Message* message) {
  if (!value.self().empty()) {
    const rules::Shape* shape = rules_.FindShape(message->GetDescriptor(), value.self());
    if (!value.each_self()) return ReadShape(shape, tree, message);
    return tree.is_list() && std::all_of(tree.elements.begin(), tree.elements.end(), [&](const JsonTree& element) {
             return ReadShape(shape, element, message);
           });
  }
  if (value.field().empty()) return true;
  if (value.presence()) {
    if (tree.type != JsonTree::Type::kBool) return false;
    if (tree.boolean) Assign(prefix + value.field(), "{}", message);
    return true;
  }
  const std::string path = prefix + value.field();
  const FieldDescriptor* field = FieldAt(message->GetDescriptor(), path);
  if (field->is_map()) {
    if (!tree.is_object()) return false;
    for (const auto& [key, element] : tree.members) {
      Message* entry = MapEntry(OwnerAt(message, path), field, key);
      if (!ReadElement(value, element, entry, entry->GetDescriptor()->map_value())) return false;
    }
    return true;
  }
  if (!field->is_repeated() || value.append()) return ReadElement(value, tree, OwnerAt(message, path), field);
  if (!tree.is_list()) {
    // A word for what is expected is for lists of anything but objects.
    const bool alone = value.one_or_many() && (value.expecting().empty() || tree.is_object() || IsNumber(field));
    return alone && ReadElement(value, tree, OwnerAt(message, path), field);
  }
  Message* owner = OwnerAt(message, path);
  return std::all_of(tree.elements.begin(), tree.elements.end(),
                     [&](const JsonTree& element) { return ReadElement(value, element, owner, field); });
}

bool SlowReader::ReadElement(const rules::Value& value, const JsonTree& tree, Message* owner, const Field* field) {
  const pb::Reflection* reflection = owner->GetReflection();
  if (IsMessage(field)) {
    Message* below =
        field->is_repeated() ? reflection->AddMessage(owner, field) : reflection->MutableMessage(owner, field);
    if (value.runtime().empty()) return ReadShape(rules_.FindShape(field->message_type(), value.shape()), tree, below);
    // The only one that reads a field's message.
    if (value.runtime() != "Timestamp" || !tree.is_string()) return false;
    int64_t seconds;
    int32_t nanos;
    if (!runtime::ParseDatetime(tree.text, &seconds, &nanos)) return false;
    SetNumber(below, "seconds", static_cast<long double>(seconds));
    SetNumber(below, "nanos", static_cast<long double>(nanos));
    return true;
  }
  if (!IsString(field)) return ReadScalar(value, tree, owner, field);
  std::string text;
  if (!ReadText(value, tree, &text)) return false;
  if (field->is_repeated()) reflection->AddString(owner, field, text);
  else reflection->SetString(owner, field, text);
  return true;
}

bool SlowReader::ReadText(const rules::Value& value, const JsonTree& tree, std::string* text) {
  if (!tree.is_string()) return false;
  *text = tree.text;
  int64_t seconds;
  int32_t nanos;
  if (value.runtime() == "JsonPathText") return runtime::IsJsonPath(tree.text);
  if (value.runtime() == "DatetimeText") return runtime::ParseDatetime(tree.text, &seconds, &nanos);
  if (!value.runtime().empty()) std::abort();
  if (value.spelling().empty()) return true;
  for (const rules::EnumValue& word : rules_.WordsOf(value.spelling())) {
    const auto& aliases = word.alias();
    if (word.json() != tree.text && std::find(aliases.begin(), aliases.end(), tree.text) == aliases.end()) continue;
    *text = word.json();
    return true;
  }
  return false;
}

bool SlowReader::ReadScalar(const rules::Value& value, const JsonTree& tree, Message* owner, const Field* field) {
  const pb::Reflection* reflection = owner->GetReflection();
  const bool many = field->is_repeated();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      if (tree.type != JsonTree::Type::kBool) return false;
      many ? reflection->AddBool(owner, field, tree.boolean) : reflection->SetBool(owner, field, tree.boolean);
      return true;
    case FieldDescriptor::CPPTYPE_ENUM:
      if (!tree.is_string()) return false;
      for (const rules::EnumValue& word : rules_.WordsOf(rules_.NameOf(field->enum_type()))) {
        if (word.json().empty()) continue;
        const auto& aliases = word.alias();
        if (word.json() != tree.text && std::find(aliases.begin(), aliases.end(), tree.text) == aliases.end()) continue;
        const int number = field->enum_type()->FindValueByName(word.name())->number();
        many ? reflection->AddEnumValue(owner, field, number) : reflection->SetEnumValue(owner, field, number);
        return true;
      }
      return false;
    case FieldDescriptor::CPPTYPE_FLOAT:
    case FieldDescriptor::CPPTYPE_DOUBLE: {
      if (tree.type != JsonTree::Type::kNumber) return false;
      const double number = std::strtod(tree.text.c_str(), nullptr);
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_DOUBLE)
        many ? reflection->AddDouble(owner, field, number) : reflection->SetDouble(owner, field, number);
      else
        many ? reflection->AddFloat(owner, field, static_cast<float>(number))
             : reflection->SetFloat(owner, field, static_cast<float>(number));
      return true;
    }
    default:
      return ReadInteger(value, tree, owner, field);
  }
}

bool SlowReader::ReadInteger(const rules::Value& value, const JsonTree& tree, Message* owner, const Field* field) {
  if (!tree.IsInteger()) return false;
  // 64 bits of mantissa: every integer there is exact.
  static_assert(std::numeric_limits<long double>::digits >= 64);
  long double number = std::strtold(tree.text.c_str(), nullptr);
  const auto [lowest, largest] = RangeOf(field);
  if (number < lowest) return false;
  if (number > largest) {
    if (!value.clamp()) return false;
    number = largest;
  }
  if (value.nonzero() && number == 0) return false;
  StoreNumber(owner, field, number);
  return true;
}

// --- whether a variant is meant -----------------------------------------------------------------------------

bool SlowReader::Fits(const rules::Variant& variant, const rules::Union& rule, const Message& message,
                      const JsonTree& tree) const {
  if (!variant.key().empty()) return tree.is_object() && tree.Find(variant.key()) != nullptr;
  if (variant.has_literal()) return tree.is_string();
  if (!rule.tag().empty()) return tree.is_object();
  if (variant.keys_size() == 0) return Fits(variant.value(), message, tree);
  if (tree.is_list()) return variant.or_list();
  return tree.is_object() && std::all_of(variant.keys().begin(), variant.keys().end(), [&](const rules::Key& key) {
           return !key.required() || key.alias_size() > 0 || tree.Find(RuleKey{&key, ""}.name()) != nullptr;
         });
}

bool SlowReader::Fits(const rules::Value& value, const Message& message, const JsonTree& tree) const {
  if (!value.self().empty())
    return value.each_self() ? tree.is_list()
                             : Fits(rules_.FindShape(message.GetDescriptor(), value.self()), message, tree);
  if (value.field().empty()) return true;
  const FieldDescriptor* field = FieldAt(message.GetDescriptor(), value.field());
  if (field->is_map()) return tree.is_object();
  if (field->is_repeated() && !value.append()) {
    if (tree.is_list()) return true;
    if (!value.one_or_many()) return false;
  }
  if (value.presence()) return tree.type == JsonTree::Type::kBool;
  if (IsMessage(field)) {
    if (!value.runtime().empty()) return tree.is_string();
    const Message& below = *pb::MessageFactory::generated_factory()->GetPrototype(field->message_type());
    return Fits(rules_.FindShape(field->message_type(), value.shape()), below, tree);
  }
  if (IsString(field) || field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM) return tree.is_string();
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_BOOL) return tree.type == JsonTree::Type::kBool;
  if (IsNumber(field)) return tree.IsInteger();
  return tree.type == JsonTree::Type::kNumber;
}

bool SlowReader::Fits(const rules::Shape* shape, const Message& message, const JsonTree& tree) const {
  if (shape == nullptr) return tree.is_object();
  if (shape->runtime() == "PointId") return tree.is_string() || tree.IsInteger();
  if (shape->runtime() == "PointBatch") return tree.is_object();
  if (shape->runtime() == "VectorOutput") return tree.is_object() || tree.is_list();
  if (!shape->runtime().empty()) return true;
  if (shape->part_size() > 0) return tree.is_object();
  if (shape->has_is()) return Fits(shape->is(), message, tree);
  if (shape->has_union_()) {
    const rules::Union& rule = shape->union_();
    if (!rule.tag().empty()) return tree.is_object() && tree.Find(rule.tag()) != nullptr;
    return std::any_of(rule.variant().begin(), rule.variant().end(),
                       [&](const rules::Variant& variant) { return Fits(variant, rule, message, tree); });
  }
  if (tree.is_list()) return shape->or_list();
  if (!tree.is_object()) return false;
  const std::vector<RuleKey> keys = rules_.KeysOf(message.GetDescriptor(), shape);
  return std::all_of(keys.begin(), keys.end(), [&](const RuleKey& key) {
    return !key.rule->required() || key.rule->alias_size() > 0 || tree.Find(key.name()) != nullptr;
  });
}

// --- assignments and bounds -----------------------------------------------------------------------------------

void SlowReader::Assign(const std::string& path, const std::string& literal, Message* message) const {
  Message* owner = OwnerAt(message, path);
  const FieldDescriptor* field = FieldAt(message->GetDescriptor(), path);
  const pb::Reflection* reflection = owner->GetReflection();
  std::string word = literal;
  std::erase(word, '"');
  if (IsMessage(field)) {
    reflection->MutableMessage(owner, field);
  } else if (IsString(field)) {
    reflection->SetString(owner, field, word);
  } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_BOOL) {
    reflection->SetBool(owner, field, literal == "true");
  } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
    for (const rules::EnumValue& value : rules_.WordsOf(rules_.NameOf(field->enum_type())))
      if (value.json() == word || value.name() == word)
        reflection->SetEnum(owner, field, field->enum_type()->FindValueByName(value.name()));
  } else {
    StoreNumber(owner, field, std::strtold(literal.c_str(), nullptr));
  }
}

void SlowReader::CheckLimits(const rules::Key& key, const std::string& path, const Message& message) {
  const rules::Limits& limits = key.limits();
  const FieldDescriptor* field = FieldAt(message.GetDescriptor(), path);
  const Message& owner = OwnerIn(message, path);
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
    const std::string& name = owner.GetReflection()->GetEnum(owner, field)->name();
    for (const rules::EnumValue& word : rules_.WordsOf(rules_.NameOf(field->enum_type())))
      for (const std::string& forbidden : limits.forbidden())
        if (word.json() == forbidden && word.name() == name) Violate();
    return;
  }
  if (IsString(field)) {
    const std::string text = owner.GetReflection()->GetString(owner, field);
    const auto length = static_cast<uint64_t>(
        std::count_if(text.begin(), text.end(), [](unsigned char c) { return c < 0x80 || c >= 0xC0; }));
    if (text.find_first_of(limits.forbidden_chars()) != std::string::npos) Violate();
    if (limits.has_min_length() && length < limits.min_length()) Violate();
    if (limits.has_max_length() && length > limits.max_length()) Violate();
    return;
  }
  const long double number = NumberIn(owner, field);
  if (limits.has_at_least() && number < static_cast<long double>(limits.at_least())) Violate();
  if (limits.has_at_most() && number > static_cast<long double>(limits.at_most())) Violate();
}

bool SlowReader::Check(const rules::Check& check, const std::vector<RuleKey>& keys, const std::vector<bool>& seen,
                       const Message& message) {
  if (Holds(check, keys, seen, message)) return true;
  if (check.refuse()) return Refuse();
  if (check.parse()) return false;
  Violate();
  return true;
}

bool SlowReader::Holds(const rules::Check& check, const std::vector<RuleKey>& keys, const std::vector<bool>& seen,
                       const Message& message) const {
  const auto is_false = [&](const std::string& path) { return IsSet(message, path) && NumberAt(message, path) == 0; };
  switch (check.is_case()) {
    case rules::Check::kSameLength:
      return SizeAt(message, check.same_length().a()) == SizeAt(message, check.same_length().b());
    case rules::Check::kUnique: {
      std::vector<long double> numbers = NumbersAt(message, check.unique());
      std::sort(numbers.begin(), numbers.end());
      return std::adjacent_find(numbers.begin(), numbers.end()) == numbers.end();
    }
    case rules::Check::kNotEmpty:
      return SizeAt(message, check.not_empty()) > 0;
    case rules::Check::kAnySet: {
      const std::vector<std::string> paths = absl::StrSplit(check.any_set(), ',');
      return std::any_of(paths.begin(), paths.end(), [&](const std::string& path) { return IsSet(message, path); });
    }
    case rules::Check::kLessThan:
      return NumberAt(message, check.less_than().a()) < NumberAt(message, check.less_than().b());
    case rules::Check::kDiffer: {
      const rules::Pair& pair = check.differ();
      if (!AreEqual(message, pair.a(), pair.b())) return true;
      return !pair.unless_differs_a().empty() && IsSet(message, pair.unless_differs_a()) &&
             IsSet(message, pair.unless_differs_b()) &&
             !AreEqual(message, pair.unless_differs_a(), pair.unless_differs_b());
    }
    case rules::Check::kEqualRows: {
      const std::vector<int> sizes = RowSizesAt(message, check.equal_rows());
      return std::adjacent_find(sizes.begin(), sizes.end(), std::not_equal_to<>()) == sizes.end();
    }
    case rules::Check::kRowsNotEmpty: {
      const std::vector<int> sizes = RowSizesAt(message, check.rows_not_empty());
      return std::find(sizes.begin(), sizes.end(), 0) == sizes.end();
    }
    case rules::Check::kClosedRing:
      return IsClosedRing(message, check.closed_ring());
    case rules::Check::kMinItems:
      return SizeAt(message, check.min_items().field()) >= static_cast<int>(check.min_items().n());
    case rules::Check::kNotBothFalse:
      return !is_false(check.not_both_false().a()) || !is_false(check.not_both_false().b());
    case rules::Check::kWithin: {
      const long double number = NumberAt(message, check.within().field());
      return number >= static_cast<long double>(check.within().from()) &&
             number <= static_cast<long double>(check.within().to());
    }
    case rules::Check::kNotEmptyIfGiven:
      for (size_t i = 0; i < keys.size(); ++i)
        if (keys[i].field() == check.not_empty_if_given() && seen[i])
          return SizeAt(message, check.not_empty_if_given()) > 0;
      return true;
    case rules::Check::IS_NOT_SET:
      break;
  }
  std::abort();
}

}  // namespace vecgate::property
