// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import HTTPTypes
import Hummingbird
import JWTKit
