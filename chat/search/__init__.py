"""Search: all words and phrases, Chinese ones of one character too, in the rooms that one may read, newest first."""
