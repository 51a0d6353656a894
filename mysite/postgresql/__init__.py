"""PostgreSQL as this project uses it, directly or behind PgBouncer."""
