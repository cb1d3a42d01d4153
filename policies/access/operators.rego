package gatehouse.access

import data.gatehouse.lib.config
import data.gatehouse.lib.facts

# METADATA
# title: Operator actions
# description: The console and the command line pass the same gate as doors and logins; a role says what an operator may do.
permits contains "operator.granted" if {
	operator_action
	authorized
	input.resource.properties.known == true
}

# METADATA
# description: Kinds of action are false rather than undefined. A rule without a value is asked again by every rule that names it.
default operator_action := false

operator_action if startswith(input.action.name, "console.")

operator_action if startswith(input.action.name, "person.")

operator_action if input.action.name == "door.operate"

operator_action if input.action.name == "reader.maintain"

operator_action if startswith(input.action.name, "policy.")

operator_action if input.action.name == "app.manage"

operator_action if startswith(input.action.name, "oidc.")

operator_reasons contains "operator.not_authorized" if {
	not authorized
}

authorized if {
	input.context.operator.acting == true
	some role in operator_roles
	input.action.name in config.operator_roles[role]
}

# METADATA
# description: |
#   The role of the host belongs to the owner of the host's control socket and to nobody else, whatever roles a person is given.
operator_roles contains role if {
	some role in input.subject.properties.roles
	role != "host"
}

operator_roles contains "host" if {
	host_operator
	"host" in input.subject.properties.roles
}

host_operator if {
	input.subject.id == "local"
	input.context.channel == "cli"
	input.context.authentication.known == true
	input.context.authentication.acr == "urn:gatehouse:acr:host"
}

# METADATA
# description: Operators must be beyond doubt themselves.
operator_reasons contains "subject.not_active" if {
	restricted
}

operator_reasons contains "authentication.missing" if {
	not input.context.authentication.known == true
}

operator_reasons contains "authentication.too_weak" if {
	input.context.authentication.known == true
	not host_operator
	not verified_passkey
}

# METADATA
# description: |
#   What gives access takes a passkey used just now, not merely a session that somebody left open. Suspending never does, since a
#   deny is never made harder. The owner of the control socket authenticates with every command.
operator_reasons contains "authentication.too_old" if {
	giving_access
	input.context.authentication.known == true
	not host_operator
	not fresh_passkey
}

fresh_passkey if facts.within(input.context.authentication.auth_age_s, giving_access_auth_age_max_s)

giving_access_auth_age_max_s := 900

giving_access if input.action.name in {"person.reinstate", "person.unrestrict", "person.enrol", "person.recover", "door.operate"}

# METADATA
# description: Whoever gives a reader its key can be that reader, and let everybody in.
giving_access if input.action.name == "reader.maintain"

# METADATA
# description: A table of people gives roles, groups and badges, and closes whoever it says has left.
giving_access if input.action.name == "person.import"

# METADATA
# description: What a policy permits is decided by whoever brings it into force.
giving_access if input.action.name in {"policy.approve", "policy.activate", "policy.emergency"}

# METADATA
# description: A change of the data that may let somebody in. One that only keeps people out takes no newer proof.
giving_access if input.action.name == "policy.data_open"

# METADATA
# description: What apps believe about a person is decided by whoever adds an app or changes the keys.
giving_access if input.action.name in {"app.manage", "oidc.manage", "oidc.emergency"}

operator_reasons contains "operator.reason_missing" if {
	reason_due
	not input.context.operator.has_reason == true
}

reason_due if input.action.name in {"person.suspend", "person.reinstate", "person.unrestrict", "person.recover"}

reason_due if input.action.name in {"door.operate", "reader.maintain"}

reason_due if input.action.name == "person.import"

reason_due if input.action.name in {"policy.approve", "policy.activate", "policy.emergency"}

reason_due if input.action.name in {"policy.data_edit", "policy.data_open", "policy.threat_raise"}

reason_due if input.action.name in {"app.manage", "oidc.manage", "oidc.emergency"}

# METADATA
# description: Reinstatement takes two people. The first request is permitted and waits; the second must come from somebody else.
operator_reasons contains "operator.same_person" if {
	input.action.name == "person.reinstate"
	not first_request
	not second_operator
}

first_request if input.context.operator.first_operator == ""

second_operator if {
	is_string(input.context.operator.first_operator)
	input.context.operator.first_operator != input.subject.id
}

# METADATA
# description: A policy is approved by another person than the one who wrote it, who is the first of the two.
operator_reasons contains "operator.same_person" if {
	input.action.name == "policy.approve"
	not other_than_author
}

other_than_author if {
	input.context.operator.first_operator != ""
	second_operator
}

# METADATA
# description: Nobody gives access back to themselves, nor a new credential. Suspending oneself is allowed, since a deny is never made harder.
operator_reasons contains "operator.self_action" if {
	input.action.name in {"person.reinstate", "person.unrestrict", "person.enrol", "person.recover"}
	not targets_another
}

targets_another if {
	is_string(input.context.operator.target)
	input.context.operator.target != ""
	input.context.operator.target != input.subject.id
}
