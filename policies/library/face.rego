# METADATA
# title: Face
# description: |
#   The face is compared beside the badge or the passkey. Where no comparison was made yet it is asked for; a wrong one denies. The setting
#   names what can be given instead of a face.
# schemas:
#   - input: schema.input
package gatehouse.library.face

import data.gatehouse.lib.facts
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
# description: No comparison, or one that is too old.
obligations contains {"id": "face", "max_age_s": setting.max_age_s} if {
	some setting in settings.here.face
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
	facts.at_least(setting.max_age_s, input.context.face.alternative_age_s)
}

recognised(setting) if {
	input.context.face.verified == true
	input.context.face.score_band in setting.score_bands
}

live(setting) if input.context.face.liveness in setting.liveness
