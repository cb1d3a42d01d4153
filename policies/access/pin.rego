package gatehouse.access

import data.gatehouse.lib.facts
import data.gatehouse.lib.keypad

# METADATA
# title: PIN
# description: |
#   A badge is what one has; at some doors, and for restricted persons from security level 3 on, it needs what one knows as well.
#   The badge alone gets a permit that holds only when the PIN is entered: the reader asks for it, and the door asks again with
#   what came. No rule reads whether it was the duress PIN.
door_reasons contains "pin.missing" if {
	pin_required
	not pin_to_come
	not pin_presented
}

door_reasons contains "pin.invalid" if {
	pin_required
	pin_presented
	not pin_right
}

# METADATA
# description: Ends by itself; also the right PIN does not end it.
door_reasons contains "pin.locked" if {
	pin_required
	pin_enrolled
	not attempts_remain
}

obligations contains {"id": "pin", "within_s": 10} if {
	unlocking
	pin_required
	pin_to_come
}

pin_enrolled if input.context.credential.pin.enrolled == true

pin_to_come if {
	pin_enrolled
	input.context.credential.pin.asked == false
}

pin_presented if input.context.credential.pin.presented == true

pin_right if {
	pin_presented
	pin_enrolled
	input.context.credential.pin.ok == true
}

attempts_remain if facts.at_least(input.context.credential.pin.attempts_left, 1)

pin_required if not keypad.waived

pin_required if {
	second_factor_due
	pin_enrolled
	not face_proven
}
