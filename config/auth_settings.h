// `auth`: its tables, for settings.cc.
#pragma once

#include <absl/status/status.h>

#include <span>

#include "config/settings.h"

namespace vecgate::config {

std::span<const Setting> AuthKeySettings();
std::span<const Setting> AuthTokensSettings();
std::span<const Setting> AuthCertificateSettings();

// One element by itself. The message begins with the key within it.
absl::Status CheckAuthKey(const AuthKey& key);
absl::Status CheckAuthTokens(const AuthTokens& tokens);
absl::Status CheckAuthCertificate(const AuthCertificate& certificate);

// What single values cannot tell. The message begins with the key.
absl::Status CheckAuth(const Config& config);

}  // namespace vecgate::config
