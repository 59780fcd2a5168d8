#include <openssl/evp.h>

#include <utility>

#include "auth/json.h"
#include "auth/token_providers.h"
#include "base/log.h"
#include "base/status.h"
#include "base/text.h"
#include "base/url.h"
#include "http_client/fetch.h"

namespace vecgate::auth {
namespace {

using std::chrono::milliseconds;

constexpr size_t kLargestAnswer = 64 * 1024;

// application/x-www-form-urlencoded.
std::string FormEncoded(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '.' || c == '_' || c == '*';
    if (plain) {
      encoded.push_back(c);
    } else if (c == ' ') {
      encoded.push_back('+');
    } else {
      const auto byte = static_cast<unsigned char>(c);
      base::Append(&encoded, '%', kDigits[byte >> 4], kDigits[byte & 15]);
    }
  }
  return encoded;
}

std::string Base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  text.resize(static_cast<size_t>(size));
  return text;
}

class OAuth2 final : public TokenProvider {
 public:
  OAuth2(base::Url url, const config::OAuth2& config, milliseconds interval, milliseconds timeout,
         base::Executor executor)
      : url_(std::move(url)),
        ca_(config.ca),
        interval_(interval),
        timeout_(timeout),
        executor_(executor) {
    // RFC 6749 2.3.1: identity and secret are form-encoded before they are put together.
    fields_ = base::Concat(
        "accept: application/json\r\ncontent-type: application/x-www-form-urlencoded\r\nauthorization: Basic ",
        Base64(base::Concat(FormEncoded(config.client_id), ":", FormEncoded(config.client_secret.value()))), "\r\n");
    body_ = "grant_type=client_credentials";
    if (!config.scope.empty()) base::Append(&body_, "&scope=", FormEncoded(config.scope));
    if (!config.audience.empty()) base::Append(&body_, "&audience=", FormEncoded(config.audience));
  }

  std::string_view kind() const override { return "oauth2"; }
  milliseconds interval() const override { return interval_; }

  base::Awaitable<absl::StatusOr<IssuedToken>> Obtain(base::CancelSource& stop) override {
    // Authorities are read each time: their file may have changed.
    const auto target = http_client::Target::Make(http_client::AddressOf(url_, ca_));
    if (!target.ok()) co_return target.status();
    const http_client::FetchRequest request{"POST", url_.path, fields_, body_};
    const absl::StatusOr<http_client::FetchAnswer> answer =
        co_await http_client::Fetch(**target, request, {timeout_, kLargestAnswer}, executor_, &stop);
    if (!answer.ok()) co_return answer.status();
    rapidjson::Document document;
    const bool readable = ParseObject(answer->body, &document);
    if (answer->status != 200) co_return Refused(answer->status, readable ? TextMember(document, "error") : "");
    if (!readable) co_return absl::UnavailableError("the token endpoint does not answer in JSON");
    IssuedToken token{std::string(TextMember(document, "access_token")), std::nullopt};
    if (absl::Status status = CheckToken(token.text); !status.ok()) co_return status;
    if (!base::EqualsIgnoreCase(TextMember(document, "token_type"), "bearer")) {
      co_return absl::UnavailableError("the token endpoint gives no bearer token");
    }
    const rapidjson::Value* const lifetime = Member(document, "expires_in");
    if (lifetime != nullptr && lifetime->IsNumber() && lifetime->GetDouble() > 0) {
      constexpr double kYear = 365.0 * 24 * 3600;
      const double seconds = lifetime->GetDouble();
      token.lifetime = milliseconds(static_cast<int64_t>((seconds < kYear ? seconds : kYear) * 1000));
    }
    co_return token;
  }

 private:
  // `error` is one of the words of RFC 6749 5.2, or else not worth telling.
  static absl::Status Refused(uint32_t status, std::string_view error) {
    for (const std::string_view known : {"invalid_request", "invalid_client", "invalid_grant", "unauthorized_client",
                                         "unsupported_grant_type", "invalid_scope"}) {
      if (error == known) {
        return absl::UnavailableError(base::Concat("the token endpoint answers ", status, ", ", known));
      }
    }
    return absl::UnavailableError(base::Concat("the token endpoint answers ", status));
  }

  const base::Url url_;
  const std::string ca_;
  const milliseconds interval_;
  const milliseconds timeout_;
  const base::Executor executor_;
  std::string fields_;
  std::string body_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<TokenProvider>> OAuth2Provider(const config::OAuth2& config, milliseconds interval,
                                                              milliseconds timeout, base::Executor executor) {
  const absl::StatusOr<base::Url> url = base::ParseUrl(config.token_url);
  if (!url.ok()) return url.status();
  const auto target = http_client::Target::Make(http_client::AddressOf(*url, config.ca));
  if (!target.ok()) return target.status();
  if (base::IsExposed(*url)) {
    base::LogLine(base::LogLevel::kWarning, "oauth2_secret_in_plain_text").Add("host", url->host);
  }
  return std::make_unique<OAuth2>(*url, config, interval, timeout, executor);
}

}  // namespace vecgate::auth
