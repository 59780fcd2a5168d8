#include "weaviate/where.h"

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/concat.h"
#include "weaviate/go_values.h"
#include "weaviate/json_values.h"
#include "weaviate/times.h"

namespace vecgate::translators::weaviate {
namespace {

using runtime::Concat;
using runtime::JsonReader;
using runtime::JsonValue;
using runtime::Kind;
using ::weaviate::v1::Filters;
using ::weaviate::v1::FilterTarget;

constexpr std::string_view kStruct = "WhereFilter";

struct Operator {
  std::string_view word;
  Filters::Operator number;
};
// In the order in which the server lists them.
constexpr std::array kOperators{
    Operator{"And", Filters::OPERATOR_AND},
    Operator{"Or", Filters::OPERATOR_OR},
    Operator{"Equal", Filters::OPERATOR_EQUAL},
    Operator{"Like", Filters::OPERATOR_LIKE},
    Operator{"NotEqual", Filters::OPERATOR_NOT_EQUAL},
    Operator{"GreaterThan", Filters::OPERATOR_GREATER_THAN},
    Operator{"GreaterThanEqual", Filters::OPERATOR_GREATER_THAN_EQUAL},
    Operator{"LessThan", Filters::OPERATOR_LESS_THAN},
    Operator{"LessThanEqual", Filters::OPERATOR_LESS_THAN_EQUAL},
    Operator{"WithinGeoRange", Filters::OPERATOR_WITHIN_GEO_RANGE},
    Operator{"IsNull", Filters::OPERATOR_IS_NULL},
    Operator{"ContainsAny", Filters::OPERATOR_CONTAINS_ANY},
    Operator{"ContainsAll", Filters::OPERATOR_CONTAINS_ALL},
    Operator{"ContainsNone", Filters::OPERATOR_CONTAINS_NONE},
    Operator{"Not", Filters::OPERATOR_NOT},
};

bool Combines(Filters::Operator number) {
  return number == Filters::OPERATOR_AND || number == Filters::OPERATOR_OR || number == Filters::OPERATOR_NOT;
}

bool RefuseOperator(JsonReader& reader) {
  if (!reader.exact()) return reader.Refuse(kNotInEnum, {});
  std::string words;
  for (const Operator& one : kOperators) words += (words.empty() ? "" : " ") + std::string(one.word);
  return reader.Refuse(kNotInEnum, Concat(ValidationPath(reader), " in body should be one of [", words, "]"));
}

bool IsTime(std::string_view property) { return property == "_creationTimeUnix" || property == "_lastUpdateTimeUnix"; }

// One clause while its members are read.
struct Clause {
  Filters* filters;
  WhereForm form;
  std::string word;
  std::vector<std::string> path;
  bool has_path = false;
  size_t values = 0;
  bool date = false;  // the value came as a date, which is RFC 3339 already
  JsonValue operands;
  bool has_operands = false;
};

template <class Item, class Read>
bool ReadItems(JsonReader& reader, const JsonValue& value, const Read& read,
               google::protobuf::RepeatedField<Item>* items) {
  runtime::ListReader list(reader, value, {});
  while (list.Next())
    if (!read(reader, list.value(), kStruct, items->Add())) return false;
  return !reader.failed();
}

bool ReadTexts(JsonReader& reader, const JsonValue& value, ::weaviate::v1::TextArray* texts) {
  runtime::ListReader list(reader, value, {});
  while (list.Next())
    if (!ReadText(reader, list.value(), kStruct, texts->add_values())) return false;
  return !reader.failed();
}

// Each value kind, alone or (under either name) as a list. An empty list is no value.
bool IsEmptyList(const JsonValue& value) { return value.kind() == Kind::kArray && value.size() == 0; }

bool ReadTextValue(JsonReader& reader, const JsonValue& value, Filters* filters) {
  return value.kind() == Kind::kArray ? ReadTexts(reader, value, filters->mutable_value_text_array())
                                      : ReadText(reader, value, kStruct, filters->mutable_value_text());
}

bool ReadIntValue(JsonReader& reader, const JsonValue& value, Filters* filters) {
  if (value.kind() == Kind::kArray)
    return ReadItems(reader, value, ReadInt, filters->mutable_value_int_array()->mutable_values());
  int64_t number = 0;
  if (!ReadInt(reader, value, kStruct, &number)) return false;
  filters->set_value_int(number);
  return true;
}

bool ReadNumberValue(JsonReader& reader, const JsonValue& value, Filters* filters) {
  if (value.kind() == Kind::kArray)
    return ReadItems(reader, value, ReadDouble, filters->mutable_value_number_array()->mutable_values());
  double number = 0;
  if (!ReadDouble(reader, value, kStruct, &number)) return false;
  filters->set_value_number(number);
  return true;
}

bool ReadBooleanValue(JsonReader& reader, const JsonValue& value, Filters* filters) {
  if (value.kind() == Kind::kArray)
    return ReadItems(reader, value, ReadBool, filters->mutable_value_boolean_array()->mutable_values());
  bool flag = false;
  if (!ReadBool(reader, value, kStruct, &flag)) return false;
  filters->set_value_boolean(flag);
  return true;
}

struct GeoRange {
  bool has_coordinates = false;
  bool has_distance = false;
};

bool ReadGeoPart(JsonReader& reader, std::string_view key, const JsonValue& value,
                 ::weaviate::v1::GeoCoordinatesFilter* geo, GeoRange* range) {
  const bool coordinates = Names(key, "geoCoordinates");
  if ((!coordinates && !Names(key, "distance")) || value.is_null()) return true;
  const std::string_view structure = coordinates ? "GeoCoordinates" : "WhereFilterGeoRangeDistance";
  if (value.kind() != Kind::kObject) return FailType(reader, value, {structure, structure});
  (coordinates ? range->has_coordinates : range->has_distance) = true;
  runtime::MapReader members(reader, value, {});
  while (members.Next()) {
    float number = 0;
    if (coordinates && Names(members.key(), "latitude")) {
      if (!ReadFloat(reader, members.value(), structure, &number)) return false;
      geo->set_latitude(number);
    } else if (coordinates && Names(members.key(), "longitude")) {
      if (!ReadFloat(reader, members.value(), structure, &number)) return false;
      geo->set_longitude(number);
    } else if (!coordinates && Names(members.key(), "max")) {
      double distance = 0;
      if (!ReadDouble(reader, members.value(), structure, &distance)) return false;
      geo->set_distance(static_cast<float>(distance));
    }
  }
  return !reader.failed();
}

bool ReadGeoRange(JsonReader& reader, const JsonValue& value, const std::string& prefix, Filters* filters) {
  if (value.kind() != Kind::kObject) return FailType(reader, value, {kStruct, "models.WhereFilterGeoRange"});
  auto* geo = filters->mutable_value_geo();
  GeoRange range;
  {
    runtime::MapReader members(reader, value, {});
    while (members.Next())
      if (!ReadGeoPart(reader, members.key(), members.value(), geo, &range)) return false;
  }
  if (!range.has_distance) return reader.Refuse(422, prefix + "valueGeoRange: field 'distance' must be set");
  if (geo->distance() < 0)
    return reader.Refuse(422, prefix + "valueGeoRange: field 'distance.max' must be a positive number");
  if (!range.has_coordinates) return reader.Refuse(422, prefix + "valueGeoRange: field 'geoCoordinates' must be set");
  return true;
}

bool ReadPath(JsonReader& reader, const JsonValue& value, WhereForm form, std::vector<std::string>* path) {
  path->clear();
  if (value.kind() == Kind::kString && form == WhereForm::kGraphQl) {
    path->emplace_back(value.AsString());
    return true;
  }
  if (value.kind() != Kind::kArray) return FailType(reader, value, {kStruct, "[]string"});
  runtime::ListReader list(reader, value, {});
  while (list.Next())
    if (!ReadText(reader, list.value(), kStruct, &path->emplace_back())) return false;
  return !reader.failed();
}

using ReadValueFunction = bool (*)(JsonReader&, const JsonValue&, Filters*);
struct ValueName {
  std::string_view name;
  ReadValueFunction read;
  std::string_view type;  // Go's, of a list
  bool date = false;
};
constexpr std::array kValues{
    ValueName{"valueText", ReadTextValue, "string"},
    ValueName{"valueTextArray", ReadTextValue, "[]string"},
    ValueName{"valueString", ReadTextValue, "string"},
    ValueName{"valueStringArray", ReadTextValue, "[]string"},
    ValueName{"valueDate", ReadTextValue, "string", true},
    ValueName{"valueDateArray", ReadTextValue, "[]string", true},
    ValueName{"valueInt", ReadIntValue, "int64"},
    ValueName{"valueIntArray", ReadIntValue, "[]int64"},
    ValueName{"valueNumber", ReadNumberValue, "float64"},
    ValueName{"valueNumberArray", ReadNumberValue, "[]float64"},
    ValueName{"valueBoolean", ReadBooleanValue, "bool"},
    ValueName{"valueBooleanArray", ReadBooleanValue, "[]bool"},
};

bool ReadMember(JsonReader& reader, std::string_view key, const JsonValue& value, const std::string& prefix,
                Clause* clause) {
  if (value.is_null()) return true;
  if (Names(key, "operator")) {
    clause->word.clear();
    return ReadText(reader, value, kStruct, &clause->word);
  }
  if (Names(key, "path")) {
    clause->has_path = true;
    return ReadPath(reader, value, clause->form, &clause->path);
  }
  if (Names(key, "operands")) {
    if (value.kind() != Kind::kArray) return FailType(reader, value, {kStruct, "[]*models.WhereFilter"});
    clause->operands = value;
    clause->has_operands = true;
    return true;
  }
  if (Names(key, "valueGeoRange")) {
    ++clause->values;
    return ReadGeoRange(reader, value, prefix, clause->filters);
  }
  for (const ValueName& one : kValues) {
    if (!Names(key, one.name)) continue;
    const bool list = value.kind() == Kind::kArray;
    if (clause->form == WhereForm::kRest && list != one.type.starts_with("[]"))
      return FailType(reader, value, {kStruct, one.type});
    if (IsEmptyList(value)) return true;
    ++clause->values;
    clause->date = one.date;
    return one.read(reader, value, clause->filters);
  }
  return true;
}

// The property as gRPC knows it, behind the references before it.
FilterTarget* Target(const std::vector<std::string>& path, Filters* filters) {
  FilterTarget* target = filters->mutable_target();
  for (size_t i = 0; i + 2 < path.size(); i += 2) {
    auto* through = target->mutable_multi_target();
    through->set_on(path[i]);
    through->set_target_collection(path[i + 1]);
    target = through->mutable_target();
  }
  target->set_property(path.back() == "id" ? "_id" : path.back());
  return target;
}

void TellDates(Filters* filters) {
  const auto tell = [](std::string* text) {
    if (const auto date = DateFromMilliseconds(*text)) *text = *date;
  };
  if (filters->test_value_case() == Filters::kValueText) tell(filters->mutable_value_text());
  if (filters->test_value_case() == Filters::kValueTextArray)
    for (std::string& text : *filters->mutable_value_text_array()->mutable_values()) tell(&text);
}

bool FinishValue(JsonReader& reader, const JsonValue& value, const std::string& prefix, const Clause& clause) {
  if (clause.values > 1) {
    runtime::OutputBuffer told;
    runtime::JsonWriter writer(told, runtime::JsonStyle::kGo);
    if (reader.exact()) WriteWhereEcho(value, writer);
    return reader.Refuse(422, Concat(prefix, "found more than one values the clause '", told.view(), "'"));
  }
  if (clause.values == 0)
    return reader.Refuse(422, Concat(prefix, "got operator '", clause.word, "', but no value<Type> field set"));
  if (clause.path.empty()) return reader.Refuse(422, prefix + "field 'path': must have at least one element");
  if (clause.path.size() % 2 == 0)
    return reader.Refuse(422, Concat(prefix, "missing an argument after '", clause.path.back(), "'"));
  const FilterTarget* target = Target(clause.path, clause.filters);
  if (IsTime(target->property()) && !clause.date) TellDates(clause.filters);
  return true;
}

bool ReadClause(JsonReader& reader, const JsonValue& value, const std::string& before, const GoField& field,
                WhereForm form, Filters* filters);

bool FinishCombination(JsonReader& reader, const std::string& prefix, const Clause& clause) {
  if (clause.has_path)
    return reader.Refuse(422, Concat(prefix, "operator '", clause.word,
                                     "' not compatible with field 'path', remove 'path' or switch to compare operator "
                                     "(eg. Equal, NotEqual, etc.)"));
  if (clause.values > 0)
    return reader.Refuse(422, Concat(prefix, "operator '", clause.word,
                                     "' not compatible with field 'value<Type>', remove value field or switch to compare "
                                     "operator (eg. Equal, NotEqual, etc.)"));
  if (!clause.has_operands || clause.operands.size() == 0)
    return reader.Refuse(422, Concat(prefix, "operator '", clause.word,
                                     "', but no operands set - add at least one operand"));
  JsonReader::Frame frame;
  frame.key = "operands";
  reader.Push(&frame);
  bool read = true;
  {
    runtime::ListReader operands(reader, clause.operands, {});
    for (size_t i = 0; read && operands.Next(); ++i)
      read = ReadClause(reader, operands.value(), Concat(prefix, "operand ", std::to_string(i), ": "),
                        {kStruct, "models.WhereFilter"}, clause.form, clause.filters->add_filters());
  }
  reader.Pop();
  return read && !reader.failed();
}

// `before`: what stands before this clause's own fault in a text. `field`: where the clause goes.
bool ReadClause(JsonReader& reader, const JsonValue& value, const std::string& before, const GoField& field,
                WhereForm form, Filters* filters) {
  if (value.is_null()) return reader.Refuse(422, before + "a filter must not be null");
  if (value.kind() != Kind::kObject) return FailType(reader, value, field);
  const std::string prefix = before + "invalid where filter: ";
  Clause clause{.filters = filters, .form = form};
  {
    runtime::MapReader members(reader, value, {});
    while (members.Next())
      if (!ReadMember(reader, members.key(), members.value(), prefix, &clause)) return false;
    if (reader.failed()) return false;
  }
  if (clause.word.empty()) return reader.Refuse(422, before + "unrecognized operator: ");
  for (const Operator& one : kOperators) {
    if (one.word != clause.word) continue;
    filters->set_operator_(one.number);
    return Combines(one.number) ? FinishCombination(reader, prefix, clause)
                                : FinishValue(reader, value, prefix, clause);
  }
  JsonReader::Frame frame;
  frame.key = "operator";
  reader.Push(&frame);
  RefuseOperator(reader);
  reader.Pop();
  return false;
}

// Last member of that name.
bool FindMember(const JsonValue& object, std::string_view name, JsonValue* found) {
  bool any = false;
  for (runtime::ObjectCursor member(object); !member.Done(); member.Advance()) {
    if (!Names(member.key(), name) || member.value().is_null()) continue;
    *found = member.value();
    any = true;
  }
  return any;
}

// Coordinates are float32.
void WriteGeoRange(const JsonValue& value, runtime::JsonWriter& writer) {
  writer.StartObject();
  JsonValue part;
  JsonValue number;
  if (FindMember(value, "distance", &part)) {
    writer.Key("distance");
    writer.StartObject();
    if (FindMember(part, "max", &number)) {
      writer.Key("max");
      WriteJson(number, writer);
    }
    writer.EndObject();
  }
  if (FindMember(value, "geoCoordinates", &part)) {
    writer.Key("geoCoordinates");
    writer.StartObject();
    for (const std::string_view name : {"latitude", "longitude"}) {
      if (!FindMember(part, name, &number)) continue;
      writer.Key(name);
      writer.Float(static_cast<float>(number.AsDouble()));
    }
    writer.EndObject();
  }
  writer.EndObject();
}

}  // namespace

bool ReadWhere(JsonReader& reader, const JsonValue& value, WhereForm form, std::string_view structure,
               Filters* filters) {
  filters->Clear();
  return ReadClause(reader, value, {}, {structure, "models.WhereFilter"}, form, filters);
}

void WriteWhereEcho(const JsonValue& value, runtime::JsonWriter& writer) {
  writer.StartObject();
  JsonValue member;
  writer.Key("operands");
  if (FindMember(value, "operands", &member)) {
    writer.StartArray();
    for (runtime::ArrayCursor operand(member); !operand.Done(); operand.Advance()) WriteWhereEcho(operand.value(), writer);
    writer.EndArray();
  } else {
    writer.Null();
  }
  if (FindMember(value, "operator", &member)) {
    writer.Key("operator");
    WriteJson(member, writer);
  }
  writer.Key("path");
  if (FindMember(value, "path", &member)) WriteJson(member, writer);
  else writer.Null();
  if (FindMember(value, "valueGeoRange", &member)) {
    writer.Key("valueGeoRange");
    WriteGeoRange(member, writer);
  }
  for (const ValueName& one : kValues) {
    if (!FindMember(value, one.name, &member) || IsEmptyList(member)) continue;
    writer.Key(one.name);
    WriteJson(member, writer);
  }
  writer.EndObject();
}

}  // namespace vecgate::translators::weaviate
