// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Rule 11, `privacy.resolve`: whether the callee may see the caller (RFC 3323 §5, RFC 3325 §7).
enum PrivacyResolve {
    static func judge(_ evaluation: inout Evaluation) -> RuleOutcome {
        if evaluation.destination?.kind == .emergency {
            evaluation.isHidden = false
            return .passed(.emergencyCallerShown)
        }
        // An endpoint speaks for itself, in its own Privacy header field.
        let setting = evaluation.caller.endpointID == nil ? evaluation.attempt.anonymous : .auto
        let privacy = evaluation.attempt.privacy
        if setting == .auto, privacy.isCritical, !privacy.unsatisfiable.isEmpty {
            return .rejected(.criticalPrivacyImpossible(privacy.unsatisfiable), .privacyImpossible)
        }
        let wish = wish(setting, evaluation)
        evaluation.isHidden = wish.hides || evaluation.usable == nil
        let missing = setting == .auto ? privacy.unsatisfiable : []
        if wish.hides { return .adjusted(.callerHidden(wish.cause, notGiven: missing)) }
        if evaluation.isHidden { return .adjusted(.callerHidden(.noValidSource, notGiven: missing)) }
        return .passed(missing.isEmpty ? .callerShown(wish.cause) : .privacyNotGiven(missing))
    }

    private struct Wish {
        let hides: Bool
        let cause: PrivacyCause
    }

    private static func wish(_ setting: AnonymousSetting, _ evaluation: borrowing Evaluation) -> Wish {
        switch setting {
        case .yes: return Wish(hides: true, cause: .forced)
        case .no: return Wish(hides: false, cause: .forbidden)
        case .auto: break
        }
        let privacy = evaluation.attempt.privacy
        // RFC 3323 §4.2 forbids `none` beside other priv-values, and §5 forbids a service to hide who says it. A caller
        // who says both is hidden: of the two errors it is the one that can be undone.
        if privacy.asksToHideNumber { return Wish(hides: true, cause: .requested) }
        switch evaluation.dialledPresentation {
        case .hidden: return Wish(hides: true, cause: .dialledPrefix)
        case .shown: return Wish(hides: false, cause: .dialledPrefix)
        case .unspecified: break
        }
        if privacy.tokens.contains(.none) { return Wish(hides: false, cause: .requested) }
        if evaluation.attempt.identity.isSelfAnonymous { return Wish(hides: true, cause: .selfAnonymous) }
        return Wish(hides: false, cause: .notRequested)
    }
}
