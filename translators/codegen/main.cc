// translator-gen: descriptors + rules -> C++ translators.
//
//   translator-gen --schema=FILE[,FILE...] --package=PACKAGE --rules=FILE[,FILE...] --out=DIR
//   translator-gen --schema=FILE[,FILE...] --package=PACKAGE --rules=FILE[,FILE...] --report
//
// Prints every complaint about the rules, with file and line, and exits with 1 when there is one.
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>
#include <absl/strings/strip.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "codegen/emit.h"
#include "codegen/plan.h"

namespace {

using vecgate::codegen::Complaints;
using vecgate::codegen::RuleSource;

// Writes only what changed, so that nothing is compiled again without need.
bool WriteFile(const std::filesystem::path& path, const std::string& text) {
  std::ifstream old(path, std::ios::binary);
  std::stringstream before;
  before << old.rdbuf();
  if (old && before.str() == text) return true;
  std::filesystem::create_directories(path.parent_path());
  std::ofstream out(path, std::ios::binary);
  out << text;
  return out.good();
}

}  // namespace

int main(int argc, char** argv) {
  std::string schema_path, package, rules, out;
  bool report = false;
  for (int i = 1; i < argc; ++i) {
    absl::string_view argument = argv[i];
    if (absl::ConsumePrefix(&argument, "--schema=")) schema_path = std::string(argument);
    else if (absl::ConsumePrefix(&argument, "--package=")) package = std::string(argument);
    else if (absl::ConsumePrefix(&argument, "--rules=")) rules = std::string(argument);
    else if (absl::ConsumePrefix(&argument, "--out=")) out = std::string(argument);
    else if (argument == "--report") report = true;
    else {
      std::cerr << "translator-gen: unknown argument " << argument << "\n";
      return 2;
    }
  }
  if (schema_path.empty() || rules.empty() || (out.empty() && !report)) {
    std::cerr << "usage: translator-gen --schema=FILE,... --package=PACKAGE --rules=FILE,... (--out=DIR | --report)\n";
    return 2;
  }
  std::string error;
  auto schema = vecgate::codegen::Schema::Load(schema_path, package, &error);
  if (schema == nullptr) {
    std::cerr << error << "\n";
    return 1;
  }
  Complaints complaints;
  std::vector<std::unique_ptr<RuleSource>> sources;
  for (absl::string_view path : absl::StrSplit(rules, ','))
    if (auto source = RuleSource::Load(std::string(path), &complaints)) sources.push_back(std::move(source));
  std::unique_ptr<vecgate::codegen::Plan> plan;
  if (complaints.empty()) plan = vecgate::codegen::MakePlan(*schema, sources, &complaints);
  if (!complaints.empty()) {
    for (const std::string& line : complaints.Sorted()) std::cerr << line << "\n";
    return 1;
  }
  if (report) {
    std::cout << vecgate::codegen::Report(*plan);
    return 0;
  }
  std::filesystem::path folder = std::filesystem::path(out) / plan->api->name();
  bool written = WriteFile(folder / "words.h", EmitWords(*plan)) && WriteFile(folder / "api.h", EmitApiHeader(*plan)) &&
                 WriteFile(folder / "api.cc", EmitApiSource(*plan));
  for (const auto* file : schema->files()) {
    if (!plan->Emits(file)) continue;
    written = written && WriteFile(folder / (vecgate::codegen::Stem(file) + ".translate.h"), EmitHeader(*plan, file)) &&
              WriteFile(folder / (vecgate::codegen::Stem(file) + ".translate.cc"), EmitSource(*plan, file));
  }
  if (!written) std::cerr << "translator-gen: cannot write to " << folder << "\n";
  return written ? 0 : 1;
}
