package gatehouse.access

import data.gatehouse.lib.facts

# METADATA
# title: Logins
# description: |
#   Apps and VPN realms. A refresh is decided like the login, by the facts of now: who has left the area loses the session. Only
#   the authentication itself is not asked for again at a refresh, where nobody is there to give it.
permits contains "app.granted" if {
	input.action.name == "app.login"
	granted("app")
}

permits contains "token.granted" if {
	input.action.name == "token.refresh"
	granted("app")
}

permits contains "vpn.granted" if {
	input.action.name == "vpn.connect"
	granted("vpn_realm")
}

default using_system := false

using_system if signing_in

using_system if input.action.name == "token.refresh"

default signing_in := false

signing_in if input.action.name == "app.login"

signing_in if input.action.name == "vpn.connect"

# METADATA
# description: No new privileged session (security level 4 and 5) for a restricted person.
system_reasons contains "subject.not_active" if {
	signing_in
	restricted
	not unprivileged
}

unprivileged if facts.below(input.resource.properties.security_level, 4)

system_reasons contains "authentication.missing" if {
	signing_in
	not input.context.authentication.known == true
}

# METADATA
# description: A VPN client cannot step up, so that what would be an obligation at an app is a deny.
system_reasons contains "authentication.too_weak" if {
	input.action.name == "vpn.connect"
	input.context.authentication.known == true
	not recently_verified
}

# METADATA
# description: The permit holds once the person has verified the passkey again.
obligations contains {"id": "step_up", "acr": "urn:gatehouse:acr:passkey", "max_age_s": auth_age_max_s} if {
	input.action.name == "app.login"
	not recently_verified
}

recently_verified if {
	verified_passkey
	facts.within(input.context.authentication.auth_age_s, auth_age_limit_s)
}

# METADATA
# description: A user-verified passkey, as the sign-in ceremony proved it.
verified_passkey if {
	input.context.authentication.known == true
	input.context.authentication.acr == "urn:gatehouse:acr:passkey"
	input.context.authentication.user_verified == true
}

# METADATA
# description: |
#   A badge with its PIN at a shared desk, as the answer to what an app asked there: two factors, but none that a passkey's proof of the
#   address comes with. Not for a restricted person, and not for a privileged system.
recently_verified if {
	input.action.name == "app.login"
	status == "active"
	unprivileged
	input.context.authentication.known == true
	input.context.authentication.acr == "urn:gatehouse:acr:badge"
	input.context.authentication.user_verified == true
	facts.within(input.context.authentication.auth_age_s, badge_age_limit_s)
}

# METADATA
# description: The badge is decided upon as it is read; older, it is a badge of something else.
badge_age_limit_s := 30

# METADATA
# description: |
#   A sign-in at an identity provider outside, as far as the configuration rates it: two factors at apps that are not privileged, two
#   factors with hardware that cannot be phished at all of them. One factor there is none here. Never for a restricted person.
recently_verified if {
	input.action.name == "app.login"
	status == "active"
	input.context.authentication.known == true
	input.context.authentication.user_verified == true
	upstream_suffices
	facts.within(input.context.authentication.auth_age_s, auth_age_limit_s)
}

upstream_suffices if {
	input.context.authentication.acr == "urn:gatehouse:acr:upstream-aal2"
	unprivileged
}

upstream_suffices if input.context.authentication.acr == "urn:gatehouse:acr:upstream-aal3"

# METADATA
# description: Oldest acceptable authentication, 0 = any age. A restricted person is asked again after five minutes.
auth_age_limit_s := input.resource.properties.max_auth_age_s if status == "active"

auth_age_limit_s := 300 if not status == "active"

auth_age_max_s := auth_age_limit_s if auth_age_limit_s > 0

auth_age_max_s := 300 if auth_age_limit_s == 0
