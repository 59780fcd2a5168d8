#include "weaviate/property_values.h"

#include <bit>
#include <cstring>
#include <string_view>

#include "runtime/generated.h"
#include "weaviate/beacon.h"

namespace vecgate::translators::weaviate {
namespace {

using runtime::JsonWriter;
using ::weaviate::v1::GeoCoordinate;
using ::weaviate::v1::ListValue;
using ::weaviate::v1::PhoneNumber;
using ::weaviate::v1::Properties;
using ::weaviate::v1::Value;

static_assert(std::endian::native == std::endian::little);

// Numbers packed as little-endian bytes.
template <class Number, class Print>
void WritePacked(std::string_view bytes, const Print& print) {
  for (; bytes.size() >= sizeof(Number); bytes.remove_prefix(sizeof(Number))) {
    Number number;
    std::memcpy(&number, bytes.data(), sizeof(number));
    print(number);
  }
}

void WriteTexts(const google::protobuf::RepeatedPtrField<std::string>& texts, JsonWriter& writer) {
  for (const std::string& text : texts) writer.String(text);
}

void WriteMembers(const Properties& properties, bool nulls, ValueForm form, JsonWriter& writer) {
  writer.StartObject();
  for (const auto* entry : runtime::SortedEntries(properties.fields())) {
    if (!nulls && IsNull(entry->second)) continue;
    writer.DataKey(entry->first);
    WriteValue(entry->second, form, writer);
  }
  writer.EndObject();
}

void WriteList(const ListValue& list, ValueForm form, JsonWriter& writer) {
  writer.StartArray();
  switch (list.kind_case()) {
    case ListValue::kNumberValues:
      WritePacked<double>(list.number_values().values(), [&](double number) { writer.Double(number); });
      break;
    case ListValue::kIntValues:
      WritePacked<int64_t>(list.int_values().values(), [&](int64_t number) { writer.Int64(number); });
      break;
    case ListValue::kBoolValues:
      for (const bool flag : list.bool_values().values()) writer.Bool(flag);
      break;
    case ListValue::kObjectValues:
      for (const Properties& object : list.object_values().values())
        WriteMembers(object, form != ValueForm::kSearch, form, writer);
      break;
    case ListValue::kDateValues: WriteTexts(list.date_values().values(), writer); break;
    case ListValue::kUuidValues: WriteTexts(list.uuid_values().values(), writer); break;
    case ListValue::kTextValues: WriteTexts(list.text_values().values(), writer); break;
    case ListValue::KIND_NOT_SET: break;
  }
  writer.EndArray();
}

void WriteGeo(const GeoCoordinate& geo, JsonWriter& writer) {
  writer.StartObject();
  writer.Key("latitude");
  writer.Float(geo.latitude());
  writer.Key("longitude");
  writer.Float(geo.longitude());
  writer.EndObject();
}

void WritePhone(const PhoneNumber& phone, bool empty, JsonWriter& writer) {
  const auto number = [&](std::string_view key, uint64_t value) {
    if (value == 0 && !empty) return;
    writer.Key(key);
    writer.Uint64(value);
  };
  const auto text = [&](std::string_view key, const std::string& value) {
    if (value.empty() && !empty) return;
    writer.Key(key);
    writer.String(value);
  };
  writer.StartObject();
  number("countryCode", phone.country_code());
  text("defaultCountry", phone.default_country());
  text("input", phone.input());
  text("internationalFormatted", phone.international_formatted());
  number("national", phone.national());
  text("nationalFormatted", phone.national_formatted());
  if (phone.valid() || empty) {
    writer.Key("valid");
    writer.Bool(phone.valid());
  }
  writer.EndObject();
}

}  // namespace

void WriteValue(const Value& value, ValueForm form, JsonWriter& writer) {
  switch (value.kind_case()) {
    case Value::kNumberValue: writer.Double(value.number_value()); return;
    case Value::kBoolValue: writer.Bool(value.bool_value()); return;
    case Value::kObjectValue: WriteMembers(value.object_value(), form != ValueForm::kSearch, form, writer); return;
    case Value::kListValue: WriteList(value.list_value(), form, writer); return;
    case Value::kDateValue: writer.String(value.date_value()); return;
    case Value::kUuidValue: writer.String(value.uuid_value()); return;
    case Value::kIntValue: writer.Int64(value.int_value()); return;
    case Value::kGeoValue: WriteGeo(value.geo_value(), writer); return;
    case Value::kBlobValue: writer.String(value.blob_value()); return;
    case Value::kPhoneValue: WritePhone(value.phone_value(), form == ValueForm::kGraphQl, writer); return;
    case Value::kTextValue: writer.String(value.text_value()); return;
    case Value::kNullValue:
    case Value::KIND_NOT_SET: writer.Null(); return;
  }
}

void WriteProperties(const Properties& properties, ValueForm form, JsonWriter& writer) {
  WriteMembers(properties, form == ValueForm::kGraphQl, form, writer);
}

void WriteReferences(std::span<const ::weaviate::v1::RefPropertiesResult* const> parts, JsonWriter& writer) {
  writer.StartArray();
  for (const auto* part : parts) {
    for (const auto& target : part->properties()) {
      const std::string& id = target.metadata().id();
      writer.StartObject();
      writer.Key("beacon");
      writer.String(BeaconOf(target.target_collection(), id));
      writer.Key("href");
      writer.String(HrefOf(target.target_collection(), id));
      writer.EndObject();
    }
  }
  writer.EndArray();
}

}  // namespace vecgate::translators::weaviate
