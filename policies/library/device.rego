# METADATA
# title: Device posture
# description: Apps and VPN realms that are used only from devices that are managed and meet the rules.
# schemas:
#   - input: schema.input
package gatehouse.library.device

import data.gatehouse.lib.settings

denies contains "device.unknown" if {
	some setting in settings.here.device
	settings.applies(setting)
	not known
	not not_asked
}

denies contains "device.not_managed" if {
	some setting in settings.here.device
	settings.applies(setting)
	known
	not managed_enough(setting)
}

denies contains "device.not_compliant" if {
	some setting in settings.here.device
	settings.applies(setting)
	known
	not compliant_enough(setting)
}

known if input.context.device.known == true

# METADATA
# description: A refresh comes from the app's own server. What was said of the device at the login stands, unless there is news of it.
not_asked if {
	input.action.name == "token.refresh"
	input.context.device.known == false
}

managed_enough(setting) if setting.managed == false

managed_enough(_) if input.context.device.managed == true

compliant_enough(setting) if setting.compliant == false

compliant_enough(_) if input.context.device.compliant == true
