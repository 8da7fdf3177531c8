// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

// What Tollgate uses of OpenSSL 3.0 and later. Swift does not import function-like macros, so the few that are
// needed are functions here, under the same name with the prefix `COpenSSL_`.

#ifndef TOLLGATE_COPENSSL_H
#define TOLLGATE_COPENSSL_H

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/md5.h>
#include <openssl/pem.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

/// Keys an HMAC context with SHA-256 as its hash; 1 on success.
static inline int COpenSSL_HMAC_SHA256_start(EVP_MAC_CTX *context, const unsigned char *key, size_t length) {
    char digest[] = "SHA256";
    OSSL_PARAM parameters[2];
    parameters[0] = OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0);
    parameters[1] = OSSL_PARAM_construct_end();
    return EVP_MAC_init(context, key, length, parameters);
}

static inline long COpenSSL_SSL_CTX_set_min_proto_version(SSL_CTX *context, int version) {
    return SSL_CTX_set_min_proto_version(context, version);
}

static inline long COpenSSL_SSL_CTX_set_mode(SSL_CTX *context, long mode) {
    return SSL_CTX_set_mode(context, mode);
}

static inline long COpenSSL_SSL_CTX_set_session_cache_mode(SSL_CTX *context, long mode) {
    return SSL_CTX_set_session_cache_mode(context, mode);
}

static inline long COpenSSL_SSL_set_tlsext_host_name(SSL *connection, const char *name) {
    return SSL_set_tlsext_host_name(connection, name);
}

static inline long COpenSSL_BIO_set_mem_eof_return(BIO *bio, int value) {
    return BIO_set_mem_eof_return(bio, value);
}

static inline long COpenSSL_SSL_CTX_set_max_proto_version(SSL_CTX *context, int version) {
    return SSL_CTX_set_max_proto_version(context, version);
}

static inline long COpenSSL_SSL_CTX_set_max_cert_list(SSL_CTX *context, long bytes) {
    return SSL_CTX_set_max_cert_list(context, bytes);
}

static inline long COpenSSL_SSL_CTX_set_tlsext_servername_callback(
    SSL_CTX *context, int (*callback)(SSL *, int *, void *)) {
    return SSL_CTX_set_tlsext_servername_callback(context, callback);
}

/// A place for an owner's pointer in every connection; below zero when there is none left.
static inline int COpenSSL_SSL_new_index(void) {
    return SSL_get_ex_new_index(0, NULL, NULL, NULL, NULL);
}

/// The number of subjectAltName's values.
static inline int COpenSSL_GENERAL_NAMES_count(const GENERAL_NAMES *names) {
    return sk_GENERAL_NAME_num(names);
}

/// The type (`GEN_URI`, `GEN_DNS`, `GEN_IPADD`) and the bytes of a value of subjectAltName; -1 for any other type. The
/// bytes belong to `names`.
static inline int COpenSSL_GENERAL_NAMES_value(
    const GENERAL_NAMES *names, int index, const unsigned char **bytes, int *length) {
    const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, index);
    int type = -1;
    const ASN1_STRING *value = (const ASN1_STRING *)GENERAL_NAME_get0_value(name, &type);
    if (value == NULL || (type != GEN_URI && type != GEN_DNS && type != GEN_IPADD)) return -1;
    *bytes = ASN1_STRING_get0_data(value);
    *length = ASN1_STRING_length(value);
    return type;
}

/// The reason's number of the oldest error of this thread, and its library's.
static inline int COpenSSL_first_error_reason(void) {
    return ERR_GET_REASON(ERR_peek_error());
}

#endif
