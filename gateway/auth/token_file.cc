#include <algorithm>
#include <utility>

#include "auth/small_file.h"
#include "auth/token_providers.h"
#include "base/text.h"

namespace vecgate::auth {
namespace {

constexpr size_t kLargestToken = 16 * 1024;

class File final : public TokenProvider {
 public:
  File(std::string path, std::chrono::milliseconds interval) : path_(std::move(path)), interval_(interval) {}

  std::string_view kind() const override { return "file"; }
  std::chrono::milliseconds interval() const override { return interval_; }

  base::Awaitable<absl::StatusOr<IssuedToken>> Obtain(base::CancelSource&) override {
    absl::StatusOr<std::string> text = ReadSmallFile(path_, kLargestToken);
    if (!text.ok()) co_return text.status();
    while (text->ends_with('\n') || text->ends_with('\r')) text->pop_back();
    if (absl::Status status = CheckToken(*text); !status.ok()) {
      co_return absl::InvalidArgumentError(base::Concat(path_, ": ", std::string(status.message())));
    }
    co_return IssuedToken{*std::move(text), std::nullopt};
  }

 private:
  const std::string path_;
  const std::chrono::milliseconds interval_;
};

}  // namespace

absl::Status CheckToken(std::string_view text) {
  if (text.empty()) return absl::InvalidArgumentError("no token");
  if (text.size() > kLargestToken) return absl::InvalidArgumentError("a token of more than 16 KiB");
  if (!std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; })) {
    return absl::InvalidArgumentError("a token with characters that a header cannot carry");
  }
  return absl::OkStatus();
}

std::unique_ptr<TokenProvider> FileProvider(std::string path, std::chrono::milliseconds interval) {
  return std::make_unique<File>(std::move(path), interval);
}

}  // namespace vecgate::auth
