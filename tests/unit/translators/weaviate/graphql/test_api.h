// The routes of GraphQL, as the rules have them.
#pragma once

#include <weaviate/v1/aggregate.pb.h>
#include <weaviate/v1/search_get.pb.h>

#include "runtime/compiled_route.h"
#include "runtime/translation.h"
#include "weaviate/operations.h"

namespace vecgate::translators::weaviate {

template <class M>
const google::protobuf::Message* DefaultOf() {
  return &M::default_instance();
}

// Of /v1/graphql, and of /v1/graphql/batch.
inline const runtime::Api& TestApi() {
  static const runtime::CallSpec calls[] = {
      {"/weaviate.v1.Weaviate/Search", DefaultOf<::weaviate::v1::SearchRequest>, DefaultOf<::weaviate::v1::SearchReply>, nullptr, {}, {}},
      {"/weaviate.v1.Weaviate/Aggregate", DefaultOf<::weaviate::v1::AggregateRequest>, DefaultOf<::weaviate::v1::AggregateReply>, nullptr,
       {}, {}}};
  static runtime::RouteSpec routes[2] = {};
  static runtime::ApiSpec spec = [] {
    routes[0].path = "/v1/graphql";
    routes[0].operation = MakeGraphQl;
    routes[1].path = "/v1/graphql/batch";
    routes[1].operation = MakeGraphQlBatch;
    for (runtime::RouteSpec& route : routes) {
      route.method = "POST";
      route.has_body = true;
      route.calls = calls;
    }
    runtime::ApiSpec api = {};
    api.name = "weaviate";
    api.routes = routes;
    api.max_depth = 200;
    return api;
  }();
  static const runtime::Api api(spec);
  return api;
}

}  // namespace vecgate::translators::weaviate
