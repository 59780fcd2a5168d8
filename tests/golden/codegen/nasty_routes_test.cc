// What the generated routes of the nasty API do, run through the same translation as any other API's.
#include <google/protobuf/arena.h>

#include <algorithm>
#include <memory>

#include "nasty.h"
#include "runtime/compiled_route.h"
#include "runtime/translation.h"

namespace nasty_test {
namespace {

namespace pb = google::protobuf;
using vecgate::runtime::Access;
using vecgate::runtime::Api;
using vecgate::runtime::CallOutcome;
using vecgate::runtime::CallOutcomes;
using vecgate::runtime::CompiledRoute;
using vecgate::runtime::LocalSpec;
using vecgate::runtime::RouteSpec;
using vecgate::runtime::Step;
using vecgate::runtime::Translation;

const Api& TheApi() {
  static const Api& api = *new Api(nasty::ApiSpec());
  return api;
}

const CompiledRoute& RouteOf(std::string_view method, std::string_view path, const Api& api = TheApi()) {
  const auto routes = api.routes();
  const auto found = std::find_if(routes.begin(), routes.end(), [&](const auto& route) {
    return route->spec.method == method && route->spec.path == path;
  });
  EXPECT_NE(found, routes.end()) << method << " " << path;
  return **found;
}

// A request on its way. The test plays the upstream.
class Exchange {
 public:
  Exchange(std::string_view method, std::string_view path, std::vector<std::string> variables,
           std::string_view query = {}, std::string_view body = {}, const Api& api = TheApi())
      : variables_(std::move(variables)), body_(body), translation_(api, RouteOf(method, path, api), &arena_) {
    body_.append(vecgate::runtime::kBodyPadding, ' ');
    step_ = &translation_.Begin({variables_, query, std::string_view(body_).substr(0, body.size())},
                                std::chrono::steady_clock::now());
  }

  const Step& step() const { return *step_; }
  bool calls() const { return step_->kind == Step::Kind::kCall; }
  std::string_view called() const { return step_->calls[0].spec->method; }
  template <class M>
  const M& request() const {
    return static_cast<const M&>(*step_->calls[0].request);
  }

  // Answers the call; `fill` gets the reply message.
  template <class M, class Fill>
  void Answer(const Fill& fill) {
    fill(static_cast<M*>(step_->calls[0].response));
    step_ = &translation_.Resume(CallOutcomes(1));
  }
  void Go(CallOutcomes outcomes) { step_ = &translation_.Resume(std::move(outcomes)); }
  void Fail(CallOutcome outcome) { step_ = &translation_.Resume(CallOutcomes{std::move(outcome)}); }

  uint32_t status() const { return step_->reply.status; }
  // With the time taken out.
  std::string body() const {
    std::string text(step_->reply.body.view());
    if (size_t at = text.find("\"seconds\":"); at != std::string::npos)
      text.replace(at, text.find_first_of(",}", at) - at, "\"seconds\":0");
    return text;
  }

