// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
    // Small accessors of one target run in the loops of another; without this each is a call.
    .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release)),
]

let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let grdbSQLite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let hummingbirdTesting = Target.Dependency.product(name: "HummingbirdTesting", package: "hummingbird")
let serviceLifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let jwtKit = Target.Dependency.product(name: "JWTKit", package: "jwt-kit")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

func target(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func test(_ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
    .testTarget(
        name: name + "Tests",
        dependencies: [.byName(name: name)] + dependencies,
        exclude: exclude,
        swiftSettings: settings
    )
}

let package = Package(
    name: "tollgate",
    products: [.executable(name: "tollgate", targets: ["tollgate"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.36.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.8.0"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
    ],
    targets: [
        .systemLibrary(name: "COsip", pkgConfig: "libosip2", providers: [.apt(["libosip2-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "Cpcap", pkgConfig: "libpcap", providers: [.apt(["libpcap-dev"])]),
        .systemLibrary(name: "Ccares", pkgConfig: "libcares", providers: [.apt(["libc-ares-dev"])]),
        .target(name: "COsipShims", dependencies: ["COsip"]),
        target("MonotonicTime"),
        target("NumberingPlan"),
        target("SessionDescription"),
        target("SIPMessage"),
        target("SIPParser", ["SIPMessage", "COsip", "COsipShims"]),
        target("SIPTransaction", ["MonotonicTime"]),
        target("TraceCapture", ["SIPMessage", "Cpcap"]),
        target("DigestAuthentication", ["COpenSSL", "MonotonicTime"]),
        target("CallPolicy", ["MonotonicTime", "NumberingPlan", "SessionDescription"]),
        target("CallLifecycle"),
        target("TrunkSupervision", ["CallPolicy", "MonotonicTime"]),
        target(
            "CallControl",
            ["CallLifecycle", "CallPolicy", "MonotonicTime", "SIPMessage", "SIPTransaction", "SessionDescription"]
        ),
        target("Registrar", ["MonotonicTime", "SIPMessage"]),
        target(
            "CallStore",
            [
                "CallLifecycle", "CallPolicy", "DigestAuthentication", "MonotonicTime", "NumberingPlan",
                "SessionDescription", grdb, grdbSQLite,
            ]
        ),
        target(
            "CallAPI",
            [
                "CallLifecycle", "CallPolicy", "CallStore", "MonotonicTime", asyncHTTPClient, nioCore, nioHTTP1,
                nioPosix, nioSSL, logging,
            ]
        ),
        target(
            "ControlAPI",
            [
                "CallAPI", "CallLifecycle", "CallPolicy", "CallStore", "COpenSSL", "DigestAuthentication",
                "MonotonicTime", "NumberingPlan", "SessionDescription", asyncHTTPClient, grdb, httpTypes, hummingbird,
                jwtKit, nioCore, nioHTTP1, nioPosix, serviceLifecycle, logging,
            ]
        ),
        target(
            "TollgateConfiguration",
            [
                "CallPolicy", "CallStore", "DigestAuthentication", "MonotonicTime", "NumberingPlan",
                "SessionDescription", yams,
            ]
        ),
        target(
            "DryRun",
            [
                "CallControl", "CallPolicy", "DigestAuthentication", "MonotonicTime", "NumberingPlan", "SIPMessage",
                "SIPParser", "SIPTransaction", "TraceCapture",
            ]
        ),
        target("ServerLocation", ["Ccares", "MonotonicTime"]),
        target("SIPTransport", ["MonotonicTime", "TransportLayerSecurity", nioCore, nioPosix]),
        target("TransportLayerSecurity", ["COpenSSL", nioCore]),
        target(
            "Replay",
            [
                "DigestAuthentication", "MonotonicTime", "SIPMessage", "SIPParser", "SIPTransaction", "SIPTransport",
                "SessionDescription", "TraceCapture", nioCore, nioPosix,
            ]
        ),
        target(
            "DemoTrunk",
            [
                "DigestAuthentication", "MonotonicTime", "SIPMessage", "SIPParser", "SIPTransaction",
                "SessionDescription", nioCore, nioPosix, logging,
            ]
        ),
        target(
            "Gateway",
            [
                "CallAPI", "CallControl", "CallLifecycle", "CallPolicy", "CallStore", "ControlAPI",
                "TollgateConfiguration",
                "DemoTrunk",
                "DigestAuthentication", "MonotonicTime", "NumberingPlan", "Registrar", "SIPMessage", "SIPParser",
                "SIPTransaction", "SIPTransport", "ServerLocation", "SessionDescription", "TransportLayerSecurity",
                "TrunkSupervision", nioCore, nioPosix, logging,
            ]
        ),
        target(
            "CommandLineTool",
            [
                "CallControl", "CallLifecycle", "CallPolicy", "CallStore", "ControlAPI", "TollgateConfiguration",
                "DigestAuthentication", asyncHTTPClient, nioCore, nioHTTP1,
                "DryRun", "MonotonicTime", "NumberingPlan", "Replay", "SIPMessage", "SIPParser", "SIPTransaction",
                "SessionDescription", "TraceCapture", "COpenSSL", grdbSQLite, argumentParser,
            ]
        ),
        .executableTarget(
            name: "tollgate",
            dependencies: ["CommandLineTool", "TollgateConfiguration", "Gateway", argumentParser, logging],
            swiftSettings: settings
        ),
        .target(name: "AllocationCounter", path: "Benchmarks/AllocationCounter"),
        .executableTarget(
            name: "microbenchmarks",
            dependencies: [
                "AllocationCounter", "CallControl", "CallPolicy", "DigestAuthentication", "MonotonicTime",
                "NumberingPlan", "Registrar", "SIPMessage", "SIPParser", "SIPTransaction", "SessionDescription",
            ],
            path: "Benchmarks/Microbenchmarks",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "allocations",
            dependencies: [
                "AllocationCounter", "CallPolicy", "TollgateConfiguration", "DigestAuthentication", "Gateway",
                "SIPMessage",
                "SIPParser", "SIPTransport", logging,
            ],
            path: "Benchmarks/Allocations",
            swiftSettings: settings
        ),
        .target(name: "SpawnedProgram", path: "Tests/SpawnedProgram", swiftSettings: settings),
        .target(
            name: "ScriptedHTTPService",
            dependencies: [nioCore, nioPosix],
            path: "Tests/ScriptedHTTPService",
            swiftSettings: settings
        ),
        test("NumberingPlan", exclude: ["Fixtures"]),
        test("SessionDescription"),
        test("SIPMessage"),
        test("SIPParser", ["SIPMessage"]),
        test("SIPTransaction", ["MonotonicTime"]),
        test("TraceCapture"),
        test("DigestAuthentication", ["MonotonicTime"]),
        test("CallPolicy", ["MonotonicTime", "NumberingPlan", "SessionDescription"]),
        test("CallLifecycle"),
        test("TrunkSupervision", ["CallPolicy", "MonotonicTime"]),
        test(
            "CallControl",
            [
                "CallLifecycle", "CallPolicy", "MonotonicTime", "NumberingPlan", "SIPMessage", "SIPParser",
                "SIPTransaction", "SessionDescription",
            ]
        ),
        test("Registrar", ["MonotonicTime", "SIPMessage", "SIPParser"]),
        test(
            "CallStore",
            ["CallLifecycle", "CallPolicy", "MonotonicTime", "NumberingPlan", "SessionDescription", grdb]
        ),
        test(
            "CallAPI",
            [
                "CallLifecycle", "CallPolicy", "CallStore", "MonotonicTime", "ScriptedHTTPService", nioCore, logging,
            ]
        ),
        test(
            "DryRun",
            [
                "CallControl", "CallPolicy", "CommandLineTool", "MonotonicTime", "NumberingPlan", "TraceCapture",
                argumentParser,
            ]
        ),
        test(
            "TollgateConfiguration",
            [
                "CallPolicy", "CallStore", "DigestAuthentication", "MonotonicTime", "NumberingPlan",
                "SessionDescription",
            ]
        ),
        test(
            "ControlAPI",
            [
                "CallAPI", "CallLifecycle", "CallPolicy", "CallStore", "DigestAuthentication", "MonotonicTime",
                "NumberingPlan", httpTypes, hummingbird, hummingbirdTesting, nioCore, logging, grdb,
            ]
        ),
        test("ServerLocation", ["MonotonicTime"]),
        test("SIPTransport", ["MonotonicTime", "SpawnedProgram", "TransportLayerSecurity", nioCore, nioPosix]),
        test("Replay", ["DigestAuthentication", "MonotonicTime", "SIPMessage", "SIPParser", "TraceCapture"]),
        test("TransportLayerSecurity", ["COpenSSL", "SpawnedProgram", nioCore, nioEmbedded]),
        test(
            "DemoTrunk",
            [
                "DigestAuthentication", "MonotonicTime", "SIPMessage", "SIPParser", "SIPTransaction", nioCore,
                nioPosix, logging,
            ]
        ),
        test(
            "Gateway",
            [
                "CallAPI", "CallLifecycle", "CallPolicy", "CallStore", "CommandLineTool", "DemoTrunk",
                "DigestAuthentication", "MonotonicTime", "NumberingPlan", "SIPTransport", "ScriptedHTTPService",
                "ServerLocation", "SpawnedProgram", "TollgateConfiguration", "TransportLayerSecurity",
                "TrunkSupervision", grdb, nioCore, nioPosix, logging,
                argumentParser,
            ]
        ),
        test(
            "CommandLineTool",
            [
                "CallAPI", "CallLifecycle", "CallPolicy", "CallStore", "ControlAPI", "DigestAuthentication",
                "MonotonicTime", "NumberingPlan", argumentParser, logging, nioPosix,
            ]
        ),
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["tollgate"],
            exclude: ["scenarios"],
            swiftSettings: settings
        ),
    ]
)
