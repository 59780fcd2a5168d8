#include "weaviate/object_reply.h"

#include <absl/container/flat_hash_map.h>

#include <algorithm>
#include <map>

#include "runtime/generated.h"
#include "weaviate/property_values.h"
#include "weaviate/vectors.h"

namespace vecgate::translators::weaviate {
namespace {

using runtime::JsonWriter;
using ::weaviate::v1::MetadataResult;
using ::weaviate::v1::RefPropertiesResult;
using ::weaviate::v1::SearchReply;
using ::weaviate::v1::SearchResult;
using ::weaviate::v1::Vectors;

using Parts = std::span<const SearchResult* const>;

// Properties and references together, in the order of their names.
void WriteAllProperties(Parts parts, bool times, JsonWriter& writer) {
  std::map<std::string_view, std::vector<const RefPropertiesResult*>> references;
  for (const SearchResult* part : parts)
    for (const RefPropertiesResult& reference : part->properties().ref_props())
      if (!reference.properties().empty()) references[reference.prop_name()].push_back(&reference);
  auto reference = references.begin();
  const auto write_references_before = [&](const std::string* name) {
    for (; reference != references.end() && (name == nullptr || reference->first < *name); ++reference) {
      writer.DataKey(reference->first);
      WriteReferences(reference->second, writer);
    }
  };
  writer.StartObject();
  if (times) {
    writer.Key("_creationTimeUnix");
    writer.Int64(parts[0]->metadata().creation_time_unix());
    writer.Key("_lastUpdateTimeUnix");
    writer.Int64(parts[0]->metadata().last_update_time_unix());
  }
  for (const auto* entry : runtime::SortedEntries(parts[0]->properties().non_ref_props().fields())) {
    if (IsNull(entry->second)) continue;
    write_references_before(&entry->first);
    writer.DataKey(entry->first);
    WriteValue(entry->second, ValueForm::kObject, writer);
  }
  write_references_before(nullptr);
  writer.EndObject();
}

void WriteNamedVectors(const MetadataResult& metadata, JsonWriter& writer) {
  std::vector<const Vectors*> sorted;
  for (const Vectors& vectors : metadata.vectors()) sorted.push_back(&vectors);
  std::sort(sorted.begin(), sorted.end(), [](const Vectors* a, const Vectors* b) { return a->name() < b->name(); });
  writer.Key("vectors");
  writer.StartObject();
  for (const Vectors* vectors : sorted) {
    writer.DataKey(vectors->name());
    WriteVectors(*vectors, writer);
  }
  writer.EndObject();
}

}  // namespace

void WriteObject(Parts parts, const ObjectForm& form, JsonWriter& writer) {
  const MetadataResult& metadata = parts[0]->metadata();
  writer.StartObject();
  writer.Key("class");
  writer.String(parts[0]->properties().target_collection());
  writer.Key("creationTimeUnix");
  writer.Int64(metadata.creation_time_unix());
  writer.Key("id");
  writer.String(metadata.id());
  writer.Key("lastUpdateTimeUnix");
  writer.Int64(metadata.last_update_time_unix());
  writer.Key("properties");
  WriteAllProperties(parts, form.times, writer);
  if (!form.tenant.empty()) {
    writer.Key("tenant");
    writer.String(form.tenant);
  }
  if (!metadata.vector_bytes().empty()) {
    writer.Key("vector");
    WriteVector(metadata.vector_bytes(), writer);
  }
  if (form.vector_weights) {
    writer.Key("vectorWeights");
    writer.Null();
  }
  if (!metadata.vectors().empty()) WriteNamedVectors(metadata, writer);
  writer.EndObject();
}

std::vector<std::vector<const SearchResult*>> Join(std::span<const SearchReply* const> replies) {
  std::vector<std::vector<const SearchResult*>> joined;
  if (replies.empty()) return joined;
  absl::flat_hash_map<std::string, size_t> places;
  for (const SearchResult& result : replies[0]->results()) {
    if (replies.size() > 1) places.emplace(result.metadata().id(), joined.size());
    joined.push_back({&result});
  }
  for (const SearchReply* reply : replies.subspan(1))
    for (const SearchResult& result : reply->results())
      if (const auto place = places.find(result.metadata().id()); place != places.end())
        joined[place->second].push_back(&result);
  return joined;
}

}  // namespace vecgate::translators::weaviate
