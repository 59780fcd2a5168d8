// Real handshakes with a listener.
#include <gtest/gtest.h>
#include <openssl/err.h>

#include <atomic>
#include <optional>
#include <thread>

#include "base/text.h"
#include "support/http_client.h"
#include "support/test_server.h"
#include "support/tls_fixture.h"

namespace vecgate::http {
namespace {

using std::chrono::milliseconds;
using test::ClientTls;
using test::Get;
using test::HttpClient;
using test::Issued;
using test::SessionPtr;

// Answers what is known of the connection.
class FactsHandler final : public Handler {
 public:
  base::Awaitable<void> Handle(Exchange& exchange) override {
    const ConnectionFacts& facts = exchange.connection();
    std::string text = base::Concat(facts.tls ? "tls" : "plain", "|", facts.tls_version, "|", facts.tls_cipher, "|",
                                    facts.server_name, "|");
    if (facts.client_certificate.has_value()) {
      const ClientCertificate& client = *facts.client_certificate;
      base::Append(&text, client.subject, "|", client.issuer, "|", base::Join(client.names, " "), "|", client.serial, "|",
                   client.fingerprint.size());
    }
    Response response;
    response.body = text;
    co_await exchange.Send(response);
  }
  void Refused(uint32_t) override {}
};

class TlsListenerTest : public testing::Test {
 protected:
  template <typename Adjust>
  void Start(Adjust adjust, ServerSettings settings = test::QuickSettings()) {
    tls_.emplace(adjust);
    ASSERT_TRUE(tls_->status().ok()) << tls_->status();
    settings.tls = &tls_->contexts();
    server_.emplace(settings, [](boost::asio::io_context&) { return std::make_unique<FactsHandler>(); });
  }
  void Start() {
    Start([](config::ServerTls&) {});
  }
  uint16_t port() { return server_->port(); }

  // A listener that believes the certificates of `clients_`.
  void StartForClients(const std::string& mode) {
    Start([&](config::ServerTls& settings) {
      settings.client_certificates = mode;
      settings.client_ca = files_.Write("clients.pem", clients_.pem());
    });
  }
  ClientTls Showing(const Issued& issued) {
    ClientTls client;
    client.certificate = issued.certificate;
    client.key = issued.key;
    return client;
  }

  // The answer's body; empty when there was none. A server that refuses a client certificate says so, with TLS 1.3,
  // only after the client's side of the handshake is done.
  std::string Ask(const ClientTls& client, std::string* error = nullptr) {
    HttpClient http(port(), client);
    std::string body;
    if (http.tls()->ok()) body = http.Ask(Get("/")).body;
    if (error != nullptr) *error = http.tls()->error();
    return body;
  }
  void ExpectCount(std::string_view version, std::string_view result, int count) {
    // The server counts on its own thread, perhaps after the client knows.
    for (int i = 0; i < 2000 && tls_->count(version, result) != count; ++i) std::this_thread::sleep_for(milliseconds(1));
    EXPECT_EQ(tls_->count(version, result), count) << version << " " << result;
  }

