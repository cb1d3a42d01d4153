# METADATA
# title: Cases
# description: |
#   Runs policies/cases in OPA's own engine. The same cases run through the compiled policy, so that the two engines are
#   compared on each. The test program gives `data.cases` as [{description, document, want}].
package gatehouse.access_test

import data.gatehouse.access

answers := [{"case": one, "answer": answer} |
	some one in data.cases
	answer := access.decision with input as one.document
]

wrong contains one.case.description if {
	some one in answers
	some key, value in one.case.want
	not answered(one.answer, key, value)
}

answered(answer, key, value) if comparable(answer[key]) == comparable(value)

# Lists of an answer stand for sets.
comparable(value) := {element | some element in value} if not is_scalar(value)

comparable(value) := value if is_scalar(value)

is_scalar(value) if is_boolean(value)

is_scalar(value) if is_number(value)

test_there_are_cases if count(data.cases) > 100

# One test for both: each test is a query of its own, which would answer all cases anew.
test_every_case_is_answered_as_wanted if {
	count(answers) == count(data.cases)
	wrong == set()
}

test_no_input_is_a_deny if access.decision.allow == false with input as {}

test_an_action_of_no_kind_is_a_deny if {
	permitted := [one.document | some one in data.cases; one.want.allow]
	dance := object.union(permitted[0], {"action": {"name": "door.dance"}})
	access.denies == {"policy.no_permit"} with input as dance
}
