#include "config/settings.h"

#include <algorithm>
#include <set>

#include "base/status.h"
#include "base/text.h"
#include "config/auth_settings.h"
#include "config/listeners.h"
#include "config/rows.h"
#include "config/tracing.h"
#include "config/upstream.h"
#include "config/values.h"

namespace vecgate::config {
namespace {

using Owner = Config;

constexpr uint64_t kMostPerKey = 1'000'000'000'000;
// What the databases themselves take. A point stored any deeper they could not hand out again.
constexpr uint64_t kMostJsonDepth = 127;

absl::Status SetOptional(std::string_view text, Endpoint* endpoint) {
  if (!text.empty()) return Assign(ParseListenAddress(text), endpoint);
  *endpoint = Endpoint{};
  return absl::OkStatus();
}

const Setting kSettings[] = {
    Row<Config>(
        "listen", "listen", "HOST:PORT where REST clients connect",
        [](Config& c, std::string_view t) { return SetOptional(t, &c.listen); },
        [](const Config& c) { return c.listen.ToString(); })
        .As(Kind::kAddress),
    Row<Config>(
        "admin", "admin", "HOST:PORT of metrics and health; empty turns it off",
        [](Config& c, std::string_view t) { return SetOptional(t, &c.admin); },
        [](const Config& c) { return c.admin.ToString(); })
        .As(Kind::kAddress),
    VECGATE_ROW("trusted_proxies", "", "peers whose Forwarded and X-Forwarded-For go on: addresses, or ranges as 10.0.0.0/8",
                ParseNetworks(t), FormatNetworks(c.trusted_proxies), trusted_proxies)
        .List()
        .Reloads(),
    VECGATE_COUNT("threads", "threads", "I/O threads; 0 means one per core", threads, 0, 1024),
    VECGATE_CHOICE("auth.passthrough", "",
                   "leave callers that are not known here to the database; auto: unless any of the below is given",
                   auth.passthrough, "auto,always,never")
        .Reloads(),
    VECGATE_CHOICE("auth.anonymous", "", "what callers without a credential may do", auth.anonymous,
                   "none,read-only,full")
        .Reloads(),
    VECGATE_BYTES("limits.body_bytes", "largest request body", limits.body_bytes).Reloads(),
    VECGATE_BYTES("limits.header_bytes", "largest request head", limits.header_bytes).Reloads(),
    VECGATE_COUNT("limits.json_depth", "", "lists and objects that a body may nest; 0 means as many as the API takes",
                  limits.json_depth, 0, kMostJsonDepth),
    VECGATE_COUNT("limits.connections", "", "open client connections", limits.connections, 1, 1'000'000).Reloads(),
    VECGATE_COUNT("limits.in_flight", "", "requests being answered at a time", limits.in_flight, 1, 1'000'000).Reloads(),
    VECGATE_BYTES("limits.pipelined_bytes", "bytes read ahead of the request being answered", limits.pipelined_bytes)
        .Reloads(),
    VECGATE_BYTES_OR_0("limits.rest_body_bytes", "largest body of a request passed through; 0 means any",
                       limits.rest_body_bytes)
        .Reloads(),
    VECGATE_BYTES_OR_0("limits.reply_bytes", "largest reply of the database; 0 means any", limits.reply_bytes)
        .Reloads(),
    VECGATE_BYTES("limits.in_flight_bytes", "of request bodies held at a time", limits.in_flight_bytes).Reloads(),
    VECGATE_BYTES_OR_0("limits.minimum_rate", "a second, of bodies and replies long under way; 0 means any",
                       limits.minimum_rate)
        .Reloads(),
    VECGATE_COUNT("limits.tracked_keys", "", "callers, and collections, that limits are kept for", limits.tracked_keys,
                  16, 10'000'000)
        .Reloads(),
    VECGATE_COUNT("limits.per_caller.in_flight", "", "requests of a caller at a time; 0 means any",
                  limits.per_caller.in_flight, 0, kMostPerKey)
        .Reloads(),
    VECGATE_COUNT("limits.per_caller.requests", "", "of a caller a second; 0 means any", limits.per_caller.requests, 0,
                  kMostPerKey)
        .Reloads(),
    VECGATE_COUNT("limits.per_caller.points", "", "written by a caller a second; 0 means any",
                  limits.per_caller.points, 0, kMostPerKey)
        .Reloads(),
    VECGATE_COUNT("limits.per_caller.vector_values", "", "vectors times dimensions of a caller a second; 0 means any",
                  limits.per_caller.vector_values, 0, kMostPerKey)
        .Reloads(),
    VECGATE_COUNT("limits.per_collection.in_flight", "", "requests for a collection at a time; 0 means any",
                  limits.per_collection.in_flight, 0, kMostPerKey)
        .Reloads(),
    VECGATE_COUNT("limits.per_collection.requests", "", "for a collection a second; 0 means any",
                  limits.per_collection.requests, 0, kMostPerKey)
        .Reloads(),
    VECGATE_COUNT("limits.per_collection.points", "", "written to a collection a second; 0 means any",
                  limits.per_collection.points, 0, kMostPerKey)
        .Reloads(),
    VECGATE_COUNT("limits.per_collection.vector_values", "",
                  "vectors times dimensions for a collection a second; 0 means any",
                  limits.per_collection.vector_values, 0, kMostPerKey)
        .Reloads(),
    VECGATE_DURATION("timeouts.handshake", "for a TLS handshake, from the connection on", timeouts.handshake)
        .Reloads(),
    VECGATE_DURATION("timeouts.head", "for a request's head, from its first byte", timeouts.head).Reloads(),
    VECGATE_DURATION("timeouts.body_progress", "between two pieces of a request's body", timeouts.body_progress)
        .Reloads(),
    VECGATE_DURATION("timeouts.write_progress", "between two pieces of a reply", timeouts.write_progress).Reloads(),
    VECGATE_DURATION("timeouts.keep_alive", "for the next request on an open connection", timeouts.keep_alive)
        .Reloads(),
    VECGATE_DURATION("timeouts.rest_connect", "for a connection to the REST port", timeouts.rest_connect).Reloads(),
    VECGATE_DURATION("timeouts.rest_answer", "for the REST port to begin its answer", timeouts.rest_answer).Reloads(),
    VECGATE_DURATION("timeouts.drain", "for running requests after SIGTERM", timeouts.drain).Reloads(),
    VECGATE_BOOL("compression.responses", "compress replies for clients that accept it", compression.responses)
        .Reloads(),
    VECGATE_BYTES("compression.minimum_bytes", "smallest reply that is compressed", compression.minimum_bytes)
        .Reloads(),
    VECGATE_COUNT("compression.gzip_level", "", "how hard gzip and deflate try", compression.gzip_level, 1, 9).Reloads(),
    VECGATE_COUNT("compression.brotli_level", "", "how hard br tries", compression.brotli_level, 0, 11).Reloads(),
    VECGATE_COUNT("compression.zstd_level", "", "how hard zstd tries", compression.zstd_level, 1, 19).Reloads(),
    VECGATE_BYTES("compression.offload_bytes", "bodies of that size are coded on threads of their own",
                  compression.offload_bytes)
        .Reloads(),
    VECGATE_CHOICE("log.level", "", "lines below it are left out", log.level, "debug,info,warning,error").Reloads(),
    VECGATE_BOOL("log.access", "a line per request", log.access).Reloads(),
    VECGATE_DURATION_OR_0("log.slow", "a line for requests that take this long; 0 means never", log.slow).Reloads(),
    VECGATE_BOOL("log.audit", "a line per write and per refused caller", log.audit).Reloads(),
    VECGATE_TEXT("log.file", "where lines go; empty means standard output", log.file),
    VECGATE_TEXT("log.access_file", "where lines of requests go; empty means with the others", log.access_file),
    VECGATE_TEXT("log.audit_file", "where audit lines go; empty means with the others", log.audit_file),
    VECGATE_COUNT("metrics.collections", "", "collections with series of their own; 0 means none", metrics.collections, 0,
                  10'000),
    VECGATE_BOOL("metrics.server_timing", "tell clients where the time went (Server-Timing)", metrics.server_timing)
        .Reloads(),
    VECGATE_TEXT("tracing.endpoint", "URL of a collector (OTLP over HTTP); empty: spans are not kept", tracing.endpoint),
    VECGATE_FILE("tracing.ca", "PEM file of authorities; empty means the system's", tracing.ca),
    VECGATE_ROW("tracing.ratio", "", "part of the traces beginning here that is kept, 0 to 1", ParseRatio(t),
                FormatRatio(c.tracing.ratio), tracing.ratio)
        .As(Kind::kRatio)
        .Reloads(),
    VECGATE_BOOL("tracing.parent_based", "traces that clients began are kept when they say so", tracing.parent_based)
        .Reloads(),
    VECGATE_TEXT("tracing.service", "service.name of the spans", tracing.service),
    VECGATE_BOOL("tracing.gzip", "compress what is sent to the collector", tracing.gzip),
    VECGATE_COUNT("tracing.queue", "", "spans that wait to be sent", tracing.queue, 1, 1'000'000),
    VECGATE_COUNT("tracing.batch", "", "spans sent at a time", tracing.batch, 1, 100'000),
    VECGATE_DURATION("tracing.interval", "between two times of sending", tracing.interval),
    VECGATE_DURATION("tracing.timeout", "for the collector's answer", tracing.timeout),
    VECGATE_DURATION_OR_0("reload.watch", "how often the file, and files it names, are looked at; 0 means never",
                          reload.watch)
        .Reloads(),
    VECGATE_TEXT("lifecycle.handover", "Unix socket at which the next gateway asks for the listening sockets",
                 lifecycle.handover),
    VECGATE_BOOL("lifecycle.core_dumps", "allow core dumps and debuggers; memory holds credentials",
                 lifecycle.core_dumps),
};

// The rows above, and those of `upstream` where it stands in the file.
std::vector<Setting> AllSettings() {
  static const std::vector<std::string> kKeys = [] {
    std::vector<std::string> keys;
    for (const Setting& setting : UpstreamSettings()) keys.push_back(base::Concat("upstream.", setting.key));
    return keys;
  }();
  std::vector<Setting> all(std::begin(kSettings), std::end(kSettings));
  const auto place = std::ranges::find(all, "threads", &Setting::key) + 1;
  std::vector<Setting> upstream(UpstreamSettings().begin(), UpstreamSettings().end());
  for (size_t i = 0; i < upstream.size(); ++i) {
    upstream[i].key = kKeys[i];
    upstream[i].part = [](const void* config) -> const void* { return &static_cast<const Config*>(config)->upstream; };
  }
  all.insert(place, upstream.begin(), upstream.end());
  return all;
}

absl::Status ValidateListeners(const Config& config) {
  const std::vector<Listener> listeners = config.Listeners();
  if (listeners.empty()) return absl::InvalidArgumentError("listen: must be given where there are no listeners");
  for (size_t i = 0; i < listeners.size(); ++i) {
    const std::string key = config.listeners.empty() ? "listen" : base::Concat("listeners[", i, "]");
    const std::string address = listeners[i].address.ToString();
    if (!config.admin.empty() && config.admin.port != 0 && config.admin.ToString() == address) {
      return absl::InvalidArgumentError(base::Concat("admin: must not be the address of ", key));
    }
    for (size_t other = 0; other < i; ++other) {
      if (listeners[other].name == listeners[i].name) {
        return absl::InvalidArgumentError(base::Concat(key, ".name: given twice"));
      }
      if ((listeners[i].address.port != 0 || !listeners[i].address.unix_path.empty()) && listeners[other].address.ToString() == address) {
        return absl::InvalidArgumentError(base::Concat(key, ".address: given twice"));
      }
    }
  }
  return absl::OkStatus();
}

absl::Status ValidateUpstreams(const Config& config) {
  const std::vector<Upstream> upstreams = config.Upstreams();
  std::set<std::string> names;
  std::set<std::string> hosts;
  for (size_t i = 0; i < upstreams.size(); ++i) {
    const Upstream& upstream = upstreams[i];
    const std::string key = config.upstreams.empty() ? "upstream" : base::Concat("upstreams[", i, "]");
    if (!names.insert(upstream.name).second) return absl::InvalidArgumentError(base::Concat(key, ".name: given twice"));
    for (const std::string& host : upstream.hosts) {
      if (hosts.insert(base::ToLower(host)).second) continue;
      return absl::InvalidArgumentError(base::Concat(key, ".hosts: '", host, "' is given twice"));
    }
    if (const absl::Status status = CheckUpstream(upstream, config.auth); !status.ok()) {
      return absl::InvalidArgumentError(base::Concat(key, ".", base::MessageOf(status)));
    }
  }
  for (size_t i = 0; i < config.listeners.size(); ++i) {
    const std::string& name = config.listeners[i].upstream;
    if (name.empty() || names.contains(name)) continue;
    return absl::InvalidArgumentError(base::Concat("listeners[", i, "].upstream: there is no upstream '", name, "'"));
  }
  return absl::OkStatus();
}

// Every setting with the object it belongs to, sections included, and its full key.
template <typename Visit>
void ForEach(const Config& config, Visit visit) {
  for (const Setting& setting : Settings()) visit(setting, static_cast<const void*>(&config));
  for (const Section& section : Sections()) {
    for (size_t i = 0; i < section.size(config); ++i) {
      for (const Setting& setting : section.settings) visit(setting, section.at(config, i));
    }
  }
}

constexpr Section Reloading(Section section) {
  section.reloads = true;
  return section;
}

void AddDifferences(std::span<const Setting> table, const void* running, const void* wanted, std::string_view prefix,
                    std::vector<std::string>* keys) {
  for (const Setting& setting : table) {
    if (setting.reloads) continue;
    if (!setting.same(running, wanted)) keys->push_back(base::Concat(prefix, setting.key));
  }
}

}  // namespace

std::vector<Listener> Config::Listeners() const {
  if (!listeners.empty() || listen.empty()) return listeners;
  return {{.name = "rest", .address = listen}};
}

std::vector<Upstream> Config::Upstreams() const { return upstreams.empty() ? std::vector{upstream} : upstreams; }

Config Config::With(const Upstream& only) const {
  Config config = *this;
  config.upstreams.clear();
  config.upstream = only;
  return config;
}

std::span<const Setting> Settings() {
  static const std::vector<Setting> kAll = AllSettings();
  return kAll;
}

std::span<const Section> Sections() {
  static const Section kSections[] = {
      SectionOf<Listener>(
          "listeners", "several listeners, in place of listen", ListenerSettings(),
          [](auto& c) -> auto& { return c.listeners; }, [](const Listener& l) { return CheckListener(l); }),
      SectionOf<Upstream>(
          "upstreams", "several databases, in place of upstream", NamedUpstreamSettings(),
          [](auto& c) -> auto& { return c.upstreams; }, [](const Upstream& u) { return CheckName(u); }),
      SectionOf<TracingHeader>(
          "tracing.headers", "header fields of requests to the collector", TracingHeaderSettings(),
          [](auto& c) -> auto& { return c.tracing.headers; },
          [](const TracingHeader& h) { return CheckTracingHeader(h); }),
      Reloading(SectionOf<AuthKey>(
          "auth.keys", "API keys; several of one name may be live, to rotate them", AuthKeySettings(),
          [](auto& c) -> auto& { return c.auth.keys; }, [](const AuthKey& k) { return CheckAuthKey(k); })),
      Reloading(SectionOf<AuthTokens>(
          "auth.tokens", "issuers of tokens (JWT)", AuthTokensSettings(),
          [](auto& c) -> auto& { return c.auth.tokens; }, [](const AuthTokens& t) { return CheckAuthTokens(t); })),
      Reloading(SectionOf<AuthCertificate>(
          "auth.certificates", "client certificates, for callers that send no credential", AuthCertificateSettings(),
          [](auto& c) -> auto& { return c.auth.certificates; },
          [](const AuthCertificate& c) { return CheckAuthCertificate(c); })),
  };
  return kSections;
}

const Setting* FindSetting(std::span<const Setting> table, std::string_view key) {
  const auto found = std::ranges::find(table, key, &Setting::key);
  return found == table.end() ? nullptr : &*found;
}

const Section* FindSection(std::string_view key) {
  const auto found = std::ranges::find(Sections(), key, &Section::key);
  return found == Sections().end() ? nullptr : &*found;
}

std::string EnvironmentName(std::string_view key) {
  std::string name = base::Concat("VECGATE_", key);
  for (char& c : name) c = c == '.' ? '_' : base::ToUpper(c);
  return name;
}

absl::Status Validate(const Config& config) {
  if (absl::Status status = ValidateListeners(config); !status.ok()) return status;
  if (absl::Status status = ValidateUpstreams(config); !status.ok()) return status;
  if (absl::Status status = CheckAuth(config); !status.ok()) return status;
  if (config.limits.header_bytes < 1024) return absl::InvalidArgumentError("limits.header_bytes: must be at least 1KiB");
  return absl::OkStatus();
}

std::vector<std::string> NeedRestart(const Config& running, const Config& wanted) {
  std::vector<std::string> keys;
  AddDifferences(Settings(), &running, &wanted, "", &keys);
  for (const Section& section : Sections()) {
    if (section.reloads) continue;
    if (section.size(running) != section.size(wanted)) {
      keys.emplace_back(section.key);
      continue;
    }
    for (size_t i = 0; i < section.size(running); ++i) {
      AddDifferences(section.settings, section.at(running, i), section.at(wanted, i),
                     base::Concat(section.key, "[", i, "]."), &keys);
    }
  }
  // Certificates are replaced while it runs, but a listener does not become one with TLS, or without.
  for (size_t i = 0; i < running.listeners.size() && i < wanted.listeners.size(); ++i) {
    if (running.listeners[i].tls.enabled() == wanted.listeners[i].tls.enabled()) continue;
    keys.push_back(base::Concat("listeners[", i, "].tls.certificates"));
  }
  return keys;
}

std::vector<std::string> NamedFiles(const Config& config) {
  std::vector<std::string> files;
  ForEach(config, [&files](const Setting& setting, const void* owner) {
    if (setting.kind != Kind::kFile && setting.kind != Kind::kSecret) return;
    const std::string value = setting.get(owner);
    if (setting.is_list) {
      for (std::string& file : ParseWords(value)) files.push_back(std::move(file));
      return;
    }
    constexpr std::string_view kSecretFile = "file:";
    std::string path = setting.kind == Kind::kFile          ? value
                       : value.starts_with(kSecretFile) ? value.substr(kSecretFile.size())
                                                            : std::string();
    if (!path.empty()) files.push_back(std::move(path));
  });
  return files;
}

}  // namespace vecgate::config