  test::Authority clients_{"Clients"};
  test::TestFiles files_;
  std::optional<test::TlsFixture> tls_;
  std::optional<test::TestServer> server_;
};

TEST_F(TlsListenerTest, SpeaksBothVersions) {
  Start();
  for (const auto& [version, name] : {std::pair{TLS1_2_VERSION, "TLSv1.2"}, std::pair{TLS1_3_VERSION, "TLSv1.3"}}) {
    ClientTls client;
    client.least = client.most = version;
    client.authorities = tls_->authority().pem();
    client.server_name = "localhost";
    HttpClient http(port(), client);
    ASSERT_TRUE(http.tls()->ok()) << http.tls()->error();
    EXPECT_EQ(http.tls()->version(), name);
    EXPECT_EQ(http.Ask(Get("/")).body, base::Concat("tls|", name, "|", http.tls()->cipher(), "|localhost|"));
    EXPECT_EQ(http.Ask(Get("/", "Connection: close\r\n")).status, 200);
    EXPECT_TRUE(http.Ended());  // by close_notify
    ExpectCount(name, "full", 1);
  }
}

TEST_F(TlsListenerTest, RefusesOldVersions) {
  Start();
  ClientTls client;
  client.least = TLS1_VERSION;
  client.most = TLS1_1_VERSION;
  std::string error;
  EXPECT_EQ(Ask(client, &error), "");
  EXPECT_EQ(error, "tlsv1 alert protocol version");
  ExpectCount("none", "no_common_version", 1);
}

TEST_F(TlsListenerTest, TheFloorCanBeRaised) {
  Start([](config::ServerTls& settings) { settings.minimum_version = "TLSv1.3"; });
  ClientTls client;
  client.most = TLS1_2_VERSION;
  std::string error;
  EXPECT_EQ(Ask(client, &error), "");
  EXPECT_EQ(error, "tlsv1 alert protocol version");
  EXPECT_NE(Ask({}), "");
}

TEST_F(TlsListenerTest, RefusesWeakCiphers) {
  Start();
  // No secrecy, no authentication, broken or short keys, no forward secrecy, no authenticated encryption.
  int refused = 0;
  for (const char* ciphers : {"eNULL", "aNULL", "RC4", "3DES", "kRSA", "AES128-SHA", "AES256-GCM-SHA384",
                              "ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA384", "DHE"}) {
    ClientTls client;
    client.most = TLS1_2_VERSION;
    client.ciphers = base::Concat(ciphers, ":@SECLEVEL=0");
    std::string error;
    EXPECT_EQ(Ask(client, &error), "") << ciphers;
    // This library may have taken some out of itself.
    if (error == "sslv3 alert handshake failure" || error == "ssl/tls alert handshake failure") ++refused;
  }
  EXPECT_GE(refused, 6);
  ExpectCount("none", "no_common_algorithm", refused);
}

TEST_F(TlsListenerTest, ChoosesTheCertificateByName) {
  Start();
  tls_->Add({"first", {"DNS:a.example"}});
  tls_->Add({"wild", {"DNS:*.b.example"}});
  ASSERT_TRUE(tls_->Reload().ok());
  for (const auto& [name, subject] :
       {std::pair{"a.example", "first"}, std::pair{"x.b.example", "wild"}, std::pair{"localhost", "localhost"}}) {
    ClientTls client;
    client.authorities = tls_->authority().pem();
    client.server_name = name;
    HttpClient http(port(), client);
    ASSERT_TRUE(http.tls()->ok()) << http.tls()->error();
    EXPECT_EQ(http.tls()->subject(), subject);
  }
  HttpClient nameless(port(), ClientTls{});
  EXPECT_EQ(nameless.tls()->subject(), "localhost");
}

TEST_F(TlsListenerTest, ChoosesTheKindOfKeyByWhatTheClientKnows) {
  Start();
  tls_->Add({"localhost", {"DNS:localhost"}, -1, 30, true});
  ASSERT_TRUE(tls_->Reload().ok());
  for (const char* kind : {"ECDSA", "RSA"}) {
    ClientTls client;
    client.most = TLS1_2_VERSION;
    client.ciphers = base::Concat("ECDHE-", kind, "-AES128-GCM-SHA256");
    HttpClient http(port(), client);
    ASSERT_TRUE(http.tls()->ok()) << http.tls()->error();
    EXPECT_EQ(http.tls()->cipher(), client.ciphers);
  }
}

TEST_F(TlsListenerTest, AgreesOnHttp11Only) {
  Start();
  ClientTls client;
  client.protocols = "\x02h2\x08http/1.1";
  HttpClient both(port(), client);
  ASSERT_TRUE(both.tls()->ok());
  const unsigned char* chosen = nullptr;
  unsigned int size = 0;
  SSL_get0_alpn_selected(both.tls()->ssl(), &chosen, &size);
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(chosen), size), "http/1.1");
  client.protocols = "\x02h2";
  std::string error;
  EXPECT_EQ(Ask(client, &error), "");
  EXPECT_EQ(error, "tlsv1 alert no application protocol");
  ExpectCount("none", "no_common_application_protocol", 1);
}

// ---- client certificates ----

