// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

// What Tollgate uses of libpcap: its readers of capture files and its filter compiler. Nothing is captured live.

#ifndef TOLLGATE_CPCAP_H
#define TOLLGATE_CPCAP_H

#include <pcap/pcap.h>

#endif
