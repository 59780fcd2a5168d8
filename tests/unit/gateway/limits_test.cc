#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "base/text.h"
#include "limits/cost.h"
#include "limits/gate.h"
#include "limits/keyed.h"

namespace vecgate::limits {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Verdict = Keyed::Verdict;

class KeyedTest : public testing::Test {
 protected:
  Keyed& Make(KeyLimits limits, size_t keys = 1000) {
    keyed_ = std::make_shared<Keyed>(limits, keys);
    return *keyed_;
  }
  Verdict Ask(std::string_view key) { return keyed_->Enter(key, now_).verdict; }

  std::shared_ptr<Keyed> keyed_;
  Keyed::Clock::time_point now_ = Keyed::Clock::time_point(seconds(1000));
};

TEST_F(KeyedTest, ARateHoldsPerKey) {
  Make({.requests = 10});
  int passed = 0;
  while (Ask("a") == Verdict::kPasses) ++passed;
  EXPECT_EQ(passed, 20);  // two seconds' worth
  EXPECT_EQ(Ask("b"), Verdict::kPasses);
  now_ += milliseconds(100);
  EXPECT_EQ(Ask("a"), Verdict::kPasses);
  EXPECT_EQ(Ask("a"), Verdict::kRequests);
  // Over a long time it is the rate.
  passed = 0;
  for (int i = 0; i < 100'000; ++i) {
    now_ += milliseconds(1);
    if (Ask("a") == Verdict::kPasses) ++passed;
  }
  EXPECT_NEAR(passed, 1000, 21);
}

TEST_F(KeyedTest, TellsWhenToComeBack) {
  Make({.vector_values = 100});
  Keyed::Answer first = keyed_->Enter("a", now_);
  EXPECT_EQ(first.verdict, Verdict::kPasses);
  first.place.Charge({.vector_values = 1200}, now_);  // 200 were there, so 1000 are owed
  const Keyed::Answer second = keyed_->Enter("a", now_);
  EXPECT_EQ(second.verdict, Verdict::kVectorValues);
  EXPECT_EQ(second.retry_after, 11u);
  now_ += seconds(10);
  EXPECT_EQ(Ask("a"), Verdict::kVectorValues);
  now_ += seconds(1);
  EXPECT_EQ(Ask("a"), Verdict::kPasses);
}

TEST_F(KeyedTest, PointsAreCountedBesideVectorValues) {
  Make({.points = 10, .vector_values = 100});
  keyed_->Enter("a", now_).place.Charge({.points = 40, .vector_values = 40}, now_);  // 20 were there, so 20 are owed
  const Keyed::Answer points = keyed_->Enter("a", now_);
  EXPECT_EQ(points.verdict, Verdict::kPoints);
  EXPECT_EQ(points.retry_after, 3u);
  keyed_->Enter("b", now_).place.Charge({.points = 1, .vector_values = 400}, now_);
  EXPECT_EQ(Ask("b"), Verdict::kVectorValues);
  now_ += seconds(3);
  EXPECT_EQ(Ask("a"), Verdict::kPasses);
  EXPECT_EQ(Ask("b"), Verdict::kPasses);
}

TEST_F(KeyedTest, CountsWhatIsUnderWay) {
  Make({.in_flight = 2});
  Keyed::Answer one = keyed_->Enter("a", now_);
  {
    const Keyed::Answer two = keyed_->Enter("a", now_);
    EXPECT_EQ(two.verdict, Verdict::kPasses);
    EXPECT_EQ(Ask("a"), Verdict::kInFlight);
    EXPECT_EQ(Ask("b"), Verdict::kPasses);
  }
  EXPECT_EQ(Ask("a"), Verdict::kPasses);
}

TEST_F(KeyedTest, TheNumberOfKeysIsBoundedAndThoseInUseStay) {
  Make({.in_flight = 1}, 160);
  const Keyed::Answer held = keyed_->Enter("held", now_);
  for (int i = 0; i < 10'000; ++i) Ask(base::Concat("key", i));
  EXPECT_LE(keyed_->size(), 160u);
  EXPECT_EQ(Ask("held"), Verdict::kInFlight);
}

TEST_F(KeyedTest, ThreadsDoNotLoseCount) {
  Make({.requests = 1'000'000'000});
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([this] {
      for (int n = 0; n < 10'000; ++n) keyed_->Enter(base::Concat("key", n % 7), Keyed::Clock::now());
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(keyed_->size(), 7u);
  Make({.in_flight = 1});
  for (int i = 0; i < 100; ++i) EXPECT_EQ(Ask("a"), Verdict::kPasses);
}

TEST(GateTest, TakesBackWhatWasHeld) {
  config::Limits limits;
  limits.in_flight = 1;
  limits.in_flight_bytes = 100;
  Gate gate(limits, 1);
  Door door(gate, 0);
  {
    Held held;
    EXPECT_FALSE(door.Enter(&held).has_value());
    EXPECT_TRUE(held.Take(60));
    EXPECT_FALSE(held.Take(60));
    EXPECT_TRUE(held.Take(40));
    Held other;
    const auto refusal = door.Enter(&other);
    ASSERT_TRUE(refusal.has_value());
    EXPECT_EQ(refusal->reason, Reason::kInFlight);
    Held moved = std::move(held);
    EXPECT_EQ(gate.in_flight(), 1u);
    EXPECT_EQ(gate.in_flight_bytes(), 100u);
  }
  EXPECT_EQ(gate.in_flight(), 0u);
  EXPECT_EQ(gate.in_flight_bytes(), 0u);
  EXPECT_EQ(gate.refused(Reason::kInFlight), 1u);
}

TEST(GateTest, NewLimitsHoldAtOnceAndRatesThatStayKeepCount) {
  config::Limits limits;
  limits.per_caller.requests = 1;
  Gate gate(limits, 1);
  Door door(gate, 0);
  Held held[4];
  EXPECT_FALSE(door.Enter("a", "", &held[0]).has_value());
  EXPECT_FALSE(door.Enter("a", "", &held[1]).has_value());
  limits.in_flight = 7;
  gate.Adopt(limits);
  const auto refusal = door.Enter("a", "", &held[2]);
  ASSERT_TRUE(refusal.has_value());
  EXPECT_EQ(refusal->reason, Reason::kCallerRequests);
  limits.per_caller.requests = 0;
  limits.per_collection.requests = 1;
  gate.Adopt(limits);
  EXPECT_FALSE(door.Enter("a", "c", &held[2]).has_value());
  EXPECT_FALSE(door.Enter("b", "c", &held[3]).has_value());
  Held last;
  EXPECT_EQ(door.Enter("b", "c", &last)->reason, Reason::kCollectionRequests);
  limits.per_collection.requests = 0;
  gate.Adopt(limits);
  EXPECT_FALSE(door.has_keys());
}

TEST(GateTest, PointsAreRefusedPerCallerAndPerCollection) {
  config::Limits limits;
  limits.per_caller.points = 5;
  limits.per_collection.points = 50;
  Gate gate(limits, 1);
  Door door(gate, 0);
  const auto write = [&](std::string_view caller, uint64_t points) {
    Held held;
    const auto refusal = door.Enter(caller, "c", &held);
    if (!refusal.has_value()) {
      EXPECT_TRUE(held.costs());
      held.Charge({.points = points});
    }
    return refusal;
  };
  EXPECT_FALSE(write("a", 50).has_value());
  EXPECT_EQ(write("a", 1)->reason, Reason::kCallerPoints);
  EXPECT_FALSE(write("b", 1000).has_value());
  EXPECT_EQ(write("c", 1)->reason, Reason::kCollectionPoints);
  EXPECT_EQ(gate.refused(Reason::kCallerPoints), 1u);
  EXPECT_EQ(gate.refused(Reason::kCollectionPoints), 1u);
}

// A schema as a vector database might have it. It outlives the tests: what is found out of a type is kept.
class CostTest : public testing::Test {
 protected:
  static const google::protobuf::DescriptorPool& Pool() {
    static const google::protobuf::DescriptorPool& pool = *[] {
      google::protobuf::FileDescriptorProto file;
      google::protobuf::TextFormat::ParseFromString(R"(
        name: "t.proto" package: "t" syntax: "proto3"
        message_type { name: "Vector" field { name: "data" number: 1 label: LABEL_REPEATED type: TYPE_FLOAT } }
        message_type {
          name: "Point"
          field { name: "id" number: 1 label: LABEL_OPTIONAL type: TYPE_UINT64 }
          field { name: "vector" number: 2 label: LABEL_OPTIONAL type: TYPE_MESSAGE type_name: ".t.Vector" }
          field { name: "named" number: 3 label: LABEL_REPEATED type: TYPE_MESSAGE type_name: ".t.Point.NamedEntry" }
          field { name: "weights" number: 4 label: LABEL_REPEATED type: TYPE_DOUBLE }
          field { name: "scores" number: 5 label: LABEL_OPTIONAL type: TYPE_DOUBLE }
          field { name: "many" number: 6 label: LABEL_REPEATED type: TYPE_MESSAGE type_name: ".t.Vector" }
          nested_type {
            name: "NamedEntry" options { map_entry: true }
            field { name: "key" number: 1 label: LABEL_OPTIONAL type: TYPE_STRING }
            field { name: "value" number: 2 label: LABEL_OPTIONAL type: TYPE_MESSAGE type_name: ".t.Vector" }
          }
        }
        message_type {
          name: "Operation"
          field {
            name: "upsert" number: 1 label: LABEL_OPTIONAL type: TYPE_MESSAGE type_name: ".t.Upsert" oneof_index: 0
          }
          field { name: "drop" number: 2 label: LABEL_OPTIONAL type: TYPE_UINT64 oneof_index: 0 }
          oneof_decl { name: "what" }
        }
        message_type {
          name: "Upsert"
          field { name: "points" number: 1 label: LABEL_REPEATED type: TYPE_MESSAGE type_name: ".t.Point" }
          field { name: "next" number: 2 label: LABEL_OPTIONAL type: TYPE_MESSAGE type_name: ".t.Upsert" }
          field { name: "ids" number: 3 label: LABEL_REPEATED type: TYPE_UINT64 }
          field { name: "steps" number: 4 label: LABEL_REPEATED type: TYPE_MESSAGE type_name: ".t.Operation" }
          field { name: "vectors" number: 5 label: LABEL_REPEATED type: TYPE_MESSAGE type_name: ".t.Vector" }
        }
      )", &file);
      auto* const built = new google::protobuf::DescriptorPool;
      built->BuildFile(file);
      return built;
    }();
    return pool;
  }
  uint64_t Count(const std::string& text) { return VectorValues(*Read(text)); }
  uint64_t CountPoints(const std::string& text) { return Points(*Read(text)); }

  std::unique_ptr<google::protobuf::Message> Read(const std::string& text) {
    std::unique_ptr<google::protobuf::Message> message(
        factory_.GetPrototype(Pool().FindMessageTypeByName("t.Upsert"))->New());
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, message.get()));
    return message;
  }

  google::protobuf::DynamicMessageFactory factory_;
};

TEST_F(CostTest, AddsUpVectorsWhereverTheyAre) {
  EXPECT_EQ(Count(""), 0u);
  EXPECT_EQ(Count("ids: [1, 2, 3]"), 0u);
  EXPECT_EQ(Count("points { vector { data: [1, 2, 3] } } points { vector { data: [4] } scores: 1 }"), 4u);
  EXPECT_EQ(Count(R"(points { named { key: "a" value { data: [1, 2] } } named { key: "b" value { data: [3, 4, 5] } } })"),
            5u);
  EXPECT_EQ(Count("points { weights: [1, 2] } next { next { points { vector { data: [1, 2, 3] } } } }"), 5u);
}

TEST_F(CostTest, CountsPointsNotTheirVectors) {
  EXPECT_EQ(CountPoints(""), 0u);
  EXPECT_EQ(CountPoints("ids: [1, 2, 3]"), 0u);
  EXPECT_EQ(CountPoints("vectors { data: 1 } vectors { data: 2 }"), 0u);
  EXPECT_EQ(CountPoints("points { id: 1 } points { vector { data: [1, 2, 3] } }"), 2u);
  EXPECT_EQ(CountPoints("points { many { data: 1 } many { data: 2 } }"), 1u);
  EXPECT_EQ(CountPoints(R"(points { named { key: "a" } named { key: "b" } })"), 1u);
  EXPECT_EQ(CountPoints("points { id: 1 } next { points { id: 2 } points { id: 3 } }"), 3u);
  EXPECT_EQ(CountPoints("steps { drop: 1 } steps { upsert { points { id: 1 } points { id: 2 } } }"), 2u);
}

TEST(CostOfPayloadsTest, IsNone) {
  google::protobuf::Struct payload;
  google::protobuf::TextFormat::ParseFromString(
      R"(fields { key: "a" value { list_value { values { number_value: 1 } values { number_value: 2 } } } })", &payload);
  EXPECT_EQ(VectorValues(payload), 0u);
  EXPECT_EQ(Points(payload), 0u);
}

}  // namespace
}  // namespace vecgate::limits