TEST_F(TlsListenerTest, RequiredClientCertificates) {
  StartForClients("required");
  const Issued reader = clients_.Issue({"reader", {"DNS:app.example", "URI:spiffe://example/app", "IP:10.0.0.7",
                                                   "IP:2001:db8:0:0:0:0:0:7", "email:a@b.example"}});
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    ClientTls client = Showing(reader);
    client.most = version;
    const std::string answer = Ask(client);
    EXPECT_TRUE(answer.ends_with("||CN=reader|CN=Clients|DNS:app.example URI:spiffe://example/app IP:10.0.0.7 "
                                 "IP:2001:db8::7 email:a@b.example|03e8|64"))
        << answer;
    ClientTls none;
    none.most = version;
    EXPECT_EQ(Ask(none), "");
  }
  ExpectCount("none", "no_client_certificate", 2);
}

TEST_F(TlsListenerTest, RefusesClientCertificatesItCannotVerify) {
  for (const char* mode : {"required", "optional"}) {
    StartForClients(mode);
    test::Authority others("Clients");  // of the same name
    int refused = 0;
    for (const Issued& issued : {others.Issue({"reader"}), clients_.Issue({"expired", {}, -10, -1}),
                                 clients_.Issue({"not yet", {}, 5, 10})}) {
      for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        ClientTls client = Showing(issued);
        client.most = version;
        std::string error;
        EXPECT_EQ(Ask(client, &error), "");
        EXPECT_NE(error.find("alert"), std::string::npos) << error;  // it is told why
        ++refused;
      }
    }
    ExpectCount("none", "bad_client_certificate", refused);
  }
}

TEST_F(TlsListenerTest, OptionalClientCertificates) {
  StartForClients("optional");
  EXPECT_TRUE(Ask({}).ends_with("||"));
  EXPECT_NE(Ask(Showing(clients_.Issue({"reader"}))).find("CN=reader"), std::string::npos);
}

TEST_F(TlsListenerTest, RevokedClientCertificates) {
  const Issued good = clients_.Issue({"good"});
  const Issued bad = clients_.Issue({"bad"});
  Start([&](config::ServerTls& settings) {
    settings.client_certificates = "required";
    settings.client_ca = files_.Write("clients.pem", clients_.pem());
    settings.client_crl = files_.Write("revoked.pem", clients_.Revoke({bad.serial}));
  });
  EXPECT_NE(Ask(Showing(good)), "");
  std::string error;
  EXPECT_EQ(Ask(Showing(bad), &error), "");
  EXPECT_NE(error.find("alert certificate revoked"), std::string::npos) << error;
}

// ---- coming back ----

class TlsResumptionTest : public TlsListenerTest, public testing::WithParamInterface<int> {
 protected:
  // Connects, asks, and keeps what is needed to come back.
  SessionPtr Visit(ClientTls client, bool* resumed = nullptr, std::string* answer = nullptr) {
    client.least = client.most = GetParam();
    HttpClient http(port(), client);
    EXPECT_TRUE(http.tls()->ok()) << http.tls()->error();
    const std::string body = http.Ask(Get("/")).body;
    if (answer != nullptr) *answer = body;
    if (resumed != nullptr) *resumed = http.tls()->resumed();
    return http.tls()->session();
  }
  bool Resumes(ClientTls client, const SessionPtr& session, std::string* answer = nullptr) {
    client.session = session.get();
    bool resumed = false;
    Visit(client, &resumed, answer);
    return resumed;
  }
};

TEST_P(TlsResumptionTest, ClientsComeBack) {
  Start();
  const SessionPtr session = Visit({});
  EXPECT_TRUE(Resumes({}, session));
  ExpectCount(GetParam() == TLS1_2_VERSION ? "TLSv1.2" : "TLSv1.3", "resumed", 1);
}

TEST_P(TlsResumptionTest, ClientsComeBackAcrossReloads) {
  Start();
  const SessionPtr session = Visit({});
  tls_->Write({"renewed", {"DNS:localhost"}});
  ASSERT_TRUE(tls_->Reload().ok());
  EXPECT_TRUE(Resumes({}, session));
}

