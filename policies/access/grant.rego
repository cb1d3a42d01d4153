package gatehouse.access

import data.gatehouse.lib.grants

# METADATA
# title: Grants to resources
# description: Doors, apps and VPN realms need a grant that is in force now. Operator actions need a role instead.
reasons contains "grant.missing" if {
	needs_grant
	count(held) == 0
}

reasons contains "grant.not_yet_valid" if {
	unusable_grant
	not grants.valid(held)
	grants.awaited(held)
}

reasons contains "grant.expired" if {
	unusable_grant
	not grants.valid(held)
	not grants.awaited(held)
}

reasons contains "grant.outside_schedule" if {
	unusable_grant
	grants.valid(held)
}

unusable_grant if {
	needs_grant
	count(held) > 0
	not grants.usable(held)
}

# METADATA
# description: Everything that is not an operator's command, so that a new action is denied until it has rules.
needs_grant if not operator_action

# METADATA
# description: Key of the resource in access profiles.
resource := concat(":", [input.resource.type, input.resource.id])

# METADATA
# description: The person's grants to the resource. A rule of its own, so that it is looked up once a decision.
held := grants.held(resource)

# METADATA
# description: The resource exists in the configuration and the person may use it now.
granted(type) if {
	input.resource.type == type
	input.resource.properties.known == true
	grants.usable(held)
}
