// The keys of a database: of `upstream`, and of one element of `upstreams`.
#include "config/upstream.h"

#include <utility>
#include <vector>

#include "base/url.h"
#include "config/rows.h"

namespace vecgate::config {
namespace {

using Owner = Upstream;

absl::Status SetRest(Upstream& upstream, std::string_view text) {
  Rest& rest = upstream.rest;
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

const Setting kNames[] = {
    VECGATE_TEXT("name", "name in listeners, logs and metrics", name),
    VECGATE_WORDS("hosts", "names that requests for it carry in Host, at listeners that name no upstream", hosts),
};

const Setting kSettings[] = {
    VECGATE_ROW("address", "upstream", "HOST:PORT of the database's gRPC port; repeatable or a comma list",
                ParseAddresses(t), base::Join(c.addresses, ","), addresses)
        .As(Kind::kAddress)
        .List()
        .Reloads(),
    VECGATE_CHOICE("kind", "upstream-kind", "which database", kind, "qdrant,weaviate"),
    VECGATE_TEXT("version", "told to clients that ask for it; empty means the one this gateway was written for",
                 version),
    VECGATE_TEXT("hostname", "where the database says it is, told to clients that ask", hostname),
    VECGATE_BYTES("max_message_bytes", "largest request the database takes; larger batches are split",
                  max_message_bytes),
    VECGATE_COUNT("max_results", "", "objects the database gives or deletes in one request at most",
                  max_results, 1, 1'000'000'000),
    VECGATE_COUNT("channels", "", "HTTP/2 connections to each address; 0 means one per thread", channels, 0, 256)
        .Reloads(),
    VECGATE_BOOL("tls.enabled", "TLS to the upstream", tls.enabled).Reloads(),
    VECGATE_FILE("tls.ca", "PEM file of authorities; empty means the system's", tls.ca).Reloads(),
    VECGATE_FILE("tls.certificate", "PEM file of the client certificate", tls.certificate).Reloads(),
    VECGATE_FILE("tls.key", "PEM file of its key", tls.key).Reloads(),
    VECGATE_TEXT("tls.server_name", "name in the upstream's certificate", tls.server_name).Reloads(),
    VECGATE_BOOL("check_compatibility", "warn about upstream versions outside the known range", check_compatibility)
        .Reloads(),
    VECGATE_BYTES("max_metadata_bytes", "largest reply metadata; error texts travel there", max_metadata_bytes)
        .Reloads(),
    VECGATE_DURATION_OR_0("keepalive",
                          "ping the upstream after this long without a byte during a call; 0 means never", keepalive)
        .Reloads(),
    VECGATE_DURATION("keepalive_timeout", "for the answer to such a ping", keepalive_timeout).Reloads(),
    VECGATE_DURATION("connect_timeout", "for a connection to an address", connect_timeout).Reloads(),
    VECGATE_DURATION_OR_0("max_connection_age", "connections are replaced after this long; 0 means never",
                          max_connection_age)
        .Reloads(),
    VECGATE_DURATION("resolve_every", "between two looks at what a DNS name stands for", resolve_every).Reloads(),
    VECGATE_DURATION("health_interval", "between two health checks of an address", health_interval).Reloads(),
    VECGATE_DURATION("health_timeout", "for the answer to one", health_timeout).Reloads(),
    VECGATE_CHOICE("balance", "", "which address gets the next call", balance,
                   "round_robin,pick_first,least_requests")
        .Reloads(),
    VECGATE_CHOICE("compression", "", "of calls", compression, "none,gzip").Reloads(),
    VECGATE_COUNT("retries.attempts", "", "calls made for a request in all; 1 means none is repeated",
                  retries.attempts, 1, 10)
        .Reloads(),
    VECGATE_COUNT("retries.budget_percent", "", "of the calls may be repeated", retries.budget_percent, 0, 100)
        .Reloads(),
    VECGATE_COUNT("retries.budget_per_second", "", "repeated calls a second that are always allowed",
                  retries.budget_per_second, 0, 100'000)
        .Reloads(),
    VECGATE_DURATION("retries.backoff", "before the first repeated call to the same address; doubles", retries.backoff)
        .Reloads(),
    VECGATE_DURATION_OR_0("hedge_after", "a read without an answer asks a second address; 0 means never", hedge_after)
        .Reloads(),
    VECGATE_COUNT("breaker.failures", "", "calls without an answer in a row that eject an address; 0 means never",
                  breaker.failures, 0, 100'000)
        .Reloads(),
    VECGATE_COUNT("breaker.percent", "", "share of calls without an answer that ejects one; 0 means never",
                  breaker.percent, 0, 100)
        .Reloads(),
    VECGATE_DURATION("breaker.open", "an address stays ejected; doubles each time", breaker.open).Reloads(),
    VECGATE_DURATION("breaker.longest", "an address stays ejected at most", breaker.longest).Reloads(),
    VECGATE_DURATION_OR_0("deadlines.read", "for reads whose client names no timeout; 0 means the API's own",
                          deadlines.read)
        .Reloads(),
    VECGATE_DURATION_OR_0("deadlines.write", "for writes", deadlines.write).Reloads(),
    VECGATE_DURATION_OR_0("deadlines.manage", "for changes of collections and the like", deadlines.manage).Reloads(),
    VECGATE_CHOICE("credentials.source", "",
                   "whose credential the upstream sees; auto: the caller's, unless the gateway has judged it itself",
                   credentials.source, "auto,forward,key,file,command,oauth2")
        .Reloads(),
    VECGATE_CHOICE("credentials.header", "", "where a credential of the gateway's own stands",
                   credentials.header, "authorization,api-key")
        .Reloads(),
    VECGATE_SECRET("credentials.key", "key of the gateway's own, best as env:NAME or file:PATH", credentials.key)
        .Reloads(),
    VECGATE_TEXT("credentials.file", "file with the token, kept up to date by someone else", credentials.file)
        .Reloads(),
    VECGATE_DURATION("credentials.file_check", "between two looks at that file", credentials.file_check).Reloads(),
    VECGATE_WORDS("credentials.command", "program, and its arguments, that prints the token", credentials.command)
        .Reloads(),
    VECGATE_TEXT("credentials.oauth2.token_url", "where tokens are to be had (client credentials)",
                 credentials.oauth2.token_url)
        .Reloads(),
    VECGATE_TEXT("credentials.oauth2.client_id", "as whom", credentials.oauth2.client_id).Reloads(),
    VECGATE_SECRET("credentials.oauth2.client_secret", "its secret, best as env:NAME or file:PATH",
                   credentials.oauth2.client_secret)
        .Reloads(),
    VECGATE_TEXT("credentials.oauth2.scope", "scope to ask for; empty: none", credentials.oauth2.scope).Reloads(),
    VECGATE_TEXT("credentials.oauth2.audience", "audience to ask for; empty: none", credentials.oauth2.audience)
        .Reloads(),
    VECGATE_FILE("credentials.oauth2.ca", "PEM file of authorities; empty means the system's", credentials.oauth2.ca)
        .Reloads(),
    VECGATE_DURATION("credentials.refresh", "how long a token is used that does not say when it ends",
                     credentials.refresh)
        .Reloads(),
    VECGATE_DURATION("credentials.timeout", "for the command, or the answer of the token URL", credentials.timeout)
        .Reloads(),
    Row<Upstream>(
        "rest", "", "URL of the database's REST port, for routes that gRPC has nothing for; empty: none",
        [](Upstream& u, std::string_view t) { return SetRest(u, t); },
        [](const Upstream& u) { return FormatRest(u.rest); })
        .Reloads(),
    VECGATE_FILE("rest_ca", "PEM file of authorities; empty means the system's", rest.ca).Reloads(),
    VECGATE_FILE("rest_certificate", "PEM file of the client certificate", rest.certificate).Reloads(),
    VECGATE_FILE("rest_key", "PEM file of its key", rest.key).Reloads(),
    VECGATE_WORDS("rest_groups", "groups of routes that are passed through to it", rest.groups).Reloads(),
};

absl::Status Fault(std::string_view key, std::string_view text) {
  return absl::InvalidArgumentError(base::Concat(key, ": ", text));
}

absl::Status CheckTls(const Tls& tls) {
  if (tls.certificate.empty() != tls.key.empty()) {
    return Fault("tls.certificate", "must be given together with tls.key");
  }
  if (!tls.enabled && !(tls.ca.empty() && tls.certificate.empty() && tls.server_name.empty())) {
    return Fault("tls", "settings are given, but tls.enabled is false");
  }
  return absl::OkStatus();
}

absl::Status CheckRest(const Rest& rest) {
  if (rest.endpoint.empty() != rest.groups.empty()) return Fault("rest", "must be given together with rest_groups");
  if (rest.certificate.empty() != rest.key.empty()) {
    return Fault("rest_certificate", "must be given together with rest_key");
  }
  if (!rest.certificate.empty() && !rest.tls) return Fault("rest_certificate", "rest is not an https:// address");
  if (!rest.ca.empty() && !rest.tls) return Fault("rest_ca", "rest is not an https:// address");
  return absl::OkStatus();
}

absl::Status CheckCredentials(const UpstreamCredentials& credentials, const Auth& auth) {
  const std::string& source = credentials.source;
  struct Part {
    std::string_view source;
    std::string_view key;
    bool given;
  };
  for (const Part& part :
       {Part{"key", "key", !credentials.key.empty()}, Part{"file", "file", !credentials.file.empty()},
        Part{"command", "command", !credentials.command.empty()},
        Part{"oauth2", "oauth2.token_url", !credentials.oauth2.token_url.empty()},
        Part{"oauth2", "oauth2.client_id", !credentials.oauth2.client_id.empty()},
        Part{"oauth2", "oauth2.client_secret", !credentials.oauth2.client_secret.empty()}}) {
    if (part.given == (source == part.source)) continue;
    return Fault(base::Concat("credentials.", part.key),
                 base::Concat("must be given when the source is ", part.source, ", and only then"));
  }
  if (source == "oauth2" && !base::ParseUrl(credentials.oauth2.token_url).ok()) {
    return Fault("credentials.oauth2.token_url", "must be a URL");
  }
  const bool own = source != "auto" && source != "forward";
  if (own && auth.PassesThrough()) {
    return Fault("credentials.source",
                 "would let callers that nobody has judged act with the gateway's credential; configure auth, or say "
                 "auth.anonymous: full");
  }
  return absl::OkStatus();
}

// `first` and then `second`.
std::vector<Setting> Joined(std::span<const Setting> first, std::span<const Setting> second) {
  std::vector<Setting> all(first.begin(), first.end());
  all.insert(all.end(), second.begin(), second.end());
  return all;
}

}  // namespace

std::span<const Setting> UpstreamSettings() { return kSettings; }

std::span<const Setting> NamedUpstreamSettings() {
  static const std::vector<Setting> kAll = Joined(kNames, kSettings);
  return kAll;
}

absl::Status CheckUpstream(const Upstream& upstream, const Auth& auth) {
  if (absl::Status status = CheckTls(upstream.tls); !status.ok()) return status;
  if (absl::Status status = CheckRest(upstream.rest); !status.ok()) return status;
  return CheckCredentials(upstream.credentials, auth);
}

absl::Status CheckName(const Upstream& upstream) {
  return upstream.name.empty() ? Fault("name", "must be given") : absl::OkStatus();
}

}  // namespace vecgate::config
