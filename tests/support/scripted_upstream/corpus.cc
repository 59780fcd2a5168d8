#include "scripted_upstream/corpus.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "scripted_upstream/json.h"

namespace vecgate::scripted_upstream {
namespace {

namespace fs = std::filesystem;

absl::StatusOr<std::vector<fs::path>> FilesOf(const std::vector<std::string>& paths) {
  std::vector<fs::path> files;
  for (const std::string& path : paths) {
    std::error_code error;
    if (!fs::is_directory(path, error)) {
      files.emplace_back(path);
      continue;
    }
    const std::size_t before = files.size();
    for (const fs::directory_entry& entry : fs::directory_iterator(path, error)) {
      if (entry.path().extension() == ".jsonl") files.push_back(entry.path());
    }
    if (error) return absl::NotFoundError(absl::StrCat(path, ": ", error.message()));
    if (files.size() == before) return absl::NotFoundError(absl::StrCat(path, ": no *.jsonl in this folder"));
    std::sort(files.begin() + static_cast<std::ptrdiff_t>(before), files.end());
  }
  return files;
}

absl::StatusOr<RecordedCall> ReadCall(const JsonObject& object) {
  RecordedCall call{.method = StringMember(object, "method"), .metadata = MetadataMember(object, "metadata")};
  absl::StatusOr<std::string> request = BytesMember(object, "request_b64");
  if (!request.ok()) return request.status();
  call.request = *std::move(request);
  absl::StatusOr<Answer> answer = ReadAnswer(object);
  if (!answer.ok()) return answer.status();
  call.answer = *std::move(answer);
  return call;
}

absl::StatusOr<Record> ReadRecord(const std::string& line, absl::string_view where) {
  absl::StatusOr<rapidjson::Document> document = ParseObject(line, where);
  if (!document.ok()) return document.status();
  Record record{.name = StringMember(*document, "name"),
                .server = StringMember(*document, "server"),
                .seq = IntMember(*document, "seq")};
  const rapidjson::Value* calls = Member(*document, "grpc");
  if (calls == nullptr || !calls->IsArray()) return record;
  for (const rapidjson::Value& object : calls->GetArray()) {
    absl::StatusOr<RecordedCall> call = ReadCall(object);
    if (!call.ok()) return absl::InvalidArgumentError(absl::StrCat(where, ": ", call.status().message()));
    record.calls.push_back(*std::move(call));
  }
  return record;
}

}  // namespace

absl::StatusOr<Corpus> Corpus::Load(const std::vector<std::string>& paths) {
  absl::StatusOr<std::vector<fs::path>> files = FilesOf(paths);
  if (!files.ok()) return files.status();
  Corpus corpus;
  for (const fs::path& file : *files) {
    std::ifstream input(file);
    if (!input) return absl::NotFoundError(absl::StrCat(file.string(), ": cannot be read"));
    int number = 0;
    for (std::string line; std::getline(input, line);) {
      absl::StatusOr<Record> record = ReadRecord(line, absl::StrCat(file.string(), ":", ++number));
      if (!record.ok()) return record.status();
      corpus.records_.push_back(*std::move(record));
    }
  }
  // Stable: records without `seq` stay in the order of their files.
  std::stable_sort(corpus.records_.begin(), corpus.records_.end(),
                   [](const Record& a, const Record& b) { return a.seq < b.seq; });
  for (std::size_t i = 0; i < corpus.records_.size(); ++i) corpus.by_name_.emplace(corpus.records_[i].name, i);
  return corpus;
}

const Record* Corpus::Find(absl::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : &records_[found->second];
}

}  // namespace vecgate::scripted_upstream
