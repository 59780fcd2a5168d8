// JSON -> message and message -> JSON on one core, beside what they are measured against: simdjson's bare parse of the
// same bytes, a loop of std::to_chars over the same numbers, and protobuf's own JSON of the same message.
#include <benchmark/benchmark.h>
#include <google/protobuf/arena.h>
#include <google/protobuf/util/json_util.h>

#include <charconv>
#include <vector>

#include "qdrant/points.translate.h"
#include "runtime/json_reader.h"
#include "runtime/json_value.h"
#include "runtime/json_writer.h"
#include "runtime/route.h"
#include "samples.h"

namespace vecgate::bench {
namespace {

constexpr size_t kMaxDepth = 127;
const runtime::LocalTexts kTexts{};

void SetBytes(benchmark::State& state, size_t bytes) {
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations()) * static_cast<int64_t>(bytes));
}

// --- the work itself, over any sample -------------------------------------------------------------------

void Read(benchmark::State& state, const qdrant::UpsertPoints& points) {
  const Body body = JsonOf(points);
  runtime::JsonDocument document(kMaxDepth);
  for (auto _ : state) {
    google::protobuf::Arena arena;
    auto* message = google::protobuf::Arena::CreateMessage<qdrant::UpsertPoints>(&arena);
    runtime::JsonReader reader(false, kTexts);
    const bool read =
        document.ParseFast(body.view()) && translators::qdrant::ReadUpsertPoints(reader, document.root(), message);
    if (!read) return state.SkipWithError("does not read");
    benchmark::DoNotOptimize(message);
  }
  SetBytes(state, body.view().size());
}

void ParseOnly(benchmark::State& state, const qdrant::UpsertPoints& points) {
  const Body body = JsonOf(points);
  simdjson::dom::parser parser;
  for (auto _ : state) {
    auto root = parser.parse(body.view().data(), body.view().size(), false);
    if (root.error() != simdjson::SUCCESS) return state.SkipWithError("does not parse");
    benchmark::DoNotOptimize(root);
  }
  SetBytes(state, body.view().size());
}

void ProtobufRead(benchmark::State& state, const qdrant::UpsertPoints& points) {
  const std::string json = ProtobufJsonOf(points);
  for (auto _ : state) {
    qdrant::UpsertPoints message;
    if (!google::protobuf::util::JsonStringToMessage(json, &message).ok()) return state.SkipWithError("does not read");
    benchmark::DoNotOptimize(message);
  }
  // Of the same message: bytes of our form, so that rates compare.
  SetBytes(state, JsonOf(points).view().size());
}

void Write(benchmark::State& state, const qdrant::UpsertPoints& points) {
  const size_t size = JsonOf(points).view().size();
  runtime::OutputBuffer out;
  for (auto _ : state) {
    out.Clear();
    runtime::JsonWriter writer(out);
    translators::qdrant::WriteUpsertPoints(points, writer);
    benchmark::DoNotOptimize(out.data());
  }
  Require(out.size() == size, "the same text each time");
  SetBytes(state, size);
}

void ProtobufWrite(benchmark::State& state, const qdrant::UpsertPoints& points) {
  for (auto _ : state) {
    std::string json;
    if (!google::protobuf::util::MessageToJsonString(points, &json).ok()) return state.SkipWithError("does not print");
    benchmark::DoNotOptimize(json);
  }
  SetBytes(state, JsonOf(points).view().size());
}

// --- vectors: arguments are points and floats per point -------------------------------------------------

qdrant::UpsertPoints VectorsOf(const benchmark::State& state) {
  return Vectors(static_cast<int>(state.range(0)), static_cast<int>(state.range(1)));
}

void ReadFloats(benchmark::State& state) { Read(state, VectorsOf(state)); }
void SimdjsonParse(benchmark::State& state) { ParseOnly(state, VectorsOf(state)); }
void ProtobufJsonRead(benchmark::State& state) { ProtobufRead(state, VectorsOf(state)); }
void WriteFloats(benchmark::State& state) { Write(state, VectorsOf(state)); }
void ProtobufJsonWrite(benchmark::State& state) { ProtobufWrite(state, VectorsOf(state)); }

// The same numbers with commas between them, nothing else.
void ToCharsLoop(benchmark::State& state) {
  const qdrant::UpsertPoints points = VectorsOf(state);
  std::vector<char> out(JsonOf(points).view().size() * 2);
  for (auto _ : state) {
    char* at = out.data();
    for (const qdrant::PointStruct& point : points.points()) {
      for (const float value : point.vectors().vector().dense().data()) {
        at = std::to_chars(at, at + 32, value).ptr;
        *at++ = ',';
      }
    }
    benchmark::DoNotOptimize(at);
  }
  SetBytes(state, JsonOf(points).view().size());
}

#define VECGATE_VECTORS(function) BENCHMARK(function)->Args({100, 768})->Args({1, 128})->Args({500, 768})
VECGATE_VECTORS(ReadFloats);
VECGATE_VECTORS(SimdjsonParse);
BENCHMARK(ProtobufJsonRead)->Args({100, 768});
VECGATE_VECTORS(WriteFloats);
VECGATE_VECTORS(ToCharsLoop);
BENCHMARK(ProtobufJsonWrite)->Args({100, 768});

// --- payloads: arguments are points and how deep their objects nest -------------------------------------

qdrant::UpsertPoints PayloadsOf(const benchmark::State& state) {
  return Payloads(static_cast<int>(state.range(0)), static_cast<int>(state.range(1)));
}

void ReadPayload(benchmark::State& state) { Read(state, PayloadsOf(state)); }
void SimdjsonParsePayload(benchmark::State& state) { ParseOnly(state, PayloadsOf(state)); }
void ProtobufJsonReadPayload(benchmark::State& state) { ProtobufRead(state, PayloadsOf(state)); }
void WritePayload(benchmark::State& state) { Write(state, PayloadsOf(state)); }
void ProtobufJsonWritePayload(benchmark::State& state) { ProtobufWrite(state, PayloadsOf(state)); }

BENCHMARK(ReadPayload)->Args({100, 2})->Args({100, 8});
BENCHMARK(SimdjsonParsePayload)->Args({100, 2})->Args({100, 8});
BENCHMARK(ProtobufJsonReadPayload)->Args({100, 2});
BENCHMARK(WritePayload)->Args({100, 2})->Args({100, 8});
BENCHMARK(ProtobufJsonWritePayload)->Args({100, 2});

// --- single numbers --------------------------------------------------------------------------------------

void FormatFloats(benchmark::State& state) {
  const qdrant::UpsertPoints points = Vectors(1, 4096);
  const auto& values = points.points(0).vectors().vector().dense().data();
  char text[32];
  for (auto _ : state) {
    for (const float value : values) benchmark::DoNotOptimize(runtime::FormatFloat(value, text));
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations()) * values.size());
}
BENCHMARK(FormatFloats);

void FormatDoubles(benchmark::State& state) {
  const qdrant::UpsertPoints points = Vectors(1, 4096);
  const auto& values = points.points(0).vectors().vector().dense().data();
  char text[32];
  for (auto _ : state) {
    for (const float value : values) benchmark::DoNotOptimize(runtime::FormatDouble(value / 3.0, text));
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations()) * values.size());
}
BENCHMARK(FormatDoubles);

}  // namespace
}  // namespace vecgate::bench
