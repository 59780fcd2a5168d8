#include "weaviate/beacon.h"

#include <vector>

#include "runtime/concat.h"
#include "weaviate/ids.h"

namespace vecgate::translators::weaviate {
namespace {

using runtime::Concat;

constexpr std::string_view kInvalid = "invalid cref URI: ";

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsLower(char c) { return c >= 'a' && c <= 'z'; }

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') return (c | 0x20) - 'a' + 10;
  return -1;
}

// Length of "weaviate:", 0 when there is no scheme.
size_t SchemeSize(std::string_view text) {
  if (text.empty() || !IsLetter(text.front())) return 0;
  for (size_t at = 1; at < text.size(); ++at) {
    const char c = text[at];
    if (c == ':') return at + 1;
    if (!IsLetter(c) && !(c >= '0' && c <= '9') && c != '+' && c != '-' && c != '.') return 0;
  }
  return 0;
}

std::string Unescaped(std::string_view text) {
  std::string plain;
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '%' && at + 2 < text.size() && HexDigit(text[at + 1]) >= 0 && HexDigit(text[at + 2]) >= 0) {
      plain += static_cast<char>(HexDigit(text[at + 1]) * 16 + HexDigit(text[at + 2]));
      at += 2;
    } else {
      plain += text[at];
    }
  }
  return plain;
}

struct Uri {
  std::string host;
  std::string path;
  std::vector<std::string_view> segments;  // of the path, the empty one before the first '/' included
};

void Split(std::string_view text, Uri* uri) {
  text = text.substr(0, text.find('#'));
  text.remove_prefix(SchemeSize(text));
  text = text.substr(0, text.find('?'));
  if (text.starts_with("//")) {
    text.remove_prefix(2);
    const size_t slash = std::min(text.find('/'), text.size());
    uri->host = text.substr(0, slash);
    text.remove_prefix(slash);
  }
  uri->path = Unescaped(text);
  std::string_view rest = uri->path;
  for (;;) {
    const size_t slash = rest.find('/');
    uri->segments.push_back(rest.substr(0, slash));
    if (slash == std::string_view::npos) return;
    rest.remove_prefix(slash + 1);
  }
}

}  // namespace

bool IsUri(std::string_view text) {
  for (const char c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return false;
  return text.starts_with('/') || SchemeSize(text) > 0;
}

std::string ParseTarget(std::string_view text, Beacon* beacon) {
  Uri uri;
  Split(text, &uri);
  *beacon = {};
  if (uri.path.empty()) return Concat(kInvalid, "%!s(<nil>)");  // the server prints an error it has not got
  if (uri.segments.size() != 2 && uri.segments.size() != 3)
    return Concat(kInvalid, "path must be of format '<class>/<uuid>', but got '", uri.path, "'");
  const bool classless = uri.segments.size() == 2;
  const std::string_view id = uri.segments.back();
  *beacon = {uri.host, classless ? std::string() : std::string(uri.segments[1]), std::string(id), {}};
  if (IsId(id)) return {};
  return Concat(kInvalid, classless ? "1" : "2", "nd path segment must be uuid, but got '", id, "'");
}

std::string ParseSource(std::string_view text, Beacon* beacon) {
  Uri uri;
  Split(text, &uri);
  if (uri.segments.size() != 4)
    return Concat(kInvalid, "must use long-form: path must be of format '/<className>/<uuid>/<propertyName>', but got '",
                  uri.path, "'");
  const std::string_view collection = uri.segments[1];
  const std::string_view id = uri.segments[2];
  const std::string_view property = uri.segments[3];
  // The server shows the wrong segment.
  if (!IsId(id)) return Concat(kInvalid, "2nd path segment must be uuid, but got '", property, "'");
  if (collection.empty()) return "className cannot be empty";
  if (IsLower(collection.front()))
    return Concat("className must start with an uppercase letter, but got ", collection);
  if (property.empty()) return "property cannot be empty";
  *beacon = {uri.host, std::string(collection), std::string(id), std::string(property)};
  return {};
}

std::string HrefOf(std::string_view collection, std::string_view id) { return Concat("/v1/objects/", collection, "/", id); }

std::string BeaconOf(std::string_view collection, std::string_view id) {
  return collection.empty() ? Concat("weaviate://localhost/", id)
                            : Concat("weaviate://localhost/", collection, "/", id);
}

}  // namespace vecgate::translators::weaviate
