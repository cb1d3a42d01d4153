# METADATA
# title: Contractors
# description: Contractors come in only in their hours, and only with an end of their contract. Whoever cannot be told from one is taken for one.
# schemas:
#   - input: schema.input
package gatehouse.library.contractor

import data.gatehouse.lib.facts
import data.gatehouse.lib.grants
import data.gatehouse.lib.settings

denies contains "contractor.outside_hours" if {
	some setting in settings.here.contractor
	settings.applies(setting)
	not employee(setting)
	not grants.on_schedule(setting.schedule)
}

denies contains "contractor.no_end_date" if {
	some setting in settings.here.contractor
	settings.applies(setting)
	not employee(setting)
	not end_settled(setting)
}

employee(setting) if {
	settings.groups_known
	not settings.in_any(setting.contractor_groups)
}

end_settled(setting) if setting.end_date_required == false

end_settled(_) if facts.at_least(input.subject.properties.employment_end_ms, 1)
