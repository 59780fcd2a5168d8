// Reads and prints messages of the nasty schema by its rules.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "nasty/api.h"
#include "nasty/common.translate.h"
#include "nasty/shelf.translate.h"
#include "runtime/json_reader.h"
#include "runtime/json_value.h"
#include "runtime/json_writer.h"
#include "support/as_sent.h"

namespace nasty_test {

namespace nasty = ::vecgate::translators::nasty;
namespace v1 = ::nasty::v1;
using vecgate::runtime::JsonReader;
using vecgate::runtime::JsonValue;
using vecgate::runtime::JsonWriter;

template <class M>
struct Reading {
  bool ok = false;  // read and valid
  M message;
  std::string fault;     // text of a format error or a refusal, with the JSON path where there is one: "(a.b)"
  uint32_t refused = 0;  // status of a refusal
  size_t column = 0;     // of a format error; 0: it has no place
  std::vector<std::string> violations;  // "path: text"
  std::vector<size_t> merged;
};

// Reads with the fast source and with the exact one, which must agree; what is told comes from the latter.
template <class M>
Reading<M> Read(bool (*read)(JsonReader&, const JsonValue&, M*), std::string_view json) {
  using namespace vecgate::runtime;
  std::string padded(json);
  padded.append(kBodyPadding, ' ');
  const std::string_view body = std::string_view(padded).substr(0, json.size());
  Reading<M> reading;
  JsonDocument document(nasty::ApiSpec().max_depth);
  SyntaxError error;
  if (!document.ParseExact(body, &error)) {
    reading.fault = error.text;
    return reading;
  }
  JsonReader exact(true, nasty::ApiSpec().texts);
  const bool read_exactly = read(exact, document.root(), &reading.message);
  reading.ok = read_exactly && !exact.invalid();
  if (!read_exactly) {
    reading.fault = exact.error_text();
    if (!exact.error_path().empty()) reading.fault += " (" + exact.error_path() + ")";
    reading.refused = exact.refused();
    if (exact.refused() == 0 && exact.located()) reading.column = Locate(body, exact.error_offset()).column;
  }
  for (const Violation& violation : exact.violations())
    reading.violations.push_back(violation.path + ": " + violation.message);
  reading.merged = exact.merged_items();

  EXPECT_TRUE(!reading.ok || vecgate::TakeAsSent(&reading.message)) << json;
  if (!document.ParseFast(body)) return reading;
  M message;
  JsonReader fast(false, nasty::ApiSpec().texts);
  const bool ok = read(fast, document.root(), &message) && !fast.invalid();
  EXPECT_EQ(ok, reading.ok) << json;
  if (ok) {
    EXPECT_TRUE(vecgate::TakeAsSent(&message)) << json;
    EXPECT_EQ(message.DebugString(), reading.message.DebugString()) << json;
  }
  return reading;
}

template <class M>
std::string Print(void (*write)(const M&, JsonWriter&), const M& message, vecgate::runtime::Flags flags = 0) {
  vecgate::runtime::OutputBuffer buffer;
  JsonWriter writer(buffer);
  writer.set_flags(flags);
  write(message, writer);
  return std::string(buffer.view());
}

// What is printed of what was read.
template <class M>
std::string Through(bool (*read)(JsonReader&, const JsonValue&, M*), void (*write)(const M&, JsonWriter&),
                    std::string_view json) {
  const Reading<M> reading = Read(read, json);
  EXPECT_TRUE(reading.ok) << json << ": " << reading.fault << (reading.violations.empty() ? "" : reading.violations[0]);
  return Print(write, reading.message);
}

}  // namespace nasty_test
