package gatehouse.lib.facts_test

import data.gatehouse.lib.facts

test_at_least_includes_equality if {
	facts.at_least(3, 3)
	facts.at_least(4, 3)
	not facts.at_least(2, 3)
}

test_below_excludes_equality if {
	facts.below(2, 3)
	not facts.below(3, 3)
}

test_comparisons_take_numbers_only if {
	every value in [null, true, "9", [], {}] {
		not facts.at_least(value, 3)
		not facts.at_least(3, value)
		not facts.below(value, 3)
		not facts.below(3, value)
	}
}

test_a_limit_of_zero_is_none if facts.within(1000000, 0)

test_within_includes_the_limit if {
	facts.within(60, 60)
	not facts.within(61, 60)
}

test_within_takes_numbers_only if {
	every value in [null, true, "9", [], {}] {
		not facts.within(value, 0)
		not facts.within(value, 60)
		not facts.within(60, value)
	}
}

test_begun_from_its_first_millisecond if {
	facts.begun(0, 1)
	facts.begun(5, 5)
	not facts.begun(6, 5)
	not facts.begun(null, 5)
}

test_over_from_its_end if {
	facts.not_over(0, 5)
	facts.not_over(6, 5)
	not facts.not_over(5, 5)
}

test_not_over_takes_numbers_only if {
	every value in [null, true, "9", [], {}] {
		not facts.not_over(value, 5)
		not facts.not_over(0, value)
		not facts.not_over(6, value)
	}
}
