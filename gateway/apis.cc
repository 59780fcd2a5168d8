#include "apis.h"

#include "qdrant/api.h"
#include "weaviate/api.h"

namespace vecgate {

const runtime::ApiSpec& ApiOf(std::string_view kind) {
  return kind == "weaviate" ? translators::weaviate::ApiSpec() : translators::qdrant::ApiSpec();
}

}  // namespace vecgate
