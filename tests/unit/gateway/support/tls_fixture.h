// A listener's TLS with a certificate made on the fly.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "config/config.h"
#include "support/authority.h"
#include "support/tls_client.h"
#include "tls/listener_contexts.h"

namespace vecgate::test {

class TlsFixture {
 public:
  // `adjust(settings)` may change what the listener is told; its files are there already.
  template <typename Adjust>
  explicit TlsFixture(Adjust adjust) : authority_("Test Authority") {
    Write(Wanted{"localhost", {"DNS:localhost"}});
    adjust(settings_);
    contexts_ = std::make_unique<tls::ListenerContexts>(settings_);
    contexts_->OnHandshakes([this](std::string_view version, tls::HandshakeResult result) {
      const std::lock_guard lock(mutex_);
      ++counts_[{std::string(version), std::string(NameOf(result))}];
    });
    status_ = Reload();
  }
  TlsFixture() : TlsFixture([](config::ServerTls&) {}) {}

  // Replaces the files of the first certificate.
  void Write(const Wanted& wanted) {
    const Issued issued = authority_.Issue(wanted);
    settings_.certificates = {files_.Write("server.pem", issued.certificate)};
    settings_.keys = {files_.Write("server.key", issued.key)};
  }
  // Adds a certificate to the settings.
  void Add(const Wanted& wanted) {
    const Issued issued = authority_.Issue(wanted);
    const std::string name = wanted.name + (wanted.rsa ? "-rsa" : "");
    settings_.certificates.push_back(files_.Write(name + ".pem", issued.certificate));
    settings_.keys.push_back(files_.Write(name + ".key", issued.key));
  }
  absl::Status Reload() {
    auto context = contexts_->Prepare(settings_);
    if (context.ok()) contexts_->Use(*std::move(context));
    return context.status();
  }

  config::ServerTls& settings() { return settings_; }
  const tls::ListenerContexts& contexts() const { return *contexts_; }
  const absl::Status& status() const { return status_; }
  Authority& authority() { return authority_; }
  const TestFiles& files() const { return files_; }
  int count(std::string_view version, std::string_view result) {
    const std::lock_guard lock(mutex_);
    return counts_[{std::string(version), std::string(result)}];
  }

 private:
  TestFiles files_;
  Authority authority_;
  config::ServerTls settings_;
  std::mutex mutex_;
  std::map<std::pair<std::string, std::string>, int> counts_;
  std::unique_ptr<tls::ListenerContexts> contexts_;
  absl::Status status_;
};

}  // namespace vecgate::test
