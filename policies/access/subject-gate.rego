package gatehouse.access

import data.gatehouse.lib.facts

# METADATA
# title: Subject gate
# description: |
#   The same for every request of either kind. Closed for a person who is unknown, suspended, departed or past the end of
#   employment; restricted persons pass and meet stricter rules behind it.
gate contains "subject.unknown" if not known_person

gate contains "credential.unknown" if {
	not known_person
	not input.context.credential.known == true
}

gate contains "subject.suspended" if {
	known_person
	status == "suspended"
}

gate contains "subject.departed" if {
	known_person
	status == "departed"
}

gate contains "subject.not_active" if {
	known_person
	not status_known
}

gate contains "subject.employment_ended" if {
	known_person
	passing_status
	not employed
}

status_known if passing_status

status_known if status == "suspended"

status_known if status == "departed"

passing_status if status == "active"

passing_status if status == "restricted"

employed if facts.not_over(input.subject.properties.employment_end_ms, input.context.time.epoch_ms)

known_person if {
	input.subject.properties.known == true
	is_string(input.subject.id)
	input.subject.id != ""
}

# METADATA
# description: Undefined without a status, which no rule then takes for an open gate.
status := input.subject.properties.status

# METADATA
# description: Detections, repeated mismatches or a lost credential move a person at most here.
restricted if not status == "active"
