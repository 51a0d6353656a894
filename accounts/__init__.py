"""Accounts, guests and names of people: who may sign in, and how a person is known again."""
