// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/own_certificate.h"

#include "sim/http/url.h"

#include <memory>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace stickyscope::lab {

namespace {

template <auto Free>
struct Freed
{
    template <typename T>
    void operator()(T* object) const
    {
        Free(object);
    }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Memory = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using Number = std::unique_ptr<BIGNUM, Freed<BN_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>>;

constexpr long day = 24L * 3600;
constexpr int serialBits = 127; ///< RFC 5280 4.1.2.2: 20 octets at most, and positive

// A clock that is a little behind must not find it too young.
bool setTimes(X509* certificate)
{
    return X509_gmtime_adj(X509_getm_notBefore(certificate), -day)
        && X509_gmtime_adj(X509_getm_notAfter(certificate), 365 * day);
}

// Browsers keep exceptions by issuer and serial number: two certificates must not share both.
bool setSerial(X509* certificate)
{
    const Number serial(BN_new());
    return serial && BN_rand(serial.get(), serialBits, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1
        && BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(certificate));
}

bool setName(X509* certificate)
{
    const std::string name = "Stickyscope lab";
    X509_NAME* subject = X509_get_subject_name(certificate);
    return X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                                      reinterpret_cast<const unsigned char*>(name.data()),
                                      static_cast<int>(name.size()), -1, 0)
        == 1
        && X509_set_issuer_name(certificate, subject) == 1;
}

bool addExtension(X509* certificate, int kind, const std::string& value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
    return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

std::string alternativeNames(const std::vector<std::string>& hosts)
{
    std::string names;
    for (const std::string& host : hosts)
        names.append(names.empty() ? "" : ",")
            .append(http::isIpAddress(host) ? "IP:" : "DNS:")
            .append(host);
    return names;
}

template <typename Write>
std::string written(const Write& write)
{
    const Memory memory(BIO_new(BIO_s_mem()));
    if (!memory || write(memory.get()) != 1)
        return {};
    char* text = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

} // namespace

Outcome<OwnCertificate> OwnCertificate::make(const std::vector<std::string>& hosts)
{
    const Key key(EVP_EC_gen("P-256"));
    const Certificate certificate(X509_new());
    const bool made = key && certificate && X509_set_version(certificate.get(), X509_VERSION_3) == 1
        && setSerial(certificate.get()) && setTimes(certificate.get()) && setName(certificate.get())
        && X509_set_pubkey(certificate.get(), key.get()) == 1
        && addExtension(certificate.get(), NID_basic_constraints, "critical,CA:TRUE")
        && addExtension(certificate.get(), NID_ext_key_usage, "serverAuth")
        && addExtension(certificate.get(), NID_subject_alt_name, alternativeNames(hosts))
        && X509_sign(certificate.get(), key.get(), EVP_sha256()) > 0;
    if (!made)
        return Outcome<OwnCertificate>::failure("no certificate can be made for "
                                                + alternativeNames(hosts));
    return OwnCertificate {
        written([&](BIO* to) { return PEM_write_bio_X509(to, certificate.get()); }),
        written([&](BIO* to) {
            return PEM_write_bio_PrivateKey(to, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
        })};
}

} // namespace stickyscope::lab
