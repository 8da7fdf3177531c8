// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallPolicy
package import MonotonicTime

/// A stretch of a list that is sorted by time of creation and then by identity, newest first.
package struct ListPosition: Hashable, Sendable {
    /// Rows older than this come; those of the very time are told apart by `identifier`.
    package var before: WallTime
    /// Of the rows of the very time, those below this identity come, too.
    package var identifier: ResourceIdentifier
    /// The most rows: 1 or more.
    package var limit: Int

    /// Makes a stretch; by default from the newest row on.
    package init(
        before: WallTime = WallTime(milliseconds: .max),
        identifier: ResourceIdentifier = .zero,
        limit: Int
    ) {
        self.before = before
        self.identifier = identifier
        self.limit = limit
    }

    /// The condition of a stretch and the order of its rows; the parameters ?1 to ?3 are its own.
    static let condition = "(tm_create, id) < (?1, ?2) ORDER BY tm_create DESC, id DESC LIMIT ?3"
}

extension BoundStatement {
    /// Gives the parameters of `ListPosition.condition` their values.
    func bind(_ position: ListPosition) {
        bind(1, position.before.milliseconds)
        bind(2, position.identifier)
        bind(3, Int64(position.limit))
    }

    /// A time; nil for NULL.
    func optionalTime(_ column: Int32) -> WallTime? {
        optionalInteger(column).map(WallTime.init(milliseconds:))
    }

    /// A time that is always there.
    func time(_ column: Int32) -> WallTime {
        WallTime(milliseconds: integer(column))
    }
}
