package gatehouse.lib.grants_test

import data.gatehouse.lib.grants

moment := {"epoch_ms": 100, "weekday": 2, "minute_of_day": 600, "date": "2026-11-03", "holiday": false}

place := {"properties": {"site": "site-1"}}

person := {"id": "ann", "properties": {"groups": ["staff", "lab"], "roles": ["guard"]}}

grant(from_ms, until_ms) := {
	"id": "g1",
	"profile": "office",
	"schedule": "hours",
	"valid_from_ms": from_ms,
	"valid_until_ms": until_ms,
}

hours := {"weekdays": [1, 2], "from_minute": 600, "until_minute": 601, "on_holidays": false}

test_everything_a_grant_may_be_held_by if {
	grants.holders == {"person:ann", "group:staff", "group:lab", "role:guard"} with input.subject as person
}

test_a_name_is_not_confused_across_kinds if {
	held := grants.held("door:d1") with input.subject as {"id": "staff", "properties": {"groups": [], "roles": []}}
		with data.gatehouse.grants as {"group:staff": [grant(0, 0)]}
		with data.gatehouse.profiles as {"office": {"door:d1": true}}
	held == set()
}

test_held_by_group if {
	held := grants.held("door:d1") with input.subject as person
		with data.gatehouse.grants as {"group:lab": [grant(0, 0)]}
		with data.gatehouse.profiles as {"office": {"door:d1": true}}
	count(held) == 1
}

test_a_profile_that_does_not_exist_grants_nothing if {
	held := grants.held("door:d1") with input.subject as person
		with data.gatehouse.grants as {"group:lab": [grant(0, 0)]}
		with data.gatehouse.profiles as {}
	held == set()
}

test_validity_contains_its_beginning_and_not_its_end if {
	grants.in_force(grant(100, 101)) with input.context.time as moment
	not starts_later
	not has_ended
}

starts_later if grants.in_force(grant(101, 0)) with input.context.time as moment

has_ended if grants.in_force(grant(0, 100)) with input.context.time as moment

scheduled(time) if {
	grants.on_schedule("hours") with input.context.time as time
		with input.resource as place
		with data.gatehouse.schedules as {"hours": hours}
}

test_a_schedule_contains_its_first_minute_only_as_long_as_it_says if {
	scheduled(moment)
	not scheduled(object.union(moment, {"minute_of_day": 599}))
	not scheduled(object.union(moment, {"minute_of_day": 601}))
	not scheduled(object.union(moment, {"weekday": 3}))
	not scheduled(object.union(moment, {"holiday": true}))
}

test_a_schedule_of_no_name_contains_nothing if {
	not unnamed
}

unnamed if {
	grants.on_schedule("hours") with input.context.time as moment
		with input.resource as place
		with data.gatehouse.schedules as {}
}

outside(time, schedules) if {
	grants.outside_schedule("hours") with input.context.time as time
		with data.gatehouse.schedules as schedules
}

test_outside_is_the_other_side_of_every_edge_of_a_schedule if {
	not outside(moment, {"hours": hours})
	outside(object.union(moment, {"minute_of_day": 599}), {"hours": hours})
	outside(object.union(moment, {"minute_of_day": 601}), {"hours": hours})
	outside(object.union(moment, {"weekday": 3}), {"hours": hours})
	outside(object.union(moment, {"holiday": true}), {"hours": hours})
}

test_nothing_is_proven_by_a_schedule_that_does_not_exist if not outside(moment, {})

test_nothing_is_proven_without_a_time if {
	not outside({}, {"hours": hours})
	not outside({"weekday": null, "minute_of_day": null, "holiday": null}, {"hours": hours})
}
