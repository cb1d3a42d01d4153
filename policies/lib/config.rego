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
# description: Role to the operator actions that it allows.
operator_roles := data.gatehouse.operator_roles
