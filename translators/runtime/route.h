// A REST API as data: what the generator makes of an upstream's rules.
//
// Everything here is immutable, has static storage duration and is shared by all threads. Field paths are
// dotted field names ("points_selector.filter"); `CompiledRoute` (translation.h) resolves them once at start.
#pragma once

#include <google/protobuf/message.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "runtime/json_reader.h"
#include "runtime/json_writer.h"

namespace vecgate::runtime {

enum class Access : uint8_t { kOpen, kRead, kWrite, kManage };

// Reads `value` into `message`, whose type is the function's own. Returns false after a failure, which the
// reader keeps.
using ReadFunction = bool (*)(JsonReader& reader, const JsonValue& value, google::protobuf::Message* message);
using WriteFunction = void (*)(const google::protobuf::Message& message, JsonWriter& writer);

// See operation.h.
class Operation;
struct OperationContext;
using MakeOperation = std::unique_ptr<Operation> (*)(const OperationContext& context);

// A bound on a scalar or a text. NaN or npos: no bound.
struct LimitSpec {
  double at_least;
  double at_most;
  size_t min_length;
  size_t max_length;
  std::string_view text;             // instead of the API's text
  std::string_view forbidden_chars;  // none of these bytes may occur ...
  std::string_view forbidden_chars_text;  // ... else this text, {char} being the first one found
};

struct ParamSpec {
  enum class Type : uint8_t { kText, kBool, kUnsigned, kEnum, kShape, kRuntime };
  std::string_view name;
  std::string_view field;  // path in the request; empty: not sent
  Type type;
  ReadFunction read;    // kShape and kRuntime: reads the message of the field (null for a text field)
  WriteFunction write;  // prints that message; null: none
  std::span<const std::string_view> words;  // kEnum: accepted spellings ...
  std::span<const int> numbers;             // ... and their numbers
  std::string_view default_text;
  bool nonzero;
  bool empty_is_absent;
  bool deadline;
  bool append;
  bool refuse;  // no_match is the whole answer
  std::string_view no_match;
  std::string_view negative;
  const LimitSpec* limits;  // may be null
};

struct SetSpec {
  std::string_view field;
  std::string_view value;  // JSON text; enum values by schema name
};
struct CopySpec {
  std::string_view from;
  std::string_view to;
};

// One upstream call of a route. `method` is the full gRPC path: "/qdrant.Points/Query".
struct CallSpec {
  std::string_view method;
  const google::protobuf::Message* (*request)();   // default instances
  const google::protobuf::Message* (*response)();
  ReadFunction read_body;     // null: no body
  std::string_view when_key;  // the call is made when the body has this key; empty: always
  std::span<const SetSpec> set;
};

struct ResultSpec {
  WriteFunction write;         // prints the reply message's result; null: `constant`
  std::string_view constant;   // JSON text
  std::string_view first_of;   // repeated reply field that must not be empty ...
  uint32_t none_status;        // ... else this answer
  std::string_view none_text;  // {variable} stands for a path variable as it was read
  bool bare;                   // no envelope
  std::string_view merge_parts; // reply list whose elements answer items that were split (JsonReader::NoteMerged)
};

struct ShowSpec {
  uint32_t flag;  // a single bit
  std::string_view selector;
  std::string_view off_when;
  bool default_on;
  std::string_view requires_field;
};

struct FollowUpSpec {
  std::string_view when_empty;
  CallSpec call;
  std::span<const CopySpec> copy;
  uint32_t flag;
  std::string_view field;
  int equals;
};

struct LocalSpec {
  enum class Kind : uint8_t { kNone, kText, kReady, kMetrics };
  Kind kind;
  uint32_t status;
  std::string_view content_type;
  std::string_view text;
  std::string_view otherwise;  // kReady, upstream away: body of the 503
  std::string_view location;   // of a redirection; empty: none
};

// Elements of a reply that name collections: a caller of some collections sees only those.
struct ListedSpec {
  std::string_view field;       // repeated reply field; empty: none
  std::string_view collection;  // string field of its elements
};

struct RouteSpec {
  std::string_view method;
  std::string_view path;
  Access access;
  std::string_view scope;        // path variable naming the collection; empty: none
  LocalSpec local;
  std::string_view unavailable;  // not empty: gRPC has nothing for this route
  // Under which name it may be passed through to a REST port; empty: never. Of a route with an operation only what that
  // leaves to be answered elsewhere.
  std::string_view group;
  std::span<const ParamSpec> params;
  std::span<const ParamSpec> variables;  // one per variable of the path, in order
  bool has_body;
  ReadFunction check_body;       // several calls: reads the first call's request for its faults; may be null
  std::string_view body_path;
  bool body_unlocated;
  std::span<const SetSpec> set;
  std::span<const CopySpec> copy;
  std::span<const CallSpec> calls;  // empty: answered here
  MakeOperation operation;          // not null: it reads the body, decides on the calls and puts the answer together
  std::string_view no_call;
  std::string_view empty_field;     // repeated request field ...
  std::string_view empty_result;    // ... whose emptiness is answered with this JSON result, without a call
  const FollowUpSpec* follow_up;
  std::string_view background_unless;
  ResultSpec result;
  std::span<const ShowSpec> show;
  std::string_view item;  // repeated request field: element i decides how item i of the result is shown
  bool beside_points;     // closed to callers whose access is limited to the points of collections
  ListedSpec listed;
};

struct MemberSpec {
  enum class What : uint8_t {
    kText, kResult, kTime, kField, kErrorText, kErrorObject, kErrorList, kCode, kInfo, kInfoNumber
  };
  std::string_view key;
  What what;
  std::string_view text;
  WriteFunction write;  // kField: prints the field's message ...
  bool (*holds)(const google::protobuf::Message&);  // ... which is left out unless this is true of it
};

// What a failure looks like.
struct FormSpec {
  std::span<const MemberSpec> members;  // none: an empty body
  std::string_view content_type;
};

// How an upstream failure is told to the client. The first row that fits decides.
struct ErrorRow {
  int code;  // gRPC code; -1: any
  std::string_view prefix;
  std::string_view equals;
  std::string_view metadata;
  uint32_t status;
  std::span<const std::string_view> strip;  // each is taken off the start
  std::string_view prepend;
  bool plain_text;
  bool empty_content_type;
  std::string_view retry_after;
  bool ours;
  std::string_view text;
  std::span<const std::string_view> contains;  // one of these
  bool anonymous;
  const FormSpec* form;  // null: ApiSpec::failure
  std::string_view info_domain;  // of a google.rpc.ErrorInfo that comes with the failure
};

// Texts of faults found before any call; see rules.proto for the placeholders.
struct LocalTexts {
  std::string_view format, format_unlocated, validation_body, validation_query, validation_path, deserialize_query,
      deserialize_path, body_too_large, body_too_large_streamed, body_broken, unavailable, limit_min, limit_max,
      limit_both, length_min, length_max, length_both, length_exact, empty_body;
  uint32_t body_too_large_status;
};

// Refusals by the head of a request; see rules.proto.
struct HeadTexts {
  std::string_view no_route, wrong_method, wrong_content_type, not_acceptable;
  const FormSpec* form;  // null: ApiSpec::failure
};

// A field of requests, at any depth, that names a collection beside the route's own.
struct CollectionFieldSpec {
  const google::protobuf::Message* (*message)();  // default instance
  std::string_view field;
  Access access;
};

// How callers are refused that the gateway judges itself; see rules.proto for codes and placeholders.
struct AccessSpec {
  std::string_view no_credential, bad_credential, payload_restriction, twice, bad_signature, expired, needs_global,
      needs_global_write, needs_collection, needs_collection_write, points_only;
  std::span<const CollectionFieldSpec> names;
  CallSpec value_check;          // its read_body reads the claim of a token; no method: none
  std::string_view value_found;  // reply field
  std::string_view value_failed;
};

struct ApiSpec {
  std::string_view name;
  std::string_view version;         // upstream version the schema was written for
  std::string_view oldest_version;  // oldest upstream version it works with
  std::span<const RouteSpec> routes;
  std::span<const MemberSpec> envelope;
  std::span<const MemberSpec> accepted;
  std::span<const MemberSpec> failure;
  std::span<const ErrorRow> errors;
  CallSpec credential_proof;
  CallSpec health;
  std::string_view health_version_field;
  std::span<const std::string_view> forward_headers;
  std::span<const std::string_view> forward_header_suffixes;
  std::span<const std::string_view> forward_header_prefixes;
  std::span<const std::string_view> forward_headers_trusted;  // only from a trusted proxy
  std::span<const std::string_view> forward_headers_read;     // only by routes whose access is kRead
  LocalTexts texts;
  HeadTexts head_texts;
  std::string_view credential_param;   // query parameter; empty: none
  std::string_view credential_scheme;  // what the value of authorization begins with
  double default_timeout_seconds;
  double timeout_slack_seconds;
  uint32_t max_depth;
  bool cors;
  AccessSpec access;
  JsonStyle json_style;
};

// A shape by name: how a message is read and printed. Nothing in serving needs it; tools and tests iterate over them.
struct ShapeEntry {
  std::string_view name;  // "Filter"; "Vectors_UpdatedVectors" for a named shape of Vectors
  bool is_default;        // the message's own shape
  const google::protobuf::Message* (*prototype)();
  ReadFunction read;
  WriteFunction write;
  // Default shapes: fields of the message that have no place in its JSON, as the rules say or because routes set them.
  std::span<const std::string_view> left_out;
};

}  // namespace vecgate::runtime
