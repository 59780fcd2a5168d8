// Beacons: how objects refer to one another. weaviate://localhost/<Class>/<id>, or without the class; the source of a
// reference has the property behind: weaviate://localhost/<Class>/<id>/<property>.
#pragma once

#include <string>
#include <string_view>

namespace vecgate::translators::weaviate {

struct Beacon {
  std::string peer;      // "localhost"
  std::string collection;  // empty: not told
  std::string id;        // as written
  std::string property;  // of a source
};

// A text that the server takes for a URI at all.
bool IsUri(std::string_view text);

// Each gives empty text when it filled `beacon`, else why not in the server's own words. A target of which only the id
// is none is filled all the same.
std::string ParseTarget(std::string_view text, Beacon* beacon);
std::string ParseSource(std::string_view text, Beacon* beacon);

// The object's place in the REST API and its beacon.
std::string HrefOf(std::string_view collection, std::string_view id);
std::string BeaconOf(std::string_view collection, std::string_view id);

}  // namespace vecgate::translators::weaviate
