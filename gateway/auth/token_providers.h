// The kinds of places that tokens for the upstream come from.
#pragma once

#include <absl/status/statusor.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "auth/token_source.h"
#include "config/auth.h"

namespace vecgate::auth {

// A file that somebody else keeps up to date; looked at every `interval`.
std::unique_ptr<TokenProvider> FileProvider(std::string path, std::chrono::milliseconds interval);

// A program's standard output, without the line end after it. The program is run without a shell, with the gateway's
// environment, and killed after `timeout`.
std::unique_ptr<TokenProvider> CommandProvider(std::vector<std::string> arguments, std::chrono::milliseconds interval,
                                               std::chrono::milliseconds timeout, base::Executor executor);

// OAuth2 client credentials (RFC 6749 4.4). Fails when the authorities cannot be read.
absl::StatusOr<std::unique_ptr<TokenProvider>> OAuth2Provider(const config::OAuth2& config,
                                                              std::chrono::milliseconds interval,
                                                              std::chrono::milliseconds timeout,
                                                              base::Executor executor);

// What may travel as a credential: visible ASCII, of a bounded length. The error does not repeat the text.
absl::Status CheckToken(std::string_view text);

}  // namespace vecgate::auth
