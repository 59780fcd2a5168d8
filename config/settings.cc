#include "config/settings.h"

#include <array>

#include "base/text.h"
#include "config/values.h"

namespace vecgate::config {
namespace {

template <typename T, typename U>
absl::Status Assign(absl::StatusOr<T> value, U* out) {
  if (!value.ok()) return value.status();
  *out = static_cast<U>(*std::move(value));
  return absl::OkStatus();
}

absl::Status AssignDuration(std::string_view text, std::chrono::milliseconds* out) {
  absl::StatusOr<std::chrono::milliseconds> value = ParseDuration(text);
  if (!value.ok()) return value.status();
  if (value->count() == 0) return absl::InvalidArgumentError("must not be 0");
  *out = *value;
  return absl::OkStatus();
}

std::string FormatBool(bool value) { return value ? "true" : "false"; }

absl::Status SetLevel(Config& config, std::string_view text) {
  for (const std::string_view level : {"debug", "info", "warning", "error"}) {
    if (text != level) continue;
    config.log.level = std::string(text);
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError("must be debug, info, warning or error");
}

absl::Status SetKind(Config& config, std::string_view text) {
  if (text != "qdrant") return absl::InvalidArgumentError("must be qdrant");
  config.upstream.kind = std::string(text);
  return absl::OkStatus();
}

absl::Status SetAdmin(Config& config, std::string_view text) {
  if (text.empty()) {
    config.admin = Endpoint{};
    return absl::OkStatus();
  }
  return Assign(ParseEndpoint(text), &config.admin);
}

absl::Status SetRest(Config& config, std::string_view text) {
  Rest& rest = config.upstream.rest;
  if (text.empty()) {
    rest.endpoint = Endpoint{};
    return absl::OkStatus();
  }
  const absl::StatusOr<Rest> parsed = ParseRest(text);
  if (!parsed.ok()) return parsed.status();
  rest.tls = parsed->tls;
  rest.endpoint = parsed->endpoint;
  return absl::OkStatus();
}

absl::Status SetRestGroups(Config& config, std::string_view text) {
  std::vector<std::string>& groups = config.upstream.rest.groups;
  groups.clear();
  if (text.empty()) return absl::OkStatus();
  for (const std::string_view group : base::Split(text, ',')) groups.emplace_back(base::Trim(group));
  return absl::OkStatus();
}

absl::Status SetRestBodyBytes(Config& config, std::string_view text) {
  if (text != "0") return Assign(ParseBytes(text), &config.limits.rest_body_bytes);
  config.limits.rest_body_bytes = 0;
  return absl::OkStatus();
}

// The rows of the table. Each pair of functions is a plain function: no captures.
#define VECGATE_BYTES(key, help, member)                                                        \
  Setting {                                                                                     \
    key, "", help, [](Config& c, std::string_view t) { return Assign(ParseBytes(t), &c.member); }, \
        [](const Config& c) { return FormatBytes(c.member); }                                   \
  }
#define VECGATE_COUNT(key, flag, help, member, from, to)                                                 \
  Setting {                                                                                              \
    key, flag, help, [](Config& c, std::string_view t) { return Assign(ParseNumber(t, from, to), &c.member); }, \
        [](const Config& c) { return base::Concat(c.member); }                                           \
  }
#define VECGATE_DURATION(key, help, member)                                                      \
  Setting {                                                                                      \
    key, "", help, [](Config& c, std::string_view t) { return AssignDuration(t, &c.member); },   \
        [](const Config& c) { return FormatDuration(c.member); }                                 \
  }
#define VECGATE_BOOL(key, help, member)                                                         \
  Setting {                                                                                     \
    key, "", help, [](Config& c, std::string_view t) { return Assign(ParseBool(t), &c.member); }, \
        [](const Config& c) { return FormatBool(c.member); }                                    \
  }
#define VECGATE_TEXT(key, help, member)                       \
  Setting {                                                   \
    key, "", help,                                            \
        [](Config& c, std::string_view t) {                   \
          c.member = std::string(t);                          \
          return absl::OkStatus();                            \
        },                                                    \
        [](const Config& c) { return c.member; }              \
  }

const Setting kSettings[] = {
    {"listen", "listen", "HOST:PORT where REST clients connect",
     [](Config& c, std::string_view t) { return Assign(ParseEndpoint(t), &c.listen); },
     [](const Config& c) { return c.listen.ToString(); }},
    {"admin", "admin", "HOST:PORT of metrics and health; empty turns it off", SetAdmin,
     [](const Config& c) { return c.admin.ToString(); }},
    VECGATE_COUNT("threads", "threads", "I/O threads; 0 means one per core", threads, 0, 1024),
    {"upstream.address", "upstream", "HOST:PORT of the database's gRPC port; repeatable or a comma list",
     [](Config& c, std::string_view t) { return Assign(ParseAddresses(t), &c.upstream.addresses); },
     [](const Config& c) { return base::Join(c.upstream.addresses, ","); }, true},
    {"upstream.kind", "upstream-kind", "which database: qdrant", SetKind,
     [](const Config& c) { return c.upstream.kind; }},
    VECGATE_COUNT("upstream.channels", "", "HTTP/2 connections; 0 means one per thread", upstream.channels, 0, 256),
    VECGATE_BOOL("upstream.tls.enabled", "TLS to the upstream", upstream.tls.enabled),
    VECGATE_TEXT("upstream.tls.ca", "PEM file of authorities; empty means the system's", upstream.tls.ca),
    VECGATE_TEXT("upstream.tls.certificate", "PEM file of the client certificate", upstream.tls.certificate),
    VECGATE_TEXT("upstream.tls.key", "PEM file of its key", upstream.tls.key),
    VECGATE_TEXT("upstream.tls.server_name", "name in the upstream's certificate", upstream.tls.server_name),
    VECGATE_BOOL("upstream.check_compatibility", "warn about upstream versions outside the known range",
                 upstream.check_compatibility),
    VECGATE_BYTES("upstream.max_metadata_bytes", "largest reply metadata; error texts travel there",
                  upstream.max_metadata_bytes),
    {"upstream.keepalive", "", "ping the upstream after this long without a byte during a call; 0 means never",
     [](Config& c, std::string_view t) { return Assign(ParseDuration(t), &c.upstream.keepalive); },
     [](const Config& c) { return FormatDuration(c.upstream.keepalive); }},
    {"upstream.rest", "", "URL of the database's REST port, for routes that gRPC has nothing for; empty: none", SetRest,
     [](const Config& c) { return FormatRest(c.upstream.rest); }},
    VECGATE_TEXT("upstream.rest_ca", "PEM file of authorities; empty means the system's", upstream.rest.ca),
    {"upstream.rest_groups", "", "groups of routes that are passed through to it", SetRestGroups,
     [](const Config& c) { return base::Join(c.upstream.rest.groups, ","); }, true},
    VECGATE_BYTES("limits.body_bytes", "largest request body", limits.body_bytes),
    VECGATE_BYTES("limits.header_bytes", "largest request head", limits.header_bytes),
    VECGATE_COUNT("limits.connections", "", "open client connections", limits.connections, 1, 1'000'000),
    VECGATE_COUNT("limits.in_flight", "", "requests being answered at a time", limits.in_flight, 1, 1'000'000),
    VECGATE_BYTES("limits.pipelined_bytes", "bytes read ahead of the request being answered", limits.pipelined_bytes),
    {"limits.rest_body_bytes", "", "largest body of a request passed through; 0 means any", SetRestBodyBytes,
     [](const Config& c) { return FormatBytes(c.limits.rest_body_bytes); }},
    VECGATE_DURATION("timeouts.head", "for a request's head, from its first byte", timeouts.head),
    VECGATE_DURATION("timeouts.body_progress", "between two pieces of a request's body", timeouts.body_progress),
    VECGATE_DURATION("timeouts.write_progress", "between two pieces of a reply", timeouts.write_progress),
    VECGATE_DURATION("timeouts.keep_alive", "for the next request on an open connection", timeouts.keep_alive),
    VECGATE_DURATION("timeouts.rest_connect", "for a connection to the REST port", timeouts.rest_connect),
    VECGATE_DURATION("timeouts.rest_answer", "for the REST port to begin its answer", timeouts.rest_answer),
    VECGATE_DURATION("timeouts.drain", "for running requests after SIGTERM", timeouts.drain),
    VECGATE_BOOL("compression.responses", "compress replies for clients that accept it", compression.responses),
    VECGATE_BYTES("compression.minimum_bytes", "smallest reply that is compressed", compression.minimum_bytes),
    {"log.level", "", "debug, info, warning or error", SetLevel, [](const Config& c) { return c.log.level; }},
    VECGATE_BOOL("log.access", "a line per request", log.access),
};

#undef VECGATE_BYTES
#undef VECGATE_COUNT
#undef VECGATE_DURATION
#undef VECGATE_BOOL
#undef VECGATE_TEXT

// True for a literal IPv4 or IPv6 address with a port.
bool IsLiteral(std::string_view address) {
  return address.front() == '[' || address.find_first_not_of("0123456789.:") == std::string_view::npos;
}

}  // namespace

std::span<const Setting> Settings() { return kSettings; }

const Setting* FindSetting(std::string_view key) {
  for (const Setting& setting : kSettings) {
    if (setting.key == key) return &setting;
  }
  return nullptr;
}

std::string EnvironmentName(std::string_view key) {
  std::string name = base::Concat("VECGATE_", key);
  for (char& c : name) c = c == '.' ? '_' : base::ToUpper(c);
  return name;
}

absl::Status Validate(const Config& config) {
  const Tls& tls = config.upstream.tls;
  if (tls.certificate.empty() != tls.key.empty()) {
    return absl::InvalidArgumentError("upstream.tls.certificate and upstream.tls.key must be given together");
  }
  if (!tls.enabled && !(tls.ca.empty() && tls.certificate.empty() && tls.server_name.empty())) {
    return absl::InvalidArgumentError("upstream.tls: settings are given, but upstream.tls.enabled is false");
  }
  if (config.upstream.addresses.size() > 1) {
    const bool first_is_v6 = config.upstream.addresses[0].front() == '[';
    for (const std::string& address : config.upstream.addresses) {
      if (!IsLiteral(address) || (address.front() == '[') != first_is_v6) {
        return absl::InvalidArgumentError(
            base::Concat("upstream.address: ", address,
                         ": several addresses must be literal and of one family (a DNS name may stand for several)"));
      }
    }
  }
  const Rest& rest = config.upstream.rest;
  if (rest.endpoint.empty() != rest.groups.empty()) {
    return absl::InvalidArgumentError("upstream.rest and upstream.rest_groups must be given together");
  }
  if (!rest.ca.empty() && !rest.tls) {
    return absl::InvalidArgumentError("upstream.rest_ca: upstream.rest is not an https:// address");
  }
  if (!config.admin.empty() && config.admin.port != 0 && config.admin.ToString() == config.listen.ToString()) {
    return absl::InvalidArgumentError("admin: must not be the address of listen");
  }
  if (config.limits.header_bytes < 1024) return absl::InvalidArgumentError("limits.header_bytes: must be at least 1KiB");
  return absl::OkStatus();
}

}  // namespace vecgate::config
