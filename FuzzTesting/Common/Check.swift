// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Ends the process when a property does not hold, so that the fuzzer keeps the input.
func check(_ holds: Bool, _ property: StaticString) {
    guard holds else { fatalError("this does not hold: \(property)") }
}

/// The input as an array, the form in which the gateway holds what it received.
func input(_ data: UnsafePointer<UInt8>?, _ count: Int) -> [UInt8] {
    Array(UnsafeBufferPointer(start: data, count: count))
}