TEST_P(TlsResumptionTest, WhoComesBackIsStillKnown) {
  StartForClients("required");
  const ClientTls client = Showing(clients_.Issue({"reader"}));
  const SessionPtr session = Visit(client);
  std::string answer;
  EXPECT_TRUE(Resumes(client, session, &answer));
  EXPECT_NE(answer.find("|CN=reader|CN=Clients|"), std::string::npos) << answer;
}

TEST_P(TlsResumptionTest, OtherAuthoritiesEndWhatWasAgreed) {
  StartForClients("optional");
  const ClientTls client = Showing(clients_.Issue({"reader"}));
  const SessionPtr session = Visit(client);
  files_.Write("clients.pem", test::Authority("Others").pem());
  ASSERT_TRUE(tls_->Reload().ok());
  std::string answer;
  EXPECT_FALSE(Resumes({}, session, &answer));
  EXPECT_EQ(answer.find("CN=reader"), std::string::npos) << answer;
}

TEST_P(TlsResumptionTest, CanBeTurnedOff) {
  Start([](config::ServerTls& settings) { settings.sessions = milliseconds(0); });
  EXPECT_FALSE(Resumes({}, Visit({})));
}

INSTANTIATE_TEST_SUITE_P(Versions, TlsResumptionTest, testing::Values(TLS1_2_VERSION, TLS1_3_VERSION),
                         [](const auto& info) { return info.param == TLS1_2_VERSION ? "Tls12" : "Tls13"; });

// ---- renewal ----

TEST_F(TlsListenerTest, NewHandshakesUseNewCertificates) {
  Start();
  HttpClient before(port(), ClientTls{});
  EXPECT_EQ(before.Ask(Get("/")).status, 200);
  tls_->Write({"renewed", {"DNS:localhost"}});
  ASSERT_TRUE(tls_->Reload().ok());
  HttpClient after(port(), ClientTls{});
  EXPECT_EQ(after.tls()->subject(), "renewed");
  // Who was there stays.
  EXPECT_EQ(before.Ask(Get("/")).status, 200);
}

TEST_F(TlsListenerTest, ABadPairKeepsTheOldOne) {
  Start();
  tls_->files().Write("server.key", "half a key");
  EXPECT_FALSE(tls_->Reload().ok());
  HttpClient client(port(), ClientTls{});
  EXPECT_EQ(client.tls()->subject(), "localhost");
}

TEST_F(TlsListenerTest, RenewalUnderLoadLosesNothing) {
  Start();
  std::atomic<bool> stop{false};
  std::atomic<int> answered{0};
  std::atomic<int> lost{0};
  std::vector<std::thread> clients;
  for (const bool keeps : {true, false}) {
    clients.emplace_back([&, keeps] {
      std::optional<HttpClient> client;
      while (!stop.load()) {
        if (!client.has_value() || !keeps) client.emplace(port(), ClientTls{});
        ++(client->Ask(Get("/")).status == 200 ? answered : lost);
      }
    });
  }
  for (int i = 0; i < 20; ++i) {
    tls_->Write({base::Concat("renewed", i), {"DNS:localhost"}});
    ASSERT_TRUE(tls_->Reload().ok());
    const int before = answered.load();
    while (answered.load() < before + 10 && lost.load() == 0) std::this_thread::yield();
  }
  stop = true;
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(lost.load(), 0);
  EXPECT_GE(answered.load(), 200);
}

// ---- clients that do not play by the rules ----

