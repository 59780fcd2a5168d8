#include "auth/claims.h"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <utility>

#include "auth/json.h"
#include "auth/words.h"
#include "base/text.h"

namespace vecgate::auth {
namespace {

using rapidjson::Value;
using std::chrono::seconds;
using std::chrono::system_clock;

constexpr std::string_view kMethod = "token";
constexpr size_t kLongestName = 128;
// The year 2255; the clock counts nanoseconds and ends a little later.
constexpr double kEndOfTime = 9'000'000'000;

Refusal Bad(Reason reason, const runtime::AccessSpec& words) {
  return {reason, false, std::string(words.bad_credential)};
}

// Claims that are not of their types, which the database tells like a signature that is not one.
Refusal IllTyped(const runtime::AccessSpec& words) {
  return {Reason::kBadClaims, true, std::string(words.bad_signature)};
}

// `exp` and `nbf` are numbers of seconds, whole or not (RFC 7519 2). False when the claim is there and none.
bool ReadTime(const Value& claims, std::string_view name, std::optional<system_clock::time_point>* time) {
  const Value* const value = Member(claims, name);
  if (value == nullptr) return true;
  if (!value->IsNumber()) return false;
  const double number = value->GetDouble();
  if (!(number >= 0)) return false;
  *time = system_clock::time_point(seconds(static_cast<int64_t>(number < kEndOfTime ? number : kEndOfTime)));
  return true;
}

bool HasAudience(const Value& claims, std::string_view wanted) {
  const Value* const audience = Member(claims, "aud");
  if (audience == nullptr) return false;
  if (audience->IsString()) return TextOf(*audience) == wanted;
  if (!audience->IsArray()) return false;
  for (const Value& one : audience->GetArray()) {
    if (one.IsString() && TextOf(one) == wanted) return true;
  }
  return false;
}

std::optional<Right> RightOf(std::string_view text) {
  if (text == "r") return Right::kRead;
  if (text == "rw") return Right::kWrite;
  if (text == "prw") return Right::kPoints;
  return std::nullopt;
}

// Nothing when the value makes no sense; `refusal` then says why.
std::optional<Grant> GrantOf(const Value& access, const runtime::AccessSpec& words, Refusal* refusal) {
  *refusal = IllTyped(words);
  if (access.IsString()) {
    if (TextOf(access) == "m") return Grant::Full();
    if (TextOf(access) == "r") return Grant::ReadOnly();
    return std::nullopt;
  }
  if (!access.IsArray()) return std::nullopt;
  Grant::Collections collections;
  std::string_view fault;
  rapidjson::SizeType faulty = 0;
  for (rapidjson::SizeType i = 0; i < access.Size(); ++i) {
    const Value& one = access[i];
    if (!one.IsObject()) return std::nullopt;
    const Value* const name = Member(one, "collection");
    const std::optional<Right> right = RightOf(TextMember(one, "access"));
    if (name == nullptr || !name->IsString() || !right.has_value()) return std::nullopt;
    // Of a restriction nobody checks any more; to ignore it would open what was closed.
    const Value* const payload = Member(one, "payload");
    const bool restricted = payload != nullptr && !payload->IsNull();
    const bool added = collections.emplace(std::string(TextOf(*name)), *right).second;
    if (!fault.empty() || (added && !restricted)) continue;
    fault = added ? words.payload_restriction : words.twice;
    faulty = i;
  }
  if (fault.empty()) return Grant::To(std::move(collections));
  *refusal = {Reason::kBadClaims, false, Filled(fault, "{index}", base::Concat(faulty))};
  return std::nullopt;
}

std::string Printed(const Value& value) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  value.Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

bool IsTextOrAbsent(const Value& claims, std::string_view name) {
  const Value* const value = Member(claims, name);
  return value == nullptr || value->IsNull() || value->IsString();
}

}  // namespace

std::string IssuerOf(std::string_view claims) {
  rapidjson::Document object;
  return ParseObject(claims, &object) ? std::string(TextMember(object, "iss")) : std::string();
}

ClaimsOutcome ReadClaims(std::string_view claims, const ClaimRules& rules, const runtime::AccessSpec& words,
                         system_clock::time_point now) {
  const auto refused = [&words](Reason reason) { return ClaimsOutcome{nullptr, Bad(reason, words)}; };
  const ClaimsOutcome ill_typed{nullptr, IllTyped(words)};
  rapidjson::Document object;
  if (!ParseObject(claims, &object)) return ill_typed;
  std::optional<system_clock::time_point> expires;
  std::optional<system_clock::time_point> begins;
  if (!ReadTime(object, "exp", &expires) || !ReadTime(object, "nbf", &begins) || !IsTextOrAbsent(object, "sub") ||
      !IsTextOrAbsent(object, "subject")) {
    return ill_typed;
  }

  auto caller = std::make_shared<Caller>();
  caller->method = kMethod;
  if (const Value* const access = Member(object, rules.access_claim); access != nullptr) {
    Refusal refusal;
    std::optional<Grant> grant = GrantOf(*access, words, &refusal);
    if (!grant.has_value()) return {nullptr, std::move(refusal)};
    caller->grant = *std::move(grant);
  } else if (rules.without_access.has_value()) {
    caller->grant = *rules.without_access;
  } else {
    return refused(Reason::kBadClaims);
  }
  if (const Value* const exists = Member(object, "value_exists"); exists != nullptr && !exists->IsNull()) {
    if (!exists->IsObject()) return ill_typed;
    caller->value_exists = Printed(*exists);
  }

  if (expires.has_value() && *expires + rules.leeway < now) {
    return {nullptr, {Reason::kExpired, true, std::string(words.expired)}};
  }
  if (!expires.has_value() && rules.needs_expiry) return refused(Reason::kBadClaims);
  if (begins.has_value() && *begins > now + rules.leeway) return refused(Reason::kNotYetValid);
  if (!rules.issuer.empty() && TextMember(object, "iss") != rules.issuer) return refused(Reason::kUnknownSigner);
  if (!rules.audience.empty() && !HasAudience(object, rules.audience)) return refused(Reason::kWrongAudience);

  if (expires.has_value()) caller->until = *expires + rules.leeway;
  // `subject` is the database's own claim, for its audit log; `sub` everyone's.
  const std::string_view subject = TextMember(object, "subject");
  caller->name = std::string((subject.empty() ? TextMember(object, "sub") : subject).substr(0, kLongestName));
  return {std::move(caller), {}};
}

}  // namespace vecgate::auth
