"""What staff do about what people do: deletions, mutes, bans, slow mode, reports, and the record of it all."""
