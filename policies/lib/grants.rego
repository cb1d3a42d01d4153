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
# description: The schedule contains this moment, in the civil time of the resource's site.
on_schedule(name) if {
	schedule := config.schedules[name]
	input.context.time.weekday in schedule.weekdays
	facts.at_least(input.context.time.minute_of_day, schedule.from_minute)
	facts.below(input.context.time.minute_of_day, schedule.until_minute)
	holiday_allowed(schedule)
}

on_schedule(name) if {
	weekly := config.weekly[name]
	some window in weekly.windows
	in_window(window)
	day_allowed(weekly, window)
}

in_window(window) if {
	input.context.time.weekday in window.weekdays
	facts.at_least(input.context.time.minute_of_day, window.from_minute)
	facts.below(input.context.time.minute_of_day, window.until_minute)
}

# METADATA
# description: A night belongs to the day on which it began.
day_allowed(weekly, _) if weekly.on_holidays == true

day_allowed(_, window) if {
	window.began_day_before == false
	working_day
}

day_allowed(_, window) if {
	window.began_day_before == true
	day_after_working_day
}

day_closed(weekly, window) if {
	weekly.on_holidays == false
	window.began_day_before == false
	holiday
}

day_closed(weekly, window) if {
	weekly.on_holidays == false
	window.began_day_before == true
	day_after_holiday
}

working_day if {
	date_known
	input.context.time.holiday == false
	not holiday
}

day_after_working_day if {
	date_known
	not day_after_holiday
}

date_known if {
	is_string(input.context.time.date)
	is_string(input.resource.properties.site)
}

# METADATA
# description: Of the configuration, which the gateway looks up, or of the data.
holiday if input.context.time.holiday == true

holiday if config.holidays[input.resource.properties.site][input.context.time.date] == true

day_after_holiday if config.days_after_holidays[input.resource.properties.site][input.context.time.date] == true

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
	holiday
	config.schedules[name].on_holidays == false
}

outside_schedule(name) if {
	weekly := config.weekly[name]
	is_number(input.context.time.weekday)
	is_number(input.context.time.minute_of_day)
	open_windows := [window |
		some window in weekly.windows
		in_window(window)
		not day_closed(weekly, window)
	]
	count(open_windows) == 0
}

holiday_allowed(schedule) if schedule.on_holidays == true

holiday_allowed(_) if working_day

# METADATA
# description: One of these grants may be used now.
usable(held_grants) if {
	some grant in held_grants
	in_force(grant)
	on_schedule(grant.schedule)
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
