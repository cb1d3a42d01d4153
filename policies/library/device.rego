# METADATA
# title: Device posture
# description: Apps and VPN realms that are used only from devices that are managed and meet the rules.
# schemas:
#   - input: schema.input
package gatehouse.library.device

import data.gatehouse.lib.facts
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

# METADATA
# description: What is not known is not on.
denies contains "device.not_compliant" if {
	some setting in settings.here.device
	settings.applies(setting)
	known
	some part in setting.requires
	not on[part]
}

denies contains "device.not_compliant" if {
	some setting in settings.here.device
	settings.applies(setting)
	known
	not updated(setting)
}

known if input.context.device.known == true

# METADATA
# description: |
#   A refresh comes from the app's own server. Where no device took part in the sign-in none is asked for now; one that did take part
#   and has fallen silent is unknown.
not_asked if {
	input.action.name == "token.refresh"
	input.context.device.known == false
	input.context.device.id == ""
}

on["disk_encryption"] if input.context.device.disk_encryption == "on"

on["firewall"] if input.context.device.firewall == "on"

on["screen_lock"] if input.context.device.screen_lock == "on"

on["secure_boot"] if input.context.device.secure_boot == "on"

updated(setting) if setting.os_age_days_max == 0

updated(setting) if {
	input.context.device.os_age_known == true
	facts.at_least(setting.os_age_days_max, input.context.device.os_age_days)
}

managed_enough(setting) if setting.managed == false

managed_enough(_) if input.context.device.managed == true

compliant_enough(setting) if setting.compliant == false

compliant_enough(_) if input.context.device.compliant == true
