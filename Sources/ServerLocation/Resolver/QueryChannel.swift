// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

internal import Ccares
internal import Glibc
internal import MonotonicTime

/// The queries of one c-ares channel. Everything but the initialiser is called on one thread.
// SAFETY: the thread that the channel is handed to at its start is the only one that uses it from then on.
final class QueryChannel: @unchecked Sendable {
    /// One query's way back from c-ares.
    private final class Query {
        let question: Question
        let channel: QueryChannel

        init(_ question: Question, _ channel: QueryChannel) {
            self.question = question
            self.channel = channel
        }
    }

    private var channel: ares_channel?
    /// What c-ares waits for, by socket.
    private(set) var interest: [Int32: Int16] = [:]
    private var answers: [(Question, Answer)] = []

    /// Opens a channel.
    ///
    /// - Throws: `ResolverError` when c-ares cannot, or does not take the servers.
    init(_ settings: DNSSettings) throws(ResolverError) {
        guard ares_library_init(Int32(ARES_LIB_INIT_ALL)) == 0 else {
            throw ResolverError(description: "c-ares cannot start")
        }
        var options = ares_options()
        options.timeout = Int32(clamping: settings.timeout.milliseconds)
        options.tries = Int32(clamping: max(1, settings.attempts))
        options.sock_state_cb = { data, socket, readable, writable in
            guard let data else { return }
            Unmanaged<QueryChannel>.fromOpaque(data).takeUnretainedValue()
                .watch(socket, readable: readable != 0, writable: writable != 0)
        }
        options.sock_state_cb_data = Unmanaged.passUnretained(self).toOpaque()
        let mask = Int32(ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB)
        try Self.check(ares_init_options(&channel, &options, mask), "c-ares cannot open a channel")
        guard !settings.servers.isEmpty else { return }
        let list = settings.servers.joined(separator: ",")
        do {
            try Self.check(ares_set_servers_ports_csv(channel, list), "the DNS servers \(list) cannot be used")
        } catch {
            close()
            throw error
        }
    }

    private static func check(_ status: Int32, _ text: String) throws(ResolverError) {
        guard status != Int32(ARES_SUCCESS) else { return }
        throw ResolverError(description: "\(text): \(String(cString: ares_strerror(status)))")
    }

    /// Asks a question; the answer may come at once or with a later `process`.
    func ask(_ question: Question) {
        if let answer = hostsAnswer(to: question) { return answers.append((question, answer)) }
        let query = Unmanaged.passRetained(Query(question, self)).toOpaque()
        let callback: ares_callback = { argument, status, _, bytes, length in
            guard let argument else { return }
            let query = Unmanaged<Query>.fromOpaque(argument).takeRetainedValue()
            let message = UnsafeBufferPointer(start: bytes, count: bytes == nil ? 0 : Int(length))
            query.channel.answered(query.question, status, Array(message))
        }
        let isHost = question.type == .a || question.type == .aaaa
        // A plain host name is searched for in the local domains, as every other program does.
        let ask = isHost && question.name.isPlain ? ares_search : ares_query
        ask(channel, question.name.text, 1, Int32(question.type.rawValue), callback, query)
    }

    /// Lets c-ares read, write and count its time.
    ///
    /// - Parameter ready: The sockets that poll found ready, with the events that it found.
    func process(_ ready: [(socket: Int32, events: Int16)]) {
        for (socket, events) in ready where interest[socket] != nil {
            let isReadable = events & Int16(POLLIN | POLLERR | POLLHUP) != 0
            let isWritable = events & Int16(POLLOUT) != 0
            ares_process_fd(channel, isReadable ? socket : -1, isWritable ? socket : -1)
        }
        ares_process_fd(channel, -1, -1)
    }

    /// The answers that have come since the last call.
    func takeAnswers() -> [(Question, Answer)] {
        defer { answers.removeAll(keepingCapacity: true) }
        return answers
    }

    /// Whether answers wait to be taken.
    var hasAnswers: Bool { !answers.isEmpty }

    /// How many milliseconds c-ares may be left alone; nil when it waits for nothing.
    var patience: Int32? {
        var time = timeval()
        guard let next = ares_timeout(channel, nil, &time) else { return nil }
        return Int32(clamping: next.pointee.tv_sec * 1000 + Int(next.pointee.tv_usec) / 1000 + 1)
    }

    /// Ends all queries and closes all sockets.
    func close() {
        guard let channel else { return }
        self.channel = nil
        ares_destroy(channel)
        answers.removeAll()
    }

    private func watch(_ socket: Int32, readable: Bool, writable: Bool) {
        let events = (readable ? Int16(POLLIN) : 0) | (writable ? Int16(POLLOUT) : 0)
        interest[socket] = events == 0 ? nil : events
    }

    private func answered(_ question: Question, _ status: Int32, _ bytes: [UInt8]) {
        let answer: Answer
        switch status {
        case ARES_SUCCESS, ARES_ENODATA: answer = Answer(bytes, type: question.type, exists: true)
        case ARES_ENOTFOUND:
            let answered = Answer(bytes, type: question.type, exists: false)
            answer = bytes.isEmpty ? .nothing(timeToLive: nil) : answered
        case ARES_EFORMERR, ARES_ESERVFAIL, ARES_ENOTIMP, ARES_EREFUSED: answer = .failed(.refusal)
        case ARES_EBADRESP, ARES_EBADNAME, ARES_EBADQUERY: answer = .failed(.malformed)
        default: answer = .failed(.silence)
        }
        answers.append((question, answer))
    }
}

extension QueryChannel {
    /// What is known without asking a server: the names of RFC 6761, and `/etc/hosts`.
    private func hostsAnswer(to question: Question) -> Answer? {
        let host = question.name.domain
        if host.lies(under: "invalid") { return .nothing(timeToLive: nil) }
        let isAddress = question.type == .a || question.type == .aaaa
        var known = addresses(of: host)
        if known.isEmpty, host.lies(under: "localhost") {
            known = [ServerAddress(ipv4: 0x7F00_0001), ServerAddress(ipv6High: 0, low: 1)]
        }
        guard !known.isEmpty else {
            // Nobody offers services for a name that means something in the local network only.
            return host.isPlain && !isAddress ? .nothing(timeToLive: nil) : nil
        }
        let wanted = known.filter { $0.isIPv6 == (question.type == .aaaa) }
        guard isAddress, !wanted.isEmpty else { return .nothing(timeToLive: nil) }
        return .records(wanted.map { .address($0) }, timeToLive: 30)
    }

    private func addresses(of host: DomainName) -> [ServerAddress] {
        [AF_INET, AF_INET6].flatMap { (family: Int32) -> [ServerAddress] in
            var entry: UnsafeMutablePointer<hostent>?
            let status = ares_gethostbyname_file(channel, host.text, family, &entry)
            guard status == Int32(ARES_SUCCESS), let entry else { return [] }
            defer { ares_free_hostent(entry) }
            guard entry.pointee.h_addrtype == family, var next = entry.pointee.h_addr_list else { return [] }
            var found: [ServerAddress] = []
            while let address = next.pointee {
                let octets = UnsafeRawBufferPointer(start: address, count: Int(entry.pointee.h_length))
                if let address = ServerAddress(octets: octets) { found.append(address) }
                next += 1
            }
            return found
        }
    }
}
