// A server whose connections a test holds in its own hands: it reads and sends exactly the bytes it wants to.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace vecgate::test {

// One accepted connection. Waiting has a bound of 20 s.
class Peer {
 public:
  explicit Peer(int descriptor);
  ~Peer();
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  // Up to and with `mark`; what there is when the connection ends before.
  std::string ReadUntil(std::string_view mark);
  std::string ReadHead() { return ReadUntil("\r\n\r\n"); }
  std::string ReadBytes(size_t size);
  bool Send(std::string_view bytes);
  // Sends as much of `bytes` as the other side takes and returns how much that was, once it has taken nothing for
  // `patience_ms`.
  size_t SendUntilHeldBack(std::string_view bytes, int patience_ms);
  // Waits for the other side to end the connection; false when bytes come.
  bool Ended();
  void Close();

 private:
  bool Fill();
  int descriptor_;
  std::string input_;
};

class RawServer {
 public:
  RawServer();
  ~RawServer();
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  uint16_t port() const { return port_; }
  std::unique_ptr<Peer> Accept();

 private:
  int descriptor_;
  uint16_t port_ = 0;
};

}  // namespace vecgate::test
