# METADATA
# title: Settings of ready policies
# description: Which settings hold for this person at this resource. One for certain groups holds for all when the groups are not known.
# schemas:
#   - input: schema.input
package gatehouse.lib.settings

import data.gatehouse.lib.config

# METADATA
# description: Settings of all ready policies at the resource.
here := config.library[concat(":", [input.resource.type, input.resource.id])]

applies(setting) if count(setting.groups) == 0

applies(setting) if in_any(setting.groups)

applies(_) if not groups_known

# METADATA
# description: The person is in one of these groups.
in_any(groups) if {
	some group in groups
	group in input.subject.properties.groups
}

groups_known if is_array(input.subject.properties.groups)
