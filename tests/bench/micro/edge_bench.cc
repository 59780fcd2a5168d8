// What every request costs beside its JSON: finding the route, and content codings.
#include <benchmark/benchmark.h>

#include "base/body_buffer.h"
#include "compression/decoder.h"
#include "compression/encoder.h"
#include "qdrant/api.h"
#include "routing/route_table.h"
#include "samples.h"

namespace vecgate::bench {
namespace {

void MatchRoute(benchmark::State& state) {
  routing::RouteTableBuilder builder;
  size_t index = 0;
  for (const runtime::RouteSpec& route : translators::qdrant::ApiSpec().routes) {
    Require(builder.Add(route.method, route.path, index++).ok(), "the route is well formed");
  }
  const routing::RouteTable table = std::move(builder).Build();
  constexpr std::string_view kPath = "/collections/products/points/query";
  const auto match = table.Match("POST", kPath);
  Require(match.has_value() && match->variables.size() == 1 && match->variables[0] == "products", "the route is found");
  for (auto _ : state) benchmark::DoNotOptimize(table.Match("POST", kPath));
}
BENCHMARK(MatchRoute);

// Argument: the coding.
void Compress(benchmark::State& state) {
  const Body body = JsonOf(Vectors(100, 768));
  const auto coding = static_cast<compression::Coding>(state.range(0));
  compression::Encoder encoder;
  compression::Decoder decoder;
  base::BodyBuffer coded;
  base::BodyBuffer decoded;
  encoder.Encode(coding, compression::Levels(), body.view(), &coded);
  Require(decoder.Decode(coding, coded.view(), body.view().size(), &decoded).status == compression::DecodeStatus::kDone &&
              decoded.view() == body.view(),
          "what was compressed is found again");
  for (auto _ : state) {
    coded.Clear(SIZE_MAX);
    encoder.Encode(coding, compression::Levels(), body.view(), &coded);
    benchmark::DoNotOptimize(coded.view());
  }
  state.SetLabel(std::string(compression::NameOf(coding)));
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations()) * static_cast<int64_t>(body.view().size()));
}
BENCHMARK(Compress)->Apply([](benchmark::internal::Benchmark* bench) {
  for (const auto coding : {compression::Coding::kGzip, compression::Coding::kDeflate, compression::Coding::kBrotli,
                            compression::Coding::kZstd}) {
    bench->Arg(static_cast<int64_t>(coding));
  }
});

}  // namespace
}  // namespace vecgate::bench
