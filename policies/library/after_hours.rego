# METADATA
# title: After hours
# description: Outside the hours only members of certain groups come in, whatever their grants say.
# schemas:
#   - input: schema.input
package gatehouse.library.after_hours

import data.gatehouse.lib.grants
import data.gatehouse.lib.settings

denies contains "time.after_hours" if {
	some setting in settings.here.after_hours
	settings.applies(setting)
	not open_for(setting)
}

open_for(setting) if grants.on_schedule(setting.schedule)

open_for(setting) if settings.in_any(setting.allowed_groups)
