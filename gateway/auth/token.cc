#include "auth/token.h"

#include <utility>
#include <vector>

#include "auth/base64url.h"
#include "auth/json.h"
#include "base/text.h"

namespace vecgate::auth {

std::optional<Token> ParseToken(std::string_view credential) {
  if (credential.size() > kLargestToken) return std::nullopt;
  const std::vector<std::string_view> parts = base::Split(credential, '.');
  if (parts.size() != 3) return std::nullopt;
  const std::optional<std::string> header = DecodeBase64Url(parts[0]);
  std::optional<std::string> claims = DecodeBase64Url(parts[1]);
  std::optional<std::string> signature = DecodeBase64Url(parts[2]);
  if (!header.has_value() || !claims.has_value() || !signature.has_value()) return std::nullopt;

  rapidjson::Document object;
  if (!ParseObject(*header, &object)) return std::nullopt;
  const rapidjson::Value* const name = Member(object, "alg");
  if (name == nullptr || !name->IsString() || Member(object, "crit") != nullptr) return std::nullopt;
  Token token;
  token.algorithm = AlgorithmOf(TextOf(*name));
  token.key_id = std::string(TextMember(object, "kid"));
  token.signed_text = credential.substr(0, parts[0].size() + 1 + parts[1].size());
  token.signature = *std::move(signature);
  token.claims = *std::move(claims);
  return token;
}

}  // namespace vecgate::auth
