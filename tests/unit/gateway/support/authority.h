// Certificates made on the fly.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "tls/openssl.h"

namespace vecgate::test {

struct Wanted {
  std::string name;                      // common name
  std::vector<std::string> names = {};   // alternative names: "DNS:a.example", "URI:spiffe://a/b"
  int from_days = -1;                    // from now
  int to_days = 30;
  bool rsa = false;                      // else P-256
};

struct Issued {
  std::string certificate;  // PEM
  std::string key;          // PEM
  long serial = 0;
};

class Authority {
 public:
  explicit Authority(const std::string& name);

  const std::string& pem() const { return pem_; }
  Issued Issue(const Wanted& wanted);
  // A revocation list that names these serial numbers.
  std::string Revoke(const std::vector<long>& serials) const;

 private:
  tls::KeyPtr key_;
  tls::X509Ptr certificate_;
  std::string pem_;
  long next_serial_ = 1000;
};

// A directory for a test's files, gone with this object.
class TestFiles {
 public:
  TestFiles();
  ~TestFiles();
  TestFiles(const TestFiles&) = delete;
  TestFiles& operator=(const TestFiles&) = delete;

  std::string Path(std::string_view name) const { return (folder_ / name).string(); }
  // Writes a file, in place of one that is there, and returns its path.
  std::string Write(std::string_view name, std::string_view text) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace vecgate::test
