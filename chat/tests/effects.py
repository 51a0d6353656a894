"""The effect of a follower in tests: a row for each state of a message that it saw, in the order of its steps."""

TABLE = "CREATE TABLE effect (place INTEGER PRIMARY KEY, room BIGINT, id BIGINT, seq BIGINT, text TEXT, worker BIGINT)"
TABLE_OF_POSTGRES = TABLE.replace("INTEGER PRIMARY KEY", "SERIAL PRIMARY KEY")
EFFECT = "INSERT INTO effect (room, id, seq, text, worker) VALUES (%s, %s, %s, %s, %s)"
