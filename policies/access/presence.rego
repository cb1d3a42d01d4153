package gatehouse.access

import data.gatehouse.lib.facts

# METADATA
# title: Presence
# description: An app or VPN realm may require that the person is inside an area, as far as badge reads tell.
system_reasons contains "presence.unknown" if {
	presence_required
	not presence_known
}

system_reasons contains "presence.stale" if {
	presence_required
	presence_known
	not presence_fresh
}

system_reasons contains "presence.required" if {
	presence_required
	presence_known
	presence_fresh
	not inside_area
}

presence_required if not input.resource.properties.area == ""

# METADATA
# description: Only the claim to be inside needs confidence, since nothing else can permit.
presence_known if {
	input.context.presence.known == true
	input.context.presence.state in {"outside", "stale"}
}

presence_known if {
	input.context.presence.known == true
	input.context.presence.state == "inside"
	presence_confident
}

# METADATA
# description: |
#   How sure it is that the person went in and is still there. An entry that no door contact confirmed is never enough, and
#   privileged systems (security level 4 and 5) are used only from where nobody leaves unseen.
presence_confident if input.context.presence.confidence == "high"

presence_confident if {
	input.context.presence.confidence == "medium"
	unprivileged
}

# METADATA
# description: Being outside does not grow old; being inside does.
presence_fresh if input.context.presence.state == "outside"

presence_fresh if {
	input.context.presence.state == "inside"
	facts.within(input.context.presence.age_s, input.resource.properties.max_presence_age_s)
}

inside_area if {
	input.context.presence.state == "inside"
	input.resource.properties.area in input.context.presence.areas
}
