#include "weaviate/json_values.h"

#include "runtime/generated.h"

namespace vecgate::translators::weaviate {
namespace {

using google::protobuf::ListValue;
using google::protobuf::Struct;
using google::protobuf::Value;
using runtime::JsonValue;
using runtime::JsonWriter;
using runtime::Kind;

void ReadValue(const JsonValue& value, Value* out) {
  switch (value.kind()) {
    case Kind::kNull: out->set_null_value(google::protobuf::NULL_VALUE); return;
    case Kind::kBool: out->set_bool_value(value.AsBool()); return;
    case Kind::kString: {
      const std::string_view text = value.AsString();
      out->set_string_value(text.data(), text.size());
      return;
    }
    case Kind::kArray: {
      ListValue* list = out->mutable_list_value();
      list->mutable_values()->Reserve(static_cast<int>(value.size()));
      for (runtime::ArrayCursor item(value); !item.Done(); item.Advance()) ReadValue(item.value(), list->add_values());
      return;
    }
    case Kind::kObject: ReadStruct(value, out->mutable_struct_value()); return;
    default: out->set_number_value(value.AsDouble()); return;
  }
}

void WriteValue(const Value& value, JsonWriter& writer) {
  switch (value.kind_case()) {
    case Value::kBoolValue: writer.Bool(value.bool_value()); return;
    case Value::kNumberValue: writer.Double(value.number_value()); return;
    case Value::kStringValue: writer.String(value.string_value()); return;
    case Value::kStructValue: WriteStruct(value.struct_value(), true, writer); return;
    case Value::kListValue:
      writer.StartArray();
      for (const Value& item : value.list_value().values()) WriteValue(item, writer);
      writer.EndArray();
      return;
    default: writer.Null(); return;
  }
}

}  // namespace

void ReadStruct(const JsonValue& object, Struct* out) {
  for (runtime::ObjectCursor member(object); !member.Done(); member.Advance())
    ReadValue(member.value(), &(*out->mutable_fields())[std::string(member.key())]);
}

void WriteStruct(const Struct& object, bool nulls, JsonWriter& writer) {
  writer.StartObject();
  for (const auto* entry : runtime::SortedEntries(object.fields())) {
    if (!nulls && entry->second.kind_case() == Value::kNullValue) continue;
    writer.DataKey(entry->first);
    WriteValue(entry->second, writer);
  }
  writer.EndObject();
}

void WriteJson(const JsonValue& value, JsonWriter& writer) {
  switch (value.kind()) {
    case Kind::kNull: writer.Null(); return;
    case Kind::kBool: writer.Bool(value.AsBool()); return;
    case Kind::kInteger: writer.Int64(value.AsInteger()); return;
    case Kind::kUnsigned: writer.Uint64(value.AsUnsigned()); return;
    case Kind::kDouble: writer.Double(value.AsDouble()); return;
    case Kind::kString: writer.String(value.AsString()); return;
    case Kind::kArray:
      writer.StartArray();
      for (runtime::ArrayCursor item(value); !item.Done(); item.Advance()) WriteJson(item.value(), writer);
      writer.EndArray();
      return;
    case Kind::kObject:
      writer.StartObject();
      for (runtime::ObjectCursor member(value); !member.Done(); member.Advance()) {
        writer.DataKey(member.key());
        WriteJson(member.value(), writer);
      }
      writer.EndObject();
      return;
  }
}

}  // namespace vecgate::translators::weaviate
