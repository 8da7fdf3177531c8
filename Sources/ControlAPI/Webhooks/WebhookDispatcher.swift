// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import Logging
import MonotonicTime
import NIOCore

/// Delivers events to customers' servers: each customer's in order, at least once, several customers at a time.
///
/// The queue is the store's, so that what was not delivered when the gateway stopped is delivered when it runs again.
actor WebhookDispatcher {
    let services: APIServices
    let schedule: WebhookSchedule
    private let options: WebhookConnection.Options
    private let wakeups: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation
    private var loop: Task<Void, Never>?
    private var alarm: Task<Void, Never>?
    private var workers: [ResourceIdentifier: Task<Void, Never>] = [:]
    private var isStopping = false
    /// Customers whose latest event was given up because their server is away.
    private var unreachable: Set<ResourceIdentifier> = []
    /// Customers whose trouble stands in the log.
    private var reported: Set<ResourceIdentifier> = []

    /// How many events are sent before they are taken out of the queue, and the customer's settings read again.
    private static let round = 32

    /// Makes a dispatcher that does nothing yet.
    init(
        _ services: APIServices,
        on group: any EventLoopGroup,
        schedule: WebhookSchedule = WebhookSchedule(),
        resolve: @escaping @Sendable (String) async -> [ResolvedAddress] = HostResolver.addresses
    ) {
        self.services = services
        self.schedule = schedule
        options = WebhookConnection.Options(
            group: group,
            allowsPrivate: services.settings.allowsPrivateWebhooks,
            timeout: schedule.timeout,
            resolve: resolve
        )
        (wakeups, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Begins with what is in the queue, and goes on with what comes.
    func start() {
        let wake = wake
        services.store.webhooks.listen { wake.yield() }
        let wakeups = wakeups
        loop = Task { for await _ in wakeups { await sweep() } }
        wake.yield()
    }

    /// Stops; an attempt under way is broken off and made again at the next start.
    func shutdown() async {
        isStopping = true
        services.store.webhooks.listen(nil)
        wake.finish()
        alarm?.cancel()
        for worker in workers.values { worker.cancel() }
        for worker in workers.values { await worker.value }
        await loop?.value
    }

    /// Puts a worker on every customer whose next event is due.
    private func sweep() async {
        let heads: [WebhookHead]
        do {
            heads = try await services.store.webhookHeads()
        } catch {
            services.logger.error("webhook queue not read", metadata: ["reason": "\(error)"])
            return setAlarm(.seconds(5))
        }
        let now = services.now()
        var next: WallTime?
        for head in heads where workers[head.customer] == nil && !isStopping {
            if head.due > now {
                next = min(next ?? head.due, head.due)
            } else if workers.count < schedule.parallelism {
                let customer = head.customer
                workers[customer] = Task { await work(for: customer) }
            }
        }
        if let next { setAlarm(Interval(milliseconds: next.milliseconds - now.milliseconds)) }
    }

    private func setAlarm(_ wait: Interval) {
        alarm?.cancel()
        guard !isStopping else { return }
        let wake = wake
        alarm = Task {
            // A clock that was set back must not make this longer than any wait there is.
            try? await Task.sleep(for: .milliseconds(min(max(wait.milliseconds, 0), 30_000)))
            if !Task.isCancelled { wake.yield() }
        }
    }

    private func work(for customer: ResourceIdentifier) async {
        do {
            try await deliver(to: customer)
        } catch {
            services.logger.error(
                "webhook queue not served",
                metadata: ["customer": "\(customer)", "reason": "\(error)"]
            )
            try? await Task.sleep(for: .seconds(1))
        }
        workers[customer] = nil
        wake.yield()
    }

    private func deliver(to customer: ResourceIdentifier) async throws {
        let store = services.store
        guard let target = try await store.webhookTarget(of: customer) else {
            // Nobody is there to be told any longer.
            _ = try await store.trimWebhookDeliveries(of: customer, to: 0)
            return
        }
        let dropped = try await store.trimWebhookDeliveries(of: customer, to: schedule.queueLimit)
        if dropped > 0 { report(customer, "\(dropped) events dropped: too many wait") }
        let deliveries = try await store.webhookDeliveries(of: customer, limit: Self.round)
        var connection: WebhookConnection?
        var settled: Int64?
        var postponed: (id: Int64, due: WallTime)?
        for delivery in deliveries where postponed == nil && !Task.isCancelled && delivery.due <= services.now() {
            let outcome = await attempt(delivery, target, &connection)
            if Task.isCancelled { break }
            if let due = dueAgain(delivery, outcome) {
                postponed = (delivery.id, due)
            } else {
                settled = delivery.id
            }
        }
        await connection?.close()
        // One write for the whole round: each waits for the disk, and calls wait for the same.
        try await note(customer, settled, postponed)
    }

    /// Writes what became of a round, even when the dispatcher is stopping.
    private func note(
        _ customer: ResourceIdentifier,
        _ settled: Int64?,
        _ postponed: (id: Int64, due: WallTime)?
    ) async throws {
        let store = services.store
        let write = Task {
            if let settled { try await store.removeWebhookDeliveries(of: customer, through: settled) }
            if let postponed { try await store.postponeWebhookDelivery(postponed.id, until: postponed.due) }
        }
        try await write.value
    }

    private func attempt(
        _ delivery: WebhookDelivery,
        _ target: WebhookTarget,
        _ connection: inout WebhookConnection?
    ) async -> WebhookOutcome {
        guard let call = delivery.call else { return .refused("the call's record is gone") }
        do {
            let message = try WebhookMessage(delivery.occurrence.event, call, secret: target.secret)
            let open: WebhookConnection
            if let connection {
                open = connection
            } else {
                open = try await WebhookConnection.open(target, attempt: delivery.attempts, options)
            }
            connection = open
            return await open.send(message)
        } catch let failure as WebhookConnection.Failure {
            return failure.outcome
        } catch {
            return .failed("\(error)")
        }
    }

    /// When an event is to be tried again; nil when it was delivered or is given up.
    private func dueAgain(_ delivery: WebhookDelivery, _ outcome: WebhookOutcome) -> WallTime? {
        let customer = delivery.customer
        switch outcome {
        case .delivered:
            unreachable.remove(customer)
            if reported.remove(customer) != nil {
                services.logger.notice("webhook works again", metadata: ["customer": "\(customer)"])
            }
        case .refused(let reason): report(customer, reason)
        case .failed(let reason):
            let isUnreachable = unreachable.contains(customer)
            if let delay = schedule.delay(after: delivery.attempts + 1, isUnreachable: isUnreachable) {
                return WallTime(milliseconds: services.now().milliseconds + delay.milliseconds)
            }
            unreachable.insert(customer)
            report(customer, reason)
        }
        return nil
    }

    /// Writes a customer's trouble to the log, once until its webhook works again.
    private func report(_ customer: ResourceIdentifier, _ reason: String) {
        guard reported.insert(customer).inserted else { return }
        services.logger.warning(
            "webhook event not delivered",
            metadata: ["customer": "\(customer)", "reason": "\(reason)"]
        )
    }
}
