// What servers older than the schema want otherwise. Which one it is the configuration says (upstream.version).
#pragma once

#include <weaviate/v1/aggregate.pb.h>
#include <weaviate/v1/search_get.pb.h>

#include "runtime/translation.h"

namespace vecgate::translators::weaviate {

// Servers before 1.36 weigh the parts of a hybrid search by `alpha`, which has no presence: one that is not given would
// count as 0, keywords only. Later ones look at `alpha_param` alone.
void SuitServer(const runtime::UpstreamFacts& facts, ::weaviate::v1::SearchRequest* request);
void SuitServer(const runtime::UpstreamFacts& facts, ::weaviate::v1::AggregateRequest* request);

}  // namespace vecgate::translators::weaviate
