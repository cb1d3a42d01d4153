# METADATA
# title: Configuration
# description: |
#   The only place that reads the data document. Its schema makes a mistyped part a compile error, where elsewhere it would
#   silently be undefined.
# schemas:
#   - data.gatehouse: schema.data
package gatehouse.lib.config

# METADATA
# description: Holder such as `person:ID` to the grants that it holds.
grants := data.gatehouse.grants

# METADATA
# description: Access profile to the resources that it names.
profiles := data.gatehouse.profiles

# METADATA
# description: Schedules by name.
schedules := data.gatehouse.schedules

# METADATA
# description: Schedules of several windows a week, or over midnight, by name; a name is here or in `schedules`.
weekly := data.gatehouse.weekly

# METADATA
# description: Site to its holidays.
holidays := data.gatehouse.holidays

# METADATA
# description: Site to the dates after its holidays.
days_after_holidays := data.gatehouse.days_after_holidays

# METADATA
# description: Area to what takes the place of its configured level.
areas := data.gatehouse.areas

# METADATA
# description: Scope such as `area:ID` to the threat levels that were set there.
threats := data.gatehouse.threats

# METADATA
# description: Person to the exceptions made for them.
exceptions := data.gatehouse.exceptions

# METADATA
# description: Resource such as `door:ID` to the ready policies that hold there.
library := data.gatehouse.library_settings

# METADATA
# description: Role to the operator actions that it allows.
operator_roles := data.gatehouse.operator_roles
