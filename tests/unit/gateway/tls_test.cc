// What files and settings make of a listener's context.
#include <gtest/gtest.h>

#include <fstream>

#include "base/status.h"
#include "support/tls_fixture.h"
#include "tls/server_context.h"

namespace vecgate::tls {
namespace {

using test::TlsFixture;
using test::Wanted;

std::string ReasonOf(const absl::Status& status) { return std::string(base::MessageOf(status)); }

// The subjects of the certificates for a name, in their order.
std::vector<std::string> ChosenFor(const TlsFixture& fixture, std::string_view name) {
  const auto context = fixture.contexts().current();
  std::vector<std::string> chosen;
  for (const size_t index : context->Select(name)) chosen.push_back(context->certificates()[index].subject);
  return chosen;
}

TEST(ServerContextTest, ChoosesByName) {
  TlsFixture fixture;
  fixture.Add({"exact", {"DNS:a.example", "DNS:Case.Example"}});
  fixture.Add({"wild", {"DNS:*.example", "DNS:*.deep.b.example"}});
  fixture.Add({"exact", {"DNS:a.example"}, -1, 30, true});
  ASSERT_TRUE(fixture.Reload().ok());
  using Names = std::vector<std::string>;
  EXPECT_EQ(ChosenFor(fixture, "a.example"), (Names{"CN=exact", "CN=exact"}));
  EXPECT_EQ(ChosenFor(fixture, "A.Example."), (Names{"CN=exact", "CN=exact"}));
  EXPECT_EQ(ChosenFor(fixture, "case.example"), (Names{"CN=exact"}));
  EXPECT_EQ(ChosenFor(fixture, "b.example"), (Names{"CN=wild"}));
  EXPECT_EQ(ChosenFor(fixture, "x.deep.b.example"), (Names{"CN=wild"}));
  // A wildcard is for one label, and not for none.
  for (const std::string_view other : {"x.b.example", "example", ".example", "", "*.example.org", "localhost"}) {
    EXPECT_EQ(ChosenFor(fixture, other), (Names{"CN=localhost"})) << other;
  }
}

TEST(ServerContextTest, TheNameMayStandInTheSubject) {
  TlsFixture fixture;
  fixture.Add({"old.example"});
  ASSERT_TRUE(fixture.Reload().ok());
  EXPECT_EQ(ChosenFor(fixture, "old.example"), std::vector<std::string>{"CN=old.example"});
}

TEST(ServerContextTest, KnowsWhenCertificatesExpire) {
  TlsFixture fixture;
  const int64_t now = time(nullptr);
  const auto context = fixture.contexts().current();
  EXPECT_NEAR(static_cast<double>(context->certificates()[0].expires), static_cast<double>(now + 30 * 86400), 60);
  EXPECT_EQ(context->certificates()[0].serial, "03e8");
}

TEST(ServerContextTest, SaysWhichFileIsWrong) {
  TlsFixture fixture;
  const std::string certificate = fixture.settings().certificates[0];
  const std::string key = fixture.settings().keys[0];
  const test::Issued other = fixture.authority().Issue({"other"});
  const auto before = fixture.contexts().current();

  const auto fault = [&](const std::string& certificate_file, const std::string& key_file) {
    fixture.settings().certificates = {certificate_file};
    fixture.settings().keys = {key_file};
    return ReasonOf(fixture.Reload());
  };
  const std::string missing = fixture.files().Path("missing.pem");
  EXPECT_EQ(fault(missing, key), missing + ": cannot read: No such file or directory");
  const std::string empty = fixture.files().Write("empty.pem", "");
  EXPECT_TRUE(fault(empty, key).starts_with(empty + ": cannot read")) << fault(empty, key);
  const std::string garbage = fixture.files().Write("garbage.pem", "garbage");
  EXPECT_EQ(fault(garbage, key), garbage + ": no certificate: no start line");
  EXPECT_TRUE(fault(certificate, garbage).starts_with(garbage + ": no key that can be read"));
  const std::string foreign = fixture.files().Write("foreign.key", other.key);
  EXPECT_EQ(fault(certificate, foreign),
            foreign + ": not the key of " + certificate + ": key values mismatch");
  std::ifstream whole(certificate);
  std::string text((std::istreambuf_iterator<char>(whole)), {});
  const std::string broken = fixture.files().Write("chain.pem", text + "-----BEGIN CERTIFICATE-----\nMIIB\n");
  EXPECT_TRUE(fault(broken, key).starts_with(broken + ": broken chain")) << fault(broken, key);
  const std::string locked = fixture.files().Write(
      "locked.key", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAjGz0S5\n"
                    "-----END ENCRYPTED PRIVATE KEY-----\n");
  EXPECT_TRUE(fault(certificate, locked).starts_with(locked + ": no key that can be read"));
  // All the while the old one is used.
  EXPECT_EQ(fixture.contexts().current(), before);
}

TEST(ServerContextTest, RefusesSettingsTheLibraryDoesNotKnow) {
  const auto fault = [](auto adjust) { return ReasonOf(TlsFixture(adjust).status()); };
  EXPECT_EQ(fault([](auto& tls) { tls.ciphers = "NONSENSE"; }), "tls.ciphers: no cipher match");
  EXPECT_EQ(fault([](auto& tls) { tls.cipher_suites = "NONSENSE"; }), "tls.cipher_suites: no cipher match");
  EXPECT_TRUE(fault([](auto& tls) { tls.curves = "NONSENSE"; }).starts_with("tls.curves: "));
  EXPECT_TRUE(fault([](auto& tls) { tls.keys.clear(); }).starts_with("tls.certificates and tls.keys"));
}

TEST(ServerContextTest, RefusesAuthoritiesWithoutCertificate) {
  TlsFixture fixture;
  fixture.settings().client_certificates = "required";
  fixture.settings().client_ca = fixture.files().Write("ca.pem", "nothing in it");
  EXPECT_TRUE(ReasonOf(fixture.Reload()).starts_with(fixture.settings().client_ca));
  fixture.settings().client_ca = fixture.files().Write("ca.pem", fixture.authority().pem());
  EXPECT_TRUE(fixture.Reload().ok());
  fixture.settings().client_crl = fixture.files().Write("crl.pem", "nothing in it");
  EXPECT_TRUE(ReasonOf(fixture.Reload()).starts_with(fixture.settings().client_crl));
}

}  // namespace
}  // namespace vecgate::tls
