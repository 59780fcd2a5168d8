#include "weaviate/graphql_fault.h"

namespace vecgate::translators::weaviate {

void WriteFault(const GraphQlFault& fault, runtime::JsonWriter& writer) {
  writer.StartObject();
  if (fault.code != 0) {
    writer.Key("extensions");
    writer.StartObject();
    writer.Key("code");
    writer.Uint64(fault.code);
    writer.EndObject();
  }
  writer.Key("locations");
  writer.StartArray();
  for (const graphql::Location& location : fault.locations) {
    writer.StartObject();
    writer.Key("column");
    writer.Uint64(location.column);
    writer.Key("line");
    writer.Uint64(location.line);
    writer.EndObject();
  }
  writer.EndArray();
  writer.Key("message");
  writer.String(fault.message);
  writer.Key("path");
  if (fault.path.empty()) {
    writer.Null();
  } else {
    writer.StartArray();
    for (const std::string& key : fault.path) writer.String(key);
    writer.EndArray();
  }
  writer.EndObject();
}

}  // namespace vecgate::translators::weaviate
