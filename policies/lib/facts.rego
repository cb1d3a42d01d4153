# METADATA
# title: Facts
# description: |
#   Comparisons that hold only between numbers. Rego orders values of different types (null is less than any number, a string is
#   greater), so that a plain `>=` could be satisfied by a fact that is missing or malformed.
package gatehouse.lib.facts

# METADATA
# description: a reaches b.
at_least(a, b) if {
	is_number(a)
	is_number(b)
	a >= b
}

# METADATA
# description: a stays under b. Not the negation of at_least, which would hold for a fact that is missing.
below(a, b) if {
	is_number(a)
	is_number(b)
	a < b
}

# METADATA
# description: A limit of 0 is no limit; otherwise value stays within it.
within(value, limit) if {
	limit == 0
	is_number(value)
}

within(value, limit) if {
	is_number(limit)
	limit > 0
	is_number(value)
	value <= limit
}

# METADATA
# description: A validity that has begun at the moment now_ms; 0 = no limit.
begun(from_ms, now_ms) if at_least(now_ms, from_ms)

# METADATA
# description: A validity that has not ended at the moment now_ms; 0 = no limit.
not_over(until_ms, now_ms) if {
	until_ms == 0
	is_number(now_ms)
}

not_over(until_ms, now_ms) if {
	is_number(until_ms)
	until_ms > 0
	is_number(now_ms)
	now_ms < until_ms
}
