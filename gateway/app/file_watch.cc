#include "app/file_watch.h"

#include <sys/stat.h>

namespace vecgate::app {

FilesView::FilesView(const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    File& file = files_.emplace_back();
    file.path = path;
    struct stat status {};
    if (stat(path.c_str(), &status) != 0) continue;
    file.device = status.st_dev;
    file.inode = status.st_ino;
    file.size = status.st_size;
    file.modified_ns = int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
  }
}

}  // namespace vecgate::app
