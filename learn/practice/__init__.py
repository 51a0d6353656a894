"""An exercise in the browser: what is asked for, the learner's file as it is now, and a console to it."""
