// A small API for tests. Its translator (fake_translation.cc) puts the body, or the first path variable, into a
// StringValue and prints the reply's text; a body of "bad" is a format error.
#pragma once

#include "runtime/route.h"

namespace vecgate::test {

//   POST /echo           -> /test.Service/Echo
//   GET  /items/{id}     -> /test.Service/Echo
//   POST /slow           -> /test.Service/Slow
//   POST /fail           -> /test.Service/Fail, deadline 1.5 s in /hurry
//   POST /several        -> /test.Service/Echo for each letter of the body, all at the same time
//   POST /lookup         -> GET /files/{body} of the REST port
//   POST /background     -> /test.Service/Echo, answered before
//   GET  /open /local /readyz /metrics
//   GET  /missing /files/{name}, HEAD /files/{name}, POST /files (501, group "files"), GET /other (501, group "other")
const runtime::ApiSpec& FakeApi();

}  // namespace vecgate::test
