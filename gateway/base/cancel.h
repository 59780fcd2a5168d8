// A switch from the one who notices that work has become pointless to the work itself.
#pragma once

namespace vecgate::base {

// Used by one thread. Once cancelled it stays so.
class CancelSource {
 public:
  CancelSource() = default;
  CancelSource(const CancelSource&) = delete;
  CancelSource& operator=(const CancelSource&) = delete;

  bool cancelled() const { return cancelled_; }

  void Cancel() {
    cancelled_ = true;
    if (stop_ != nullptr) stop_(argument_);
  }

  // Says what to stop while this object lives; nothing is called when the source was cancelled before.
  class Target {
   public:
    Target(CancelSource* source, void (*stop)(void*), void* argument) : source_(source) {
      if (source_ == nullptr) return;
      source_->stop_ = stop;
      source_->argument_ = argument;
    }
    ~Target() {
      if (source_ != nullptr) source_->stop_ = nullptr;
    }
    Target(const Target&) = delete;
    Target& operator=(const Target&) = delete;

   private:
    CancelSource* source_;
  };

 private:
  bool cancelled_ = false;
  void (*stop_)(void*) = nullptr;
  void* argument_ = nullptr;
};

}  // namespace vecgate::base
