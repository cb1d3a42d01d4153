# METADATA
# title: Face
# description: |
#   The face is compared beside the badge or the passkey. Where no comparison was made yet it is asked for; a wrong one denies. The setting
#   names what can be given instead of a face: a key or a badge at a login, the PIN at a door.
# schemas:
#   - input: schema.input
package gatehouse.library.face

import data.gatehouse.lib.facts
import data.gatehouse.lib.keypad
import data.gatehouse.lib.settings

denies contains "face.mismatch" if {
	some setting in settings.here.face
	settings.applies(setting)
	not to_come
	not recognised(setting)
}

denies contains "face.not_live" if {
	some setting in settings.here.face
	settings.applies(setting)
	not to_come
	not live(setting)
}

# METADATA
# description: A wrong PIN in the place of a face. Another try needs the badge again, and is counted as every other.
denies contains "pin.invalid" if {
	some setting in settings.here.face
	settings.applies(setting)
	"pin" in setting.alternatives
	wrong_pin
}

denies contains "pin.locked" if {
	some setting in settings.here.face
	settings.applies(setting)
	"pin" in setting.alternatives
	wrong_pin
	not attempts_remain
}

# METADATA
# description: No comparison, or one that is too old.
obligations contains {"id": "face", "max_age_s": setting.max_age_s} if {
	some setting in settings.here.face
	due(setting)
	not pin_to_choose(setting)
}

# METADATA
# description: The same, where the reader takes the PIN as well. Nobody has to be looked at.
obligations contains {"id": "face", "max_age_s": setting.max_age_s, "alternatives": ["pin"]} if {
	some setting in settings.here.face
	due(setting)
	pin_to_choose(setting)
}

due(setting) if {
	settings.applies(setting)
	not recent(setting)
	not excused(setting)
}

to_come if input.context.face.known == false

recent(setting) if {
	input.context.face.known == true
	facts.at_least(setting.max_age_s, input.context.face.age_s)
}

# METADATA
# description: Given when the face was asked for, and as short a while ago as a comparison would have to be.
excused(setting) if {
	input.context.face.alternative in setting.alternatives
	input.context.face.alternative in {"security_key", "badge"}
	facts.at_least(setting.max_age_s, input.context.face.alternative_age_s)
}

# METADATA
# description: Where the door wants the PIN of everybody it is no choice any more, and stands for nothing else.
excused(setting) if {
	"pin" in setting.alternatives
	keypad.waived
	input.context.face.alternative == "pin"
	input.context.credential.pin.ok == true
	facts.at_least(setting.max_age_s, input.context.face.alternative_age_s)
}

pin_to_choose(setting) if {
	"pin" in setting.alternatives
	input.action.name == "door.unlock"
	keypad.waived
	input.context.credential.pin.enrolled == true
	input.context.credential.pin.asked == false
	attempts_remain
}

wrong_pin if {
	not no_pin
	not pin_right
}

no_pin if input.context.credential.pin.presented == false

pin_right if input.context.credential.pin.ok == true

attempts_remain if facts.at_least(input.context.credential.pin.attempts_left, 1)

recognised(setting) if {
	input.context.face.verified == true
	input.context.face.score_band in setting.score_bands
}

live(setting) if input.context.face.liveness in setting.liveness
