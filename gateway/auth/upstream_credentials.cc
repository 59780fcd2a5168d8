#include "auth/upstream_credentials.h"

#include <utility>

#include "auth/credentials.h"
#include "auth/token_providers.h"
#include "base/status.h"
#include "base/text.h"

namespace vecgate::auth {
namespace {

constexpr std::string_view kKey = "upstream.credentials";

}  // namespace

absl::StatusOr<std::shared_ptr<const UpstreamCredentials>> UpstreamCredentials::Make(
    const config::UpstreamCredentials& config, base::Executor executor) {
  std::shared_ptr<UpstreamCredentials> made(new UpstreamCredentials);
  made->forwards_known_ = config.source == "forward";
  made->own_ = config.source != "auto" && config.source != "forward";
  made->header_ = config.header;
  if (config.header == "authorization") made->prefix_ = "Bearer ";

  std::unique_ptr<TokenProvider> provider;
  if (config.source == "key") {
    if (absl::Status status = CheckToken(config.key.value()); !status.ok()) {
      return absl::InvalidArgumentError(base::Concat(kKey, ".key: ", base::MessageOf(status)));
    }
    made->key_ = config.key.value();
  } else if (config.source == "file") {
    provider = FileProvider(config.file, config.file_check);
  } else if (config.source == "command") {
    provider = CommandProvider(config.command, config.refresh, config.timeout, executor);
  } else if (config.source == "oauth2") {
    auto oauth2 = OAuth2Provider(config.oauth2, config.refresh, config.timeout, executor);
    if (!oauth2.ok()) {
      return absl::InvalidArgumentError(base::Concat(kKey, ".oauth2.token_url: ", base::MessageOf(oauth2.status())));
    }
    provider = *std::move(oauth2);
  }
  if (provider != nullptr) made->tokens_ = std::make_shared<TokenSource>(std::move(provider), executor);
  return std::shared_ptr<const UpstreamCredentials>(std::move(made));
}

void UpstreamCredentials::Start() const {
  if (tokens_ != nullptr) tokens_->Start();
}

void UpstreamCredentials::Stop() const {
  if (tokens_ != nullptr) tokens_->Stop();
}

bool UpstreamCredentials::ready() const { return tokens_ == nullptr || tokens_->token() != nullptr; }

bool UpstreamCredentials::Apply(bool known, base::Metadata* metadata) const {
  if (!own_ && (!known || forwards_known_)) return true;
  RemoveCredentials(metadata);
  if (!own_) return true;
  if (tokens_ == nullptr) {
    metadata->emplace_back(header_, base::Concat(prefix_, key_));
    return true;
  }
  const std::shared_ptr<const std::string> token = tokens_->token();
  if (token == nullptr) return false;
  metadata->emplace_back(header_, base::Concat(prefix_, *token));
  return true;
}

}  // namespace vecgate::auth