TEST_F(TlsListenerTest, PlainHttpIsToldSo) {
  Start();
  for (const std::string& request : {Get("/"), test::Post("/", std::string(100'000, 'x')),
                                     std::string("CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n")}) {
    HttpClient client(port());
    const test::HttpReply reply = client.Ask(request);
    EXPECT_EQ(reply.status, 400) << request.substr(0, 20);
    EXPECT_TRUE(reply.Has("connection: close"));
    EXPECT_EQ(reply.body, "This port speaks HTTPS.\n");
    EXPECT_TRUE(client.Ended());
  }
  ExpectCount("none", "plain_http", 3);
}

TEST_F(TlsListenerTest, WhatIsStillSentDoesNotTakeTheAnswerAway) {
  Start();
  HttpClient client(port());
  client.Send(Get("/"));
  const test::HttpReply reply = client.Read();
  EXPECT_EQ(reply.status, 400);
  // The server has said its last and listens on until we have.
  EXPECT_TRUE(client.Ended());
  EXPECT_TRUE(client.Send(std::string(1'000'000, 'x')));
  EXPECT_FALSE(client.WasReset());
}

TEST_F(TlsListenerTest, GarbageEndsTheConnection) {
  Start();
  int malformed = 0;
  for (const std::string& bytes :
       {std::string(100, '\0'), std::string(20'000, '\xff'), std::string("SSH-2.0-OpenSSH_9.2\r\n"),
        std::string("\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00", 10), std::string("\x16\x03\x01\xff\xff", 5)}) {
    HttpClient client(port());
    client.Send(bytes);
    client.ShutdownSend();
    client.ReadBytes(1000);  // an alert, perhaps
    EXPECT_TRUE(client.Ended());
    ++malformed;
  }
  // What may be the begin of a handshake is one that was given up.
  for (int i = 0; i < 2000 && server_->connections() > 0; ++i) std::this_thread::sleep_for(milliseconds(1));
  EXPECT_EQ(tls_->count("none", "malformed") + tls_->count("none", "client_gone"), malformed);
  EXPECT_NE(Ask({}), "");
}

TEST_F(TlsListenerTest, SlowHandshakesAreCut) {
  ServerSettings settings = test::QuickSettings();
  settings.timeouts.handshake = milliseconds(40);
  Start([](config::ServerTls&) {}, settings);
  HttpClient silent(port());
  EXPECT_TRUE(silent.Ended());
  HttpClient slow(port());
  slow.Send(std::string_view("\x16\x03\x01\x02", 4));
  EXPECT_TRUE(slow.Ended());
  ExpectCount("none", "timeout", 2);
  EXPECT_NE(Ask({}), "");
}

TEST_F(TlsListenerTest, ClientsThatLeaveDuringTheHandshakeAreForgotten) {
  Start();
  for (const std::string_view bytes : {std::string_view(""), std::string_view("\x16\x03\x01\x02\x00\x01\x00", 7)}) {
    HttpClient client(port());
    client.Send(bytes);
    client.Close();
  }
  ExpectCount("none", "client_gone", 2);
  while (server_->connections() > 0) std::this_thread::yield();
}

TEST_F(TlsListenerTest, RenegotiationIsRefused) {
  Start();
  ClientTls client;
  client.most = TLS1_2_VERSION;
  HttpClient http(port(), client);
  ASSERT_EQ(http.Ask(Get("/")).status, 200);
  ASSERT_EQ(SSL_renegotiate(http.tls()->ssl()), 1);
  EXPECT_NE(SSL_do_handshake(http.tls()->ssl()), 1);
  EXPECT_EQ(tls::LastError(), "no renegotiation");
}

TEST_F(TlsListenerTest, KeysMayBeChangedAnyTime) {
  Start();
  ClientTls client;
  client.least = TLS1_3_VERSION;
  HttpClient http(port(), client);
  for (int i = 0; i < 5; ++i) {
    ASSERT_EQ(SSL_key_update(http.tls()->ssl(), SSL_KEY_UPDATE_REQUESTED), 1);
    EXPECT_EQ(http.Ask(Get("/")).status, 200);
  }
}

TEST_F(TlsListenerTest, AClientThatHasNothingMoreToSayGetsItsAnswer) {
  Start();
  ClientTls client;
  HttpClient http(port(), client);
  http.Send(Get("/", "Connection: close\r\n"));
  http.tls()->End();  // close_notify behind the request
  const test::HttpReply reply = http.Read();
  EXPECT_EQ(reply.status, 200);
  EXPECT_TRUE(http.Ended());
}

TEST_F(TlsListenerTest, WhoNeverSaysGoodbyeIsLeft) {
  Start();
  HttpClient http(port(), ClientTls{});
  EXPECT_EQ(http.Ask(Get("/", "Connection: close\r\n")).status, 200);
  // The answer is all here; nothing is read and nothing is said any more.
  for (int i = 0; i < 10'000 && server_->connections() > 0; ++i) std::this_thread::sleep_for(milliseconds(1));
  EXPECT_EQ(server_->connections(), 0u);
}

}  // namespace
}  // namespace vecgate::http
