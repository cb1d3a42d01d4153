package gatehouse.access

import data.gatehouse.lib.settings
import data.gatehouse.library.after_hours
import data.gatehouse.library.contractor
import data.gatehouse.library.device
import data.gatehouse.library.face
import data.gatehouse.library.on_site
import data.gatehouse.library.travel
import data.gatehouse.library.two_person

# METADATA
# title: Library
# description: |
#   Ready policies, one package each. Data switches them on at a resource and gives their parameters; where no setting names the
#   resource none of them is looked at.
default library_reasons := set()

library_reasons := union({
	on_site.denies,
	after_hours.denies,
	contractor.denies,
	device.denies,
	travel.denies,
	face.denies,
}) if settings.here

obligations contains obligation if {
	unlocking
	settings.here
	some obligation in (two_person.obligations | face.obligations)
}

# METADATA
# description: At a login only. When a token is refreshed nobody is there to look into a camera.
obligations contains obligation if {
	input.action.name == "app.login"
	settings.here
	some obligation in face.obligations
}
