package gatehouse.access

import data.gatehouse.lib.facts

# METADATA
# title: Credential
# description: Whatever was presented, a badge, a passkey or the session made with one, must be known, enabled and within its validity.
reasons contains "credential.unknown" if not known_credential

reasons contains "credential.not_enabled" if {
	known_credential
	not input.context.credential.status == "active"
}

reasons contains "credential.not_yet_valid" if {
	known_credential
	not validity_begun
}

reasons contains "credential.expired" if {
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
presentable := {"badge"} if input.action.name == "door.unlock"

presentable := {"passkey"} if input.action.name == "console.sign_in"

presentable := {"passkey", "session"} if input.action.name in {"app.login", "vpn.connect"}

presentable := {"session"} if input.action.name == "token.refresh"

presentable := {"passkey", "session"} if input.action.name in {
	"console.read",
	"person.suspend",
	"person.reinstate",
	"person.enrol",
	"door.operate",
}
