package gatehouse.access

import data.gatehouse.lib.config
import data.gatehouse.lib.facts
import data.gatehouse.lib.grants

# METADATA
# title: Doors
# description: Ingress only; egress never asks.
permits contains "door.granted" if {
	unlocking
	granted("door")
}

default unlocking := false

unlocking if input.action.name == "door.unlock"

door_reasons contains "door.locked_down" if {
	not input.resource.properties.mode == "normal"
}

door_reasons contains "door.clearance_too_low" if {
	not clearance_reaches
}

clearance_reaches if facts.at_least(input.subject.properties.clearance, door_level)

# METADATA
# description: The level of the area behind the door, as it was set in the data, or else as it is configured.
door_level := config.areas[input.resource.properties.area].security_level if level_set

door_level := input.resource.properties.security_level if {
	is_string(input.resource.properties.area)
	not level_set
}

level_set if is_number(config.areas[input.resource.properties.area].security_level)

# METADATA
# description: Ingress only. Whoever has less clearance than the threat level of the place, or of what is around it, stays outside.
door_reasons contains "door.threat_level" if {
	not threat_withstood
}

threat_withstood if {
	is_number(input.context.time.epoch_ms)
	is_string(input.resource.properties.site)
	is_string(input.resource.properties.area)
	facts.at_least(input.subject.properties.clearance, 0)
	count(threats_above) == 0
}

threats_above contains threat.level if {
	clearance := input.subject.properties.clearance
	some scope, threats in config.threats
	scope in threat_scopes
	some threat in threats
	facts.not_over(threat.until_ms, input.context.time.epoch_ms)
	not facts.at_least(clearance, threat.level)
}

threat_scopes := {
	"global",
	concat(":", ["site", input.resource.properties.site]),
	concat(":", ["area", input.resource.properties.area]),
}

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
#   for it, everybody else for the face.
door_reasons contains "authentication.too_weak" if {
	second_factor_due
	not pin_enrolled
	not face_instead
	not face_proven
}

obligations contains {"id": "face", "max_age_s": 60} if {
	unlocking
	second_factor_due
	face_instead
}

# METADATA
# description: Asked for in the place of a PIN, and only of whoever has none for certain.
face_instead if {
	input.context.credential.pin.enrolled == false
	input.context.face.known == false
}

# METADATA
# description: A living face that was recognised just now is a second factor, as a PIN is.
face_proven if {
	input.context.face.known == true
	input.context.face.verified == true
	input.context.face.score_band in {"standard", "high"}
	input.context.face.liveness in {"passive", "active"}
	facts.at_least(60, input.context.face.age_s)
}

second_factor_due if {
	restricted
	not perimeter
	not input.context.authentication.user_verified == true
}

perimeter if facts.below(door_level, 3)

obligations contains {"id": "extended_open_time"} if {
	unlocking
	input.subject.properties.accessibility == true
}
