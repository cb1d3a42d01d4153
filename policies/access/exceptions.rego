package gatehouse.access

import data.gatehouse.lib.config
import data.gatehouse.lib.facts

# METADATA
# title: Exceptions
# description: |
#   An exception of one person at one resource takes back named reasons, for some hours. It permits nothing by itself: the grant, the
#   credential, the PIN and the lockdown are asked as ever, and the subject gate has answered before. Restricted persons have none.
relaxed contains reason if {
	status == "active"
	some exception in config.exceptions[input.subject.id]
	exception.resource == resource
	facts.at_least(input.context.time.epoch_ms, exception.from_ms)
	facts.below(input.context.time.epoch_ms, exception.until_ms)
	some reason in exception.relaxes
	reason in relaxable
}

# METADATA
# description: Whatever the data says, nothing else is taken back.
relaxable := {
	"grant.outside_schedule",
	"door.clearance_too_low",
	"door.threat_level",
	"presence.required",
	"presence.stale",
	"presence.unknown",
	"presence.off_site",
	"network.elsewhere",
	"network.unknown",
	"time.after_hours",
	"contractor.outside_hours",
	"contractor.no_end_date",
	"device.unknown",
	"device.not_managed",
	"device.not_compliant",
	"travel.country",
	"travel.country_unknown",
	"travel.elsewhere_while_inside",
}
