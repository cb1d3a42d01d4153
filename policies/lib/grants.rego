# METADATA
# title: Grants
# description: |
#   A grant gives a holder (person, group or role) an access profile, which names doors, apps and VPN realms together. Grants,
#   profiles and schedules are data; this package only reads them.
# schemas:
#   - input: schema.input
package gatehouse.lib.grants

import data.gatehouse.lib.config
import data.gatehouse.lib.facts

now_ms := input.context.time.epoch_ms

# METADATA
# description: Everything under whose name the person may hold a grant.
holders contains concat(":", ["person", input.subject.id])

holders contains concat(":", ["group", group]) if some group in input.subject.properties.groups

holders contains concat(":", ["role", role]) if some role in input.subject.properties.roles

# METADATA
# description: All grants of the person to a resource such as `door:ID`, in force or not.
held(resource) := {grant |
	some holder in holders
	some grant in config.grants[holder]
	config.profiles[grant.profile][resource] == true
}

# METADATA
# description: The grant's own validity contains this moment.
in_force(grant) if {
	facts.begun(grant.valid_from_ms, now_ms)
	facts.not_over(grant.valid_until_ms, now_ms)
}

# METADATA
# description: The grant's schedule contains this moment, in the civil time of the resource's site.
on_schedule(grant) if {
	schedule := config.schedules[grant.schedule]
	input.context.time.weekday in schedule.weekdays
	facts.at_least(input.context.time.minute_of_day, schedule.from_minute)
	facts.below(input.context.time.minute_of_day, schedule.until_minute)
	holiday_allowed(schedule)
}

# METADATA
# description: |
#   Proof that this moment is outside a schedule, in the civil time of the resource's site. Not the negation of being inside: without
#   the schedule, or without the time, neither is proven.
outside_schedule(name) if {
	schedule := config.schedules[name]
	is_number(input.context.time.weekday)
	weekdays := {weekday | some weekday in schedule.weekdays}
	count(weekdays & {input.context.time.weekday}) == 0
}

outside_schedule(name) if facts.below(input.context.time.minute_of_day, config.schedules[name].from_minute)

outside_schedule(name) if facts.at_least(input.context.time.minute_of_day, config.schedules[name].until_minute)

outside_schedule(name) if {
	input.context.time.holiday == true
	config.schedules[name].on_holidays == false
}

holiday_allowed(schedule) if schedule.on_holidays == true

holiday_allowed(_) if input.context.time.holiday == false

# METADATA
# description: One of these grants may be used now.
usable(held_grants) if {
	some grant in held_grants
	in_force(grant)
	on_schedule(grant)
}

# METADATA
# description: One of these grants is in force, whatever its schedule says. Enough for the other half of what is granted together.
valid(held_grants) if {
	some grant in held_grants
	in_force(grant)
}

# METADATA
# description: One of these grants is still to come.
awaited(held_grants) if {
	some grant in held_grants
	not facts.begun(grant.valid_from_ms, now_ms)
}
