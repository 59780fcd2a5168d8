// What the gateway is told at start: plain data with safe defaults.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/network.h"
#include "config/auth.h"

namespace vecgate::config {

struct Endpoint {
  std::string host;  // name or address, without brackets
  uint16_t port = 0;
  std::string unix_path = {};  // of a unix-domain socket, in place of host and port

  bool empty() const { return host.empty() && unix_path.empty(); }
  // "host:port", "[::1]:port", "unix:/path"; empty when there is none.
  std::string ToString() const;
};

// TLS towards clients.
struct ServerTls {
  // PEM files, a key for each certificate. A certificate is shown to who asks for one of its names, the first to others.
  std::vector<std::string> certificates;
  std::vector<std::string> keys;
  std::string minimum_version = "TLSv1.2";  // or TLSv1.3
  std::string ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20";  // of TLS 1.2
  std::string cipher_suites = "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256";
  std::string curves = "X25519:P-256:P-384";
  std::string client_certificates = "off";  // optional, required
  std::string client_ca;                    // PEM file of authorities that client certificates must come from
  std::string client_crl;                   // PEM file of what they have revoked; empty: nothing
  std::chrono::milliseconds sessions{7'200'000};  // how long a client may come back without a full handshake; 0: never

  bool enabled() const { return !certificates.empty(); }
};

// Where REST clients connect.
struct Listener {
  std::string name;  // in logs, metrics and socket activation
  Endpoint address;
  unsigned unix_mode = 0660;  // permissions of a unix-domain socket
  std::string upstream;       // name of the one behind it; empty: by the request's Host, else the first
  ServerTls tls;
};

struct Tls {
  bool enabled = false;
  std::string ca;           // PEM file; empty: the system's authorities
  std::string certificate;  // PEM file of the client certificate; with `key`
  std::string key;
  std::string server_name;  // expected in the upstream's certificate; empty: the host of the address
};

// The database's REST port, for routes that gRPC has nothing for.
struct Rest {
  bool tls = false;
  Endpoint endpoint;                // empty: none
  std::string ca;                   // PEM file; empty: the system's authorities
  std::string certificate;          // PEM file of the client certificate; with `key`
  std::string key;
  std::vector<std::string> groups;  // of routes that are passed through
};

// Calls that are made again.
struct Retries {
  unsigned attempts = 2;             // calls in all; 1: none is repeated
  unsigned budget_percent = 20;      // of the calls may be repeated ...
  unsigned budget_per_second = 10;   // ... and so many in any case
  std::chrono::milliseconds backoff{50};
};

// When an address is left alone for a while.
struct Breaker {
  unsigned failures = 5;  // calls without an answer, in a row; 0: never
  unsigned percent = 50;  // of the calls of ten seconds; 0: never
  std::chrono::milliseconds open{1'000};
  std::chrono::milliseconds longest{30'000};
};

// From the start of a request's first call to the end of its last, when the client names no time; 0: the API's own.
struct Deadlines {
  std::chrono::milliseconds read{0};
  std::chrono::milliseconds write{0};
  std::chrono::milliseconds manage{0};
};

struct Upstream {
  // Of one among several.
  std::string name;                // in listeners, logs and metrics
  std::vector<std::string> hosts;  // names that requests for it carry in Host, at listeners that name no upstream

  // host:port. All addresses behind all of them are balanced.
  std::vector<std::string> addresses = {"127.0.0.1:6334"};  // see FollowKind (loader.cc) for other kinds
  std::string kind = "qdrant";  // or weaviate
  // What clients ask of it and gRPC does not tell.
  std::string version;   // empty: the one the schema was written for
  std::string hostname;  // where it says it is
  uint64_t max_message_bytes = 104'858'000;
  uint64_t max_results = 10'000;
  unsigned channels = 0;  // HTTP/2 connections; 0: one per thread
  Tls tls;
  bool check_compatibility = true;
  UpstreamCredentials credentials;
  Rest rest;
  uint64_t max_metadata_bytes = 1024 * 1024;
  std::chrono::milliseconds keepalive{60'000};  // ping after that long without a byte during a call; 0: never
  std::chrono::milliseconds keepalive_timeout{20'000};
  std::chrono::milliseconds connect_timeout{5'000};
  std::chrono::milliseconds max_connection_age{0};  // 0: any
  std::chrono::milliseconds resolve_every{30'000};
  std::chrono::milliseconds health_interval{2'000};
  std::chrono::milliseconds health_timeout{3'000};
  std::string balance = "round_robin";  // or pick_first, least_requests
  std::string compression = "none";     // or gzip
  Retries retries;
  std::chrono::milliseconds hedge_after{0};  // 0: never
  Breaker breaker;
  Deadlines deadlines;
};

// Per caller or per collection; 0: no limit.
struct KeyLimits {
  uint64_t in_flight = 0;
  uint64_t requests = 0;       // per second
  uint64_t points = 0;         // per second: points written
  uint64_t vector_values = 0;  // per second: vectors times dimensions
};

struct Limits {
  uint64_t body_bytes = 32 * 1024 * 1024;
  uint64_t header_bytes = 64 * 1024;
  uint32_t json_depth = 0;               // lists and objects that a body may nest; 0: as many as the API
  uint64_t connections = 10'000;
  uint64_t in_flight = 1'024;
  uint64_t pipelined_bytes = 64 * 1024;  // read ahead of the request being answered
  uint64_t rest_body_bytes = 0;          // of a request passed through; 0: any
  uint64_t reply_bytes = 0;              // of the database's reply; 0: any
  uint64_t in_flight_bytes = 1024 * 1024 * 1024;  // of request bodies held at a time
  uint64_t minimum_rate = 1024;          // bytes a second, of bodies and replies that are long under way; 0: any
  uint64_t tracked_keys = 65'536;        // callers and collections that limits are kept for
  KeyLimits per_caller;
  KeyLimits per_collection;
};

struct Timeouts {
  std::chrono::milliseconds handshake{10'000};       // of TLS, from the connection on
  std::chrono::milliseconds head{10'000};            // from its first byte to its last
  std::chrono::milliseconds body_progress{60'000};   // between two pieces of a body
  std::chrono::milliseconds write_progress{60'000};  // between two pieces of a reply
  std::chrono::milliseconds keep_alive{75'000};      // between two requests
  std::chrono::milliseconds rest_connect{5'000};     // to the REST port
  std::chrono::milliseconds rest_answer{600'000};    // from the end of a request passed through to its answer's head
  std::chrono::milliseconds drain{30'000};           // from the signal to the end
};

struct Compression {
  bool responses = true;       // by the client's Accept-Encoding
  uint64_t minimum_bytes = 1;  // of a reply worth compressing
  unsigned gzip_level = 1;     // and deflate
  unsigned brotli_level = 3;
  unsigned zstd_level = 1;
  uint64_t offload_bytes = 128 * 1024;  // bodies of that size are coded away from the I/O threads
};

struct Log {
  std::string level = "info";          // debug, info, warning, error
  bool access = true;                  // a line per request
  std::chrono::milliseconds slow{0};   // a line of its own for requests that take that long; 0: never
  bool audit = false;                  // a line per write and per refused caller
  // Empty: standard output, and for the latter two: where the others go.
  std::string file;
  std::string access_file;
  std::string audit_file;
};

struct TracingHeader {
  std::string name;
  Secret value;
};

struct Tracing {
  std::string endpoint;      // URL of a collector of OTLP over HTTP; empty: spans are not kept
  std::string ca;            // PEM file; empty: the system's authorities
  double ratio = 0;          // of traces that begin here
  bool parent_based = true;  // the client's decision counts for its traces
  std::string service = "vecgate";
  std::vector<TracingHeader> headers;  // of requests to the collector
  bool gzip = true;
  uint64_t queue = 8192;  // spans
  uint64_t batch = 512;
  std::chrono::milliseconds interval{1'000};
  std::chrono::milliseconds timeout{10'000};
};

struct Metrics {
  uint64_t collections = 100;  // with series of their own; 0: none, and no series by collection
  bool server_timing = false;  // a Server-Timing field in replies
};

struct Lifecycle {
  std::string handover;     // Unix socket at which the next gateway asks for the listening sockets; empty: none
  bool core_dumps = false;  // memory holds credentials
};

struct Reload {
  std::chrono::milliseconds watch{1'000};  // how often files are looked at; 0: never
};

struct Config {
  Endpoint listen{"127.0.0.1", 6333};  // the short form of one plain listener; empty when `listeners` are given
  std::vector<Listener> listeners;
  Endpoint admin{"127.0.0.1", 9090};  // empty: no admin listener
  // Peers whose Forwarded and X-Forwarded-For go on to the upstream.
  std::vector<base::Network> trusted_proxies;
  unsigned threads = 0;  // 0: one per core
  Upstream upstream;                // the short form of one; unused when `upstreams` are given
  std::vector<Upstream> upstreams;
  Auth auth;
  Limits limits;
  Timeouts timeouts;
  Compression compression;
  Log log;
  Metrics metrics;
  Tracing tracing;
  Lifecycle lifecycle;
  Reload reload;

  // `listeners`, or what `listen` stands for.
  std::vector<Listener> Listeners() const;
  // `upstreams`, or the one.
  std::vector<Upstream> Upstreams() const;
  // The same as if `only` were the one upstream there is: what rooms that serve one are made from.
  Config With(const Upstream& only) const;
};

}  // namespace vecgate::config
