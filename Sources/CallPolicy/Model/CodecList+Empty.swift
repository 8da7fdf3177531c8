// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import SessionDescription

extension CodecList {
    /// The list that names nothing, so that nothing is filtered.
    package init() {
        self = .unrestricted
    }
}
