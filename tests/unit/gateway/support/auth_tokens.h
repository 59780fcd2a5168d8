// Tokens made with PyJWT 2.10 for keys that were thrown away but for their public halves: the set kJwks, and the secret
// kTokenSecret. Those that end, but for kHsExpired, end in 2100.
#pragma once

#include <string_view>

namespace vecgate::test {

inline constexpr std::string_view kTokenSecret = "a-secret-of-the-database-itself!";
inline constexpr std::string_view kHsManage =
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJyZWFkZXIiLCJhY2Nlc3MiOiJtIn0.34bOI7MdAYXXgo52b8jXgcqgvXsDyVAP1"
    "U_WFubB2D4";
inline constexpr std::string_view kHsOtherSecret =
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJyZWFkZXIiLCJhY2Nlc3MiOiJtIn0.o3gWi2ThFGyjwvqUFcJbB84riq9JUG1t-"
    "6Y6h_9cjpw";
inline constexpr std::string_view kHsExpired =
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJleHAiOjEwMDB9.errI3LRChYam_tfvBqwbqFvaROB9Fo7Wd672NlftBRs";
inline constexpr std::string_view kRsToken =
    "eyJhbGciOiJSUzI1NiIsImtpZCI6InJzIiwidHlwIjoiSldUIn0.eyJzdWIiOiJycyIsImV4cCI6NDEwMjQ0NDgwMCwiYWNjZXNzIjoibSJ9.B"
    "p49tKG1dnX2_tDHB2a5whcnv9Er85el_Rbft9UH7a5fg3asUfSkqj7MJLRDqZcTxbNaMEZrpgejw8XbK3A4_IHgfdMGYDjrwrVy8bntb8bVsys"
    "2ikiH3jBrP-2t8SxgNEkrSg56soiZzDsiR1q40JpZ7K-V6W-C7X0Y5tyH8ax_DECBC5jYHUgTQ1GRdx06TqdO5Z-88_fzl_yZVuS6Y78zfRhaj"
    "ts9ZoPSJkVCLLsO_SXHmAhBrc6YajIoTI58wRLmnLgqWNcGCE8Msc2h3DG2kgXowFpVlEUKtH2_NeODcsMKkOeq0KhDb2SzXZOR22IPg-k-aNe"
    "-wrY78s5tkA";
inline constexpr std::string_view kEsToken =
    "eyJhbGciOiJFUzI1NiIsImtpZCI6ImVzIiwidHlwIjoiSldUIn0.eyJzdWIiOiJlcyIsImV4cCI6NDEwMjQ0NDgwMH0.TqLRkoedoWwQQTbn6x"
    "iF-1QI5y6uxxL-J2zuxfT3SjDa_JIErXd6oRffcP_NDbzVhyOOU-cQcuOrXNADMTfeqQ";
inline constexpr std::string_view kEdToken =
    "eyJhbGciOiJFZERTQSIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJlZCIsImV4cCI6NDEwMjQ0NDgwMH0.gk8z3p2FDRx9DFZctjyuGRymi_UbyllHY"
    "Nvnvonm6b1wDsTpSNy-x9VC2TaM4W3t7LcabMf5yGpKo72gri22Ag";
inline constexpr std::string_view kRsUnknownKey =
    "eyJhbGciOiJSUzI1NiIsImtpZCI6Im5ldyIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJycyIsImV4cCI6NDEwMjQ0NDgwMH0.iC3-iRJW1fIQTwffa"
    "A1_VvnK4v8DgbhGqJ38tg5yYQJVBnE5_skMPOKUZNzkt0ZcoIIE8hn6w9vyG17xGbwHuOmHKxeyYVaeVR6uKRQxgpeQ6iOmVrEwGniMacYXnUK"
    "vjC6YKz2gWMHR8kqC88ocHGRSflRZVxaVPIEWm-nmfp82QpblU4iDsQJemtO1DHOFt7FKaBMiuGQsORIbcExyH1viUXIz4sIOceuYmu3EwKYsk"
    "qRzobqvnxzn_sERpSVxvxUGY6IWcIrXMPw_9RwWMjxojAeT7NGQ5iaWGOXKiAGhabrwzTrwirxbmKteIDQIvIs0SgeDL42rw_jlvkUH_g";
inline constexpr std::string_view kRsNamedEs =
    "eyJhbGciOiJSUzI1NiIsImtpZCI6ImVzIiwidHlwIjoiSldUIn0.eyJzdWIiOiJycyIsImV4cCI6NDEwMjQ0NDgwMH0.NasZ-CyrChu_HoE-8v"
    "4LLBwx5xFgwpcyKXXtJ3pdiJH7kz6hUPeNz26q4APjuA_SnJ8siCwOfJN-whx-qStLy4IhQuaGAaNZiO25qWwK_DoyTR7P7XnBZRwfdpTd2Fea"
    "Z0abLJme0-CT7dlHHYzWpMu5a4CmM-Kxpdaf5e6hxvlo5DutWDWkp-bU4sNmQ-YvEtfRa-pDQodz8VcMP0KkFcqolnOIhMkj4PxnCznWDmAtS1"
    "1bDT5PsS4TLc0jlny42RUnaSDpVi80l8Fhz5s2eIXmT78RX8rrkhLceUDpZJcyDhAEGghBgbKOArEUgBA84tY33USmUTD1iYaybOS5ow";
inline constexpr std::string_view kRsWithoutExpiry =
    "eyJhbGciOiJSUzI1NiIsImtpZCI6InJzIiwidHlwIjoiSldUIn0.eyJzdWIiOiJycyJ9.MrEps-h6PrL3lnKSbyyi_OaVZ4bykpY58M-lsisHR"
    "lHx-1aK1G4XQznikwEKBwZDXCUADhB3SCLGQhA3p6sFGl7Mj7aE9riymXPBwMd8lqymAydBHLaQW9SK8q27i_GO_UOr6uo5RLPcFQ5v9fPmg-F"
    "2WtPF3_it6pED5fETNo9LSfrwtHV-IGmAgSpod5SJSQoUWbj1Iq_IMl9ASrfDM2SyuVHjfNWqhh2inCeJEpMfIx5fBZ3anECSyKcttEgmqPLo0"
    "cKssiaP4yccPxc2dUrC3Of823iWKwZk9-V_eDOHywk47XqJiRfa-KdlBGAaMrn9REAQFrWjxiFn_sSVjg";
inline constexpr std::string_view kHsByPublicKey =
    "eyJhbGciOiAiSFMyNTYiLCAidHlwIjogIkpXVCIsICJraWQiOiAicnMifQ.eyJzdWIiOiAiZm9yZ2VkIiwgImFjY2VzcyI6ICJtIiwgImV4cCI"
    "6IDQxMDI0NDQ4MDB9.iReyZrkc3fqiB2Jrym7lTAUcYrP86xgS7n5PJ9PieIU";
inline constexpr std::string_view kJwks =
    "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"rs\",\"n\":\"zdxXZo7nh9hIsh_hunqAGl5drBXQBHkHu8at2xS1FOj3FyTKI"
    "ssJAqYfIw6r0xVhZg0w2tq_"
    "Ou44_MLnBJt_wRGNpczoocrg90NLEBF2DGbOfsQCxuFH2mSta3fk0MnCPM-CdXHWHL8lgOULQFQMiJqDiVioZu_zblWwLqCa9kcCHIfE_XCHlm"
    "KNLZuqHWWBPPHmrAYSzNimVQkfySdrgzLL9YginU-iEDVpMcViOXkeuce6cFwJ9TJNtj66-X3siRsiRaJgZ3FW0PCZXIyQjtdCO1AIa-IilG10"
    "GeXK1L3JRpWQFQyW7rIrCZppSiMC6fs673y-THbElyf2EjMDOQ\",\"e\":\"AQAB\"},{\"kty\":\"EC\",\"crv\":\"P-256"
    "\",\"kid\":\"es\",\"x\":\"aZVb"
    "8tX1RXiwvH7Tyt9-HDkXT2CShDX0nS5449XHaIA\",\"y\":\"oAbMQsZfcSbae4mJ6ip_thIMTtzKvCmU-OEKqo5868k\"},{\""
    "kty\":\"OKP\",\"crv\""
    ":\"Ed25519\",\"kid\":\"ed\",\"x\":\"7Hc6snNbuH7E_LeC2ZcEvCqCvWMyGIArOzycfepEjgk\"}]}";

}  // namespace vecgate::test
