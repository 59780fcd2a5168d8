// Certificates and their keys, from PEM files.
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <string>
#include <vector>

#include "tls/openssl.h"

namespace vecgate::tls {

// A certificate that we show, with its key. Immutable once loaded.
struct Certificate {
  X509Ptr leaf;
  ChainPtr chain;  // of intermediate authorities, in the file's order
  KeyPtr key;
  std::string subject;             // "CN=db.example.org,O=Example"
  std::string serial;              // hexadecimal
  std::vector<std::string> names;  // DNS names it is for, lower case; "*.example.org" for any one label
  int64_t expires = 0;             // seconds since 1970
};

// Reads a certificate with the chain behind it, and its key, which must not be encrypted. The files may be one. Fails
// when they do not belong together; errors name the file and never what is in it.
absl::StatusOr<Certificate> LoadCertificate(const std::string& certificate_file, const std::string& key_file);

// The whole file.
absl::StatusOr<std::string> ReadPem(const std::string& file);

// "CN=db.example.org,O=Example" (RFC 2253).
std::string TextOf(const X509_NAME* name);
std::string SerialOf(const X509* certificate);
int64_t SecondsOf(const ASN1_TIME* time);

}  // namespace vecgate::tls
