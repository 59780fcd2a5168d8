#include <gtest/gtest.h>

#include "auth/grant.h"

namespace vecgate::auth {
namespace {

using runtime::Access;

runtime::AccessSpec Words() {
  runtime::AccessSpec words{};
  words.needs_global = "global";
  words.needs_global_write = "global write";
  words.needs_collection = "access to {collection}";
  words.needs_collection_write = "write {collection}";
  words.points_only = "points of {collection}";
  return words;
}

const Grant kSome = Grant::To({{"r", Right::kRead}, {"rw", Right::kWrite}, {"prw", Right::kPoints}});

struct Row {
  Wanted wanted;
  std::string_view read_only;  // what a caller who may only read is told; empty: allowed
  std::string_view some;       // what a caller of some collections is told
};

Wanted Want(Access access, std::optional<std::string_view> collection, bool beside_points = false,
            bool listed = false) {
  return {access, collection, beside_points, listed};
}

// Each call is judged by what it names.
Wanted WantNamed(Access access) {
  Wanted wanted;
  wanted.access = access;
  wanted.named = true;
  return wanted;
}

TEST(GrantTest, DecidesByAccessAndCollection) {
  const Row rows[] = {
      {Want(Access::kOpen, std::nullopt), "", ""},
      {Want(Access::kRead, std::nullopt), "", "global"},
      {Want(Access::kRead, std::nullopt, false, true), "", ""},
      {WantNamed(Access::kRead), "", ""},
      {WantNamed(Access::kWrite), "global write", ""},
      {WantNamed(Access::kManage), "global write", "global"},
      {Want(Access::kWrite, std::nullopt), "global write", "global"},
      {Want(Access::kManage, std::nullopt), "global write", "global"},
      {Want(Access::kManage, std::nullopt, false, true), "global write", "global"},
      {Want(Access::kRead, "r"), "", ""},
      {Want(Access::kRead, "rw"), "", ""},
      {Want(Access::kRead, "prw"), "", ""},
      {Want(Access::kRead, "other"), "", "access to other"},
      {Want(Access::kRead, ""), "", "access to "},
      {Want(Access::kWrite, "r"), "global write", "write r"},
      {Want(Access::kWrite, "rw"), "global write", ""},
      {Want(Access::kWrite, "prw"), "global write", ""},
      {Want(Access::kWrite, "other"), "global write", "access to other"},
      {Want(Access::kRead, "r", true), "", ""},
      {Want(Access::kRead, "prw", true), "", "points of prw"},
      {Want(Access::kWrite, "r", true), "global write", "write r"},
      {Want(Access::kWrite, "rw", true), "global write", ""},
      {Want(Access::kWrite, "prw", true), "global write", "points of prw"},
      // Managing a collection concerns everyone.
      {Want(Access::kManage, "rw"), "global write", "global"},
  };
  const runtime::AccessSpec words = Words();
  for (const Row& row : rows) {
    SCOPED_TRACE(std::string(row.wanted.collection.value_or("-")) + " " +
                 std::to_string(static_cast<int>(row.wanted.access)));
    EXPECT_EQ(Grant::Full().Refuse(row.wanted, words), std::nullopt);
    EXPECT_EQ(Grant::ReadOnly().Refuse(row.wanted, words).value_or(""), row.read_only);
    EXPECT_EQ(kSome.Refuse(row.wanted, words).value_or(""), row.some);
  }
}

TEST(GrantTest, NamesAreWhole) {
  EXPECT_TRUE(kSome.MayRead("rw"));
  EXPECT_FALSE(kSome.MayRead("RW"));
  EXPECT_FALSE(kSome.MayRead("r "));
  EXPECT_FALSE(Grant::To({}).MayRead(""));
}

}  // namespace
}  // namespace vecgate::auth
