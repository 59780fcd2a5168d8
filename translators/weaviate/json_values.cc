#include "weaviate/json_values.h"

namespace vecgate::translators::weaviate {

using runtime::JsonValue;
using runtime::JsonWriter;
using runtime::Kind;

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
