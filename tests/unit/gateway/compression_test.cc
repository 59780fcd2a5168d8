#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "base/text.h"
#include "compression/coding.h"
#include "compression/decoder.h"
#include "compression/encoder.h"
#include "compression/offload.h"
#include "support/grpc_backend.h"
#include "support/http_client.h"
#include "support/io_thread.h"
#include "support/test_gateway.h"

namespace vecgate::compression {
namespace {

using test::Get;
using test::GrpcBackend;
using test::HttpClient;
using test::HttpReply;
using test::Post;
using test::TestGateway;

constexpr std::array kAll = {Coding::kBrotli, Coding::kGzip, Coding::kDeflate, Coding::kZstd};
constexpr uint64_t kNoLimit = 1 << 30;

std::string Encoded(Coding coding, std::string_view plain) {
  Encoder encoder;
  base::BodyBuffer out;
  encoder.Encode(coding, Levels(), plain, &out);
  return std::string(out.view());
}

struct Decoded {
  DecodeStatus status;
  std::string what;
  std::string text;
};

Decoded Decode(Coding coding, std::string_view coded, uint64_t limit = kNoLimit) {
  Decoder decoder;
  base::BodyBuffer out;
  const DecodeResult result = decoder.Decode(coding, coded, limit, &out);
  return {result.status, std::string(result.what), std::string(out.view())};
}

std::string Words(size_t size) {
  std::mt19937 random(7);
  std::string text;
  while (text.size() < size) base::Append(&text, "{\"x\":", random() % 100'000, "},");
  text.resize(size);
  return text;
}

std::string Noise(size_t size) {
  std::mt19937 random(8);
  std::string text(size, '\0');
  for (char& c : text) c = static_cast<char>(random());
  return text;
}

std::optional<Coding> Accepting(std::string_view value) {
  const base::Header header{"Accept-Encoding", value};
  return ReplyCoding({&header, 1});
}

Coding Sent(std::string_view value) {
  const base::Header header{"Content-Encoding", value};
  return RequestCoding({&header, 1});
}

TEST(CodingTest, KnowsRequestCodings) {
  EXPECT_EQ(RequestCoding({}), Coding::kIdentity);
  EXPECT_EQ(Sent("gzip"), Coding::kGzip);
  EXPECT_EQ(Sent(" GZip "), Coding::kGzip);
  EXPECT_EQ(Sent("deflate"), Coding::kDeflate);
  EXPECT_EQ(Sent("br"), Coding::kBrotli);
  EXPECT_EQ(Sent("zstd"), Coding::kZstd);
  for (const std::string_view value : {"identity", "", "compress", "gzip, br", "snappy"}) {
    EXPECT_EQ(Sent(value), Coding::kIdentity) << value;
  }
}

TEST(CodingTest, ChoosesByWeightThenByOrder) {
  struct Row {
    std::string_view accept;
    std::optional<Coding> chosen;
  };
  const Row rows[] = {
      {"", Coding::kIdentity},
      {"gzip", Coding::kGzip},
      {"gzip, deflate, br, zstd", Coding::kGzip},
      {"zstd, br, gzip", Coding::kZstd},
      {"gzip;q=0.5, br;q=0.8", Coding::kBrotli},
      {"gzip;q=0.5,deflate;Q=0.501", Coding::kDeflate},
      {"gzip;q=0", Coding::kIdentity},
      {"gzip;q=0.000, br ; q=1.000", Coding::kBrotli},
      {"compress, x", Coding::kIdentity},
      {"*", Coding::kIdentity},
      {"identity, gzip", Coding::kIdentity},
      {"identity;q=0.5, gzip;q=0.4", Coding::kIdentity},
      {"identity;q=0.5, gzip", Coding::kGzip},
      {"gzip;q=2, br;q=x, zstd;q=", Coding::kIdentity},  // malformed elements do not count
      {"identity;q=0", std::nullopt},
      {"*;q=0", std::nullopt},
      {"compress, *;q=0", std::nullopt},
      {"identity;q=0, gzip;q=0", std::nullopt},
      {"*;q=0, identity;q=0.1", Coding::kIdentity},
      {"identity;q=0, *", Coding::kIdentity},
      {"identity;q=0, gzip;q=0.1", Coding::kGzip},
      {"*;q=0, br", Coding::kBrotli},
  };
  for (const Row& row : rows) EXPECT_EQ(Accepting(row.accept), row.chosen) << row.accept;
  EXPECT_EQ(ReplyCoding({}), Coding::kIdentity);
  const std::array<base::Header, 2> two = {{{"accept-encoding", "gzip;q=0.1"}, {"ACCEPT-ENCODING", "br"}}};
  EXPECT_EQ(ReplyCoding(two), Coding::kBrotli);
}

TEST(CodecTest, RoundTrips) {
  // One object for all: what it keeps from one body must not show in the next.
  Encoder encoder;
  Decoder decoder;
  for (const std::string& plain :
       {std::string("x"), Words(100), Words(3'000'000), Noise(70'000), std::string(500'000, 'a')}) {
    for (const Coding coding : kAll) {
      base::BodyBuffer coded;
      encoder.Encode(coding, Levels(), plain, &coded);
      base::BodyBuffer out;
      const DecodeResult result = decoder.Decode(coding, coded.view(), plain.size(), &out);
      EXPECT_EQ(result.status, DecodeStatus::kDone) << NameOf(coding) << " " << result.what;
      EXPECT_TRUE(out.view() == plain) << NameOf(coding);
    }
  }
}

TEST(CodecTest, StopsAtTheLimit) {
  const std::string bomb(64 * 1024 * 1024, '\0');
  for (const Coding coding : kAll) {
    const std::string coded = Encoded(coding, bomb);
    ASSERT_LT(coded.size(), 400'000u);
    const Decoded result = Decode(coding, coded, 100'000);
    EXPECT_EQ(result.status, DecodeStatus::kTooLarge) << NameOf(coding);
    EXPECT_EQ(result.text.size(), 100'001u);
    EXPECT_EQ(Decode(coding, coded, bomb.size() - 1).status, DecodeStatus::kTooLarge);
    EXPECT_EQ(Decode(coding, coded, bomb.size()).status, DecodeStatus::kDone);
  }
}

TEST(CodecTest, EveryCutIsFoundOut) {
  const std::string plain = Words(2'000);
  for (const Coding coding : kAll) {
    const std::string coded = Encoded(coding, plain);
    for (size_t size = 1; size < coded.size(); ++size) {
      EXPECT_EQ(Decode(coding, std::string_view(coded).substr(0, size)).status, DecodeStatus::kBroken)
          << NameOf(coding) << " " << size;
    }
    EXPECT_EQ(Decode(coding, coded + "more").status, DecodeStatus::kBroken) << NameOf(coding);
    EXPECT_EQ(Decode(coding, Noise(300)).status, DecodeStatus::kBroken) << NameOf(coding);
  }
}

TEST(CodecTest, BrokenGzipIsToldInTheServersWords) {
  constexpr char kChecksum[] = "corrupt gzip stream does not have a matching checksum";
  EXPECT_EQ(Decode(Coding::kGzip, "not gzip").what, kChecksum);
  EXPECT_EQ(Decode(Coding::kGzip, "").what, kChecksum);
  EXPECT_EQ(Decode(Coding::kGzip, "this is longer than a header").what, "invalid gzip header");
  const std::string coded = Encoded(Coding::kGzip, Words(500));
  EXPECT_EQ(Decode(Coding::kGzip, coded.substr(0, coded.size() - 1)).what, kChecksum);
  std::string wrong_sum = coded;
  wrong_sum[coded.size() - 8] ^= 1;
  EXPECT_EQ(Decode(Coding::kGzip, wrong_sum).what, kChecksum);
  std::string wrong_length = coded;
  wrong_length[coded.size() - 1] ^= 1;
  EXPECT_EQ(Decode(Coding::kGzip, wrong_length).what, kChecksum);
  std::string wrong_data = coded;
  wrong_data[10] = '\x07';  // a block of the reserved type
  EXPECT_EQ(Decode(Coding::kGzip, wrong_data).what, "corrupt deflate stream");
}

TEST(CodecTest, NothingDecodesToNothing) {
  for (const Coding coding : {Coding::kBrotli, Coding::kDeflate, Coding::kZstd}) {
    EXPECT_EQ(Decode(coding, "").status, DecodeStatus::kDone);
  }
}

TEST(CodecTest, DeflateMayComeWithoutItsWrapping) {
  const std::string plain = Words(1'000);
  const std::string wrapped = Encoded(Coding::kDeflate, plain);
  EXPECT_EQ(Decode(Coding::kDeflate, wrapped.substr(2, wrapped.size() - 6)).text, plain);
}

TEST(CodecTest, ZstdFramesMayFollowEachOther) {
  const std::string two = Encoded(Coding::kZstd, "one ") + Encoded(Coding::kZstd, "two");
  EXPECT_EQ(Decode(Coding::kZstd, two).text, "one two");
  // Output that ends exactly where the room does.
  const std::string full(16 * 1024, 'x');
  EXPECT_EQ(Decode(Coding::kZstd, Encoded(Coding::kZstd, full)).text, full);
}

// A compressed body as a request; the reply's body decoded.
std::string PostCoded(Coding coding, std::string_view body) {
  return Post("/echo", body, base::Concat("Content-Encoding: ", NameOf(coding), "\r\n"));
}

TEST(CompressionTest, RequestsAreDecoded) {
  GrpcBackend backend;
  TestGateway gateway(backend.address());
  HttpClient client(gateway.port());
  const std::string text = Words(200'000);
  for (const Coding coding : kAll) EXPECT_EQ(client.Ask(PostCoded(coding, Encoded(coding, text))).body, text);
  EXPECT_EQ(client.Ask(Post("/echo", "plain", "Content-Encoding: unknown\r\n")).body, "plain");
  EXPECT_NE(gateway.metrics().find(base::Concat("vecgate_decoded_request_bytes_total ", 4 * text.size(), "\n")),
            std::string::npos);
}

TEST(CompressionTest, BombsAndBrokenBodiesAreRefused) {
  GrpcBackend backend;
  http::ServerSettings settings = test::QuickSettings();
  settings.limits.body_bytes = 10'000;
  TestGateway gateway(backend.address(), settings);
  for (const Coding coding : kAll) {
    HttpClient client(gateway.port());
    const HttpReply reply = client.Ask(PostCoded(coding, Encoded(coding, std::string(1'000'000, 'x'))));
    EXPECT_EQ(reply.status, 400) << NameOf(coding);
    EXPECT_EQ(reply.body, R"({"error":"too large: 0 > 10000"})") << NameOf(coding);
    EXPECT_TRUE(reply.Has("connection: close"));
  }
  HttpClient client(gateway.port());
  const HttpReply broken = client.Ask(PostCoded(Coding::kGzip, "not gzip"));
  EXPECT_EQ(broken.status, 400);
  EXPECT_EQ(broken.body, R"({"error":"corrupt gzip stream does not have a matching checksum"})");
  // All of it was read, so the connection goes on; and the caller is judged first.
  EXPECT_EQ(client.Ask(Post("/echo", "a")).body, "a");
  EXPECT_EQ(client.Ask(Post("/echo", "not gzip", "Content-Encoding: gzip\r\nApi-Key: wrong\r\n")).status, 401);
}

TEST(CompressionTest, RepliesAreCodedAsAsked) {
  GrpcBackend backend;
  TestGateway gateway(backend.address());
  HttpClient client(gateway.port());
  for (const Coding coding : kAll) {
    const HttpReply reply =
        client.Ask(Post("/echo", "hello", base::Concat("Accept-Encoding: ", NameOf(coding), "\r\n")));
    EXPECT_TRUE(reply.Has(base::Concat("content-encoding: ", NameOf(coding))));
    EXPECT_TRUE(
        reply.Has("vary: accept-encoding, Origin, Access-Control-Request-Method, Access-Control-Request-Headers"));
    EXPECT_TRUE(reply.Has("content-type: application/json"));
    EXPECT_EQ(Decode(coding, reply.body).text, "hello");
  }
  const HttpReply plain = client.Ask(Post("/echo", "hello", "Accept-Encoding: compress\r\n"));
  EXPECT_EQ(plain.body, "hello");
  EXPECT_EQ(plain.head.find("content-encoding"), std::string::npos);
  EXPECT_TRUE(plain.Has("vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers"));
  // Refusals of the API are coded, those of the layer before it and empty bodies are not.
  const HttpReply refusal = client.Ask(Post("/echo", "bad", "Accept-Encoding: gzip\r\n"));
  EXPECT_EQ(Decode(Coding::kGzip, refusal.body).text, R"({"error":"bad body"})");
  EXPECT_EQ(client.Ask(Get("/local", "Accept-Encoding: gzip\r\napi-key: wrong\r\n")).body, "Invalid key");
  const HttpReply none = client.Ask(Get("/nothing", "Accept-Encoding: gzip\r\n"));
  EXPECT_EQ(none.body, "");
  EXPECT_EQ(none.head.find("content-encoding"), std::string::npos);
}

TEST(CompressionTest, NothingAcceptableIs406) {
  GrpcBackend backend;
  TestGateway gateway(backend.address());
  HttpClient client(gateway.port());
  for (const std::string& request :
       {Post("/echo", "hello", "Accept-Encoding: identity;q=0\r\n"), Get("/open", "Accept-Encoding: *;q=0\r\n"),
        Get("/nothing", "Accept-Encoding: *;q=0\r\n")}) {
    const HttpReply reply = client.Ask(request);
    EXPECT_EQ(reply.status, 406);
    EXPECT_EQ(reply.body, "br, gzip, deflate, zstd");
    EXPECT_TRUE(
        reply.Has("vary: Accept-Encoding, Origin, Access-Control-Request-Method, Access-Control-Request-Headers"));
    EXPECT_EQ(reply.head.find("content-type"), std::string::npos);
  }
  EXPECT_EQ(client.Ask(Post("/echo", "a", "Accept-Encoding: identity;q=0\r\nApi-Key: wrong\r\n")).status, 401);
}

TEST(CompressionTest, SmallRepliesAndThoseOfOneWhoDoesNotWantItStayPlain) {
  GrpcBackend backend;
  config::Compression compression;
  compression.minimum_bytes = 10;
  TestGateway gateway(backend.address(), test::QuickSettings(), compression);
  HttpClient client(gateway.port());
  EXPECT_EQ(client.Ask(Post("/echo", "123456789", "Accept-Encoding: gzip\r\n")).body, "123456789");
  EXPECT_NE(client.Ask(Post("/echo", "1234567890", "Accept-Encoding: gzip\r\n")).body, "1234567890");

  compression.responses = false;
  TestGateway off(backend.address(), test::QuickSettings(), compression);
  HttpClient other(off.port());
  EXPECT_EQ(other.Ask(Post("/echo", "1234567890", "Accept-Encoding: gzip, identity;q=0\r\n")).body, "1234567890");
}

TEST(EncoderTest, LevelsTradeTimeForSizeAndMayChange) {
  std::string plain;
  for (int i = 0; i < 20'000; ++i) plain += base::Concat("value ", i * i % 977, ";");
  const auto size = [&plain](Encoder& encoder, Coding coding, Levels levels) {
    base::BodyBuffer out;
    encoder.Encode(coding, levels, plain, &out);
    Decoder decoder;
    base::BodyBuffer back;
    EXPECT_EQ(decoder.Decode(coding, out.view(), 1 << 24, &back).status, DecodeStatus::kDone);
    EXPECT_EQ(back.view(), plain);
    return out.size();
  };
  Encoder encoder;
  for (const Coding coding : {Coding::kGzip, Coding::kDeflate, Coding::kBrotli, Coding::kZstd}) {
    const size_t fast = size(encoder, coding, {1, 1, 1});
    EXPECT_LT(size(encoder, coding, {9, 9, 19}), fast) << NameOf(coding);
    EXPECT_EQ(size(encoder, coding, {1, 1, 1}), fast) << NameOf(coding);
  }
}

TEST(OffloadTest, CodesAwayFromTheCallersThread) {
  std::string plain(1 << 20, 'x');
  Offload offload(1);
  test::IoThread thread;
  std::vector<base::BodyBuffer> coded(100);  // more than may wait: some are done in place
  std::vector<base::BodyBuffer> back(coded.size());
  std::atomic<int> done{0};
  const auto executor = thread.io().get_executor();
  const auto round = [&](size_t i) -> base::Awaitable<void> {
    co_await offload.Encode(executor, Coding::kZstd, Levels(), plain, &coded[i]);
    const DecodeResult result = co_await offload.Decode(executor, Coding::kZstd, coded[i].view(), 1 << 24, &back[i]);
    EXPECT_EQ(result.status, DecodeStatus::kDone);
    ++done;
  };
  for (size_t i = 0; i < coded.size(); ++i) boost::asio::co_spawn(thread.io(), round(i), [](std::exception_ptr) {});
  while (done < static_cast<int>(coded.size())) std::this_thread::yield();
  for (const base::BodyBuffer& body : back) EXPECT_EQ(body.view(), plain);
}

}  // namespace
}  // namespace vecgate::compression
