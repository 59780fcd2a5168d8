// Who may call, and with which credential the gateway calls the upstream.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "config/secret.h"

namespace vecgate::config {

// What a caller may do.
struct Rights {
  std::string access;                    // full, read-only, collections
  std::vector<std::string> collections;  // "name:r", "name:rw", "name:prw"

  friend bool operator==(const Rights&, const Rights&) = default;
};

// A static API key: either its hash or the key itself.
struct AuthKey {
  std::string name;
  std::string hash;  // "sha256:<salt>:<digest>"
  Secret key;
  Rights rights;

  friend bool operator==(const AuthKey&, const AuthKey&) = default;
};

// An issuer of tokens: either a shared secret, or public keys.
struct AuthTokens {
  std::string name;
  Secret secret;         // HS256
  std::string keys;      // RS256, ES256, EdDSA: file or URL of a JSON Web Key Set; empty: the issuer says where
  std::string issuer;    // `iss`; empty: anyone
  std::string audience;  // `aud`; empty: anything
  std::string access_claim = "access";
  std::string without_access = "auto";  // full, read-only, none; auto: full with a secret, else none
  std::string ca;                       // PEM file of authorities for https; empty: the system's
  std::chrono::milliseconds leeway{30'000};
  std::chrono::milliseconds refresh{3'600'000};

  friend bool operator==(const AuthTokens&, const AuthTokens&) = default;
};

// A client certificate that TLS has verified.
struct AuthCertificate {
  std::string name;
  std::string subject;           // "CN=reader,O=Example"; empty: any
  std::string alternative_name;  // "DNS:app.example.org", "URI:spiffe://example/app"; empty: any
  Rights rights;

  friend bool operator==(const AuthCertificate&, const AuthCertificate&) = default;
};

struct Auth {
  std::string passthrough = "auto";  // always, never; auto: unless anything below is given
  std::string anonymous = "none";    // full, read-only, none
  std::vector<AuthKey> keys;
  std::vector<AuthTokens> tokens;
  std::vector<AuthCertificate> certificates;

  // Callers that the gateway does not know are left to the upstream.
  bool PassesThrough() const;

  friend bool operator==(const Auth&, const Auth&) = default;
};

struct OAuth2 {
  std::string token_url;
  std::string client_id;
  Secret client_secret;
  std::string scope;
  std::string audience;
  std::string ca;  // PEM file of authorities; empty: the system's

  friend bool operator==(const OAuth2&, const OAuth2&) = default;
};

struct UpstreamCredentials {
  std::string source = "auto";           // auto, forward, key, file, command, oauth2
  std::string header = "authorization";  // authorization, api-key
  Secret key;
  std::string file;
  std::chrono::milliseconds file_check{1'000};
  std::vector<std::string> command;
  OAuth2 oauth2;
  std::chrono::milliseconds refresh{300'000};
  std::chrono::milliseconds timeout{10'000};

  friend bool operator==(const UpstreamCredentials&, const UpstreamCredentials&) = default;
};

}  // namespace vecgate::config
