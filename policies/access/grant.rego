package gatehouse.access

import data.gatehouse.lib.grants

# METADATA
# title: Grants to resources
# description: Doors, apps and VPN realms need a grant that is in force now. Operator actions need a role instead.
grant_reasons contains "grant.missing" if count(held) == 0

grant_reasons contains "grant.not_yet_valid" if {
	unusable_grant
	not grants.valid(held)
	grants.awaited(held)
}

grant_reasons contains "grant.expired" if {
	unusable_grant
	not grants.valid(held)
	not grants.awaited(held)
}

grant_reasons contains "grant.outside_schedule" if {
	unusable_grant
	grants.valid(held)
}

unusable_grant if {
	count(held) > 0
	not usable_now
}

# METADATA
# description: Key of the resource in access profiles.
resource := concat(":", [input.resource.type, input.resource.id])

# METADATA
# description: The person's grants to the resource. A rule of its own, so that it is looked up once a decision.
held := grants.held(resource)

usable_now if grants.usable(held)

usable_now if {
	"grant.outside_schedule" in relaxed
	grants.valid(held)
}

# METADATA
# description: The resource exists in the configuration and the person may use it now.
granted(type) if {
	input.resource.type == type
	input.resource.properties.known == true
	usable_now
}
