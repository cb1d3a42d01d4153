package gatehouse.access

import data.gatehouse.lib.facts
import data.gatehouse.lib.grants

# METADATA
# title: Doors
# description: Ingress only; egress never asks.
permits contains "door.granted" if {
	unlocking
	granted("door")
}

unlocking if input.action.name == "door.unlock"

door_reasons contains "door.locked_down" if {
	not input.resource.properties.mode == "normal"
}

door_reasons contains "door.clearance_too_low" if {
	not clearance_reaches
}

clearance_reaches if facts.at_least(input.subject.properties.clearance, input.resource.properties.security_level)

# METADATA
# description: A badge number that came in clear text may be anybody's.
door_reasons contains "reader.not_secure" if {
	not input.context.pep.secure == true
}

# METADATA
# description: |
#   Whoever has opened a reader may read cards in its place, or give it others. From security level 3 on its own word is not enough
#   then; the alarm is raised at every door.
door_reasons contains "reader.tampered" if {
	not perimeter
	input.context.pep.tamper == "tampered"
}

# METADATA
# description: |
#   A reader of the gateway that has not said how its switch is. A remote enforcement point has no way to say: its registration
#   answers for its readers.
door_reasons contains "reader.tamper_unknown" if {
	not perimeter
	not tamper_told
}

tamper_told if input.context.pep.tamper in {"clear", "tampered", "not_reported"}

# METADATA
# description: The area and an app are granted together; a door whose app is not granted as well stays closed.
door_reasons contains "grant.other_half_missing" if {
	not other_half_held
}

other_half_held if input.resource.properties.requires_app == ""

other_half_held if {
	input.resource.properties.requires_app != ""
	grants.valid(grants.held(concat(":", ["app", input.resource.properties.requires_app])))
}

# METADATA
# description: |
#   A restricted person needs more than a badge from security level 3 on; perimeter doors are unchanged. Whoever has a PIN is asked
#   for it.
door_reasons contains "authentication.too_weak" if {
	second_factor_due
	not pin_enrolled
}

second_factor_due if {
	restricted
	not perimeter
	not input.context.authentication.user_verified == true
}

perimeter if facts.below(input.resource.properties.security_level, 3)

obligations contains {"id": "extended_open_time"} if {
	unlocking
	input.subject.properties.accessibility == true
}
