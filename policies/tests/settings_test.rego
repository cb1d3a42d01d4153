package gatehouse.lib.settings_test

import data.gatehouse.lib.settings

test_a_setting_without_groups_is_for_everybody if settings.applies({"groups": []}) with input as {}

test_a_setting_for_a_group_is_for_its_members if {
	settings.applies({"groups": ["lab"]}) with input.subject.properties.groups as ["staff", "lab"]
	not for_others
}

for_others if settings.applies({"groups": ["lab"]}) with input.subject.properties.groups as ["staff"]

test_a_setting_is_for_whoever_has_no_known_groups if settings.applies({"groups": ["lab"]}) with input as {}
