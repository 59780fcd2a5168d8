#include "runtime/error_info.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <utility>

namespace vecgate::runtime {
namespace {

using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

// The messages of google/rpc are not part of any schema here, and few fields are asked for.
constexpr int kStatusDetails = 3;
constexpr int kAnyType = 1;
constexpr int kAnyValue = 2;
constexpr int kInfoDomain = 2;
constexpr int kInfoMetadata = 3;
constexpr int kEntryKey = 1;
constexpr int kEntryValue = 2;
constexpr std::string_view kInfoType = "/google.rpc.ErrorInfo";

// Calls `field` with number and bytes of each field of the kind that texts, bytes and messages have. False when `message`
// is none.
template <class Field>
bool ForEachBytes(std::string_view message, const Field& field) {
  CodedInputStream in(reinterpret_cast<const uint8_t*>(message.data()), static_cast<int>(message.size()));
  for (;;) {
    const uint32_t tag = in.ReadTag();
    if (tag == 0) return in.ConsumedEntireMessage();
    if (WireFormatLite::GetTagWireType(tag) != WireFormatLite::WIRETYPE_LENGTH_DELIMITED) {
      if (!WireFormatLite::SkipField(&in, tag)) return false;
      continue;
    }
    uint32_t size = 0;
    if (!in.ReadVarint32(&size)) return false;
    const auto at = static_cast<size_t>(in.CurrentPosition());
    if (size > message.size() - at || !in.Skip(static_cast<int>(size))) return false;
    field(WireFormatLite::GetTagFieldNumber(tag), message.substr(at, size));
  }
}

std::optional<ErrorInfo> ReadInfo(std::string_view message) {
  ErrorInfo info;
  bool sound = true;
  sound &= ForEachBytes(message, [&](int number, std::string_view bytes) {
    if (number == kInfoDomain) info.domain = bytes;
    if (number != kInfoMetadata) return;
    std::pair<std::string, std::string> entry;
    sound &= ForEachBytes(bytes, [&](int part, std::string_view text) {
      if (part == kEntryKey) entry.first = text;
      if (part == kEntryValue) entry.second = text;
    });
    info.metadata.insert_or_assign(std::move(entry.first), std::move(entry.second));
  });
  if (!sound) return std::nullopt;
  return info;
}

}  // namespace

std::optional<ErrorInfo> FindErrorInfo(std::string_view status) {
  std::optional<ErrorInfo> found;
  const bool sound = ForEachBytes(status, [&](int number, std::string_view any) {
    if (number != kStatusDetails || found) return;
    std::string_view type;
    std::string_view value;
    const bool whole = ForEachBytes(any, [&](int part, std::string_view bytes) {
      if (part == kAnyType) type = bytes;
      if (part == kAnyValue) value = bytes;
    });
    if (whole && type.ends_with(kInfoType)) found = ReadInfo(value);
  });
  return sound ? found : std::nullopt;
}

}  // namespace vecgate::runtime