 private:
  pb::Arena arena_;
  std::vector<std::string> variables_;
  std::string body_;
  Translation translation_;
  Step* step_;
};

const auto nothing = [](auto*) {};

// ---- parameters

constexpr std::string_view kGetPath = "/shelves/{shelf}/things/{id}";

TEST(NastyGetTest, ParametersOfEveryTypeReachTheirFields) {
  Exchange get("GET", kGetPath, {"left", "0042"},
               "deep=false&order=down&shown=all&tag=x&at=2020-01-01&timeout=7&unknown=1");
  ASSERT_TRUE(get.calls()) << get.body();
  EXPECT_EQ(get.called(), "/nasty.v1.Shelves/Get");
  const auto& request = get.request<v1::GetRequest>();
  EXPECT_EQ(request.shelf(), "left");
  EXPECT_EQ(request.id().num(), 42u);
  EXPECT_FALSE(request.deep());
  EXPECT_EQ(request.order(), v1::DOWN);
  EXPECT_TRUE(request.shown().enable());
  EXPECT_EQ(request.tags(0), "x");
  EXPECT_EQ(request.at(), "2020-01-01");
  EXPECT_EQ(request.timeout(), 7u);
  EXPECT_DOUBLE_EQ(get.step().calls[0].timeout.count(), 7.125);
}

TEST(NastyGetTest, DefaultsFillWhatIsAbsent) {
  Exchange get("GET", kGetPath, {"left", "1"}, "shown=");
  ASSERT_TRUE(get.calls()) << get.body();
  EXPECT_TRUE(get.request<v1::GetRequest>().deep());
  EXPECT_FALSE(get.request<v1::GetRequest>().has_shown());
  EXPECT_FALSE(get.request<v1::GetRequest>().has_timeout());
  EXPECT_DOUBLE_EQ(get.step().calls[0].timeout.count(), 2.5);
}

TEST(NastyGetTest, FaultsOfParametersAreTold) {
  struct Case {
    const char* shelf;
    const char* id;
    const char* query;
    uint32_t status;
    const char* text;
  };
  const Case cases[] = {
      {"left", "x", "", 400, "'x' is no id"},
      {"l", "1", "", 422, "invalid path: shelf: \"l\" is not 2 to 8 long"},
      {"l/l", "1", "", 422, "invalid path: shelf: a shelf has no \"/\""},
      {"left", "1", "timeout=0", 400, "unreadable query: invalid value: integer `0`, expected a nonzero u64"},
      {"left", "1", "timeout=-5", 400, "unreadable query: time runs forward"},
      {"left", "1", "timeout=301", 422, "invalid query: timeout: 301 is above 300"},
      {"left", "1", "deep=yes", 400, "unreadable query: provided string was not `true` or `false`"},
      {"left", "1", "order=left", 400, "unreadable query: unknown variant `left`, expected `up` or `down`"},
      {"left", "1", "shown=some", 400, "unreadable query: 'some' shows nothing"},
      {"left", "1", "at=noon", 400,
       "unreadable query: 'noon' does not match accepted datetime format (RFC3339). Example: 2014-01-01T00:00:00Z"},
      {"left", "1", "deep=true&deep=true", 400, "unreadable query: duplicate field `deep`"},
  };
  for (const Case& c : cases) {
    Exchange get("GET", kGetPath, {c.shelf, c.id}, c.query);
    ASSERT_FALSE(get.calls()) << c.text;
    EXPECT_EQ(get.status(), c.status) << c.text;
    v1::String quoted;
    quoted.set_text(c.text);
    const std::string text = Print(nasty::WriteString, quoted).substr(8);
    const std::string told = text.substr(0, text.size() - 1);
    EXPECT_EQ(get.body(), "{\"fault\":" + told + ",\"state\":{\"error\":" + told + "},\"seconds\":0}");
  }
}

TEST(NastyGetTest, FirstOrNone) {
  Exchange some("GET", kGetPath, {"left", "1"});
  some.Answer<v1::GetReply>([](v1::GetReply* reply) { reply->add_things()->mutable_id()->set_num(5); });
  EXPECT_EQ(some.body(),
            R"({"answer":{"id":5,"colour":null,"since":null,"score":0,"kind":"","copies":[],"payload":{}},)"
            R"("state":"fine","seconds":0})");
  Exchange none("GET", kGetPath, {"left", "0042"});
  none.Answer<v1::GetReply>(nothing);
  EXPECT_EQ(none.status(), 404u);
  EXPECT_EQ(none.body(), R"({"fault":"no 42 there","state":{"error":"no 42 there"},"seconds":0})");
}

TEST(NastyGetTest, CostIsToldWhenThereIsOne) {
  Exchange get("GET", kGetPath, {"left", "1"});
  get.Answer<v1::GetReply>([](v1::GetReply* reply) {
    reply->add_things();
    reply->mutable_usage()->mutable_hardware()->set_cpu(3);
  });
  EXPECT_NE(get.body().find(R"("cost":{"cpu":3}})"), std::string::npos) << get.body();
  Exchange unmeasured("GET", kGetPath, {"left", "1"});
  unmeasured.Answer<v1::GetReply>([](v1::GetReply* reply) {
    reply->add_things();
    reply->mutable_usage()->mutable_tokens();
  });
  EXPECT_EQ(unmeasured.body().find("cost"), std::string::npos) << unmeasured.body();
}

TEST(NastyGetTest, RowsOfTheErrorTable) {
  auto fail = [](CallOutcome outcome) {
    Exchange get("GET", kGetPath, {"left", "1"});
    get.Fail(std::move(outcome));
    return get.step().reply.retry_after + std::to_string(get.status()) + std::string(get.step().reply.content_type) +
           get.body();
  };
  auto told = [](const std::string& status, const std::string& text) {
    return status + "application/json{\"fault\":\"" + text + "\",\"state\":{\"error\":\"" + text + "\"},\"seconds\":0}";
  };
  EXPECT_EQ(fail({.code = 5, .message = "Missing: it"}), told("410", "Gone: it"));
  EXPECT_EQ(fail({.code = 5, .message = "it is missing"}), told("500", "it is missing"));
  EXPECT_EQ(fail({.code = 12, .message = "never"}), told("405", "never"));
  EXPECT_EQ(fail({.code = 12, .message = "never ever"}), told("500", "never ever"));
  EXPECT_EQ(fail({.code = 8, .message = "slower", .trailers = {{"wait-for", "9"}}}), told("9429", "slower"));
  EXPECT_EQ(fail({.code = 8, .message = "slower"}), told("500", "slower"));
  EXPECT_EQ(fail({.code = 16, .message = "who?"}), "401who?");
  EXPECT_EQ(fail({.code = 14, .message = "refused", .from_client = true}), told("503", "nobody there"));
  EXPECT_EQ(fail({.code = 14, .message = "refused"}), told("500", "refused"));
}

// ---- bodies and results

TEST(NastyFindTest, SetsCopiesAndShows) {
  Exchange find("POST", "/shelves/{shelf}/find", {"left"}, "", R"({"query":1,"limit":1,"author":"me","shown":true})");
  ASSERT_TRUE(find.calls()) << find.body();
  const auto& request = find.request<v1::FindRequest>();
  EXPECT_EQ(request.shelf(), "left");
  EXPECT_TRUE(request.tracing());
  EXPECT_EQ(request.note().language(), "me");
  find.Answer<v1::FindReply>([](v1::FindReply* reply) {
    v1::Thing* thing = reply->add_things();
    thing->set_kind("k");
    thing->mutable_parent();
  });
  EXPECT_EQ(
      find.body(),
      R"({"answer":{"things":[{"colour":null,"since":null,"score":0,"kind":"k",)"
      R"("parent":{"colour":null,"since":null,"score":0,"kind":"","copies":[],"payload":{}},"copies":[],"payload":{}}]},)"
      R"("state":"fine","seconds":0})");
}

TEST(NastyFindTest, FaultsOfABodyAreToldInTheApisWords) {
  auto answer = [](std::string_view body) {
    Exchange find("POST", "/shelves/{shelf}/find", {"left"}, "", body);
    const std::string text = find.body();
    return std::to_string(find.status()) + " " + text.substr(10, text.find("\",\"state\"") - 10);
  };
  EXPECT_EQ(answer(""), "400 nothing there");
  EXPECT_EQ(answer("{"), "400 broken: EOF while parsing an object at 1:1");
  EXPECT_EQ(answer("{\"query\":1,\n\"limit\":true}"),
            "400 broken: invalid type: boolean `true`, expected usize at 2:13 (limit)");
  EXPECT_EQ(answer(R"({"query":1,"limit":0})"), "422 invalid body: find.limit: 0 is below 1");
  EXPECT_EQ(answer(R"({"query":{"before":1},"limit":1})"), "501 no what came before here");
}

TEST(NastyFindManyTest, EachItemIsShownAsItAsked) {
  const std::string_view body =
      R"({"finds":[{"query":1,"limit":1},{"query":1,"limit":1,"shown":true},{"query":1,"limit":1,"shown":false}]})";
  Exchange many("POST", "/shelves/{shelf}/find/many", {"left"}, "", body);
  ASSERT_TRUE(many.calls()) << many.body();
  EXPECT_EQ(many.request<v1::FindManyRequest>().finds(2).shelf(), "left");
  auto fill = [](v1::FindManyReply* reply) {
    for (int i = 0; i < 3; ++i) reply->add_replies()->add_things()->set_kind(std::to_string(i));
  };
  auto thing = [](const char* kind, const char* payload) {
    return std::string(R"({"things":[{"colour":null,"since":null,"score":0,"kind":")") + kind + R"(","copies":[])" +
           payload + "}]}";
  };
  const std::string list = "[" + thing("0", "") + "," + thing("1", R"(,"payload":{})") + "," + thing("2", "") + "]";
  many.Answer<v1::FindManyReply>(fill);
  EXPECT_EQ(many.body(), "{\"answers\":" + list + "}") << "bare";
  Exchange batch("POST", "/shelves/{shelf}/find/batch", {"left"}, "", body);
  batch.Answer<v1::FindManyReply>(fill);
  EXPECT_EQ(batch.body(), "{\"answer\":" + list + ",\"state\":\"fine\",\"seconds\":0}");
}

TEST(NastyFindManyTest, NothingAskedIsAnsweredWithoutACall) {
  Exchange many("POST", "/shelves/{shelf}/find/many", {"left"}, "", R"({"finds":[]})");
  EXPECT_FALSE(many.calls());
  EXPECT_EQ(many.body(), "[]");
}

TEST(NastyFindManyTest, FaultsOfTheBodyMayGoWithoutPlace) {
  Exchange many("POST", "/shelves/{shelf}/find/many", {"left"}, "", R"({"finds":1})");
  EXPECT_NE(many.body().find("\"broken: invalid type: integer `1`, expected a sequence (finds)\""), std::string::npos)
      << many.body();
}

TEST(NastyPutTest, WaitsOrAnswersAtOnce) {
  Exchange put("PUT", "/shelves/{shelf}/things", {"left"}, "", R"({"points":[{"id":1}]})");
  ASSERT_TRUE(put.calls()) << put.body();
  EXPECT_FALSE(put.step().calls[0].background);
  EXPECT_TRUE(put.request<v1::PutRequest>().wait());
  EXPECT_EQ(put.request<v1::PutRequest>().colour(), v1::INFRARED);
  put.Answer<v1::PutReply>(nothing);
  EXPECT_EQ(put.body(), R"({"answer":{"put":true},"state":"fine","seconds":0})");

  Exchange background("PUT", "/shelves/{shelf}/things", {"left"}, "wait=false", R"({"points":[]})");
  ASSERT_TRUE(background.calls());
  EXPECT_TRUE(background.step().calls[0].background);
  EXPECT_EQ(background.status(), 202u);
  EXPECT_EQ(background.body(), R"({"state":"later","seconds":0})");
}

TEST(NastyMoveTest, PartsOfOneItemHaveOneAnswer) {
  Exchange move("POST", "/shelves/{shelf}/move", {"left"}, "",
                R"({"steps":[{"both":{"take":1,"put":{}}},{"take":3}]})");
  ASSERT_TRUE(move.calls()) << move.body();
  ASSERT_EQ(move.request<v1::MoveRequest>().steps_size(), 3);
  EXPECT_EQ(move.request<v1::MoveRequest>().steps(1).shelf(), "left");
  move.Answer<v1::MoveReply>([](v1::MoveReply* reply) {
    for (const char* kind : {"first", "last", "next"}) reply->add_things()->set_kind(kind);
  });
  EXPECT_EQ(move.body().find("first"), std::string::npos) << move.body();
  EXPECT_LT(move.body().find("last"), move.body().find("next"));
}

TEST(NastyDropTest, OneCallPerSelector) {
  Exchange both("DELETE", "/shelves/{shelf}/things", {"left"}, "", R"({"ids":[1],"query":2})");
  ASSERT_TRUE(both.calls()) << both.body();
  EXPECT_EQ(both.request<v1::DropRequest>().ids_size(), 0);
  EXPECT_FALSE(both.request<v1::DropRequest>().forever());
  both.Answer<v1::PutReply>([](v1::PutReply* reply) {
    reply->set_state("one");
    reply->mutable_usage()->mutable_hardware()->set_cpu(3);
  });
  ASSERT_TRUE(both.calls());
  EXPECT_FALSE(both.request<v1::DropRequest>().has_query());
  EXPECT_TRUE(both.request<v1::DropRequest>().forever());
  EXPECT_EQ(both.request<v1::DropRequest>().shelf(), "left");
  both.Answer<v1::PutReply>([](v1::PutReply* reply) {
    reply->set_state("two");
    reply->mutable_usage()->mutable_hardware()->set_cpu(4);
  });
  EXPECT_EQ(both.body(), R"({"answer":"two","state":"fine","seconds":0,"cost":{"cpu":7}})");

  Exchange neither("DELETE", "/shelves/{shelf}/things", {"left"}, "", R"({"fields":["a"]})");
  EXPECT_FALSE(neither.calls());
  EXPECT_EQ(neither.status(), 400u);
  EXPECT_NE(neither.body().find("drop what?"), std::string::npos);
}

TEST(NastyHasTest, AsksAgainWhenThereIsNothing) {
  auto answer = [](bool things, v1::Order exists) {
    Exchange has("GET", "/shelves/{shelf}/has/{rest=**}", {"left", "a/b"});
    has.Answer<v1::GetReply>([&](v1::GetReply* reply) {
      if (things) reply->add_things();
    });
    if (has.calls()) {
      EXPECT_EQ(has.called(), "/nasty.v1.Shelves/Exists");
      EXPECT_EQ(has.request<v1::GetRequest>().shelf(), "left");
      has.Answer<v1::ExistsReply>([&](v1::ExistsReply* reply) { reply->set_exists(exists); });
    } else {
      EXPECT_TRUE(things);
    }
    return has.body();
  };
  EXPECT_NE(answer(true, v1::ORDER_UNKNOWN).find("payload"), std::string::npos);
  EXPECT_EQ(answer(false, v1::UP), R"({"answer":[],"state":"fine","seconds":0})");
  EXPECT_EQ(answer(false, v1::DOWN), R"({"answer":[],"state":"fine","seconds":0})");
}

TEST(NastyPingTest, BareReply) {
  Exchange ping("GET", "/", {});
  ping.Answer<v1::Pong>([](v1::Pong* pong) { pong->set_title("p"); });
  EXPECT_EQ(ping.body(), R"({"version":"","title":"p"})");
}

// ---- the table

TEST(NastyApiTest, RoutesWithoutACall) {
  const RouteSpec& ready = RouteOf("GET", "/ready").spec;
  EXPECT_EQ(ready.local.kind, LocalSpec::Kind::kReady);
  EXPECT_EQ(ready.local.text, "ready");
  EXPECT_EQ(ready.local.otherwise, "not ready");
  EXPECT_EQ(RouteOf("GET", "/metrics").spec.local.kind, LocalSpec::Kind::kMetrics);
  const RouteSpec& alive = RouteOf("HEAD", "/alive").spec;
  EXPECT_EQ(alive.local.kind, LocalSpec::Kind::kText);
  EXPECT_EQ(alive.local.status, 204u);
  const RouteSpec& burn = RouteOf("POST", "/shelves/{shelf}/burn").spec;
  EXPECT_EQ(burn.unavailable, "fire");
  EXPECT_EQ(burn.group, "hearth");
  EXPECT_TRUE(burn.calls.empty());
  EXPECT_EQ(TheApi().UnavailableReply(burn, 0).body.view(),
            R"({"fault":"no fire here","state":{"error":"no fire here"},"seconds":0})");
}

TEST(NastyApiTest, AccessAndScope) {
  EXPECT_EQ(RouteOf("GET", kGetPath).spec.access, Access::kRead);
  EXPECT_EQ(RouteOf("GET", kGetPath).spec.scope, "shelf");
  EXPECT_EQ(RouteOf("PUT", "/shelves/{shelf}/things").spec.access, Access::kWrite);
  EXPECT_EQ(RouteOf("PUT", "/shelves/{shelf}/things").spec.scope, "") << "nothing is called collection_name";
  EXPECT_EQ(RouteOf("DELETE", "/shelves/{shelf}/things").spec.access, Access::kManage);
  EXPECT_EQ(RouteOf("GET", "/").spec.access, Access::kOpen);
}

TEST(NastyApiTest, WhatGoesAlongAndWhatIsAskedFirst) {
  const auto& api = nasty::ApiSpec();
  EXPECT_EQ(api.name, "nasty");
  EXPECT_EQ(api.version, "2.1");
  EXPECT_EQ(api.oldest_version, "1.0");
  EXPECT_EQ(api.credential_proof.method, "/nasty.v1.Shelves/Ping");
  EXPECT_EQ(api.health.method, "/nasty.v1.Shelves/Ping");
  EXPECT_EQ(api.health_version_field, "version");
  EXPECT_EQ(api.forward_headers[0], "x-key");
  EXPECT_EQ(api.forward_header_suffixes[0], "-secret");
  EXPECT_EQ(api.forward_headers_trusted[0], "x-forwarded-for");
  EXPECT_EQ(api.forward_headers_read[0], "x-near");
  EXPECT_EQ(api.max_depth, 40u);
  EXPECT_TRUE(api.cors);
}

// ---- operations written by hand

TEST(NastyOperationTest, MakesSeveralCallsAtATime) {
  Exchange both("POST", "/shelves/{shelf}/both/{first}", {"left", "a"}, "second=b", "!");
  ASSERT_TRUE(both.calls());
  const auto& calls = both.step().calls;
  ASSERT_EQ(calls.size(), 2u);
  for (size_t i = 0; i < 2; ++i) {
    const auto& request = static_cast<const v1::FindRequest&>(*calls[i].request);
    EXPECT_EQ(calls[i].spec->method, "/nasty.v1.Shelves/Find");
    EXPECT_EQ(request.shelf(), "left!");
    EXPECT_EQ(request.note().author(), i == 0 ? "a" : "b");
    EXPECT_GT(calls[i].timeout.count(), 0);
  }
  static_cast<v1::FindReply*>(calls[1].response)->add_things();
  both.Go(CallOutcomes(2));
  EXPECT_EQ(both.status(), 200u);
  EXPECT_EQ(both.body(), "[0,1]");
}

TEST(NastyOperationTest, DecidesOnFaultsItself) {
  Exchange refused("POST", "/shelves/{shelf}/both/{first}", {"left", "a"});
  EXPECT_FALSE(refused.calls());
  EXPECT_EQ(refused.status(), 400u);
  Exchange failed("POST", "/shelves/{shelf}/both/{first}", {"left", "a"}, "second=b");
  CallOutcomes outcomes(2);
  outcomes[1].code = 5;
  outcomes[1].message = "Missing: x";
  failed.Go(std::move(outcomes));
  EXPECT_EQ(failed.status(), 410u);
}

TEST(NastyApiTest, FailuresHaveTheFormOfTheirRow) {
  const auto bare = TheApi().ErrorReply({.code = 2, .message = "and who are", .anonymous = true}, 0);
  EXPECT_EQ(bare.status, 401u);
  EXPECT_EQ(bare.content_type, "");
  EXPECT_EQ(bare.body.view(), "");
  const auto known = TheApi().ErrorReply({.code = 2, .message = "first: second: who are you?"}, 0);
  EXPECT_EQ(known.status, 403u);
  EXPECT_EQ(known.content_type, "application/json");
  EXPECT_EQ(known.body.view(), R"({"number":403,"faults":[{"message":"who are you?"}]})");
}

TEST(NastyApiTest, DetailsOfAFailureDecideAndAreTold) {
  // google.rpc.Status{details: [Any{type_url, value: ErrorInfo{domain, metadata: {"limit": "books", "value": ...}}}]}
  const auto answer = [](const std::string& domain, const std::string& value) {
    const auto field = [](int number, const std::string& bytes) {
      return std::string{static_cast<char>(number << 3 | 2), static_cast<char>(bytes.size())} + bytes;
    };
    const std::string info = field(2, domain) + field(3, field(1, "limit") + field(2, "books")) +
                             field(3, field(1, "value") + field(2, value));
    const std::string status = field(3, field(1, "x/google.rpc.ErrorInfo") + field(2, info));
    const auto reply = TheApi().ErrorReply({.code = 8, .message = "enough", .trailers = {{"grpc-status-details-bin", status}}}, 0);
    return std::to_string(reply.status) + " " + std::string(reply.body.view());
  };
  EXPECT_EQ(answer("nasty.limits", "10"), R"(429 {"which":"books","at":10,"said":"enough"})");
  EXPECT_EQ(answer("nasty.limits", "ten"), R"(429 {"which":"books","at":"ten","said":"enough"})");
  EXPECT_TRUE(answer("other.limits", "10").starts_with("500 "));
}

TEST(NastyApiTest, RefusalsByTheHead) {
  EXPECT_EQ(TheApi().NoRouteReply("/x")->body.view(), R"({"number":404,"faults":[{"message":"no /x"}]})");
  const auto method = TheApi().WrongMethodReply("PUT", "GET,POST");
  EXPECT_EQ(method->status, 405u);
  EXPECT_EQ(method->fields, "allow: GET,POST\r\n");
  EXPECT_EQ(method->body.view(), R"({"number":405,"faults":[{"message":"PUT is none of GET,POST"}]})");
  EXPECT_EQ(TheApi().WrongContentTypeReply("text/plain")->status, 415u);
  EXPECT_EQ(TheApi().NotAcceptableReply()->body.view(), R"({"number":406,"faults":[{"message":"there is only json"}]})");
}

TEST(NastyApiTest, RedirectionsNameTheirTarget) {
  const auto& routes = nasty::ApiSpec().routes;
  const auto old = std::find_if(routes.begin(), routes.end(), [](const RouteSpec& route) { return route.path == "/old"; });
  ASSERT_NE(old, routes.end());
  EXPECT_EQ(old->local.status, 301u);
  EXPECT_EQ(old->local.location, "/metrics");
}

TEST(NastyApiTest, TextsOfBodiesThatDoNotArrive) {
  EXPECT_EQ(TheApi().BodyTooLargeReply(9, 5).status, 413u);
  EXPECT_EQ(TheApi().BodyTooLargeReply(9, 5).body.view().substr(0, 31), R"({"fault":"9 is more than 5","st)");
  EXPECT_EQ(TheApi().BodyTooLargeReply(std::nullopt, 5).body.view().substr(0, 23), R"({"fault":"more than 5",)");
  EXPECT_EQ(TheApi().BrokenBodyReply("x").body.view().substr(0, 19), R"({"fault":"torn: x",)");
}

TEST(NastyApiTest, DepthOfABodyIsBounded) {
  std::string body = R"({"query":1,"limit":1,"deep":)" + std::string(40, '[') + std::string(40, ']') + "}";
  Exchange find("POST", "/shelves/{shelf}/find", {"left"}, "", body);
  EXPECT_FALSE(find.calls());
  EXPECT_NE(find.body().find("recursion limit exceeded"), std::string::npos) << find.body();
}

TEST(NastyApiTest, DepthOfABodyMayBeLowered) {
  EXPECT_EQ(Api(nasty::ApiSpec(), {}, 0).max_depth(), nasty::ApiSpec().max_depth);
  EXPECT_EQ(Api(nasty::ApiSpec(), {}, nasty::ApiSpec().max_depth + 1).max_depth(), nasty::ApiSpec().max_depth);
  const Api shallow(nasty::ApiSpec(), {}, 4);
  const auto text_of = [](const Api& api, size_t lists) {
    const std::string nested = std::string(lists, '[') + std::string(lists, ']');
    const std::string body = R"({"query":1,"limit":1,"deep":)" + nested + "}";
    return Exchange("POST", "/shelves/{shelf}/find", {"left"}, "", body, api).body();
  };
  EXPECT_EQ(text_of(shallow, 3).find("recursion limit"), std::string::npos);
  EXPECT_NE(text_of(shallow, 4).find("recursion limit exceeded"), std::string::npos);
  EXPECT_EQ(text_of(TheApi(), 4).find("recursion limit"), std::string::npos);  // another's, on the same thread
}

}  // namespace
}  // namespace nasty_test
