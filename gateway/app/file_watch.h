// Notices that files change.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace vecgate::app {

// What files look like from outside. Equal views: nothing was written in between.
class FilesView {
 public:
  FilesView() = default;
  // Follows links, so that files swapped by a link to their folder count as changed.
  explicit FilesView(const std::vector<std::string>& paths);

  friend bool operator==(const FilesView&, const FilesView&) = default;

 private:
  struct File {
    std::string path;
    uint64_t device = 0;
    uint64_t inode = 0;
    int64_t size = -1;  // -1: not there
    int64_t modified_ns = 0;
    friend bool operator==(const File&, const File&) = default;
  };
  std::vector<File> files_;
};

}  // namespace vecgate::app
