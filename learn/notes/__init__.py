"""What the pages of demos add beside the source: notes by a part of the line they explain, and what to try.

A module for each group of the catalogue. A “label” in what to try is one of the page's consoles.
"""

from learn.notes import (
    a_consumer_lives,
    around_a_consumer,
    beside_the_consumers,
    channel_layers,
    ends_and_identities,
    events,
    generic_consumers,
    groups,
    http,
    other_processes_other_protocols,
)

NOTES: dict[str, dict[str, str]] = (
    events.NOTES
    | generic_consumers.NOTES
    | groups.NOTES
    | a_consumer_lives.NOTES
    | around_a_consumer.NOTES
    | channel_layers.NOTES
    | http.NOTES
    | ends_and_identities.NOTES
    | other_processes_other_protocols.NOTES
    | beside_the_consumers.NOTES
)
TO_TRY: dict[str, tuple[str, ...]] = (
    events.TO_TRY
    | generic_consumers.TO_TRY
    | groups.TO_TRY
    | a_consumer_lives.TO_TRY
    | around_a_consumer.TO_TRY
    | channel_layers.TO_TRY
    | http.TO_TRY
    | ends_and_identities.TO_TRY
    | other_processes_other_protocols.TO_TRY
    | beside_the_consumers.TO_TRY
)
