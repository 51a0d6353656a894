"""The figures on the last page of the classroom.

They stand here because bench/RESULTS.md and docs/delivery.md are not in the image. A test compares them.
"""

# Microseconds of CPU for each delivery, with 300 sockets in a room: bench/RESULTS.md
TUTORIAL = "225"  # on Daphne, one person writing
ON_DAPHNE = "62"
ON_UVICORN = "10.3"
FIFTY_WRITING = "1.7"

# Deliveries lost by the tutorial's consumer, and how often this product was put to such a test: docs/delivery.md
LOST_IN_A_CUT = 624
LOST_IN_A_KILL = 632
FAULTS = 26
