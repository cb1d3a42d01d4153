# METADATA
# title: Access decision
# description: |
#   The one answer to every request: a badge at a reader, a login, a token refresh, a VPN connection, an operator's command.
#   The subject gate is evaluated first and alone decides when it is closed, so that doors and systems deny with the same
#   reason. A deny is written as the absence of the proof that would lift it: a missing fact denies like a wrong one.
#   Only rules are negated, never a call or a membership: Rego takes the arguments out of the negation, so that a missing fact
#   would make the whole deny undefined.
# schemas:
#   - input: schema.input
package gatehouse.access

# METADATA
# description: The answer, in the shape of policies/schema/decision.schema.json.
# entrypoint: true
decision := {
	"allow": allow,
	"permits": granted_permits,
	"denies": denies,
	"obligations": granted_obligations,
	"ttl_s": ttl_s,
}

default allow := false

# METADATA
# description: Nothing denies and a rule permits.
allow if {
	count(denies) == 0
	count(permits) > 0
}

# METADATA
# description: Reasons of the denial; empty exactly when the request is allowed.
denies := gate if count(gate) > 0

denies := reasons if {
	count(gate) == 0
	count(reasons) > 0
}

denies := unpermitted if {
	count(gate) == 0
	count(reasons) == 0
}

# METADATA
# description: What is asked of each kind of action. An action of no kind is permitted by nothing.
reasons := (((credential_reasons | grant_reasons) | door_reasons) | library_reasons) - relaxed if unlocking

reasons := (((credential_reasons | grant_reasons) | system_reasons) | library_reasons) - relaxed if using_system

reasons := credential_reasons | operator_reasons if operator_action

reasons := credential_reasons | self_reasons if self_action

default reasons := {"policy.no_permit"}

unpermitted contains "policy.no_permit" if count(permits) == 0

default granted_permits := set()

granted_permits := permits if allow

default granted_obligations := set()

granted_obligations := obligations if allow

default ttl_s := 0

# METADATA
# description: Access tokens live five minutes at most, so that a change of facts reaches them. Doors and operators ask every time.
ttl_s := 300 if {
	allow
	using_system
}
