"""The figures on the last page of the classroom.

They stand here because bench/RESULTS.md and docs/delivery.md are not in the image. A test compares them.
"""

# Microseconds of CPU for each delivery, with 300 sockets in a room: bench/RESULTS.md
TUTORIAL = "183"  # on Daphne, one person writing
ON_DAPHNE = "44"
ON_UVICORN = "11.4"
FIFTY_WRITING = "1.2"

# Deliveries lost by the tutorial's consumer, and how often this product was put to such a test: docs/delivery.md
LOST_IN_A_CUT = 624
LOST_IN_A_KILL = 632
FAULTS = 26
