#include "support/authority.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "base/text.h"

namespace vecgate::test {
namespace {

using tls::BioPtr;
using tls::KeyPtr;
using tls::X509Ptr;

constexpr long kDay = 24 * 60 * 60;

template <typename Write>
std::string Pem(Write write) {
  const BioPtr out(BIO_new(BIO_s_mem()));
  write(out.get());
  char* data = nullptr;
  const long size = BIO_get_mem_data(out.get(), &data);
  return {data, static_cast<size_t>(size)};
}

KeyPtr NewKey(bool rsa) { return KeyPtr(rsa ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256")); }

void Extend(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

X509Ptr NewCertificate(const Wanted& wanted, long serial, EVP_PKEY* key) {
  X509Ptr certificate(X509_new());
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), wanted.from_days * kDay);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), wanted.to_days * kDay);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(wanted.name.c_str()), -1, -1, 0);
  X509_set_pubkey(certificate.get(), key);
  return certificate;
}

}  // namespace

Authority::Authority(const std::string& name) : key_(NewKey(false)) {
  certificate_ = NewCertificate({name}, 1, key_.get());
  X509* const own = certificate_.get();
  X509_set_issuer_name(own, X509_get_subject_name(own));
  Extend(own, own, NID_basic_constraints, "critical,CA:TRUE");
  Extend(own, own, NID_key_usage, "critical,keyCertSign,cRLSign");
  Extend(own, own, NID_subject_key_identifier, "hash");
  X509_sign(own, key_.get(), EVP_sha256());
  pem_ = Pem([own](BIO* out) { PEM_write_bio_X509(out, own); });
}

Issued Authority::Issue(const Wanted& wanted) {
  Issued issued;
  issued.serial = next_serial_++;
  const KeyPtr key = NewKey(wanted.rsa);
  const X509Ptr made = NewCertificate(wanted, issued.serial, key.get());
  X509_set_issuer_name(made.get(), X509_get_subject_name(certificate_.get()));
  Extend(made.get(), certificate_.get(), NID_basic_constraints, "CA:FALSE");
  if (!wanted.names.empty()) Extend(made.get(), certificate_.get(), NID_subject_alt_name, base::Join(wanted.names, ","));
  X509_sign(made.get(), key_.get(), EVP_sha256());
  issued.certificate = Pem([&](BIO* out) { PEM_write_bio_X509(out, made.get()); });
  issued.key = Pem([&](BIO* out) { PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr); });
  return issued;
}

std::string Authority::Revoke(const std::vector<long>& serials) const {
  const tls::CrlPtr list(X509_CRL_new());
  X509_CRL_set_version(list.get(), X509_CRL_VERSION_2);
  X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(certificate_.get()));
  ASN1_TIME* const time = ASN1_TIME_new();
  X509_gmtime_adj(time, -kDay);
  X509_CRL_set1_lastUpdate(list.get(), time);
  for (const long serial : serials) {
    X509_REVOKED* const revoked = X509_REVOKED_new();
    ASN1_INTEGER* const number = ASN1_INTEGER_new();
    ASN1_INTEGER_set(number, serial);
    X509_REVOKED_set_serialNumber(revoked, number);
    X509_REVOKED_set_revocationDate(revoked, time);
    X509_CRL_add0_revoked(list.get(), revoked);
    ASN1_INTEGER_free(number);
  }
  X509_gmtime_adj(time, kDay);
  X509_CRL_set1_nextUpdate(list.get(), time);
  ASN1_TIME_free(time);
  X509_CRL_sort(list.get());
  X509_CRL_sign(list.get(), key_.get(), EVP_sha256());
  return Pem([&](BIO* out) { PEM_write_bio_X509_CRL(out, list.get()); });
}

TestFiles::TestFiles() {
  std::string name = (std::filesystem::temp_directory_path() / "vecgate-test-XXXXXX").string();
  folder_ = mkdtemp(name.data());
}

TestFiles::~TestFiles() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string TestFiles::Write(std::string_view name, std::string_view text) const {
  const std::string path = Path(name);
  std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
  return path;
}

}  // namespace vecgate::test
