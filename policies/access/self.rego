package gatehouse.access

import data.gatehouse.lib.facts

# METADATA
# title: People's own side
# description: |
#   Whoever's gate is open signs in to the people's side, sees what is their own and closes what they have open. A change of their
#   credentials takes a passkey used just now, and nobody makes one while restricted.
permits contains "self.granted" if {
	self_action
	input.resource.type == "portal"
	input.resource.properties.known == true
}

default self_action := false

self_action if input.action.name in {"self.sign_in", "self.read", "self.close", "self.change"}

self_reasons contains "authentication.missing" if {
	not input.context.authentication.known == true
}

self_reasons contains "authentication.too_weak" if {
	input.context.authentication.known == true
	not verified_passkey
}

# METADATA
# description: A session that somebody left open must not get another key into the account.
self_reasons contains "authentication.too_old" if {
	input.action.name == "self.change"
	input.context.authentication.known == true
	not just_confirmed
}

just_confirmed if facts.within(input.context.authentication.auth_age_s, self_change_auth_age_max_s)

self_change_auth_age_max_s := 300

# METADATA
# description: What made the person restricted may be somebody else at their passkey.
self_reasons contains "subject.not_active" if {
	input.action.name == "self.change"
	restricted
}
