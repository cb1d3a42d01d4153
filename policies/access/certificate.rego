package gatehouse.access

import data.gatehouse.library.device

# METADATA
# title: Certificates of computers
# description: |
#   A certificate at a Wi-Fi or a VPN proves a computer, and nothing of who sits there. It stands for the sign-in of an active person, where
#   nothing is privileged, and only while the computer itself says that it is well kept. So does the session that it began.
recently_verified if {
	by_certificate
	status == "active"
	unprivileged
}

system_reasons contains "device.unknown" if {
	by_certificate
	not device.known
}

system_reasons contains "device.not_managed" if {
	by_certificate
	device.known
	not input.context.device.managed == true
}

system_reasons contains "device.not_compliant" if {
	by_certificate
	device.known
	not input.context.device.compliant == true
}

by_certificate if {
	input.action.name == "vpn.connect"
	input.context.authentication.known == true
	input.context.authentication.acr == "urn:gatehouse:acr:certificate"
}

# METADATA
# description: A certificate that is shown is one, whatever the authentication says.
by_certificate if {
	input.action.name == "vpn.connect"
	input.context.credential.kind == "certificate"
}
