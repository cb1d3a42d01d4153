# METADATA
# title: Two persons
# description: A door that opens when two people, each of whom may enter, badge within some seconds. The first permit waits for the second badge.
# schemas:
#   - input: schema.input
package gatehouse.library.two_person

import data.gatehouse.lib.facts
import data.gatehouse.lib.settings

obligations contains {"id": "second_person", "within_s": within_s} if not accompanied

# METADATA
# description: The shortest time of all settings; undefined where none holds.
within_s := min([setting.within_s |
	some setting in settings.here.two_person
	settings.applies(setting)
])

# METADATA
# description: Somebody else has just badged here with a permit that only waits for another person.
accompanied if {
	input.context.companion.known == true
	is_string(input.context.companion.id)
	input.context.companion.id != ""
	input.context.companion.id != input.subject.id
	facts.at_least(within_s, input.context.companion.age_s)
}
