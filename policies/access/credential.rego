package gatehouse.access

import data.gatehouse.lib.facts

# METADATA
# title: Credential
# description: Whatever was presented, a badge, a passkey or the session made with one, must be known, enabled and within its validity.
credential_reasons contains "credential.unknown" if not known_credential

credential_reasons contains "credential.not_enabled" if {
	known_credential
	not input.context.credential.status == "active"
}

credential_reasons contains "credential.not_yet_valid" if {
	known_credential
	not validity_begun
}

credential_reasons contains "credential.expired" if {
	known_credential
	not validity_lasts
}

validity_begun if facts.begun(input.context.credential.valid_from_ms, input.context.time.epoch_ms)

validity_lasts if facts.not_over(input.context.credential.valid_until_ms, input.context.time.epoch_ms)

known_credential if {
	input.context.credential.known == true
	input.context.credential.kind in presentable
}

# METADATA
# description: Kinds of credential by which an action may be asked for; none for an action without a rule.
presentable contains "badge" if input.action.name == "door.unlock"

presentable contains "passkey" if signing_in

presentable contains "certificate" if input.action.name == "vpn.connect"

presentable contains "session" if using_system

presentable contains "passkey" if operator_action

presentable contains "session" if {
	operator_action
	input.action.name != "console.sign_in"
}

presentable contains "passkey" if input.action.name == "self.sign_in"

presentable contains "session" if {
	self_action
	input.action.name != "self.sign_in"
}
