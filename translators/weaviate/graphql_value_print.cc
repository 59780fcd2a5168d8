#include "weaviate/graphql_value_print.h"

#include <string>

#include "weaviate/property_values.h"

namespace vecgate::translators::weaviate {
namespace {

using ::weaviate::v1::ListValue;
using ::weaviate::v1::Properties;
using ::weaviate::v1::Value;
using runtime::Concat;
using runtime::JsonWriter;

// GraphQL's name of the type of a value without members; empty: it has members, or none can be told.
std::string_view TypeOf(const Value& value) {
  switch (value.kind_case()) {
    case Value::kTextValue:
    case Value::kDateValue:
    case Value::kUuidValue:
    case Value::kBlobValue: return "String";
    case Value::kIntValue: return "Int";
    case Value::kNumberValue: return "Float";
    case Value::kBoolValue: return "Boolean";
    case Value::kListValue:
      switch (value.list_value().kind_case()) {
        case ListValue::kTextValues:
        case ListValue::kDateValues:
        case ListValue::kUuidValues: return "[String]";
        case ListValue::kIntValues: return "[Int]";
        case ListValue::kNumberValues: return "[Float]";
        case ListValue::kBoolValues: return "[Boolean]";
        default: return {};
      }
    default: return {};
  }
}

class Printer {
 public:
  Printer(const graphql::Document& document, JsonWriter& writer, std::vector<GraphQlFault>* faults)
      : document_(document), writer_(writer), faults_(*faults) {}

  void Write(const AskedField& asked, std::string_view type, const Properties* properties) {
    const Value* value = nullptr;
    if (properties != nullptr)
      if (const auto found = properties->fields().find(std::string(asked.name)); found != properties->fields().end())
        value = &found->second;
    if (value == nullptr || IsNull(*value)) return writer_.Null();
    const std::string_view scalar = TypeOf(*value);
    if (!asked.field->has_braces) {
      if (scalar.empty() && !(value->has_list_value() && value->list_value().kind_case() == ListValue::KIND_NOT_SET))
        Tell(Concat("Field \"", asked.name, "\" of type \"", ObjectType(asked, type, *value), "\" must have a sub selection."),
             asked.field->offset);
      return WriteValue(*value, ValueForm::kGraphQl, writer_);
    }
    if (!scalar.empty()) {
      Tell(Concat("Field \"", asked.name, "\" of type \"", scalar, "\" must not have a sub selection."),
           asked.field->selection->selections_offset);
      return writer_.Null();
    }
    WriteMembers(asked, ObjectType(asked, type, *value), *value);
  }

 private:
  void Tell(std::string message, uint32_t offset) {
    if (faults_.size() >= kMostFaults) return;
    for (const GraphQlFault& fault : faults_)
      if (fault.message == message) return;
    faults_.push_back({std::move(message), {document_.LocationOf(offset)}, {}});
  }

  static std::string ObjectType(const AskedField& asked, std::string_view type, const Value& value) {
    if (value.has_geo_value()) return Concat(type, asked.name, "GeoCoordinatesObj");
    if (value.has_phone_value()) return Concat(type, asked.name, "PhoneNumberObj");
    return Concat(type, "_", asked.name, "_object");
  }

  void WriteMembers(const AskedField& asked, const std::string& type, const Value& value) {
    if (value.has_object_value()) return WriteObject(asked, type, &value.object_value());
    if (value.has_list_value()) {
      writer_.StartArray();
      for (const Properties& element : value.list_value().object_values().values()) WriteObject(asked, type, &element);
      return writer_.EndArray();
    }
    writer_.StartObject();
    for (const AskedField& member : asked.fields) {
      writer_.DataKey(member.key);
      if (member.kind == AskedField::Kind::kTypename) writer_.String(type);
      else if (value.has_geo_value()) WriteGeo(member, type, value.geo_value());
      else WritePhone(member, type, value.phone_value());
    }
    writer_.EndObject();
  }

  void WriteObject(const AskedField& asked, const std::string& type, const Properties* object) {
    writer_.StartObject();
    for (const AskedField& member : asked.fields) {
      writer_.DataKey(member.key);
      if (member.kind == AskedField::Kind::kTypename) writer_.String(type);
      else Write(member, type, object);
    }
    writer_.EndObject();
  }

  void WriteGeo(const AskedField& member, std::string_view type, const ::weaviate::v1::GeoCoordinate& geo) {
    if (member.name == "latitude") writer_.Float(geo.latitude());
    else if (member.name == "longitude") writer_.Float(geo.longitude());
    else TellUnknown(member, type);
  }

  void WritePhone(const AskedField& member, std::string_view type, const ::weaviate::v1::PhoneNumber& phone) {
    if (member.name == "input") writer_.String(phone.input());
    else if (member.name == "internationalFormatted") writer_.String(phone.international_formatted());
    else if (member.name == "nationalFormatted") writer_.String(phone.national_formatted());
    else if (member.name == "national") writer_.Uint64(phone.national());
    else if (member.name == "countryCode") writer_.Uint64(phone.country_code());
    else if (member.name == "valid") writer_.Bool(phone.valid());
    else if (member.name == "defaultCountry") writer_.String(phone.default_country());
    else TellUnknown(member, type);
  }

  void TellUnknown(const AskedField& member, std::string_view type) {
    Tell(Concat("Cannot query field \"", member.name, "\" on type \"", type, "\"."), member.field->offset);
    writer_.Null();
  }

  const graphql::Document& document_;
  JsonWriter& writer_;
  std::vector<GraphQlFault>& faults_;
};

}  // namespace

void WriteAskedValue(const AskedField& asked, std::string_view type, const Properties* properties,
                     const graphql::Document& document, JsonWriter& writer, std::vector<GraphQlFault>* faults) {
  Printer(document, writer, faults).Write(asked, type, properties);
}

}  // namespace vecgate::translators::weaviate
