// The head of a request, arriving in pieces: the end is found at the same place as when it comes at once, and what is
// accepted leaves no doubt about where the body ends.
//
// Input: a byte for the size of the pieces, then the bytes from the wire.
#include <string>

#include "base/text.h"
#include "http/head_parser.h"
#include "support/input.h"

namespace vecgate::fuzz {
namespace {

using http::HeadScan;

HeadScan ScanInPieces(std::string_view bytes, size_t piece) {
  HeadScan scan;
  for (size_t seen = 0; seen < bytes.size();) {
    const size_t size = std::min(bytes.size(), seen + piece);
    scan = http::ScanHead(bytes.substr(0, size), seen);
    if (scan.result != HeadScan::Result::kIncomplete) return scan;
    seen = size;
  }
  return scan;
}

bool IsWithin(std::string_view part, std::string_view whole) {
  if (part.empty() || part == "/") return true;
  return part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size();
}

void Try(std::string_view bytes, size_t piece) {
  const HeadScan scan = http::ScanHead(bytes, 0);
  const HeadScan in_pieces = ScanInPieces(bytes, piece);
  const bool alike = scan.result == in_pieces.result && scan.size == in_pieces.size;
  Require(alike || bytes.empty(), "pieces make no difference");
  if (scan.result != HeadScan::Result::kComplete) return;
  const std::string_view text = bytes.substr(0, scan.size);
  Require(text.ends_with("\r\n\r\n") || text == "\r\n", "a head ends with an empty line");

  http::RequestHead head;
  const uint32_t refused = http::ParseHead(text, &head);
  Require(refused == 0 || refused == 400 || refused == 501 || refused == 505, "a refusal has one of these statuses");
  if (refused != 0) return;
  Require(!head.method.empty() && !head.path.empty(), "there is something to route");
  Require(IsWithin(head.method, text) && IsWithin(head.path, text) && IsWithin(head.query, text), "views stay within");
  Require(!(head.chunked && head.content_length.has_value()), "a body has one length");
  size_t hosts = 0;
  for (const base::Header& header : head.headers) {
    Require(IsWithin(header.name, text) && IsWithin(header.value, text), "fields stay within");
    Require(!header.name.empty(), "a field has a name");
    constexpr std::string_view kNotInNames(" \t\r\n:\0", 6);
    Require(header.name.find_first_of(kNotInNames) == std::string_view::npos, "a name is a token");
    Require(header.value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos, "a value is one line");
    if (base::EqualsIgnoreCase(header.name, "host")) ++hosts;
    if (base::EqualsIgnoreCase(header.name, "transfer-encoding")) Require(head.chunked, "a coded body is chunked");
    if (base::EqualsIgnoreCase(header.name, "content-length"))
      Require(head.content_length.has_value(), "a length that is given counts");
  }
  Require(hosts <= 1 && (hosts == 1 || head.old_version), "there is one Host");
}

}  // namespace
}  // namespace vecgate::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  vecgate::fuzz::Input input(data, size);
  const size_t piece = 1 + input.Byte() % 64;
  vecgate::fuzz::Try(input.rest(), piece);
  return 0;
}
