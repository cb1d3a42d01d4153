# METADATA
# title: Travel
# description: Apps and VPN realms that are used only from certain countries, and not from elsewhere while the badge says that the person is inside.
# schemas:
#   - input: schema.input
package gatehouse.library.travel

import data.gatehouse.lib.settings

denies contains "travel.country" if {
	some setting in settings.here.travel
	settings.applies(setting)
	count(setting.countries) > 0
	country_known
	not country_allowed(setting)
}

denies contains "travel.country_unknown" if {
	some setting in settings.here.travel
	settings.applies(setting)
	count(setting.countries) > 0
	not country_known
	not unknown_allowed(setting)
}

denies contains "travel.elsewhere_while_inside" if {
	some setting in settings.here.travel
	settings.applies(setting)
	not elsewhere_allowed(setting)
	not consistent
}

# METADATA
# description: A network of a site, or the way out of the own VPN, is no travel; what the gateway asks by itself comes from nowhere.
at_home if {
	input.context.network.known == true
	input.context.network.zone in {"site", "vpn_egress"}
}

at_home if {
	input.action.name == "token.refresh"
	input.context.network.known == false
	input.context.network.source == "none"
}

country_known if at_home

country_known if {
	input.context.network.known == true
	is_string(input.context.network.country)
	input.context.network.country != ""
}

country_allowed(_) if at_home

country_allowed(setting) if input.context.network.country in setting.countries

unknown_allowed(setting) if setting.unknown_country == "allow"

elsewhere_allowed(setting) if setting.elsewhere_while_inside == "allow"

# METADATA
# description: Where the badge says that the person is does not contradict where the request comes from.
consistent if at_home

consistent if input.context.presence.known == false

consistent if {
	input.context.presence.known == true
	input.context.presence.state in {"outside", "stale"}
}

consistent if {
	input.context.presence.known == true
	input.context.presence.confidence in {"low", "none"}
}
