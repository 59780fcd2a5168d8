// Runs a target without libFuzzer: over the files of a folder, and over mutations of them that are the same every time.
//
//   usage: <target>_fuzz FOLDER [MUTATIONS [SEED]]
//
// An input that ends the process is left in ./crash-<target>.
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include "support/input.h"

namespace {

std::string crash_file;   // set before anything runs
const std::string* tried = nullptr;

extern "C" void KeepInput(int signal) {
  const int file = open(crash_file.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0644);
  if (file >= 0 && tried != nullptr && write(file, tried->data(), tried->size()) >= 0) close(file);
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

void Run(const std::string& input) {
  tried = &input;
  // A copy without room behind it, so that a read beyond the end is seen by a sanitizer.
  const std::vector<uint8_t> bytes(input.begin(), input.end());
  LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
}

std::string Mutated(const std::vector<std::string>& inputs, std::mt19937_64* random) {
  const auto below = [&](size_t n) { return static_cast<size_t>((*random)() % n); };
  std::string text = inputs[below(inputs.size())];
  for (size_t i = 1 + below(3); i > 0; --i) {
    const size_t at = below(text.size() + 1);
    const size_t size = std::min(text.size() - at, below(16));
    switch (below(4)) {
      case 0:
        text.erase(at, size);
        break;
      case 1:
        text.insert(at, 1, static_cast<char>(below(256)));
        break;
      case 2:
        if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << below(8)));
        break;
      default: {  // a piece of another input
        const std::string& other = inputs[below(inputs.size())];
        text.replace(at, size, other.substr(below(other.size() + 1), below(32)));
      }
    }
  }
  return text;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: %s FOLDER [MUTATIONS [SEED]]\n", argv[0]);
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  const unsigned long mutations = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 0;
  crash_file = "crash-" + folder.filename().string();
  std::signal(SIGABRT, KeepInput);
  std::signal(SIGSEGV, KeepInput);

  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<std::string> inputs;
  for (const std::filesystem::path& file : files) {
    std::ifstream in(file, std::ios::binary);
    inputs.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    Run(inputs.back());
  }
  if (inputs.empty()) {
    std::fprintf(stderr, "%s holds nothing\n", argv[1]);
    return 1;
  }
  std::mt19937_64 random(argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 1);
  for (unsigned long i = 0; i < mutations; ++i) Run(Mutated(inputs, &random));
  std::printf("%zu inputs and %lu mutations of them\n", inputs.size(), mutations);
  return 0;
}
