"""The stack of docker-compose.yml as an operator runs it. `make compose-test`; `make test` leaves this folder out."""
