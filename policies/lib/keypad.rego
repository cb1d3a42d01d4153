# METADATA
# title: Keypad
# description: When a door asks for a PIN beside the badge.
# schemas:
#   - input: schema.input
package gatehouse.lib.keypad

import data.gatehouse.lib.grants

# METADATA
# description: Only a proof that this is no time for a PIN waives it. A schedule that the configuration does not have proves nothing.
waived if input.resource.properties.requires_pin == ""

waived if grants.outside_schedule(input.resource.properties.requires_pin)
