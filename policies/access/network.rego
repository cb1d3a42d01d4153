package gatehouse.access

# METADATA
# title: Network posture
# description: |
#   An app or VPN realm may be usable from certain networks only. A refresh that comes from the app's own server says nothing
#   about where the person is: what counts then is the network of the sign-in. Only what the gateway asks by itself, with no
#   device taking part, has no network, which neither helps nor harms.
system_reasons contains "network.unknown" if {
	network_limited
	not network_known
	not network_not_asked
}

system_reasons contains "network.elsewhere" if {
	network_limited
	network_known
	not network_allowed
}

network_allowed if input.context.network.zone in input.resource.properties.allowed_networks

network_not_asked if {
	input.action.name == "token.refresh"
	input.context.network.known == false
	input.context.network.zone == "none"
	input.context.network.source == "none"
}

network_limited if not input.resource.properties.allowed_networks == []

network_known if {
	input.context.network.known == true
	input.context.network.zone in {"site", "vpn_egress", "elsewhere"}
}
