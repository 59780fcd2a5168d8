#include "tls/certificate.h"

#include <openssl/asn1.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <cerrno>
#include <cstring>
#include <ctime>
#include <fstream>
#include <sstream>

#include "base/text.h"

namespace vecgate::tls {
namespace {

// Encrypted keys are refused rather than asked for on a terminal nobody sits at.
int NoPassword(char*, int, int, void*) { return -1; }

BioPtr BioOf(const std::string& text) { return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))); }

absl::Status Fault(const std::string& file, std::string_view what) {
  return absl::InvalidArgumentError(base::Concat(file, ": ", what, ": ", LastError()));
}

std::string TextOf(const ASN1_STRING* string) {
  const auto* data = reinterpret_cast<const char*>(ASN1_STRING_get0_data(string));
  return {data, static_cast<size_t>(ASN1_STRING_length(string))};
}

std::vector<std::string> DnsNamesOf(X509* certificate) {
  std::vector<std::string> names;
  const NamesPtr all(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; i < sk_GENERAL_NAME_num(all.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(all.get(), i);
    if (name->type == GEN_DNS) names.push_back(base::ToLower(TextOf(name->d.dNSName)));
  }
  if (!names.empty()) return names;
  // Certificates of old tools have their only name in the subject.
  const X509_NAME* subject = X509_get_subject_name(certificate);
  const int place = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (place >= 0) names.push_back(base::ToLower(TextOf(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, place)))));
  return names;
}

}  // namespace

std::string LastError() {
  const unsigned long error = ERR_peek_last_error();
  const char* reason = ERR_reason_error_string(error);
  ERR_clear_error();
  return reason != nullptr ? reason : "unknown";
}

absl::StatusOr<std::string> ReadPem(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::stringstream text;
  if (in) text << in.rdbuf();
  if (!in || text.str().empty()) {
    return absl::NotFoundError(base::Concat(file, ": cannot read: ", errno != 0 ? std::strerror(errno) : "empty"));
  }
  return text.str();
}

std::string TextOf(const X509_NAME* name) {
  const BioPtr out(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_RFC2253);
  char* data = nullptr;
  const long size = BIO_get_mem_data(out.get(), &data);
  return {data, static_cast<size_t>(size)};
}

std::string SerialOf(const X509* certificate) {
  const std::unique_ptr<BIGNUM, Freed<BN_free>> number(
      ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr));
  if (number == nullptr) return "";
  char* const digits = BN_bn2hex(number.get());
  std::string serial = base::ToLower(digits);
  OPENSSL_free(digits);
  return serial;
}

int64_t SecondsOf(const ASN1_TIME* time) {
  std::tm broken_down{};
  return ASN1_TIME_to_tm(time, &broken_down) == 1 ? timegm(&broken_down) : 0;
}

absl::StatusOr<Certificate> LoadCertificate(const std::string& certificate_file, const std::string& key_file) {
  ERR_clear_error();
  const absl::StatusOr<std::string> text = ReadPem(certificate_file);
  if (!text.ok()) return text.status();
  Certificate loaded;
  const BioPtr in = BioOf(*text);
  loaded.leaf.reset(PEM_read_bio_X509_AUX(in.get(), nullptr, NoPassword, nullptr));
  if (loaded.leaf == nullptr) return Fault(certificate_file, "no certificate");
  loaded.chain.reset(sk_X509_new_null());
  while (X509* next = PEM_read_bio_X509(in.get(), nullptr, NoPassword, nullptr)) {
    sk_X509_push(loaded.chain.get(), next);
  }
  // It ends because nothing more begins, unless what began is broken.
  if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE) return Fault(certificate_file, "broken chain");
  ERR_clear_error();

  const absl::StatusOr<std::string> key_text = ReadPem(key_file);
  if (!key_text.ok()) return key_text.status();
  loaded.key.reset(PEM_read_bio_PrivateKey(BioOf(*key_text).get(), nullptr, NoPassword, nullptr));
  if (loaded.key == nullptr) return Fault(key_file, "no key that can be read");
  if (X509_check_private_key(loaded.leaf.get(), loaded.key.get()) != 1) {
    return Fault(key_file, base::Concat("not the key of ", certificate_file));
  }

  loaded.subject = TextOf(X509_get_subject_name(loaded.leaf.get()));
  loaded.serial = SerialOf(loaded.leaf.get());
  loaded.names = DnsNamesOf(loaded.leaf.get());
  loaded.expires = SecondsOf(X509_get0_notAfter(loaded.leaf.get()));
  return loaded;
}

}  // namespace vecgate::tls
