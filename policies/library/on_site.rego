# METADATA
# title: On-site required
# description: Apps and VPN realms that are used only by people who badged into a site and have not left it.
# schemas:
#   - input: schema.input
package gatehouse.library.on_site

import data.gatehouse.lib.facts
import data.gatehouse.lib.settings

denies contains "presence.unknown" if {
	some setting in settings.here.on_site
	settings.applies(setting)
	not placed(setting)
}

denies contains "presence.stale" if {
	some setting in settings.here.on_site
	settings.applies(setting)
	placed(setting)
	not fresh(setting)
}

denies contains "presence.off_site" if {
	some setting in settings.here.on_site
	settings.applies(setting)
	placed(setting)
	fresh(setting)
	not on_site(setting)
}

# METADATA
# description: It is known where the person is. Only the claim to be inside needs confidence.
placed(_) if {
	input.context.presence.known == true
	input.context.presence.state in {"outside", "stale"}
}

placed(setting) if {
	input.context.presence.known == true
	input.context.presence.state == "inside"
	input.context.presence.confidence in setting.confidence
}

# METADATA
# description: Being outside does not grow old; being inside does.
fresh(_) if input.context.presence.state == "outside"

fresh(setting) if {
	input.context.presence.state == "inside"
	facts.within(input.context.presence.age_s, setting.max_age_s)
}

on_site(setting) if {
	input.context.presence.state == "inside"
	count(setting.sites) == 0
}

on_site(setting) if {
	input.context.presence.state == "inside"
	input.context.presence.site in setting.sites
}
